/* Tending the container: the loop that sees and does. What to do is decided by pure files: tree.h
 * (workers and restarts, rule R1), rules.h (R3..R5), pulse.h (when to look); orphans.h is rule R2.
 *
 *     tend_begin    first start of the tree, all or nothing
 *     tend_run      until the tree has ended, and whatever was left of it is dead */
#ifndef OSLESS_SUPERVISE_TEND_H
#define OSLESS_SUPERVISE_TEND_H

#include "supervise/journal.h"
#include "supervise/workers.h"

#include <sys/types.h>

struct error;

struct tend {
	const struct plan *plan;
	int signals; /* signals_open */
	int control; /* listening socket for MSG_ADOPT, or -1 */
	int proc;    /* a private procfs, or -1: made when first needed, as a short payload never
			needs it */
	int oom;     /* oom_open, or -1 */
	pid_t guard; /* parent without which nothing may go on (init/guard.c), or 0 */
	struct journal journal;
	struct workers workers; /* launch and context are set by the caller */
};

/* -1: err is that of the start that failed; what had been started is stopped. */
int tend_begin(struct tend *tend, struct error *err);

/* Takes over the listener of a worker's filter, or hears that there is none: -errno of seccomp(2),
 * or of sending it. */
void tend_listen(struct tend *tend, int listener);

/* Answers refused calls until fd is readable, or its other end closed. -1: err. */
int tend_answer_until(struct tend *tend, int fd, struct error *err);

/* Returns the container's exit status (128 + n for signal n); -1 with err. */
int tend_run(struct tend *tend, struct error *err);

#endif
