/* Tree documents: what they declare, and every reason for which one is refused. */
#include "spec/tree.h"

#include "spec/tree_words.h"
#include "spec_help.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define ONE(members) "{'children':[{'id':'a','args':['x']" members "}]}"
#define TOP(members) "{'children':[{'id':'a','args':['x']}]," members "}"
#define LEAF "{'children':[{'id':'main'}]}"

/* NULL: it is fine; else the error's text. */
static const char *
try_tree(struct arena *arena, const char *document, struct spec_tree *tree)
{
	const char *text = spec_quotes(arena, document);
	struct error err;

	*tree = (struct spec_tree) { 0 };
	if (spec_tree_parse("T", text, strlen(text), arena, tree, &err) == 0)
		return NULL;
	return arena_strdup(arena, err.text);
}

/* ---- what is refused */

static const struct {
	const char *text;
	const char *wanted;
} refused[] = {
	/* the document */
	{ "{}", "T: children: missing: name at least one worker" },
	{ "{'children':[]}", "T: children: empty: name at least one worker" },
	{ "{'children':{}}", "T: children: expected a list, found an object (line 1, column 13)" },
	{ "[]", "T: expected an object, found a list (line 1, column 1)" },
	{ TOP("'stratgy':'x'"),
	    "T: unknown key \"stratgy\": did you mean \"strategy\"? (line 1, column 39)" },
	{ ONE(",'color':'red'"),
	    "T: children[0]: unknown key \"color\": there are id, args, env, cwd, restart, "
	    "shutdown, stopSignal, supervisor (line 1, column 37)" },
	/* supervisors */
	{ TOP("'strategy':'one_for_al'"),
	    "T: strategy: \"one_for_al\" is not known: did you mean one_for_all?" },
	{ TOP("'strategy':'simple'"), "T: strategy: \"simple\" is not known: use one_for_one, "
				      "one_for_all or rest_for_one" },
	{ TOP("'intensity':'3'"),
	    "T: intensity: expected an integer, found string \"3\" (line 1, column 51)" },
	{ TOP("'intensity':-1"), "T: intensity: expected an integer from 0 to 4294967295, found "
				 "number -1 (line 1, column 51)" },
	{ TOP("'intensity':1001"), "T: intensity: 1001 restarts are too many: at most 1000" },
	{ TOP("'period':0"),
	    "T: period: 0 would never count a restart: give the time within which 3 restarts are "
	    "too many, or intensity 0" },
	{ TOP("'period':-5"),
	    "T: period: \"-5\" is no duration: write seconds, such as 5 or 0.25, or a number with "
	    "ms, s, m or h, such as 250ms" },
	{ TOP("'period':true"),
	    "T: period: expected a string or a number, found true (line 1, column 48)" },
	{ TOP("'backoff':{'first':1}"), "T: backoff: max is missing: give both first and max" },
	{ TOP("'backoff':{'max':1}"), "T: backoff: first is missing: give both first and max" },
	{ TOP("'backoff':{'first':'2s','max':'1500ms'}"),
	    "T: backoff: first, 2 s, is above max, 1500 ms: lower one or raise the other" },
	{ TOP("'backoff':{'first':'soon','max':1}"),
	    "T: backoff.first: \"soon\" is no duration: write seconds, such as 5 or 0.25, or a "
	    "number with ms, s, m or h, such as 250ms" },
	/* identifiers */
	{ "{'children':[{'args':['x']}]}", "T: children[0].id: missing: name the child" },
	{ "{'children':[{'id':'','args':['x']}]}", "T: children[0].id: empty: name the child" },
	{ "{'children':[{'id':'a b','args':['x']}]}",
	    "T: children[0].id: \"a b\" has other characters than letters, digits, _ . and -: "
	    "leave "
	    "them out" },
	{ "{'children':[{'id':'root','args':['x']}]}",
	    "T: children[0].id: \"root\" is the tree's own supervisor: take another" },
	{ "{'children':[{'id':'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee','args':['x']}]}",
	    "T: children[0].id: \"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee\" is too long: "
	    "at "
	    "most 47 bytes" },
	{ "{'children':[{'id':'a','args':['x']},{'id':'s','supervisor':{'children':[{'id':'a',"
	  "'args':['x']}]}}]}",
	    "T: children[1].supervisor.children[0].id: \"a\" is taken by children[0]: each id of a "
	    "tree is there once" },
	/* workers */
	{ "{'children':[{'id':'a'}]}",
	    "T: children[0].args: missing: name a program to run (only the worker called \"main\" "
	    "runs config.json's without)" },
	{ "{'children':[{'id':'a','args':[]}]}",
	    "T: children[0].args: missing: name a program to run (only the worker called \"main\" "
	    "runs config.json's without)" },
	{ "{'children':[{'id':'a','args':['']}]}",
	    "T: children[0].args[0]: empty: name a program to run" },
	{ "{'children':[{'id':'a','args':'x'}]}",
	    "T: children[0].args: expected a list, found string \"x\" (line 1, column 31)" },
	{ ONE(",'env':['A=1','B']"), "T: children[0].env[1]: invalid environment variable \"B\": "
				     "write NAME=value" },
	{ ONE(",'env':['=1']"), "T: children[0].env[0]: invalid environment variable \"=1\": write "
				"NAME=value" },
	{ ONE(",'cwd':'x'"),
	    "T: children[0].cwd: \"x\" is not an absolute path: let it begin with /" },
	{ ONE(",'restart':'permanently'"),
	    "T: children[0].restart: \"permanently\" is not known: did you mean permanent?" },
	{ ONE(",'restart':'no'"), "T: children[0].restart: \"no\" is not known: use temporary, "
				  "transient or permanent" },
	{ ONE(",'shutdown':'never'"), "T: children[0].shutdown: \"never\" is no shutdown: use "
				      "kill, infinity or a duration such "
				      "as 10 or 2m" },
	{ ONE(",'shutdown':'1000001s'"),
	    "T: children[0].shutdown: \"1000001s\" is too long: at most 1000000 seconds" },
	{ ONE(",'shutdown':0.0001"),
	    "T: children[0].shutdown: \"0.0001\" is finer than a millisecond: round it" },
	{ ONE(",'stopSignal':'SIGTEMR'"),
	    "T: children[0].stopSignal: \"SIGTEMR\" is no signal: use a name of signal(7), such as "
	    "TERM, or a number from 1 to 64" },
	{ ONE(",'stopSignal':0"), "T: children[0].stopSignal: \"0\" is no signal: use a name of "
				  "signal(7), such as TERM, or a number from 1 to 64" },
	{ ONE(",'stopSignal':'TSTP'"), "T: children[0].stopSignal: \"TSTP\" would leave a process "
				       "stopped, not ended: use TERM, say" },
	/* both */
	{ ONE(",'supervisor':" LEAF), "T: children[0].args: a child with a supervisor has none: "
				      "leave out one or the other" },
	{ "{'children':[{'id':'a','cwd':'/','supervisor':" LEAF "}]}",
	    "T: children[0].cwd: a child with a supervisor has none: leave out one or the other" },
	{ "{'children':[{'id':'s','supervisor':{'children':[]}}]}",
	    "T: children[0].supervisor.children: empty: name at least one worker" },
	{ "{'children':[{'id':'s','supervisor':{'period':'1x'}}]}",
	    "T: children[0].supervisor.period: \"1x\" is no duration: write seconds, such as 5 or "
	    "0.25, or a number with ms, s, m or h, such as 250ms" },
};

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena arena = { 0 };
		struct spec_tree tree;

		EQ_STR(
		    try_tree(&arena, refused[i].text, &tree), refused[i].wanted, refused[i].text);
		arena_free(&arena);
	}
}

