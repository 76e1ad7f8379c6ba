/* What `list` prints: a table, a JSON array, or IDs. For this folder only. */
#ifndef OSLESS_CONTAINER_STATE_TABLE_H
#define OSLESS_CONTAINER_STATE_TABLE_H

#include "container/container.h"
#include "container/state.h"

#include <stdio.h>

struct state_table {
	enum container_list_format format;
	FILE *out;
	size_t rows; /* so far */
};

void state_table_begin(struct state_table *table);
void state_table_add(struct state_table *table, const struct plan *plan,
    const struct state_record *record, enum state_status status);
void state_table_end(struct state_table *table);

#endif
