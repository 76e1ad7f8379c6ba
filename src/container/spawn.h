/* The first process: osless-init, born in its cgroups and namespaces, with exactly the fds of
 * plan/exchange.h. */
#ifndef OSLESS_CONTAINER_SPAWN_H
#define OSLESS_CONTAINER_SPAWN_H

#include "plan/plan.h"

#include <sys/types.h>

struct arena;
struct cgroup;
struct error;
struct resctrl;

#define SPAWN_FDS 3

struct spawn {
	const struct plan *plan;
	const struct cgroup *cgroup; /* NULL: none */
	const struct resctrl *resctrl;
	struct arena *arena; /* for lists that live as long as the call */
	int fds[SPAWN_FDS];  /* its fds from INIT_PLAN_FD on (plan/exchange.h) */
	int container;       /* exec: pidfd of the container's init; not for create */
	int time_fd;         /* exec: the container's time namespace, or -1 */
};

struct spawned {
	pid_t pid;   /* host's */
	int pidfd;   /* the caller's to close, as channel */
	int channel; /* the host's end */
};

#define SPAWNED_NONE ((struct spawned) { .pid = -1, .pidfd = -1, .channel = -1 })

/* With plan.exec the process is born into the namespaces of the container's init, else into those
 * of the plan. -1: err; no process is then left. */
int spawn_init(const struct spawn *spawn, struct spawned *spawned, struct error *err);

#endif
