/* Options of the command line, read by tables. Pure: no system calls, no output.
 *
 * One row an option; help, checks, completion and the man page's test read the same rows. Forms
 * taken:
 * --name V, --name=V, -n V, -n=V and, as engines write it, -name V. A flag takes =true or =false.
 * The last of several wins, unless the option is a list. */
#ifndef OSLESS_CLI_OPTIONS_H
#define OSLESS_CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

struct error;

enum option_kind {
	OPTION_FLAG,   /* uint32_t: 1 or 0 */
	OPTION_TEXT,   /* const char *, never empty; points into argv */
	OPTION_NUMBER, /* uint32_t, decimal */
	OPTION_CHOICE, /* uint32_t: index of the word */
	OPTION_LIST,   /* struct option_list: each of several counts */
};

#define OPTION_LIST_MAX 256

struct option_list {
	const char *items[OPTION_LIST_MAX]; /* never empty; point into argv */
	uint32_t count;
};

struct option_row {
	const char *name;   /* without dashes; NULL ends a table */
	const char *letter; /* one character; NULL = none */
	enum option_kind kind;
	size_t offset;            /* where the value goes in the struct given to options_parse */
	const char *value;        /* what help calls the value; NULL for flags */
	const char *const *words; /* OPTION_CHOICE: the words taken, NULL at the end */
	const char *help;
};

/* What stands on the command line, and after options_parse what is left of it. */
struct words {
	char **at;
	int count;
};

enum options_place {
	OPTIONS_FIRST,    /* up to the first word that is no option: global options */
	OPTIONS_ANYWHERE, /* up to "--" */
};

/* Takes the options out of words and stores them in values; other words stay, in order. tables ends
 * with NULL. help is the command that shows the right help; errors name it. */
int options_parse(const struct option_row *const *tables, enum options_place place,
    struct words *words, void *values, const char *help, struct error *err);

#endif
