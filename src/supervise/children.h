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

/* SIGKILL to the caller's children until there are none, reaping them; proc as above. */
int children_kill_all(int proc, struct error *err);

#endif
