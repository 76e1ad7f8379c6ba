/* Tending one payload: signals passed on, everything reaped, orphans killed, until the payload
 * ends; then whatever it left dies too (rules R2, R4). */
#ifndef OSLESS_SUPERVISE_TEND_H
#define OSLESS_SUPERVISE_TEND_H

#include "supervise/pulse.h"

#include <sys/types.h>

struct error;

enum tend_orphans {
	TEND_KILL_ORPHANS,
	TEND_KEEP_ORPHANS, /* audit: adopted and reaped, not killed */
};

struct tend {
	int signals;  /* signals_open */
	pid_t main;   /* the payload's first process, init's child */
	int own_pids; /* 1: init is PID 1, and its exit kills all that is left */
	pid_t guard;  /* parent without which nothing may go on (init/guard.c), or 0 */
	enum tend_orphans orphans;
	int proc; /* a private procfs, or -1: made when first needed, as a short payload never needs
		     it */
	int children; /* -1 at first, as the next two */
	int loadavg;
	struct pulse pulse;
};

/* Returns the payload's exit status (128 + n where signal n ended it) after its end and that of all
 * it left; -1 with err. */
int tend_payload(struct tend *tend, struct error *err);

/* SIGKILL to the caller's children until there are none, reaping them. proc and children: as in
 * struct tend. */
int tend_kill_all(struct tend *tend, struct error *err);

#endif
