/* The document's tables, then one walk that checks every object and puts it on the list, in the
 * order that the plan wants: a supervisor right before its children. */
#include "spec/tree.h"

#include "spec/convert.h"
#include "spec/document.h"
#include "spec/own_document.h"
#include "spec/tree_words.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define ID_MAX 47 /* bytes; the journal keeps them (supervise/journal.h) */
#define ROOT_ID "root"
#define MAIN_ID "main"

/* ---- the document */

struct tree_backoff {
	const char *first;
	const char *max;
};

struct tree_child;

struct tree_supervisor {
	const char *strategy;
	OCISPEC_OPTIONAL(uint32_t, intensity);
	const char *period;
	const struct tree_backoff *backoff;
	OCISPEC_LIST(struct tree_child) children;
};

struct tree_child {
	const char *id;
	ocispec_strings args;
	ocispec_strings env;
	const char *cwd;
	const char *restart;
	const char *shutdown;
	const char *stop_signal;
	const struct tree_supervisor *supervisor;
};

static const struct ocispec_field backoff_fields[] = {
	OWN_WORD(tree_backoff, first, "first"),
	OWN_WORD(tree_backoff, max, "max"),
};
static const struct ocispec_table backoff_table = OWN_TABLE(tree_backoff, backoff_fields);

static const struct ocispec_table supervisor_table; /* it contains itself */

static const struct ocispec_field child_fields[] = {
	OWN_STRING(tree_child, id, "id"),
	OWN_STRINGS(tree_child, args, "args"),
	OWN_STRINGS(tree_child, env, "env"),
	OWN_STRING(tree_child, cwd, "cwd"),
	OWN_STRING(tree_child, restart, "restart"),
	OWN_WORD(tree_child, shutdown, "shutdown"),
	OWN_WORD(tree_child, stop_signal, "stopSignal"),
	OWN_OBJECT(tree_child, supervisor, "supervisor", &supervisor_table),
};
static const struct ocispec_table child_table = OWN_TABLE(tree_child, child_fields);

static const struct ocispec_field supervisor_fields[] = {
	OWN_STRING(tree_supervisor, strategy, "strategy"),
	OWN_NUMBER(tree_supervisor, intensity, "intensity"),
	OWN_WORD(tree_supervisor, period, "period"),
	OWN_OBJECT(tree_supervisor, backoff, "backoff", &backoff_table),
	OWN_OBJECTS(tree_supervisor, children, "children", &child_table),
};
static const struct ocispec_table supervisor_table = OWN_TABLE(tree_supervisor, supervisor_fields);

/* ---- the walk */

struct walk {
	struct convert c;
	struct spec_tree *tree;
	unsigned depth; /* supervisors below the root that are open */
};

/* "children[2]" + "args"; at the root without a dot. "" where memory is exhausted. */
static const char *
member(struct walk *w, const char *path, const char *name)
{
	return *path ? convert_path(&w->c, "%s.%s", path, name) : name;
}

/* Reads one word; NULL leaves *value as it is. */
static int
read_word(struct walk *w, const char *path, const char *name, tree_word *read, const char *word,
    uint32_t *value)
{
	const char *why = word ? read(word, w->c.arena, value) : NULL;

	if (!why)
		return 0;
	return convert_refuse(
	    &w->c, "%s: %s %s", member(w, path, name), convert_quote(&w->c, word), why);
}

static int
read_backoff(
    struct walk *w, const char *path, const struct tree_backoff *from, struct plan_child *to)
{
	if (!from)
		return 0;
	path = member(w, path, "backoff");
	if (!from->first || !from->max)
		return convert_refuse(&w->c, "%s: %s is missing: give both first and max", path,
		    from->first ? "max" : "first");
	if (read_word(w, path, "first", tree_word_duration, from->first, &to->backoff_first_ms) <
		0 ||
	    read_word(w, path, "max", tree_word_duration, from->max, &to->backoff_max_ms) < 0)
		return -1;
	if (to->backoff_first_ms > to->backoff_max_ms)
		return convert_refuse(&w->c,
		    "%s: first, %s, is above max, %s: lower one or raise the other", path,
		    tree_words_ms(to->backoff_first_ms, w->c.arena),
		    tree_words_ms(to->backoff_max_ms, w->c.arena));
	return 0;
}

static int
read_limits(
    struct walk *w, const char *path, const struct tree_supervisor *from, struct plan_child *to)
{
	to->intensity = from->has_intensity ? from->intensity : SPEC_TREE_INTENSITY;
	to->period_ms = SPEC_TREE_PERIOD_MS;
	if (to->intensity > PLAN_INTENSITY_MAX)
		return convert_refuse(&w->c, "%s: %" PRIu32 " restarts are too many: at most %d",
		    member(w, path, "intensity"), to->intensity, PLAN_INTENSITY_MAX);
	if (read_word(w, path, "period", tree_word_duration, from->period, &to->period_ms) < 0)
		return -1;
	if (to->intensity > 0 && to->period_ms == 0)
		return convert_refuse(&w->c,
		    "%s: 0 would never count a restart: give the time within which %" PRIu32
		    " restarts are too many, or intensity 0",
		    member(w, path, "period"), to->intensity);
	return read_backoff(w, path, from->backoff, to);
}

