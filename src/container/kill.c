/* kill: to init, which passes it on; SIGKILL takes the whole container. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
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

/* The record tells a reused pid, so no lock is needed: a hook or a start that hangs must not keep a
 * container alive. */
static int
signal_init(const struct container *c, int number, struct error *err)
{
	AUTO_FD int pidfd = state_init_pidfd(&c->record);

	if (pidfd < 0 || sys_pidfd_send_signal(pidfd, number) < 0)
		return errno == ESRCH ? error_set(err, "container not running")
				      : error_sys(err, "send signal %d", number);
	return 0;
}

/* Everyone but init, and a guard above it, which would pass theirs on to the payload and so double
 * it. Without supervision the first process is the payload. */
static int
signal_each(const struct container *c, const struct cgroup *cgroup, int number, struct error *err)
{
	int is_watched = c->plan->supervision_mode != PLAN_MODE_OFF;
	AUTO_FREE pid_t *pids = NULL;
	AUTO_FD int inner = -1;
	pid_t inner_pid = 0;
	size_t count = 0;

	if (is_watched) /* gone: then there is nobody to pass anything on */
		inner = state_inner_pidfd(&c->record, c->plan, &inner_pid);
	if (cgroup_pids(cgroup, &pids, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (is_watched && (pids[i] == c->record.init || pids[i] == inner_pid))
			continue;
		if (kill(pids[i], number) < 0 && errno != ESRCH)
			return error_sys(err, "send signal %d to process %d", number, (int)pids[i]);
	}
	return 0;
}

static int
signal_all(const struct container *c, const struct cgroup *cgroup, int number, struct error *err)
{
	if (number == SIGKILL)
		return cgroup_kill(cgroup, err);
	if (c->record.status == STATE_CREATED && state_init_alive(&c->record))
		return signal_init(c, number, err); /* there is only init, which waits for start */
	return signal_each(c, cgroup, number, err);
}

/* A signal to processes in a frozen cgroup waits there; SIGKILL must not. */
static int
thaw(const struct cgroup *cgroup, struct error *err)
{
	return cgroup_is_frozen(cgroup, err) == 1 ? cgroup_freeze(cgroup, CGROUP_THAWED, err) : 0;
}

static int
send(const struct container *c, int number, enum container_kill_whom whom, struct error *err)
{
	struct cgroup cgroup = CGROUP_NONE;
	int all = whom == KILL_ALL || needs_all(c->plan, number);
	int result;

	log_line(LOG_DEBUG, "%s: signal %d to %s", c->id, number,
	    all ? "all processes" : "the first process, which passes it on");
	if (c->plan->cgroup.dirs.count == 0 || (!all && number != SIGKILL))
		return signal_init(c, number, err);
	if (cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, err) < 0) {
		if (err->errnum != ENOENT)
			return -1;
		return all ? 0 : signal_init(c, number, err); /* systemd removes it at the end */
	}
	result = all ? signal_all(c, &cgroup, number, err) : signal_init(c, number, err);
	if (result == 0 && number == SIGKILL)
		result = thaw(&cgroup, err);
	cgroup_close(&cgroup);
	return result;
}

int
container_kill(const struct container_host *host, const char *id, int number,
    enum container_kill_whom whom, struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	int result = container_open(host, id, STATE_UNLOCKED, &container, &image, err);

	if (result == 0 && whom == KILL_INIT && !state_init_alive(&container.record))
		result = error_set(err, "container not running");
	else if (result == 0)
		result = send(&container, number, whom, err);
	container_close(&container);
	return result;
}
