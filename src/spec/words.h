/* Words of config.json and the numbers that the kernel knows them by. Pure. */
#ifndef OSLESS_SPEC_WORDS_H
#define OSLESS_SPEC_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct word {
	const char *word;
	uint64_t number;
};

struct words {
	const struct word *rows;
	size_t count;
};

extern const struct words words_namespaces;     /* "pid" -> enum plan_ns */
extern const struct words words_propagations;   /* "rslave" -> MS_SLAVE | MS_REC */
extern const struct words words_rlimits;        /* "RLIMIT_NOFILE" -> RLIMIT_NOFILE */
extern const struct words words_device_types;   /* "c", "b", "u", "p" -> S_IF* */
extern const struct words words_rule_types;     /* "a", "b", "c" -> the same letter */
extern const struct words words_personalities;  /* "LINUX32" -> PER_LINUX32 */
extern const struct words words_time_clocks;    /* "monotonic" -> CLOCK_MONOTONIC */
extern const struct words words_sched_policies; /* "SCHED_RR" -> SCHED_RR */
extern const struct words words_sched_flags;    /* "SCHED_FLAG_RECLAIM" -> the same */
extern const struct words words_io_classes;     /* "IOPRIO_CLASS_BE" -> the same */
extern const struct words words_memory_modes;   /* "MPOL_BIND" -> MPOL_BIND */
extern const struct words words_memory_flags;   /* "MPOL_F_STATIC_NODES" -> the same */

/* The number of word. -1: no such word. */
int words_find(const struct words *words, const char *word, uint64_t *number);

/* All words as "a, b or c". NULL: memory is exhausted. */
const char *words_list(const struct words *words, struct arena *arena);

/* The known word that word was probably meant to be (base/nearest.h). NULL: none is near. */
const char *words_nearest(const char *word, const char *const *known, size_t count);

/* "CAP_NET_ADMIN" -> its bit number. Only the kernel's own spelling counts. -1: unknown. */
int words_find_capability(const char *name);

/* The reverse, in memory of arena. NULL: number has no name, or memory is exhausted. */
const char *words_capability(int number, struct arena *arena);

/* text in double quotes for an error's line: control characters as '?', cut after 64 bytes.
 * Never NULL: "" stands in where memory is exhausted. */
const char *words_quote(const char *text, struct arena *arena);

#endif
