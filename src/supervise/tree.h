/* The supervision tree's decisions: Erlang/OTP's supervisor(3), over workers that are processes.
 * Pure: no system calls; time is a number, what happened comes in, what is to be done goes out.
 *
 *     tree_begin          the tree as the plan has it, nothing started
 *     tree_next           what is to be done now; asked until it says TREE_WAIT
 *     tree_start_failed   the TREE_START just given could not be done
 *     tree_exited         a worker's process has ended
 *     tree_stop           an orderly shutdown is wanted
 *
 * Rules, as in OTP but for what is marked (osless):
 *
 * - Children are started in the order of the plan's list, and stopped in reverse.
 * - A worker that ends by itself is restarted if it is permanent, or transient and failed (status
 *   not 0). Restarts are counted by its supervisor: with more than `intensity` within the last
 *   `period_ms` (a restart exactly that long ago counts) the supervisor gives up: it stops its
 *   children in reverse and fails to its own supervisor, as a child that failed. A start that fails
 *   counts as one more restart and is tried again, whatever the child's kind of restart. At the
 *   root: TREE_END with the last failing status, 1 where none failed (only with intensity 0 it is 0
 *   then: that is a container without restarts, whose program has ended well).
 * - one_for_all stops the others first, rest_for_one those after it, and starts them all in order;
 *   temporary children among them are not started again; transient ones that had ended are.
 * - What else fails while a supervisor is busy with that waits its turn.
 * - A supervisor that is started again starts as new: all children, no restarts counted.
 * - The first start of a tree is all or nothing: when a worker's start fails, what had been started
 *   is stopped in reverse and the supervisor's own start has failed.
 * - (osless) A supervisor that gave up counts as failed for a transient one, too.
 * - (osless) Before a restart comes a delay: backoff_first_ms, doubled by each further failure of
 *   that child up to backoff_max_ms, forgotten once it has run for longer than period_ms. It counts
 *   from the failure on, so the time that siblings take to stop is part of it.
 * - (osless) When no worker lives or will live again, the tree ends: with the status of the worker
 *   that ended last and failed; 0 where none failed. A container is not there to idle.
 * - (osless) While may_start says no, starts wait: a worker's orphans must be gone before it is
 *   started anew, since they may hold its ports and locks.
 * - (osless) Rule R1 in audit or off: what would be restarted counts as temporary. */
#ifndef OSLESS_SUPERVISE_TREE_H
#define OSLESS_SUPERVISE_TREE_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

enum tree_state {
	TREE_DOWN,     /* not started, or stopped by its supervisor */
	TREE_UP,       /* a supervisor: its children are being started, or run */
	TREE_STOPPING, /* told to end */
	TREE_FAILED,   /* ended by itself, and its supervisor has not come to it yet */
	TREE_DELAYED,  /* its restart waits for its time */
	TREE_DONE,     /* ended, and not to be restarted */
	TREE_STATES,
};

enum tree_act {
	TREE_WAIT,   /* nothing until an event, or until_ms */
	TREE_START,  /* start the worker: succeeds, or tree_start_failed is called next */
	TREE_SIGNAL, /* send it its stop signal */
	TREE_KILL,   /* send it SIGKILL */
	TREE_END,    /* the container ends, with status; said again whenever asked */
};

#define TREE_NEVER INT64_MAX

struct tree_action {
	enum tree_act act;
	uint32_t child;   /* index in the plan's list */
	int64_t until_ms; /* TREE_WAIT: TREE_NEVER, or when to ask again at the latest */
	int32_t status;   /* TREE_END: a wait status (wait(2)) */
};

/* What the journal should know; told as it is decided. */
enum tree_news {
	TREE_NEWS_RESTART,  /* child is to be restarted, after number ms */
	TREE_NEWS_WOULD,    /* R1 in audit: child would be */
	TREE_NEWS_GAVE_UP,  /* supervisor child has more restarts than its intensity: number of them
			     */
	TREE_NEWS_SHUTDOWN, /* the whole tree is being stopped: child is the root */
};

struct tree;
typedef void
tree_listener(void *context, enum tree_news news, uint32_t child, int32_t status, uint32_t number);

/* Bytes that a tree of the plan takes, to be given to tree_begin, 8-byte aligned. */
size_t tree_size(const struct plan_tree *plan);

/* plan must outlive the tree; its list is as plan.h says (policy has checked it). listener may be
 * NULL. */
struct tree *
tree_begin(void *memory, const struct plan_tree *plan, tree_listener *listener, void *context);

enum tree_may { TREE_MAY_NOT_START, TREE_MAY_START };

/* now_ms: any monotonic clock, never less than before. */
struct tree_action tree_next(struct tree *tree, int64_t now_ms, enum tree_may may);

/* status: as for a program that exits with 127, say; it stands for the failed start. */
void tree_start_failed(struct tree *tree, uint32_t child, int32_t status, int64_t now_ms);

/* The worker's process, which TREE_START has started, has ended with this wait status. */
void tree_exited(struct tree *tree, uint32_t child, int32_t status, int64_t now_ms);

/* Orderly shutdown: everything is stopped in reverse, then TREE_END with the status that the main
 * worker ended with last. */
void tree_stop(struct tree *tree, int64_t now_ms);

/* Whether the first start is complete: every worker has been started once. */
int tree_is_up(const struct tree *tree);

enum tree_state tree_state(const struct tree *tree, uint32_t child);

/* Restarts of supervisor child within its period up to now_ms. */
uint32_t tree_restarts(const struct tree *tree, uint32_t child, int64_t now_ms);

/* TREE_STOPPING: when it will be killed; TREE_DELAYED: when it will be started; else TREE_NEVER. */
int64_t tree_due_ms(const struct tree *tree, uint32_t child);

#endif