/* ---- depth and size */

/* A document of so many supervisors inside the root's. */
static const char *
nested(struct arena *arena, unsigned depth)
{
	const char *text = LEAF;

	for (unsigned i = 0; i < depth; i++)
		text = arena_printf(arena, "{'children':[{'id':'s%u','supervisor':%s}]}", i, text);
	return text;
}

static void
test_depth(void)
{
	struct arena arena = { 0 };
	struct spec_tree tree;

	EQ_STR(try_tree(&arena, nested(&arena, SPEC_TREE_DEPTH_MAX), &tree), NULL, "8 deep");
	EQ_INT(tree.children.count, SPEC_TREE_DEPTH_MAX + 2, "all are there");
	HAS_STR(try_tree(&arena, nested(&arena, SPEC_TREE_DEPTH_MAX + 1), &tree),
	    "children[0].supervisor: supervisors nest at most 8 deep", "9 deep");
	HAS_STR(try_tree(&arena, nested(&arena, 40), &tree),
	    "objects and lists nest deeper than 32 (line 1", "too deep for the reader");
	arena_free(&arena);
}

/* A document of so many workers. */
static const char *
wide(struct arena *arena, unsigned count)
{
	size_t room = 64 + count * (size_t)32;
	char *text = arena_alloc(arena, room);
	size_t used = (size_t)snprintf(text, room, "{'children':[{'id':'main'}");

	for (unsigned i = 1; i < count; i++)
		used += (size_t)snprintf(text + used, room - used, ",{'id':'w%u','args':['x']}", i);
	(void)snprintf(text + used, room - used, "]}"); /* fits */
	return text;
}

