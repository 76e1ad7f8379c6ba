/* Rule R2: whoever has lost its parent dies. The kernel makes it a child of init (PID 1, or the
 * nearest child subreaper), so whatever stands in init's list of children that init did not start
 * is an orphan. Its own children become init's when it dies, before init can reap it: so the kill
 * goes down the tree at the speed of signals, and no pid is ever used that somebody else could have
 * by now, as init alone reaps its children. */
#ifndef OSLESS_SUPERVISE_ORPHANS_H
#define OSLESS_SUPERVISE_ORPHANS_H

#include "supervise/journal.h"

#include <sys/types.h>

struct error;
struct walk;
struct workers;

#define ORPHANS_PRESS_MS 4
#define ORPHANS_MAX 1024 /* that are remembered at once; more are dealt with, but not told */

struct orphans {
	uint32_t mode;      /* enum plan_mode */
	int64_t pressed_ms; /* last orphans_press */
	int count;
	pid_t known[ORPHANS_MAX]; /* told already, and not reaped yet */
};

/* Reads the list in children (children_open) and deals with those who are new in it. walk: the last
 * one, which may know their parents. Returns how many there are that are to die and have not been
 * reaped; -1: err. */
int orphans_look(struct orphans *orphans, int children, const struct workers *workers,
    const struct walk *walk, struct journal *journal, struct error *err);

/* Kills what stands below those that are dying; at most every ORPHANS_PRESS_MS, as that reads much.
 */
void orphans_press(struct orphans *orphans, int proc, int64_t now_ms);

/* Init has reaped a child that was no worker, with this wait status. Returns 1 where that is one
 * that was killed below the dying and never seen in the list, which is to be counted; else 0. */
int orphans_reaped(struct orphans *orphans, pid_t pid, int status);

#endif
