/* The plan as text and as JSON, and texts that mean harm to a terminal or a parser. */
#include "plan/print.h"

#include "plan/quote.h"
#include "plan_fill.h"
#include "tap.h"

#include <linux/capability.h>
#include <sched.h>

typedef void print_function(const void *what, FILE *out);

/* What print writes; the caller frees it. */
static char *
written(print_function *print, const void *what)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	print(what, out);
	(void)fclose(out); /* sets text */
	return text;
}

static void
print_text(const void *plan, FILE *out)
{
	plan_print_text(plan, out);
}

static void
print_json(const void *plan, FILE *out)
{
	plan_print_json(plan, 0, out);
}

static void
print_quoted_text(const void *text, FILE *out)
{
	quote_text(text, out);
}

static void
print_quoted_json(const void *text, FILE *out)
{
	quote_json(text, out);
}

static const char *args[] = { "nginx", "-g", NULL };
static struct plan_pair options[] = { { "mode", "755" }, { "usrquota", NULL } };
static struct plan_pair annotations[] = { { "a \"b\"", "c\nd" } };
static struct plan_mount mounts[] = {
	{ .dest = "/dev", .type = "tmpfs", .attr_set = 0x2 | 0x8, .options = { options, 2 } },
};

static void
sample_plan(struct plan *plan)
{
	*plan = (struct plan) {
		.id = "web",
		.identity_mode = PLAN_MODE_AUDIT,
		.tier = 1,
		.annotations = { annotations, 1 },
		.namespaces[PLAN_NS_PID] = { PLAN_NS_JOIN, CLONE_NEWPID, "/proc/7/ns/pid" },
		.mounts = { mounts, 1 },
		.process.args = { args, 2 },
		.process.has_umask = 1,
		.process.umask = 022,
		.process.caps.ambient = UINT64_C(1) << CAP_FOWNER | UINT64_C(1) << 63,
		.cgroup.resources.memory_swap = -1,
	};
}

static const char *const text_parts[] = {
	"id: web\n",
	"identity_mode: audit\n",
	"tier: minimal\n",
	"annotations:\n  a \"b\": c\\x0ad\n",
	"  - type: pid\n    mode: join\n    path: /proc/7/ns/pid\n",
	"  - dest: /dev\n    type: tmpfs\n    attr_set: nosuid noexec\n    options:\n",
	"    options:\n      - mode=755\n      - usrquota\n",
	"  args:\n    - nginx\n    - -g\n",
	"  uid: 0\n",
	"  umask: 022\n",
	"    ambient: CAP_FOWNER 0x8000000000000000\n",
	"    bounding: none\n",
	"    memory_swap: -1\n",
};

static const char *const json_parts[] = {
	"{\n\t\"id\": \"web\",\n",
	"\t\"identity_mode\": \"audit\",\n",
	"\t\"annotations\": {\n\t\t\"a \\\"b\\\"\": \"c\\nd\"\n\t},\n",
	"\t\t\t\"attr_set\": [\n\t\t\t\t\"nosuid\",\n\t\t\t\t\"noexec\"\n\t\t\t],\n",
	"\t\t\t\"options\": [\n\t\t\t\t\"mode=755\",\n\t\t\t\t\"usrquota\"\n\t\t\t]\n",
	"\t\t\"umask\": 18,\n",
	"\t\t\t\"bounding\": [],\n",
	"\t\t\t\"memory_swap\": -1\n",
};

static void
test_parts(const char *text, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		HAS_STR(text, parts[i], parts[i][0] == '{' ? "the start" : "a part");
}

static void
test_sample(void)
{
	struct plan plan;
	char *text;
	char *json;

	sample_plan(&plan);
	text = written(print_text, &plan);
	json = written(print_json, &plan);
	test_parts(text, text_parts, sizeof(text_parts) / sizeof(text_parts[0]));
	test_parts(json, json_parts, sizeof(json_parts) / sizeof(json_parts[0]));
	OK(!strstr(text, "hostname"), "what is not given is left out");
	OK(!strstr(text, "has_umask"), "flags of presence are left out");
	EQ_STR(json + strlen(json) - 2, "\n}", "JSON ends with its bracket");
	free(text);
	free(json);
}

/* Every field of a full plan has its line. */
static void
test_all_fields(void)
{
	struct arena arena = { 0 };
	struct plan plan;
	char *text;

	fill_plan(&arena, &plan);
	text = written(print_text, &plan);
	for (uint32_t i = 0; i < record_plan.count; i++) {
		char key[128];

		if (record_plan.fields[i].as == FIELD_AS_HIDDEN)
			continue;
		(void)snprintf(key, sizeof(key), "\n%s:", record_plan.fields[i].name);
		HAS_STR(text, i == 0 ? key + 1 : key, record_plan.fields[i].name);
	}
	free(text);
	arena_free(&arena);
}

static void
test_quotes(void)
{
	static const struct {
		const char *given;
		const char *text;
		const char *json;
	} rows[] = {
		{ "plain", "plain", "\"plain\"" },
		{ "\033[2J", "\\x1b[2J", "\"\\u001b[2J\"" },
		{ "a\\b\"c", "a\\x5cb\"c", "\"a\\\\b\\\"c\"" },
		{ "\t\r\n\b\f\177", "\\x09\\x0d\\x0a\\x08\\x0c\\x7f",
		    "\"\\t\\r\\n\\b\\f\\u007f\"" },
		{ "\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x9a", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x9a",
		    "\"\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\x9a\"" },
		{ "\xff\xc3", "\\xff\\xc3", "\"\\ufffd\\ufffd\"" },
		{ "\xc0\x80", "\\xc0\\x80", "\"\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82", "\\xe2\\x82", "\"\\ufffd\\ufffd\"" },
		{ "\xc2\x9b", "\\xc2\\x9b", "\"\xc2\x9b\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = written(print_quoted_text, rows[i].given);
		char *json = written(print_quoted_json, rows[i].given);

		EQ_STR(text, rows[i].text, "quoted for a terminal");
		EQ_STR(json, rows[i].json, "quoted for JSON");
		free(text);
		free(json);
	}
}

int
main(void)
{
	test_sample();
	test_all_fields();
	test_quotes();
	DONE();
}
