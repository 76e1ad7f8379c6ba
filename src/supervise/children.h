/* The processes that have init as parent, as the kernel lists them. Whatever stands there that init
 * did not start is an orphan: its parent died, and the kernel gave it to init (PID 1, or the
 * nearest child subreaper). */
#ifndef OSLESS_SUPERVISE_CHILDREN_H
#define OSLESS_SUPERVISE_CHILDREN_H

#include <sys/types.h>

struct error;

/* Opens the caller's own /proc/PID/task/TID/children below proc, a private procfs (proc(5),
 * CONFIG_PROC_CHILDREN). The fd can be read again and again. -1: err. */
int children_open(int proc, struct error *err);

/* Sends SIGKILL to every child in the list but spare. Returns how many there were, 0 when none; -1
 * with err. The list may skip entries while children exit: call again until it answers 0. */
int children_kill(int children, pid_t spare, struct error *err);

#endif
