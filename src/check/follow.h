/* Which programs a command line or a script's text leads to. Pure: words in, words out; whether
 * they name a file is the caller's to find out. */
#ifndef OSLESS_CHECK_FOLLOW_H
#define OSLESS_CHECK_FOLLOW_H

#include <stddef.h>

/* A command line as execve(2) takes it. */
struct follow_args {
	const char *const *items;
	size_t count;
};

enum follow_how {
	FOLLOW_RUNS,   /* it is what will be run */
	FOLLOW_NAMED,  /* a script names it, and may run it */
	FOLLOW_SCRIPT, /* a file that a shell reads as a script */
};

/* args are the word's own where they are known, from the word itself on. Returns 1 where the word
 * named a program, 0 where not, -1 to stop with an error. */
typedef int follow_function(
    const char *word, enum follow_how how, const struct follow_args *args, void *context);

/* Words of a shell script's text: known tools, what it runs by exec, and where it has "$@" the
 * program that its own arguments name. args[0] is the script. 0, or -1. */
int follow_text(const char *text, size_t length, const struct follow_args *args,
    follow_function *each, void *context);

/* What a wrapper (env, gosu, tini) or a shell (sh -c, sh FILE) is to run; path is the program,
 * args its command line. 1: it named a program; 0, or -1. */
int follow_command(
    const char *path, const struct follow_args *args, follow_function *each, void *context);

#endif
