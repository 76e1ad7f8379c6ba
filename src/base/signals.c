/* Signals by descriptor. */
#include "base/signals.h"

#include "base/error.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int
signals_open(struct error *err)
{
	sigset_t all;
	int fd;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return error_sys(err, "block signals");
	fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? error_sys(err, "signalfd") : fd;
}

int
signals_next(int signals)
{
	struct signalfd_siginfo info;

	return read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo
									   : 0;
}

int
signals_is_stop(int number)
{
	return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

int
signals_exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}
