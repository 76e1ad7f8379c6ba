/* The report: a list that grows in its arena. */
#include "policy/report.h"

#include "base/arena.h"

#include <string.h>

#define FIRST_CAPACITY 32u

static const char *const kind_words[REPORT_KINDS] = {
	[REPORT_STRIPPED] = "stripped",
	[REPORT_CHANGED] = "changed",
	[REPORT_KEPT] = "kept",
	[REPORT_UNSUPPORTED] = "unsupported",
	[REPORT_WARNING] = "warning",
};

const char *
report_kind_word(enum report_kind kind)
{
	return kind_words[kind];
}

/* The old array stays in the arena: doubling keeps the waste below the use. */
static int
grow(struct report *report)
{
	uint64_t capacity = report->capacity ? 2 * report->capacity : FIRST_CAPACITY;
	struct report_entry *items =
	    arena_array(report->arena, capacity, sizeof(*report->entries.items));

	if (!items)
		return -1;
	if (report->entries.count)
		memcpy(items, report->entries.items, report->entries.count * sizeof(*items));
	report->entries.items = items;
	report->capacity = capacity;
	return 0;
}

/* NULL stays NULL. */
static int
copy_text(struct report *report, const char *text, const char **copy)
{
	*copy = text ? arena_strdup(report->arena, text) : NULL;
	return text && !*copy ? -1 : 0;
}

int
report_add_entry(struct report *report, const struct report_entry *entry)
{
	struct report_entry copy = { .kind = entry->kind };

	if (report->entries.count == report->capacity && grow(report) < 0)
		return -1;
	if (copy_text(report, entry->what, &copy.what) < 0 ||
	    copy_text(report, entry->from, &copy.from) < 0 ||
	    copy_text(report, entry->to, &copy.to) < 0 ||
	    copy_text(report, entry->why, &copy.why) < 0)
		return -1;
	copy.warn = entry->warn || entry->kind == REPORT_WARNING;
	report->entries.items[report->entries.count++] = copy;
	return 0;
}

int
report_add(struct report *report, enum report_kind kind, const char *what, const char *from,
    const char *to, const char *why)
{
	return report_add_entry(
	    report, &(struct report_entry) {
			.kind = kind, .what = what, .from = from, .to = to, .why = why });
}
