/* Tending one payload: signals passed on, everything reaped, orphans killed, until the payload
 * ends; then whatever it left dies too (rules R2, R4). */
#ifndef OSLESS_SUPERVISE_TEND_H
#define OSLESS_SUPERVISE_TEND_H

#include <sys/types.h>

struct error;

struct tend {
	int signals;  /* signalfd of every signal; all are blocked */
	pid_t main;   /* the payload's first process, init's child */
	int own_pids; /* 1: init is PID 1, and its exit kills all that is left */
	int proc; /* a private procfs, or -1: made when first needed, as a short payload never needs
		     it */
	int children; /* -1 at first */
};

/* A signalfd for all signals, which it blocks; -1 with err. */
int tend_open_signals(struct error *err);

/* Returns the payload's exit status (128 + n where signal n ended it) after its end and that of all
 * it left; -1 with err. */
int tend_payload(struct tend *tend, struct error *err);

#endif