static void
test_count(void)
{
	struct arena arena = { 0 };
	struct spec_tree tree;

	EQ_STR(try_tree(&arena, wide(&arena, 255), &tree), NULL, "255 children");
	EQ_INT(tree.children.count, PLAN_CHILDREN_MAX, "and the root");
	EQ_STR(try_tree(&arena, wide(&arena, 256), &tree),
	    "T: children[255]: one too many: a tree has at most 255 children", "one more");
	arena_free(&arena);
}

static void
test_size(void)
{
	static char text[SPEC_TREE_MAX + 2];
	struct arena arena = { 0 };
	struct spec_tree tree = { 0 };
	struct error err;

	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "{\"children\":[{\"id\":\"main\"}]}", 28);
	EQ_INT(spec_tree_parse("T", text, SPEC_TREE_MAX, &arena, &tree, &err), 0, "256 KiB");
	EQ_INT(spec_tree_parse("T", text, SPEC_TREE_MAX + 1, &arena, &tree, &err), -1, "more");
	EQ_STR(err.text, "T: larger than 256 KiB", "why");
	arena_free(&arena);
}

/* ---- what is declared */

static const char full[] =
    "{'strategy':'rest_for_one','intensity':0,'period':'2m','backoff':{'first':0.1,'max':'5s'},"
    "'children':["
    "{'id':'db','args':['db','-d'],'env':['A=1','B='],'cwd':'/d','restart':'transient',"
    "'shutdown':'infinity','stopSignal':2},"
    "{'id':'batch','restart':'temporary','shutdown':'1.5s','supervisor':{"
    "'strategy':'one_for_all','intensity':1000,'period':1,'children':["
    "{'id':'main','shutdown':'kill'},{'id':'x_.-9','args':['y'],'stopSignal':'sigquit'}]}},"
    "{'id':'last','args':['z'],'shutdown':0,'stopSignal':'KILL'}]}";

static void
test_supervisors(const struct spec_tree *tree)
{
	const struct plan_child *root = &tree->children.items[0].plan;
	const struct plan_child *batch = &tree->children.items[2].plan;

	EQ_STR(root->id, "root", "the root");
	EQ_INT(root->kind, PLAN_SUPERVISOR, "is a supervisor");
	EQ_INT(root->strategy, PLAN_REST_FOR_ONE, "strategy");
	EQ_INT(root->intensity, 0, "intensity");
	EQ_INT(root->period_ms, 120000, "period");
	EQ_INT(root->backoff_first_ms, 100, "backoff's first");
	EQ_INT(root->backoff_max_ms, 5000, "and max");
	EQ_STR(batch->id, "batch", "a supervisor inside");
	EQ_INT(batch->kind, PLAN_SUPERVISOR, "is one");
	EQ_INT(batch->parent, 0, "of the root");
	EQ_INT(batch->restart, PLAN_TEMPORARY, "restart");
	EQ_INT(batch->shutdown_ms, 1500, "shutdown");
	EQ_INT(batch->strategy, PLAN_ONE_FOR_ALL, "strategy");
	EQ_INT(batch->intensity, 1000, "intensity");
	EQ_INT(batch->period_ms, 1000, "period");
	EQ_INT(batch->backoff_first_ms + batch->backoff_max_ms, 0, "no backoff");
	EQ_STR(tree->children.items[2].path, "children[1].supervisor", "its path");
}

