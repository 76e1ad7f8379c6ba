/* Rows of `list`. Columns are padded to fixed widths, so that a row can be printed as soon as it is
 * known. */
#include "container/state_table.h"

#include "base/auto.h"
#include "base/error.h"

#define ROW "%-24s %-10s %-10s %-32s %-32s %s\n"

void
state_table_begin(struct state_table *table)
{
	if (table->format == LIST_TABLE)
		(void)fprintf(table->out, ROW, "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
	else if (table->format == LIST_JSON)
		(void)fputs("[", table->out);
}

static void
add_text(const struct state_table *table, const struct plan *plan,
    const struct state_record *record, enum state_status status)
{
	char pid[16], created[64], owner[64];

	(void)snprintf(
	    pid, sizeof(pid), "%d", status == STATE_STOPPED ? 0 : record->init); /* fits */
	state_format_time(record, created);
	state_format_owner(record->owner, owner);
	(void)fprintf(
	    table->out, ROW, plan->id, pid, state_word(status), plan->bundle, created, owner);
}

static void
add_json(const struct state_table *table, const struct plan *plan,
    const struct state_record *record, enum state_status status)
{
	struct error err;
	AUTO_FREE char *text = state_json(plan, record, status, 0, NULL, &err);

	if (text)
		(void)fprintf(table->out, "%s%s", table->rows ? "," : "", text);
}

void
state_table_add(struct state_table *table, const struct plan *plan,
    const struct state_record *record, enum state_status status)
{
	switch (table->format) {
	case LIST_TABLE:
		add_text(table, plan, record, status);
		break;
	case LIST_JSON:
		add_json(table, plan, record, status);
		break;
	case LIST_QUIET:
		(void)fprintf(table->out, "%s\n", plan->id);
		break;
	}
	table->rows++;
}

void
state_table_end(struct state_table *table)
{
	if (table->format == LIST_JSON)
		(void)fputs("]\n", table->out);
}
