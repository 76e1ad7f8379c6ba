/* The tree's workers as processes: does what the tree decides (tree.h), tells it what became of
 * them, and keeps the journal's table. */
#ifndef OSLESS_SUPERVISE_WORKERS_H
#define OSLESS_SUPERVISE_WORKERS_H

#include "base/error.h"
#include "supervise/journal.h"
#include "supervise/tree.h"

#include <sys/types.h>

/* Starts a worker: returns its pid once its program runs, or -1 with err and no process left. */
typedef pid_t workers_launcher(void *context, uint32_t child, struct error *err);

struct worker;

struct workers {
	const struct plan_tree *plan;
	struct journal *journal;
	workers_launcher *launch;
	void *context;
	struct tree *tree;
	struct worker *table; /* one a child of the plan */
	struct error failure; /* of the last start that failed */
	int64_t due_ms;       /* when workers_go_on is to be called again; TREE_NEVER */
	uint32_t changed;     /* since the table in the journal was written */
	uint32_t ended;       /* 1: the tree has, with status */
	int32_t status;       /* wait status */
};

/* plan, journal, launch and context are set. -1: err. */
int workers_begin(struct workers *workers, struct error *err);

/* Does whatever the tree wants done by now. */
void workers_go_on(struct workers *workers, enum tree_may may);

/* A child of init has ended. Returns 1 if it was a worker's, else 0. */
int workers_exited(struct workers *workers, pid_t pid, int32_t status);

/* Whether it is the process of a worker. */
int workers_has(const struct workers *workers, pid_t pid);

/* A signal to the container: begins an orderly shutdown, or goes to the workers, as the plan says.
 */
void workers_signal(struct workers *workers, int number);

/* SIGKILL to all of them. */
void workers_kill(struct workers *workers);

/* Writes the journal's table, where it has changed or restarts are being counted. */
void workers_publish(struct workers *workers);

#endif
