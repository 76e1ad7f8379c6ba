/* A walk through the tree of processes below init: who is there, and in what state. It goes by
 * `children` files, so that in a shared PID namespace it sees the container's processes and no
 * others, and keeps its place in the list it makes, not on the stack: a chain can be long. */
#ifndef OSLESS_SUPERVISE_WALK_H
#define OSLESS_SUPERVISE_WALK_H

#include "supervise/rules.h"

#include <sys/types.h>

struct error;

#define WALK_MAX 4096 /* processes of one walk; in a larger tree the rest is left out */

struct walk {
	int proc; /* private procfs */
	int count;
	struct seen seen[WALK_MAX];
};

/* Fills in seen from PID/stat. Returns 0, or -1: it is gone. */
int walk_look(int proc, pid_t pid, struct seen *seen);

/* Calls each with every child of the process, whichever of its threads has it. */
void walk_children(int proc, pid_t pid, void (*each)(pid_t child, void *context), void *context);

/* Begins a walk, and adds a process to it that children lists, or one from elsewhere. */
void walk_begin(struct walk *walk, int proc);
void walk_add(pid_t pid, void *walk);

/* Looks at all that has been added, and at all below. Processes that end meanwhile are left out. */
void walk_go(struct walk *walk);

/* The last walk's entry for a process, or NULL. */
const struct seen *walk_find(const struct walk *walk, pid_t pid);

#endif
