/* Rules R3..R5: what is to be done about what a walk through the tree has seen (rule R2:
 * orphans.h). Pure: the walk is a list, time is a number, verdicts go out through a callback. Time
 * in which init itself could not run (frozen, starved) is not in the caller's clock
 * (pulse_clock_us): those that it judges could not run either. */
#ifndef OSLESS_SUPERVISE_RULES_H
#define OSLESS_SUPERVISE_RULES_H

#include "plan/plan.h"

#include <stdint.h>
#include <sys/types.h>

#define RULES_WATCHED_MAX 512       /* zombies and stopped ones at once; more are seen later */
#define RULES_STOPS_MAX 5           /* R5: as often continued; found stopped once more, killed */
#define RULES_STOPS_FORGET_MS 60000 /* ... unless it was not seen stopped for so long */

/* One process below init, as the walk saw it. Parents stand before their children. */
struct seen {
	pid_t pid;
	pid_t parent;
	uint64_t started; /* field 22 of /proc/PID/stat: with pid it names a process for good */
	int32_t status;   /* of a zombie: wait status */
	char state;       /* R S D T t Z X ... */
	uint8_t alone;    /* 1: it has no other thread (a Z with others is no zombie) */
	uint8_t has_children;
	char comm[16];
};

struct rules_watched {
	pid_t pid;
	uint64_t started;
	int64_t since_ms; /* zombies: first seen; stopped ones: last seen stopped */
	uint32_t stops;   /* 0: a zombie */
	uint8_t judged;   /* zombies: R3 1, R4 2: once each */
	uint8_t present;  /* in this look */
};

struct rules {
	const struct plan_rules *plan;
	int64_t clock_ms; /* of this look */
	int count;
	struct rules_watched watched[RULES_WATCHED_MAX];
};

enum rules_act {
	RULES_KILL_PARENT, /* R3, R4: of seen, which is the zombie */
	RULES_CONTINUE,    /* R5: seen */
	RULES_KILL,        /* R5: seen */
};

struct rules_verdict {
	int rule; /* 3, 4 or 5 */
	enum rules_act act;
	uint32_t audit;  /* 1: only to be told */
	uint32_t number; /* R3, R4: age of the zombie, ms; R5: how often stopped so far */
};

typedef void
rules_judge(void *context, const struct rules_verdict *verdict, const struct seen *seen);

void rules_begin(struct rules *rules, const struct plan_rules *plan);

/* Judges what a walk has seen. Init's own children are not among zombies: init reaps them. */
void rules_look(struct rules *rules, const struct seen *seen, int count, int64_t now_ms,
    rules_judge *judge, void *context);

#endif
