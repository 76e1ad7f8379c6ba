/* One more process in the making: what the rows of exec_steps work on. For this folder only. */
#ifndef OSLESS_CONTAINER_EXEC_H
#define OSLESS_CONTAINER_EXEC_H

#include "container/compile.h"
#include "container/create.h"

struct exec {
	const struct container_exec_options *options;
	struct container container; /* the one that is there: record, plan */
	void *image;                /* memory of its plan */
	struct compiled compiled;   /* the process */
	struct plan_cgroup place;   /* the container's, or with --cgroup below */
	struct cgroup cgroup;
	int signals; /* of base/signals.h */
	pid_t joined_pid;
	int joined;  /* pidfd of the process whose namespaces and root are the container's */
	int root;    /* its root directory */
	int time_fd; /* its time namespace, or -1 */
	int plan_fd; /* sealed memfd with the process' plan */
	struct spawned process;
};

/* Fills place: the container's cgroups, or those below them that the options name. */
int exec_find_cgroups(struct exec *exec, struct error *err);

/* After EBUSY: on cgroup v2 one that has handed out controllers takes no process itself. Fills
 * place with the cgroup below the container's own that its init went to. -1: there is no such. */
int exec_follow_init(struct exec *exec);

#endif
