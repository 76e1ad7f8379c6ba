/* The report: growing, and its two printed forms. */
#include "policy/report_print.h"

#include "base/arena.h"
#include "tap.h"

#include <stdlib.h>

enum form { FORM_TEXT, FORM_JSON };

static char *
printed(const struct report *report, enum form form)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (form == FORM_TEXT)
		report_print_text(report, out);
	else
		report_print_json(report, 1, out);
	(void)fclose(out); /* sets text */
	return text;
}

static void
test_growth(void)
{
	struct arena arena = { 0 };
	struct report report = { .arena = &arena };
	char what[32];

	for (int i = 0; i < 100; i++) {
		(void)snprintf(what, sizeof(what), "entry %d", i);
		EQ_INT(report_add(&report, REPORT_KEPT, what, NULL, NULL, "why"), 0, what);
	}
	EQ_INT(report.entries.count, 100, "all are there");
	EQ_STR(report.entries.items[0].what, "entry 0", "texts are copies");
	EQ_STR(report.entries.items[99].what, "entry 99", "in order");
	arena_free(&arena);
}

static void
test_text(const struct report *report)
{
	char *text = printed(report, FORM_TEXT);

	EQ_STR(text,
	    "stripped     process.terminal: true \xe2\x86\x92 none  (no terminals)\n"
	    "changed      process.user: 0:0 \xe2\x86\x92 65534:65534  (one identity)\n"
	    "kept         process.user: 0:0  (audit)\n"
	    "unsupported  linux.intelRdt  (not acted on)\n"
	    "stripped     mounts[/\\x1b[2J]: devpts \xe2\x86\x92 none  (no terminals)\n"
	    "warning      x: \xe2\x86\x92 y  (z)\n",
	    "as text");
	free(text);
}

static void
test_json(const struct report *report)
{
	char *json = printed(report, FORM_JSON);

	HAS_STR(json,
	    "[\n\t\t{\n\t\t\t\"kind\": \"stripped\",\n\t\t\t\"what\": \"process.terminal\",\n"
	    "\t\t\t\"from\": \"true\",\n\t\t\t\"why\": \"no terminals\"\n\t\t},\n",
	    "as JSON");
	HAS_STR(json, "\"what\": \"mounts[/\\u001b[2J]\"", "quoted");
	EQ_STR(json + strlen(json) - 5, "\t}\n\t]", "the end");
	free(json);
}

int
main(void)
{
	struct arena arena = { 0 };
	struct report report = { .arena = &arena };
	struct report empty = { .arena = &arena };
	char *json = printed(&empty, FORM_JSON);

	EQ_STR(json, "[]", "an empty report");
	free(json);
	(void)report_add(
	    &report, REPORT_STRIPPED, "process.terminal", "true", NULL, "no terminals");
	(void)report_add(
	    &report, REPORT_CHANGED, "process.user", "0:0", "65534:65534", "one identity");
	(void)report_add(&report, REPORT_KEPT, "process.user", "0:0", NULL, "audit");
	(void)report_add(&report, REPORT_UNSUPPORTED, "linux.intelRdt", NULL, NULL, "not acted on");
	(void)report_add(
	    &report, REPORT_STRIPPED, "mounts[/\033[2J]", "devpts", NULL, "no terminals");
	(void)report_add(&report, REPORT_WARNING, "x", NULL, "y", "z");
	EQ_INT(report.entries.count, 6, "six entries");
	EQ_INT(report.entries.items[0].warn, 0, "what is stripped warns of nothing by itself");
	EQ_INT(report.entries.items[5].warn, 1, "a warning warns");
	test_growth();
	test_text(&report);
	test_json(&report);
	arena_free(&arena);
	DONE();
}
