/* kill: to init, which passes it on; SIGKILL takes the whole container. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

/* A container's own PID namespace dies with init; elsewhere every process must be named. */
static int
needs_all(const struct plan *plan, int number)
{
	return number == SIGKILL && plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_NEW;
}

static int
signal_init(const struct container *c, int number, struct error *err)
{
	AUTO_FD int pidfd = state_init_pidfd(&c->record);

	if (pidfd < 0 || sys_pidfd_send_signal(pidfd, number) < 0)
		return errno == ESRCH ? error_set(err, "container not running")
				      : error_sys(err, "send signal %d", number);
	return 0;
}

/* Everyone but init, which would pass its own on to the payload and so double it. */
static int
signal_all(const struct container *c, int number, struct error *err)
{
	struct cgroup cgroup = CGROUP_NONE;
	AUTO_FREE pid_t *pids = NULL;
	size_t count = 0;
	int result;

	if (cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, err) < 0)
		return -1;
	result = number == SIGKILL ? cgroup_kill(&cgroup, err)
				   : cgroup_pids(&cgroup, &pids, &count, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		if (pids[i] != c->record.init && kill(pids[i], number) < 0 && errno != ESRCH)
			result =
			    error_sys(err, "send signal %d to process %d", number, (int)pids[i]);
	cgroup_close(&cgroup);
	return result;
}

int
container_kill(const struct container_host *host, const char *id, int signal_number, uint32_t all,
    struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	int result = container_open(host, id, &container, &image, err);

	if (result == 0 && !all && !state_init_alive(&container.record))
		result = error_set(err, "container not running");
	else if (result == 0)
		result = (all || needs_all(container.plan, signal_number)) &&
				 container.plan->cgroup.dirs.count
			     ? signal_all(&container, signal_number, err)
			     : signal_init(&container, signal_number, err);
	container_close(&container);
	return result;
}