static void
test_workers(const struct spec_tree *tree)
{
	const struct plan_child *db = &tree->children.items[1].plan;
	const struct plan_child *own = &tree->children.items[3].plan;
	const struct plan_child *odd = &tree->children.items[4].plan;
	const struct plan_child *last = &tree->children.items[5].plan;

	EQ_STR(db->id, "db", "the first worker");
	EQ_INT(db->kind, PLAN_WORKER, "is one");
	EQ_INT(db->args.count, 2, "args");
	EQ_STR(db->args.items[1], "-d", "the last");
	EQ_STR(db->env.items[1], "B=", "env");
	EQ_STR(db->cwd, "/d", "cwd");
	EQ_INT(db->restart, PLAN_TRANSIENT, "restart");
	EQ_INT(db->shutdown_ms, PLAN_SHUTDOWN_INFINITY, "shutdown");
	EQ_INT(db->stop_signal, SIGINT, "stop signal by number");
	EQ_STR(own->id, "main", "config.json's program");
	EQ_INT(own->args.count, 0, "without args");
	EQ_INT(own->parent, 2, "below the supervisor");
	EQ_INT(own->shutdown_ms, PLAN_SHUTDOWN_KILL, "killed");
	EQ_STR(odd->id, "x_.-9", "all letters that an id may have");
	EQ_INT(odd->stop_signal, SIGQUIT, "stop signal by name");
	EQ_STR(last->id, "last", "after the supervisor's children");
	EQ_INT(last->parent, 0, "the root's again");
	EQ_INT(last->shutdown_ms, PLAN_SHUTDOWN_KILL, "0 is kill");
	EQ_INT(last->stop_signal, SIGKILL, "KILL is a stop signal");
}

static void
test_full(void)
{
	struct arena arena = { 0 };
	struct spec_tree tree;

	EQ_STR(try_tree(&arena, full, &tree), NULL, "a tree with everything");
	EQ_INT(tree.children.count, 6, "children");
	if (tree.children.count == 6) {
		test_supervisors(&tree);
		test_workers(&tree);
	}
	arena_free(&arena);
}

static void
test_defaults(void)
{
	struct arena arena = { 0 };
	struct spec_tree tree;
	const struct plan_child *child;

	EQ_STR(try_tree(&arena,
		   "{'children':[{'id':'main'},{'id':'s','supervisor':{'children':["
		   "{'id':'w','args':['w']}]}}]}",
		   &tree),
	    NULL, "the least that there can be");
	child = &tree.children.items[0].plan;
	EQ_INT(child->strategy, PLAN_ONE_FOR_ONE, "strategy");
	EQ_INT(child->intensity, 3, "intensity");
	EQ_INT(child->period_ms, 30000, "period");
	child = &tree.children.items[1].plan;
	EQ_INT(child->restart, PLAN_PERMANENT, "a worker's restart");
	EQ_INT(child->shutdown_ms, 10000, "shutdown");
	EQ_INT(child->stop_signal, SIGTERM, "stop signal");
	EQ_STR(child->cwd, NULL, "cwd");
	EQ_INT(child->env.count, 0, "env");
	child = &tree.children.items[2].plan;
	EQ_INT(child->restart, PLAN_PERMANENT, "a supervisor's restart");
	EQ_INT(child->shutdown_ms, PLAN_SHUTDOWN_INFINITY, "shutdown");
	arena_free(&arena);
}

/* ---- durations */

static void
test_durations(void)
{
	static const struct {
		const char *word;
		int64_t ms; /* -1: refused */
	} rows[] = {
		{ "0", 0 },
		{ "5", 5000 },
		{ "0.25", 250 },
		{ "1.000", 1000 },
		{ "250ms", 250 },
		{ "5s", 5000 },
		{ "1.5m", 90000 },
		{ "2h", 7200000 },
		{ "1000000", 1000000000 },
		{ "1000000.001", -1 },
		{ "999999999h", -1 },
		{ "999999999.999999999h", -1 },
		{ "1234567890ms", -1 },
		{ "0.5ms", -1 },
		{ "1.0000000001", -1 },
		{ "", -1 },
		{ "s", -1 },
		{ ".5", -1 },
		{ "5.", -1 },
		{ "5 s", -1 },
		{ "1e3", -1 },
		{ "+5", -1 },
		{ "5d", -1 },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t ms = 0;
		const char *why = tree_word_duration(rows[i].word, &arena, &ms);

		EQ_INT(why ? -1 : (int64_t)ms, rows[i].ms, rows[i].word);
	}
	arena_free(&arena);
}

