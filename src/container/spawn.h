/* The first process: osless-init, born in its cgroups and namespaces, with exactly the fds of
 * plan/exchange.h. */
#ifndef OSLESS_CONTAINER_SPAWN_H
#define OSLESS_CONTAINER_SPAWN_H

#include "plan/plan.h"

#include <sys/types.h>

struct arena;
struct birth;
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
	uint32_t held;       /* 1: it waits before its exec, for spawn_release: in time for somebody
				else to put it into a cgroup */
};

struct spawned {
	pid_t pid;           /* host's */
	int pidfd;           /* the caller's to close, as channel */
	int channel;         /* the host's end */
	int hold;            /* held: the child goes on for a byte, and ends with the last writer */
	struct birth *birth; /* held: in the spawn's arena */
};

#define SPAWNED_NONE ((struct spawned) { .pid = -1, .pidfd = -1, .channel = -1, .hold = -1 })

/* With plan.exec the process is born into the namespaces of the container's init, else into those
 * of the plan. -1: err; no process is then left. */
int spawn_init(const struct spawn *spawn, struct spawned *spawned, struct error *err);

/* Lets a held process go on, and waits until it is osless-init. -1: err; it has then ended, and is
 * still to be waited for. */
int spawn_release(struct spawned *spawned, struct error *err);

#endif
