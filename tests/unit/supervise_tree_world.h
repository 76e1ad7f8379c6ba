/* An invented world for the supervision tree: processes that live, stop and fail by a script, a
 * clock that is a number, and a trace of what was done to them. It knows nothing of supervision
 * but what must hold in any case: it complains of two processes of one worker, of a signal to
 * none, of a kill before its time.
 *
 * What a worker does depends on the seed, the worker, and how often it was started; not on what
 * else happens. So two supervisors that do the same see the same, in whatever order they do what
 * is independent. Each worker ends at times that are congruent to its index plus one, modulo
 * WORLD_TICK_MS; periods and delays are multiples of that: two independent things hardly ever
 * happen in the same millisecond, and one worker's failures often lie exactly a period apart. */
#ifndef OSLESS_TESTS_SUPERVISE_TREE_WORLD_H
#define OSLESS_TESTS_SUPERVISE_TREE_WORLD_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

#define WORLD_TICK_MS INT64_C(64)
#define WORLD_NEVER INT64_MAX
#define WORLD_LATE_MS 1000000 /* every script is over long before */
#define WORLD_TRACE_MAX 8192
#define WORLD_CHILDREN_MAX 32

struct script {
	uint64_t seed;
	uint32_t failing_percent;  /* of ends by themselves */
	uint32_t no_start_percent; /* of starts */
	uint32_t lives_ticks;      /* until they end: up to this many */
	uint32_t stops_ticks;      /* from signal to end: up to this many */
	uint32_t ignoring_percent; /* of lives that ignore their stop signal */
	uint32_t may_not_percent;  /* of time */
	int64_t stop_ms;           /* the orderly shutdown */
};

/* One life of a worker. */
struct life {
	int32_t no_start; /* not 0: its start fails with that status */
	int32_t status;
	int64_t lives_ms; /* WORLD_NEVER: until stopped */
	int64_t stops_ms; /* WORLD_NEVER: ignores its stop signal */
	int64_t dies_ms;
};

enum deed {
	DEED_START,
	DEED_NO_START, /* value: status */
	DEED_SIGNAL,
	DEED_KILL,
	DEED_EXIT,    /* value: status; not an action, but what happened */
	DEED_RESTART, /* value: delay; child failed */
	DEED_WOULD,
	DEED_GAVE_UP, /* value: number of restarts; child is the supervisor */
	DEED_SHUTDOWN,
	DEED_END, /* value: status */
};

struct entry {
	int64_t at_ms;
	enum deed deed;
	uint32_t child;
	int32_t value;
};

struct process {
	int alive;
	uint32_t lives; /* starts so far, failed ones too */
	struct life life;
	int64_t ends_ms;
	int32_t status;
	int64_t signalled_ms; /* -1: not */
	int killed;
};

struct world {
	const struct plan_tree *plan;
	const struct script *script;
	int64_t now_ms;
	struct process process[WORLD_CHILDREN_MAX];
	char complaint[256]; /* the first; "" none */
	int entries;
	struct entry trace[WORLD_TRACE_MAX];
};

/* What has ended. */
struct ended {
	uint32_t child;
	int32_t status;
	int by_itself; /* nobody had told it to */
};

uint64_t world_random(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);

void world_begin(struct world *world, const struct plan_tree *plan, const struct script *script);

void world_note(struct world *world, enum deed deed, uint32_t child, int32_t value);
void world_complain(struct world *world, const char *what, uint32_t child);

/* 0, or the wait status that stands for the failed start. */
int32_t world_start(struct world *world, uint32_t child);
void world_signal(struct world *world, uint32_t child);
void world_kill(struct world *world, uint32_t child);

int world_lives(const struct world *world);                 /* how many processes */
int world_below(const struct world *world, uint32_t child); /* of these, child's or below it */
int world_may_start(const struct world *world, int64_t now_ms);

/* When may_start says something else next; WORLD_NEVER: never. */
int64_t world_may_changes_ms(const struct world *world);

/* When something happens by itself next (an end, a change of may_start); WORLD_NEVER: nothing. */
int64_t world_next_ms(const struct world *world);

/* One process that has ended by now; 0 when there is none. */
int world_reap(struct world *world, struct ended *ended);

/* The entry as text; returns out. */
const char *
world_entry_text(const struct plan_tree *plan, const struct entry *entry, char *out, size_t size);

#endif
