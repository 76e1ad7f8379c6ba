/* From the command line to all that it reaches: interpreters, libraries, #! lines, and programs
 * that shell scripts name. Opens files (check/place.h), reads them whole but bounded, and leaves
 * what they mean to judge. Bounded in files, in bytes of each, and in the depth of #!. */
#ifndef OSLESS_CHECK_REACH_H
#define OSLESS_CHECK_REACH_H

#include "check/judge.h"
#include "check/libraries.h"

struct arena;
struct error;
struct reach_item;

#define REACH_FILES_MAX 2048

/* A command line, with what it is run in. */
struct reach_entry {
	struct follow_args args;
	const char *const *env; /* NAME=value */
	size_t env_count;
	const char *cwd;
};

/* Opaque to callers but for counts. */
struct reach {
	const struct places *places;
	struct arena *arena;
	struct judge judge;
	struct libraries libraries;
	struct reach_item *items; /* a queue: those before done are visited */
	size_t count;
	size_t done;
	size_t read;       /* files read */
	uint64_t bytes;    /* of them */
	size_t by_number;  /* programs that make calls by number: syscall(2) */
	unsigned left_out; /* more than REACH_FILES_MAX */
};

/* All but reach_has: -1 with err when memory is exhausted. Everything lies in arena. */
int reach_start(struct reach *reach, const struct places *places, const struct judge *judge,
    struct arena *arena, struct error *err);
int reach_add(struct reach *reach, const struct reach_entry *entry, struct error *err);

/* Visits what the entries reach, and nothing twice. */
int reach_run(struct reach *reach, struct error *err);

/* 1: a program with one of these comma-separated names was reached. */
int reach_has(const struct reach *reach, const char *names);

#endif