/* Adds the child to the list; NULL with the error where it is full. */
static struct plan_child *
add(struct walk *w, const char *path, const struct plan_child *child)
{
	__typeof__(w->tree->children) *list = &w->tree->children;

	if (list->count == PLAN_CHILDREN_MAX) {
		(void)convert_refuse(&w->c, "%s: one too many: a tree has at most %d children",
		    path, PLAN_CHILDREN_MAX - 1); /* always -1 */
		return NULL;
	}
	list->items[list->count] = (struct spec_child) { path, *child };
	return &list->items[list->count++].plan;
}

/* ---- identifiers */

static int
check_unique(struct walk *w, const char *path, const char *id)
{
	for (uint64_t i = 0; i < w->tree->children.count; i++) {
		const struct spec_child *other = &w->tree->children.items[i];

		if (strcmp(other->plan.id, id) == 0)
			return convert_refuse(&w->c,
			    "%s.id: %s is taken by %s: each id of a tree is there once", path,
			    convert_quote(&w->c, id), other->path);
	}
	return 0;
}

static int
check_id(struct walk *w, const char *path, const char *id)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	if (!id || !*id)
		return convert_refuse(
		    &w->c, "%s.id: %s: name the child", path, id ? "empty" : "missing");
	if (strlen(id) > ID_MAX)
		return convert_refuse(&w->c, "%s.id: %s is too long: at most %d bytes", path,
		    convert_quote(&w->c, id), ID_MAX);
	if (id[strspn(id, allowed)])
		return convert_refuse(&w->c,
		    "%s.id: %s has other characters than letters, digits, _ . and -: leave them "
		    "out",
		    path, convert_quote(&w->c, id));
	if (strcmp(id, ROOT_ID) == 0)
		return convert_refuse(
		    &w->c, "%s.id: \"root\" is the tree's own supervisor: take another", path);
	return check_unique(w, path, id);
}

/* ---- workers */

static int
read_args(struct walk *w, const char *path, const struct tree_child *from, struct plan_child *to)
{
	if (from->args.count == 0 && strcmp(from->id, MAIN_ID) != 0)
		return convert_refuse(&w->c,
		    "%s.args: missing: name a program to run (only the worker called \"main\" runs "
		    "config.json's without)",
		    path);
	if (from->args.count > 0 && !from->args.items[0][0])
		return convert_refuse(&w->c, "%s.args[0]: empty: name a program to run", path);
	return CONVERT_STRINGS(&w->c, &from->args, &to->args);
}

static int
read_env(struct walk *w, const char *path, const struct tree_child *from, struct plan_child *to)
{
	for (size_t i = 0; i < from->env.count; i++) {
		const char *equals = strchr(from->env.items[i], '=');

		if (!equals || equals == from->env.items[i])
			return convert_refuse(&w->c,
			    "%s.env[%zu]: invalid environment variable %s: write NAME=value", path,
			    i, convert_quote(&w->c, from->env.items[i]));
	}
	return CONVERT_STRINGS(&w->c, &from->env, &to->env);
}

static int
add_worker(struct walk *w, const char *path, const struct tree_child *from, struct plan_child *to)
{
	to->kind = PLAN_WORKER;
	to->cwd = from->cwd;
	if (from->cwd && from->cwd[0] != '/')
		return convert_refuse_relative(&w->c, member(w, path, "cwd"), from->cwd);
	if (read_args(w, path, from, to) < 0 || read_env(w, path, from, to) < 0)
		return -1;
	if (read_word(w, path, "stopSignal", tree_word_stop_signal, from->stop_signal,
		&to->stop_signal) < 0)
		return -1;
	return add(w, path, to) ? 0 : -1;
}

/* ---- supervisors */

static int add_supervisor(
    struct walk *w, const char *path, const struct tree_supervisor *from, struct plan_child *to);

/* What only a worker has. */
static int
refuse_workers_keys(struct walk *w, const char *path, const struct tree_child *from)
{
	const struct {
		const void *given;
		const char *name;
	} rows[] = {
		{ from->args.items, "args" },
		{ from->env.items, "env" },
		{ from->cwd, "cwd" },
		{ from->stop_signal, "stopSignal" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].given)
			return convert_refuse(&w->c,
			    "%s.%s: a child with a supervisor has none: leave out one or the other",
			    path, rows[i].name);
	}
	return 0;
}

