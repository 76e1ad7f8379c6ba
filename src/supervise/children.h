/* The processes that a process has as children, as the kernel lists them. Whatever stands in init's
 * list that init did not start is an orphan: its parent died, and the kernel gave it to init (PID
 * 1, or the nearest child subreaper). */
#ifndef OSLESS_SUPERVISE_CHILDREN_H
#define OSLESS_SUPERVISE_CHILDREN_H

#include <sys/types.h>

struct error;

/* Opens the caller's own /proc/PID/task/TID/children below proc, a private procfs (proc(5),
 * CONFIG_PROC_CHILDREN). The fd can be read again and again. -1: err. */
int children_open(int proc, struct error *err);

/* Calls each with every pid in the list. Returns 0, or -1 with errno (ESRCH: the process is gone).
 * The list may skip entries while children exit. */
int children_each(int children, void (*each)(pid_t pid, void *context), void *context);

/* Sends SIGKILL to every child in the list but spare. Returns how many there were, 0 when none; -1
 * with err. As children_each may skip some, call again until it answers 0. */
int children_kill(int children, pid_t spare, struct error *err);

#endif
