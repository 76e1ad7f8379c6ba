/* The loop of a one-worker tree. Three things wake it: a signal, a dead child, and a tick that
 * looks for orphans, since the kernel hands those over without a word. */
#include "supervise/tend.h"

#include "base/error.h"
#include "base/path.h"
#include "base/signals.h"
#include "kernel/procfs.h"
#include "supervise/children.h"
#include "supervise/parents.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOT_ENDED (-1)
#define FAILED (-2)

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

static int
open_clocks(struct tend *tend, struct error *err)
{
	if (tend->loadavg >= 0)
		return 0;
	tend->loadavg = path_open_plain(tend->proc, "loadavg", O_RDONLY);
	return tend->loadavg < 0 ? error_sys(err, "open /proc/loadavg") : 0;
}

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* The beat: are pids being given out, and who has children by now? */
static int
beat(struct tend *tend, struct parents *parents, struct error *err)
{
	char text[128];
	int64_t started = now_us();
	ssize_t length;

	if (open_clocks(tend, err) < 0)
		return -1;
	length = pread(tend->loadavg, text, sizeof(text), 0);
	if (length < 0)
		return error_sys(err, "read /proc/loadavg");
	if (pulse_beat(&tend->pulse, started, pulse_last_pid(text, (uint64_t)length)) == PULSE_LOOK)
		return 0;
	if (parents_walk(parents, tend->proc, tend->children, err) < 0)
		return -1;
	pulse_walked(&tend->pulse, now_us(), now_us() - started);
	return 0;
}

/* One round after waking. Returns the payload's exit status when it has ended, NOT_ENDED, or FAILED
 * with err. */
static int
reconcile(struct tend *tend, struct parents *parents, struct error *err)
{
	int ended;

	pass_signals_on(tend);
	parents_forget_dead(parents);
	ended = reap(tend->main);
	if (ended >= 0 || tend->orphans == TEND_KEEP_ORPHANS)
		return ended;
	return kill_children(tend, tend->main, err) < 0 ? FAILED : NOT_ENDED;
}

/* Sleeps until something happens or the beat is due. Returns 1 when it is, 0, or -1 with err. */
static int
sleep_until(
    const struct tend *tend, const struct parents *parents, int64_t due_us, struct error *err)
{
	struct pollfd wake[2] = {
		{ .fd = tend->signals, .events = POLLIN },
		{ .fd = parents->events, .events = POLLIN },
	};
	int64_t left_ms = (due_us - now_us() + 999) / 1000;

	if (poll(wake, 2, left_ms > 0 ? (int)left_ms : 0) < 0 && errno != EINTR)
		return error_sys(err, "poll");
	return now_us() >= due_us;
}

int
tend_payload(struct tend *tend, struct error *err)
{
	static struct parents parents = { .events = -1 }; /* large; init tends once */
	int64_t due_us = now_us() + PULSE_FAST_MS * 1000LL;
	int ended = NOT_ENDED;

	pulse_start(&tend->pulse);
	if (tend->orphans == TEND_KEEP_ORPHANS)
		tend->pulse.interval_ms =
		    PULSE_SLOW_MS; /* nobody is looked for: only children are reaped */
	while (ended == NOT_ENDED) {
		int due = sleep_until(tend, &parents, due_us, err);

		ended = due < 0 ? FAILED : reconcile(tend, &parents, err);
		if (ended == NOT_ENDED && due) {
			if (tend->orphans == TEND_KILL_ORPHANS && beat(tend, &parents, err) < 0)
				return -1;
			due_us = now_us() + tend->pulse.interval_ms * 1000LL;
		}
	}
	if (ended == FAILED || (!tend->own_pids && tend_kill_all(tend, err) < 0))
		return -1;
	return ended;
}
