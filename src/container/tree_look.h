/* What `tree` shows: the plan's tree with what the journal says of each child, and the real
 * processes, each given to the worker that it stands below. For this folder only. */
#ifndef OSLESS_CONTAINER_TREE_LOOK_H
#define OSLESS_CONTAINER_TREE_LOOK_H

#include "container/look.h"
#include "kernel/family.h"
#include "supervise/journal.h"

struct arena;

/* A supervisor or a worker. */
struct tree_child {
	const struct plan_child *plan;
	uint32_t depth; /* 0: the root supervisor */
	int known;      /* 1: entry is from the journal */
	struct journal_child entry;
	const char *state; /* a word */
	uint32_t restarts; /* workers: in all; supervisors: within the period */
	size_t first;      /* its processes in family: first to end - 1; none where */
	size_t end;        /* they are the same */
};

struct tree_look {
	const struct look *look;
	struct tree_child *children; /* as the plan has them; in the arena */
	size_t count;
	struct family family; /* below init, init first; then those that came in by exec */
	size_t inits;         /* so many of them are guard and init: 0 where it does not run */
	size_t execs;         /* index of the first that came in by exec */
	uint8_t *taken;       /* one a process: 1: a worker's, or init */
};

/* In any case end with tree_look_close. -1: err (memory). */
int tree_look_open(
    const struct look *look, struct arena *arena, struct tree_look *tree, struct error *err);
void tree_look_close(struct tree_look *tree);

#endif
