/* The loop of a one-worker tree. Three things wake it: a signal, a dead child, and a tick that
 * looks for orphans, since the kernel hands those over without a word. */
#include "supervise/tend.h"

#include "base/error.h"
#include "kernel/procfs.h"
#include "supervise/children.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 1000

int
tend_open_signals(struct error *err)
{
	sigset_t all;
	int fd;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return error_sys(err, "block signals");
	fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? error_sys(err, "signalfd") : fd;
}

static int
exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Reaps all that is dead. Returns the main process' exit status once it is among them, else -1. */
static int
reap(pid_t main_pid)
{
	int ended = -1, status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == main_pid)
			ended = exit_status(status);
	return ended;
}

/* Stop signals have no meaning here (R5); SIGCHLD is init's own. */
static int
is_passed_on(int number)
{
	return number != SIGCHLD && number != SIGTSTP && number != SIGTTIN && number != SIGTTOU;
}

static void
pass_signals_on(const struct tend *tend)
{
	struct signalfd_siginfo info;

	while (read(tend->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (is_passed_on((int)info.ssi_signo))
			(void)kill(tend->main, (int)info.ssi_signo); /* ended: reap sees it */
}

/* Kills init's children but spare; how many there were. */
static int
kill_orphans(struct tend *tend, pid_t spare, struct error *err)
{
	if (tend->proc < 0)
		tend->proc = procfs_open(err);
	if (tend->proc < 0)
		return -1;
	if (tend->children < 0)
		tend->children = children_open(tend->proc, err);
	return tend->children < 0 ? -1 : children_kill(tend->children, spare, err);
}

/* A child that dies hands its own children to init, so killing goes on until the kernel has no
 * child left to wait for. */
static int
kill_the_rest(struct tend *tend, struct error *err)
{
	while (waitpid(-1, NULL, WNOHANG) >= 0) {
		if (kill_orphans(tend, 0, err) < 0)
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
		if (kill_orphans(tend, tend->main, err) < 0)
			return -1;
	}
	if (!tend->own_pids && kill_the_rest(tend, err) < 0)
		return -1;
	return ended;
}
