/* The loop of a one-worker tree. Three things wake it: a signal, a dead child, and a tick that
 * looks for orphans, since the kernel hands those over without a word. */
#include "supervise/tend.h"

#include "base/error.h"
#include "base/signals.h"
#include "kernel/procfs.h"
#include "supervise/children.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 1000

/* Reaps all that is dead. Returns the main process' exit status once it is among them, else -1. */
static int
reap(pid_t main_pid)
{
	int ended = -1, status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == main_pid)
			ended = signals_exit_status(status);
	return ended;
}

/* SIGCHLD is init's own, and stop signals have no meaning here. */
static void
pass_signals_on(const struct tend *tend)
{
	int number;

	while ((number = signals_next(tend->signals)) > 0)
		if (number != SIGCHLD && !signals_is_stop(number))
			(void)kill(tend->main, number); /* ended: reap sees it */
	if (tend->guard && getppid() != tend->guard)
		(void)kill(tend->main, SIGKILL); /* as above */
}

/* Kills init's children but spare. */
static int
kill_children(struct tend *tend, pid_t spare, struct error *err)
{
	if (tend->proc < 0)
		tend->proc = procfs_open(err);
	if (tend->proc < 0)
		return -1;
	if (tend->children < 0)
		tend->children = children_open(tend->proc, err);
	return tend->children < 0 ? -1 : children_kill(tend->children, spare, err);
}

/* A child that dies hands its own children over, so killing goes on until the kernel has no child
 * left to wait for. */
int
tend_kill_all(struct tend *tend, struct error *err)
{
	while (waitpid(-1, NULL, WNOHANG) >= 0) {
		if (kill_children(tend, 0, err) < 0)
			return -1;
		(void)waitpid(-1, NULL, 0); /* ECHILD: the loop's own test sees it next */
	}
	return 0;
}

int
tend_payload(struct tend *tend, struct error *err)
{
	struct pollfd wake = { .fd = tend->signals, .events = POLLIN };
	int ended;

	for (;;) {
		if (poll(&wake, 1, TICK_MS) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		pass_signals_on(tend);
		ended = reap(tend->main);
		if (ended >= 0)
			break;
		if (tend->orphans == TEND_KILL_ORPHANS && kill_children(tend, tend->main, err) < 0)
			return -1;
	}
	if (!tend->own_pids && tend_kill_all(tend, err) < 0)
		return -1;
	return ended;
}
