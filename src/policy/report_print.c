/* Printing a report. What config.json wrote is quoted: it may mean harm to a terminal. */
#include "policy/report_print.h"

#include "plan/outline.h"
#include "plan/quote.h"

#define ARROW " \xe2\x86\x92 "

/* "from → to"; what is stripped becomes "none". */
static void
print_change(const struct report_entry *entry, FILE *out)
{
	const char *to = entry->to;

	if (!to && entry->from && entry->kind == REPORT_STRIPPED)
		to = "none";
	if (entry->from || to)
		(void)fputs(entry->from ? ": " : ":", out);
	if (entry->from)
		quote_text(entry->from, out);
	if (to) {
		(void)fputs(ARROW, out);
		quote_text(to, out);
	}
}

void
report_print_text(const struct report *report, FILE *out)
{
	for (uint64_t i = 0; i < report->entries.count; i++) {
		const struct report_entry *entry = &report->entries.items[i];

		(void)fprintf(out, "%-12s ", report_kind_word((enum report_kind)entry->kind));
		quote_text(entry->what, out);
		print_change(entry, out);
		(void)fputs("  (", out);
		quote_text(entry->why, out);
		(void)fputs(")\n", out);
	}
}

static void
print_member(struct outline *o, const char *key, const char *text)
{
	if (!text)
		return;
	outline_key(o, key);
	outline_text(o, text);
}

void
report_print_json(const struct report *report, unsigned depth, FILE *out)
{
	struct outline o = { .out = out, .form = OUTLINE_JSON, .depth = depth, .after_key = 1 };

	outline_open(&o, OUTLINE_LIST);
	for (uint64_t i = 0; i < report->entries.count; i++) {
		const struct report_entry *entry = &report->entries.items[i];

		outline_open(&o, OUTLINE_OBJECT);
		print_member(&o, "kind", report_kind_word((enum report_kind)entry->kind));
		print_member(&o, "what", entry->what);
		print_member(&o, "from", entry->from);
		print_member(&o, "to", entry->to);
		print_member(&o, "why", entry->why);
		outline_close(&o, OUTLINE_OBJECT);
	}
	outline_close(&o, OUTLINE_LIST);
}
