/* The end of a container: SIGKILL, whatever holds it up, and the wait until nothing is left. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "container/unit.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#define KILL_WAIT_MS 10000

/* A process in a frozen cgroup dies only when it is thawed. */
static int
kill_and_thaw(const struct cgroup *cgroup, int pidfd, struct error *err)
{
	if (sys_pidfd_send_signal(pidfd, SIGKILL) < 0 && errno != ESRCH)
		return error_sys(err, "kill init");
	if (cgroup_is_frozen(cgroup, err) == 1)
		return cgroup_freeze(cgroup, CGROUP_THAWED, err);
	return 0;
}

static int
wait_gone(int pidfd, struct error *err)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int got;

	do
		got = poll(&end, 1, KILL_WAIT_MS);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_sys(err, "poll");
	return got ? 0 : error_set(err, "init is not gone %d s after SIGKILL", KILL_WAIT_MS / 1000);
}

/* cgroup: CGROUP_NONE where there is none. */
static int
end_processes(struct container *c, const struct cgroup *cgroup, struct error *err)
{
	if (c->init.pidfd < 0 && c->record.init)
		c->init.pidfd = state_init_pidfd(&c->record);
	if (c->init.pidfd >= 0 &&
	    (kill_and_thaw(cgroup, c->init.pidfd, err) < 0 || wait_gone(c->init.pidfd, err) < 0))
		return -1;
	if (c->init.pid > 0)
		(void)waitpid(c->init.pid, NULL, 0); /* ours: no zombie may stay */
	c->init.pid = -1;
	if (c->plan && c->plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW && c->record.init)
		return 0; /* the kernel has killed the rest */
	return cgroup->count ? cgroup_kill(cgroup, err) : 0;
}

/* Init was PID 1 of a namespace and is dead: so is everything else, and no cgroup need be looked
 * at. */
static int
is_over(const struct container *c)
{
	struct pollfd end = { .fd = c->init.pidfd, .events = POLLIN };

	return c->plan && c->plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW && c->init.pid < 0 &&
	       c->init.pidfd >= 0 && poll(&end, 1, 0) == 1;
}

int
container_kill_init(struct container *c, struct error *err)
{
	struct cgroup cgroup = CGROUP_NONE;
	int result = 0;

	if (is_over(c))
		return 0;
	if (c->plan && c->plan->cgroup.dirs.count && unit_is_ours(c))
		result = cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, err);
	if (result < 0 && err->errnum == ENOENT)
		result = 0; /* gone already */
	if (result == 0)
		result = end_processes(c, &cgroup, err);
	cgroup_close(&cgroup);
	return result;
}
