/* linux.intelRdt: which class of service, and the lines that its schemata file is to have. What
 * they mean only the kernel knows: each is "NAME:ID=VALUE;...". */
#include "spec/convert.h"

#include "base/arena.h"
#include "base/error.h"

#include <string.h>

#define TEXTS_MAX 3

/* Where lines come from, a later one before an earlier: of each resource only the last that names
 * it counts (config-linux.md has that rule for MB lines of l3CacheSchema; schemata are to overwrite
 * both). */
struct texts {
	const char *items[TEXTS_MAX];
	size_t count;
};

static int
has_resource(const char *text, const char *line, size_t name)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (strncmp(text, line, name + 1) == 0) /* with the colon */
			return 1;
	}
	return 0;
}

static int
is_overwritten(const struct texts *texts, size_t text, const char *line)
{
	for (size_t i = text + 1; i < texts->count; i++) {
		if (has_resource(texts->items[i], line, strcspn(line, ":\n")))
			return 1;
	}
	return 0;
}

/* All lines that count, each with its end. NULL: no memory. */
static const char *
join_texts(const struct texts *texts, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; all && i < texts->count; i++) {
		const char *line = texts->items[i];

		for (; all && *line; line += strcspn(line, "\n"), line += *line == '\n') {
			int length = (int)strcspn(line, "\n");

			if (length > 0 && !is_overwritten(texts, i, line))
				all = arena_printf(arena, "%s%.*s\n", all, length, line);
		}
	}
	return all;
}

static const char *
line_fault(const char *text, const char *prefix)
{
	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return "does not begin with MB:";
	return strcspn(text, ":") < strcspn(text, "\n=") ? NULL
							 : "is no NAME:ID=VALUE;... of schemata";
}

/* -1: err. */
static int
check_texts(const char *l3_cache, const char *mem_bw, struct error *err)
{
	const char *fault = l3_cache ? line_fault(l3_cache, "") : NULL;

	if (fault)
		return error_set(err, "l3CacheSchema %s", fault);
	fault = mem_bw ? line_fault(mem_bw, "MB:") : NULL;
	if (!fault && mem_bw && strchr(mem_bw, '\n'))
		fault = "has more than one line: give it one";
	return fault ? error_set(err, "memBwSchema %s", fault) : 0;
}

const char *
spec_schemata(const char *has, const char *l3_cache, const char *mem_bw, struct arena *arena,
    struct error *err)
{
	const char *all = NULL;

	if (check_texts(l3_cache, mem_bw, err) == 0) {
		const struct texts texts = {
			{ has ? has : "", l3_cache ? l3_cache : "", mem_bw ? mem_bw : "" }, 3
		};

		all = join_texts(&texts, arena);
		if (!all)
			(void)error_set(err, "out of memory"); /* always -1 */
	}
	return all;
}

/* One line an item. */
static int
convert_lines(struct convert *c, const ocispec_strings *from, const char **lines)
{
	*lines = "";
	for (size_t i = 0; i < from->count; i++) {
		const char *fault = line_fault(from->items[i], "");

		if (fault || strchr(from->items[i], '\n'))
			return convert_refuse(c, "linux.intelRdt.schemata[%zu]: %s %s", i,
			    convert_quote(c, from->items[i]),
			    fault ? fault : "has more than one line: make it several items");
		*lines = arena_printf(c->arena, "%s%s\n", *lines, from->items[i]);
		if (!*lines)
			return convert_no_memory(c);
	}
	return 0;
}

static int
convert_schemata(struct convert *c, const struct ocispec_intel_rdt *from)
{
	const char *l3_cache = convert_text(from->l3_cache_schema);
	const char *mem_bw = convert_text(from->mem_bw_schema);
	struct texts texts = { .count = 2 };
	struct error fault;

	if (!l3_cache && !mem_bw && !from->schemata.count)
		return 0;
	if (convert_lines(c, &from->schemata, &texts.items[1]) < 0)
		return -1;
	texts.items[0] = spec_schemata(NULL, l3_cache, mem_bw, c->arena, &fault);
	if (!texts.items[0])
		return convert_refuse(c, "linux.intelRdt: %s", fault.text);
	c->spec->rdt.schemata = join_texts(&texts, c->arena);
	return c->spec->rdt.schemata ? 0 : convert_no_memory(c);
}

/* "/" is the class that everything is in which nobody has put elsewhere. */
static int
convert_class(struct convert *c, const char *name)
{
	if (name && strcmp(name, "/") == 0)
		name = "";
	if (name && (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
		return convert_refuse(c,
		    "linux.intelRdt.closID: %s is no name of a directory in /sys/fs/resctrl: use "
		    "one, "
		    "or /",
		    convert_quote(c, name));
	c->spec->rdt.group = name;
	return 0;
}

int
convert_intel_rdt(struct convert *c, const struct ocispec_intel_rdt *from)
{
	c->spec->rdt.given = 1;
	c->spec->rdt.monitoring = from->enable_monitoring || from->enable_cmt || from->enable_mbm;
	if (convert_class(c, convert_text(from->clos_id)) < 0)
		return -1;
	return convert_schemata(c, from);
}
