/* The tree's drawing: branches, alignment, names that could harm a terminal. */
#include "tap.h"

#include "base/arena.h"
#include "container/plain.h"
#include "container/tree_draw.h"

#include <stdlib.h>

static char *
draw(const struct tree_row *rows, size_t count)
{
	struct arena arena = { .blocks = NULL };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	tree_draw(rows, count, &arena, out);
	(void)fclose(out);
	arena_free(&arena);
	return text;
}

static void
test_branches(void)
{
	static const struct tree_row rows[] = {
		{ 0, { "root", "up", NULL, NULL, "0 of 3 in 30 s", NULL } },
		{ 1, { "web", "up", "12", "5 s", "1", "exit status 1, 5 s ago" } },
		{ 2, { "httpd", "sleeping", "12", NULL, NULL, NULL } },
		{ 3, { "httpd", "zombie", "13", NULL, NULL, NULL } },
		{ 3, { "httpd", "running", "1234567", NULL, NULL, NULL } },
		{ 1, { "last", "done", NULL, NULL, "0", NULL } },
		{ 2, { "below", "up", NULL, NULL, NULL, NULL } },
		{ 0, { "(exec)", NULL, NULL, NULL, NULL, NULL } },
		{ 1, { "sh", "sleeping", "99", NULL, NULL, NULL } },
	};
	char *text = draw(rows, sizeof(rows) / sizeof(rows[0]));

	EQ_STR(text,
	    "NAME            STATE     PID      UP   RESTARTS        NOTES\n"
	    "root            up        -        -    0 of 3 in 30 s\n"
	    "|- web          up        12       5 s  1               exit status 1, 5 s ago\n"
	    "|  `- httpd     sleeping  12       -    -\n"
	    "|     |- httpd  zombie    13       -    -\n"
	    "|     `- httpd  running   1234567  -    -\n"
	    "`- last         done      -        -    0\n"
	    "   `- below     up        -        -    -\n"
	    "(exec)          -         -        -    -\n"
	    "`- sh           sleeping  99       -    -\n",
	    "branches and columns");
	free(text);
}

static void
test_deep(void)
{
	enum { DEPTH = 300 };
	static struct tree_row rows[DEPTH];
	char *text;
	size_t longest = 0;

	for (uint32_t i = 0; i < DEPTH; i++)
		rows[i] = (struct tree_row) { i, { "x", "up" } };
	text = draw(rows, DEPTH);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		if (strcspn(line, "\n") > longest)
			longest = strcspn(line, "\n");
	OK(longest < 120, "a chain of 300 stays on a page");
	free(text);
	text = draw(rows, 0);
	HAS_STR(text, "NAME", "no rows: the heads alone");
	free(text);
}

static void
test_plain(void)
{
	struct arena arena = { .blocks = NULL };

	EQ_STR(plain_name(&arena, "a\033[31mb\n\xc3\xa4"), "a?[31mb???", "control characters");
	EQ_STR(plain_process(&arena, ""), "a process", "one without a name");
	arena_free(&arena);
}

int
main(void)
{
	test_branches();
	test_deep();
	test_plain();
	DONE();
}
