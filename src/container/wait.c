/* Two things wake it: a signal to pass on, and the end. */
#include "container/wait.h"

#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "container/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

static void
pass_signals_on(int signals, int pidfd, int interrupt)
{
	int number;

	while ((number = signals_next(signals)) > 0) {
		if (number == SIGCHLD || number == SIGURG || signals_is_stop(number))
			continue;
		(void)sys_pidfd_send_signal(
		    pidfd, number == SIGINT ? interrupt : number); /* ended: the wait tells */
	}
}

int
wait_process(struct spawned *process, int signals, int interrupt, int *status, struct error *err)
{
	struct pollfd wake[2] = {
		{ .fd = process->pidfd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	int raw;

	do {
		if (poll(wake, 2, -1) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		if (wake[1].revents)
			pass_signals_on(signals, process->pidfd, interrupt);
	} while (!wake[0].revents);
	if (waitpid(process->pid, &raw, 0) < 0)
		return error_sys(err, "wait for the container");
	process->pid = -1;
	*status = signals_exit_status(raw);
	return 0;
}