/* ---- where it comes from */

#define WITH_TREE(document) CONFIG(",'annotations':{'dev.osless.tree':'" document "'}")

static void
test_annotation(void)
{
	struct arena arena = { 0 };
	struct spec spec;

	EQ_STR(spec_try(&arena, CONFIG(""), &spec), NULL, "without annotation");
	OK(!spec.tree, "no tree");
	EQ_STR(spec_try(&arena, WITH_TREE("{\\'children\\':[{\\'id\\':\\'main\\'}]}"), &spec), NULL,
	    "with the annotation");
	OK(spec.tree && spec.tree->children.count == 2, "a tree");
	EQ_STR(spec.tree->source, "annotations[dev.osless.tree]", "its source");
	EQ_STR(spec_try(&arena, WITH_TREE("{}"), &spec),
	    "config.json: annotations[dev.osless.tree]: children: missing: name at least one "
	    "worker",
	    "errors name the annotation");
	EQ_STR(spec_try(&arena, WITH_TREE(""), &spec),
	    "config.json: annotations[dev.osless.tree]: the document is empty", "an empty one");
	arena_free(&arena);
}

static void
write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	EQ_INT(write(fd, text, strlen(text)), strlen(text), name);
	(void)close(fd);
}

/* Loads the bundle; NULL or the error. */
static const char *
load(int dir, struct arena *arena, struct spec *spec)
{
	struct error err;

	return spec_load(dir, "/b", arena, spec, &err) < 0 ? arena_strdup(arena, err.text) : NULL;
}

static void
test_files(int dir, struct arena *arena)
{
	const char *plain = spec_quotes(arena, CONFIG(""));
	const char *annotated =
	    spec_quotes(arena, WITH_TREE("{\\'children\\':[{\\'id\\':\\'main\\'}]}"));
	struct spec spec;

	write_file(dir, "config.json", plain);
	EQ_STR(load(dir, arena, &spec), NULL, "a bundle without tree.json");
	OK(!spec.tree, "has no tree");
	write_file(dir, "tree.json", "{\"children\":[{\"id\":\"main\"},{\"id\":\"main\"}]}");
	EQ_STR(load(dir, arena, &spec),
	    "/b/tree.json: children[1].id: \"main\" is taken by children[0]: each id of a tree is "
	    "there once",
	    "errors name the file");
	write_file(dir, "tree.json", "{\"children\":[{\"id\":\"main\"}]}");
	EQ_STR(load(dir, arena, &spec), NULL, "with tree.json");
	EQ_STR(spec.tree ? spec.tree->source : NULL, "tree.json", "the tree is from there");
	write_file(dir, "config.json", annotated);
	EQ_STR(load(dir, arena, &spec), NULL, "both");
	EQ_STR(spec.tree->source, "annotations[dev.osless.tree]", "the annotation wins");
	EQ_INT(spec.tree_file_ignored, 1, "and the file is noted");
	EQ_INT(unlinkat(dir, "tree.json", 0) + mkfifoat(dir, "tree.json", 0600), 0, "a fifo");
	EQ_STR(load(dir, arena, &spec), "open /b/tree.json: not a regular file", "is refused");
}

static void
test_bundle(void)
{
	char path[] = "/tmp/osless-tree.XXXXXX";
	struct arena arena = { 0 };
	int dir = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	OK(dir >= 0, "a bundle");
	if (dir >= 0) {
		test_files(dir, &arena);
		(void)unlinkat(dir, "tree.json", 0);
		(void)unlinkat(dir, "config.json", 0);
		(void)close(dir);
	}
	(void)rmdir(path);
	arena_free(&arena);
}

int
main(void)
{
	test_refused();
	test_depth();
	test_count();
	test_size();
	test_full();
	test_defaults();
	test_durations();
	test_annotation();
	test_bundle();
	DONE();
}
