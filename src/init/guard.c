/* Where the PID namespace is not the container's own, the kernel does not kill the rest when init
 * dies. A second process then stands above init as child subreaper: the guard, which is the process
 * that engines know. Each watches the other: when init dies, all that it had becomes the guard's
 * and is killed; when the guard dies, init kills all and exits. To escape both would have to be
 * killed at once; then there still is the cgroup (`delete`, `kill KILL`). */
#include "init/init.h"

#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "supervise/children.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define FAILED 1
#define WAKE_SIGNAL SIGPWR /* wakes init when the guard dies; what it means, getppid tells */

/* Until init ends, or with container >= 0 (exec) the container's own. Whatever else dies meanwhile
 * (what a dying init left) is reaped by the way. */
static int
wait_for_init(int signals, int container, pid_t init)
{
	struct pollfd wake[2] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = container, .events = POLLIN },
	};

	for (;;) {
		int number, status;
		pid_t pid;

		(void)poll(wake, 2, -1); /* EINTR: all signals are blocked */
		if (wake[1].revents)
			return 128 + SIGKILL; /* as in a PID namespace whose init ends */
		while ((number = signals_next(signals)) > 0)
			if (number != SIGCHLD && !signals_is_stop(number))
				(void)kill(init, number); /* ended: the wait below tells */
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == init)
				return signals_exit_status(status);
	}
}

static void
swap(int *a, int *b)
{
	int kept = *a;

	*a = *b;
	*b = kept;
}

/* The channel above all: its end tells the host that init is gone. c may be -1. */
static void
close_all_but(int a, int b, int c)
{
	int keep[3] = { a, b, c };
	unsigned from = 3;

	if (keep[0] > keep[1])
		swap(&keep[0], &keep[1]);
	if (keep[1] > keep[2])
		swap(&keep[1], &keep[2]);
	if (keep[0] > keep[1])
		swap(&keep[0], &keep[1]);
	for (int i = 0; i < 3; i++) {
		if (keep[i] < 0)
			continue;
		(void)sys_close_range(from, (unsigned)keep[i] - 1, 0); /* EINVAL: nothing between */
		from = (unsigned)keep[i] + 1;
	}
	(void)sys_close_range(from, ~0U, 0);
}

static _Noreturn void
guard(const struct init *init, pid_t pid)
{
	struct error err;
	int status;

	close_all_but(init->signals, init->proc, init->container);
	status = wait_for_init(init->signals, init->container, pid);
	if (children_kill_all(init->proc, &err) < 0)
		status = FAILED; /* there is nobody to tell: engines see a failed container */
	exit(status);
}

int
guard_start(struct init *init, struct error *err)
{
	pid_t guard_pid = getpid(), pid;

	if (init->plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW ||
	    init->plan->supervision_mode == PLAN_MODE_OFF)
		return 0;
	if (init_proc(init, err) < 0)
		return -1;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return error_sys(err, "become a child subreaper");
	pid = fork();
	if (pid < 0)
		return error_sys(err, "fork");
	if (pid > 0)
		guard(init, pid);
	init->guard = guard_pid;
	if (prctl(PR_SET_PDEATHSIG, WAKE_SIGNAL, 0, 0, 0) < 0)
		return error_sys(err, "PR_SET_PDEATHSIG");
	return getppid() == guard_pid ? 0 : error_set(err, "the guard is gone");
}
