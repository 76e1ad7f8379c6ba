/* What can be done about what happened. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_CURES_H
#define OSLESS_CONTAINER_EXPLAIN_CURES_H

#include "container/explain_facts.h"
#include "container/explain_lines.h"

struct arena;

/* Adds at least one line to todo. */
void
explain_cures(const struct explain_facts *facts, struct arena *arena, struct explain_lines *todo);

#endif
