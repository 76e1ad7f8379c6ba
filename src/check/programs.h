/* Programs known by name: those whose purpose osless refuses, those that put themselves into the
 * background, and those whose imports say only what they can do, not what they will. Data only. */
#ifndef OSLESS_CHECK_PROGRAMS_H
#define OSLESS_CHECK_PROGRAMS_H

#include "check/finding.h"

enum program_flag {
	PROGRAM_GENERAL = 1,    /* shells, interpreters, many programs in one */
	PROGRAM_SHELL = 2,      /* reads scripts whose words can be searched */
	PROGRAM_ROOT_WORKS = 4, /* no concern where the payload's uid is 0 */
	PROGRAM_ROOT_FAILS = 8, /* a concern only there */
	PROGRAM_WRAPPER = 16,   /* runs the program that its arguments name */
};

/* What has to be enforced for it to be a concern. */
enum program_aspect {
	PROGRAM_ALWAYS,
	PROGRAM_CALLS,
	PROGRAM_IDENTITY,
	PROGRAM_SUPERVISION,
};

struct program {
	const char *name;
	unsigned flags; /* enum program_flag */
	enum program_aspect aspect;
	enum finding_kind kind;         /* FINDING_TOOL, FINDING_BACKGROUND */
	enum finding_severity as_entry; /* where it is what the container runs */
	enum finding_severity as_named; /* where a script names it */
	const char *reason;             /* NULL: no finding by name */
	const char *cure;
	const char *foreground; /* one of these words in args, by commas, keeps it there */
};

/* By the last component of path; a version at its end (python3.11) does not count. NULL: a program
 * like any other. */
const struct program *program_find(const char *path);

/* 1: args have a word that contains one of program->foreground. */
int program_stays(const struct program *program, const char *const *args, size_t count);

/* Data that a program judges by its owner, whatever the permission bits say. */
struct program_data {
	const char *directory;
	const char *program; /* base names by commas, as program_find sees them */
	const char *reason;
};

const struct program_data *program_data_row(size_t index); /* NULL beyond the last */

/* 1: path's last component, without version, is one of the comma-separated names. */
int program_is(const char *path, const char *names);

#endif
