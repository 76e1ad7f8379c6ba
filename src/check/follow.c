/* Roughly what a shell would make of it: enough to find the programs that matter. */
#include "check/follow.h"

#include "check/programs.h"
#include "check/script.h"

#include <string.h>

struct text {
	const struct follow_args *args;
	follow_function *each;
	void *context;
};

static struct follow_args
args_from(const struct follow_args *args, size_t first)
{
	return (struct follow_args) { args->items + first, args->count - first };
}

/* "$@": the script's first argument, unless it is an option that the script will put a program
 * before. */
static int
follow_own_args(const struct text *t)
{
	struct follow_args args;

	if (t->args->count < 2 || t->args->items[1][0] == '-')
		return 0;
	args = args_from(t->args, 1);
	return t->each(args.items[0], FOLLOW_RUNS, &args, t->context);
}

/* Names that are tools whatever they stand for; shells and servers are named in passing too often
 * to count. */
static int
is_tool(const char *word)
{
	const struct program *program = program_find(word);

	return program && program->reason && program->kind == FINDING_TOOL;
}

static int
follow_word(const char *word, enum script_place place, void *context)
{
	const struct follow_args alone = { &word, 1 };
	struct text *t = context;
	int result = 0;

	if (strcmp(word, "$@") == 0)
		result = follow_own_args(t);
	else if (strchr(word, '$'))
		return 0; /* a variable: unknown */
	else if (place == SCRIPT_EXEC || is_tool(word))
		result = t->each(word, FOLLOW_NAMED, &alone, t->context);
	return result < 0 ? -1 : 0;
}

int
follow_text(const char *text, size_t length, const struct follow_args *args, follow_function *each,
    void *context)
{
	struct text t = { args, each, context };

	return script_words(text, length, follow_word, &t);
}

/* ---- command lines */

/* sh -c TEXT: its first word is run as well. */
static int
follow_first_word(const char *word, enum script_place place, void *context)
{
	const struct follow_args alone = { &word, 1 };
	struct text *t = context;
	int result;

	(void)place;
	if (strchr(word, '=') && strchr(word, '/') != word)
		return 0; /* an assignment before it */
	result = strchr(word, '$') ? 0 : t->each(word, FOLLOW_NAMED, &alone, t->context);
	return result < 0 ? -1 : 1; /* the first alone */
}

/* rest: what stands behind the text, $0 first. */
static int
follow_shell_text(
    const char *text, const struct follow_args *rest, follow_function *each, void *context)
{
	struct text t = { rest, each, context };

	if (script_words(text, strlen(text), follow_first_word, &t) < 0)
		return -1;
	return follow_text(text, strlen(text), rest, each, context);
}

static int
follow_shell(const struct follow_args *args, follow_function *each, void *context)
{
	size_t at = 1;
	int wants_text = 0;
	struct follow_args rest;

	for (; at < args->count && args->items[at][0] == '-'; at++)
		wants_text |= args->items[at][1] != '-' && strchr(args->items[at], 'c') != NULL;
	if (at >= args->count)
		return 0;
	if (wants_text) {
		rest = args_from(args, at + 1);
		return follow_shell_text(args->items[at], &rest, each, context);
	}
	rest = args_from(args, at);
	return each(rest.items[0], FOLLOW_SCRIPT, &rest, context) < 0 ? -1 : 1;
}

/* The first argument that names a program: what stands before it is the wrapper's own. */
static int
follow_wrapper(const struct follow_args *args, follow_function *each, void *context)
{
	for (size_t at = 1; at < args->count; at++) {
		struct follow_args rest = args_from(args, at);
		int result;

		if (rest.items[0][0] == '-' || strchr(rest.items[0], '='))
			continue;
		result = each(rest.items[0], FOLLOW_RUNS, &rest, context);
		if (result != 0)
			return result < 0 ? -1 : 1;
	}
	return 0;
}

int
follow_command(
    const char *path, const struct follow_args *args, follow_function *each, void *context)
{
	const struct program *program = program_find(path);

	if (program && (program->flags & PROGRAM_SHELL))
		return follow_shell(args, each, context);
	if (program && (program->flags & PROGRAM_WRAPPER))
		return follow_wrapper(args, each, context);
	return 0;
}