static int
add_child(struct walk *w, uint32_t parent, const char *path, const struct tree_child *from)
{
	struct plan_child child = {
		.id = from->id,
		.parent = parent,
		.restart = PLAN_PERMANENT,
		.shutdown_ms = from->supervisor ? PLAN_SHUTDOWN_INFINITY : SPEC_TREE_SHUTDOWN_MS,
		.stop_signal = from->supervisor ? 0 : SIGTERM,
	};

	if (check_id(w, path, from->id) < 0)
		return -1;
	if (read_word(w, path, "restart", tree_word_restart, from->restart, &child.restart) < 0 ||
	    read_word(w, path, "shutdown", tree_word_shutdown, from->shutdown, &child.shutdown_ms) <
		0)
		return -1;
	if (!from->supervisor)
		return add_worker(w, path, from, &child);
	if (refuse_workers_keys(w, path, from) < 0)
		return -1;
	return add_supervisor(w, member(w, path, "supervisor"), from->supervisor, &child);
}

static int
add_children(struct walk *w, uint32_t parent, const char *path, const struct tree_supervisor *from)
{
	path = member(w, path, "children");
	if (from->children.count == 0)
		return convert_refuse(&w->c, "%s: %s: name at least one worker", path,
		    from->children.items ? "empty" : "missing");
	for (size_t i = 0; i < from->children.count; i++) {
		const char *child = convert_path(&w->c, "%s[%zu]", path, i);

		if (add_child(w, parent, child, &from->children.items[i]) < 0)
			return -1;
	}
	return 0;
}

/* path is that of the supervisor's own object. */
static int
add_supervisor(
    struct walk *w, const char *path, const struct tree_supervisor *from, struct plan_child *to)
{
	uint32_t index = (uint32_t)w->tree->children.count;
	int result;

	if (w->depth > SPEC_TREE_DEPTH_MAX)
		return convert_refuse(
		    &w->c, "%s: supervisors nest at most %d deep", path, SPEC_TREE_DEPTH_MAX);
	to->kind = PLAN_SUPERVISOR;
	to->strategy = PLAN_ONE_FOR_ONE;
	if (read_word(w, path, "strategy", tree_word_strategy, from->strategy, &to->strategy) < 0)
		return -1;
	if (read_limits(w, path, from, to) < 0 || !add(w, path, to))
		return -1;
	w->depth++;
	result = add_children(w, index, path, from);
	w->depth--;
	return result;
}

/* ---- where it comes from */

int
spec_tree_parse(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec_tree *tree, struct error *err)
{
	struct walk w = { .c = { .name = name, .arena = arena, .err = err }, .tree = tree };
	struct plan_child root = { .id = ROOT_ID, .shutdown_ms = PLAN_SHUTDOWN_INFINITY };
	struct tree_supervisor document;

	if (length > SPEC_TREE_MAX)
		return error_set(err, "%s: larger than %u KiB", name, SPEC_TREE_MAX >> 10);
	if (own_document_read(name, text, length, &supervisor_table, arena, &document, err) < 0)
		return -1;
	tree->children.items = arena_array(arena, PLAN_CHILDREN_MAX, sizeof(struct spec_child));
	if (!tree->children.items)
		return convert_no_memory(&w.c);
	return add_supervisor(&w, "", &document, &root);
}

static struct spec_tree *
begin_tree(const char *source, struct arena *arena)
{
	struct spec_tree *tree = arena_alloc(arena, sizeof(*tree));

	if (tree)
		tree->source = source;
	return tree;
}

int
spec_tree_from_annotation(
    const char *name, struct arena *arena, struct spec *spec, struct error *err)
{
	static const char source[] = "annotations[" SPEC_TREE_ANNOTATION "]";
	const char *document;

	for (uint64_t i = 0; i < spec->annotations.count; i++) {
		const struct plan_pair *pair = &spec->annotations.items[i];

		if (strcmp(pair->key, SPEC_TREE_ANNOTATION) != 0)
			continue;
		document = arena_printf(arena, "%s: %s", name, source);
		spec->tree = begin_tree(source, arena);
		if (!document || !spec->tree)
			return error_num(err, ENOMEM, "%s", name);
		return spec_tree_parse(
		    document, pair->value, strlen(pair->value), arena, spec->tree, err);
	}
	return 0;
}

int
spec_tree_from_file(int bundle_fd, struct arena *arena, struct spec *spec, struct error *err)
{
	const char *name = arena_printf(arena, "%s/" SPEC_TREE_FILE, spec->bundle);
	AUTO_FREE char *text = NULL;
	struct stat status;
	size_t length;
	AUTO_FD int fd = -1;

	if (!name)
		return error_num(err, ENOMEM, "%s", spec->bundle);
	fd = document_open(bundle_fd, SPEC_TREE_FILE, name, &status, err);
	if (fd < 0)
		return err->errnum == ENOENT ? 0 : -1;
	if (spec->tree) {
		spec->tree_file_ignored = 1;
		return 0;
	}
	text = file_read_fd(fd, name, SPEC_TREE_MAX, &length, err);
	if (!text)
		return -1;
	spec->tree = begin_tree(SPEC_TREE_FILE, arena);
	if (!spec->tree)
		return error_num(err, ENOMEM, "%s", name);
	return spec_tree_parse(name, text, length, arena, spec->tree, err);
}
