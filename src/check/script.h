/* The first line of a script, and the words of its text. Pure; bounded by the text's length. */
#ifndef OSLESS_CHECK_SCRIPT_H
#define OSLESS_CHECK_SCRIPT_H

#include <stddef.h>

#define SCRIPT_LINE_MAX 255 /* of the #! line, as the kernel cuts it (execve(2)) */
#define SCRIPT_WORD_MAX 255

enum script_fault {
	SCRIPT_FINE,
	SCRIPT_NONE,            /* no #! line */
	SCRIPT_EMPTY,           /* #! and nothing behind it */
	SCRIPT_CARRIAGE_RETURN, /* ends as on Windows: the interpreter's name then has a \r */
	SCRIPT_LONG,            /* the kernel would cut it inside the interpreter's name */
};

/* "#!/usr/bin/env -S python3 -u" */
struct script {
	char interpreter[SCRIPT_LINE_MAX + 1];
	char program[SCRIPT_WORD_MAX + 1]; /* what env is to look up in PATH; "" = it is not env */
};

enum script_fault script_read(const char *text, size_t length, struct script *script);

/* How a word stands in a script. */
enum script_place {
	SCRIPT_WORD, /* anywhere outside comments */
	SCRIPT_EXEC, /* it is what `exec` runs */
};

/* Calls each with every word of a shell script that could name a program, until it returns other
 * than 0; returns that, or 0. `exec "$@"` comes as the word "$@". */
typedef int script_each_function(const char *word, enum script_place place, void *context);
int script_words(const char *text, size_t length, script_each_function *each, void *context);

#endif
