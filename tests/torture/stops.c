/* Every way in which a process can stop itself or another. All but one are refused by argument: of
 * timer_create no filter sees the signal, so the supervisor has to find who is stopped. */
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 1300

static const struct {
	int number;
	const char *name;
} stop_signals[] = {
	{ SIGSTOP, "STOP" },
	{ SIGTSTP, "TSTP" },
	{ SIGTTIN, "TTIN" },
	{ SIGTTOU, "TTOU" },
};

static long
by_kill(pid_t target, int number)
{
	return syscall(SYS_kill, target, number);
}

static long
by_kill_group(pid_t target, int number)
{
	return syscall(SYS_kill, -target, number);
}

/* The kernel takes an int: what stands above it must not hide the signal from a filter. */
static long
by_kill_high(pid_t target, int number)
{
	return syscall(SYS_kill, target, number | 1L << 32);
}

static long
by_kill_x32(pid_t target, int number)
{
	return syscall(0x40000000 | SYS_kill, target, number);
}

static long
by_tkill(pid_t target, int number)
{
	return syscall(SYS_tkill, target, number);
}

static long
by_tgkill(pid_t target, int number)
{
	return syscall(SYS_tgkill, target, target, number);
}

static long
by_sigqueue(pid_t target, int number)
{
	siginfo_t info = { .si_signo = number, .si_code = SI_QUEUE };

	return syscall(SYS_rt_sigqueueinfo, target, number, &info);
}

static long
by_tgsigqueue(pid_t target, int number)
{
	siginfo_t info = { .si_signo = number, .si_code = SI_QUEUE };

	return syscall(SYS_rt_tgsigqueueinfo, target, target, number, &info);
}

static long
by_pidfd(pid_t target, int number)
{
	long fd = syscall(SYS_pidfd_open, target, 0);

	return fd < 0 ? -1 : syscall(SYS_pidfd_send_signal, fd, number, NULL, 0);
}

/* A byte that arrives sends the signal to the owner. */
static long
by_setsig(pid_t target, int number)
{
	int ends[2];

	if (pipe(ends) < 0)
		give_up("pipe");
	if (syscall(SYS_fcntl, ends[0], F_SETSIG, number) < 0)
		return -1;
	if (fcntl(ends[0], F_SETOWN, target) < 0 || fcntl(ends[0], F_SETFL, O_ASYNC) < 0)
		give_up("O_ASYNC");
	return write(ends[1], "", 1);
}

/* A child that asks for it, and whose parent dies. */
static long
by_pdeathsig(pid_t target, int number)
{
	(void)target;
	return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
}

static long
by_exit_signal(pid_t target, int number)
{
	long pid = syscall(SYS_clone, number, 0, 0, 0, 0);

	(void)target;
	if (pid == 0)
		_exit(0);
	return pid;
}

static long
by_mq_notify(pid_t target, int number)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = number };

	(void)target;
	return syscall(SYS_mq_notify, -1, &event);
}

/* ptrace stops as well. */
static long
by_traceme(pid_t target, int number)
{
	(void)target;
	(void)number;
	return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
}

static long
by_attach(pid_t target, int number)
{
	(void)number;
	return syscall(SYS_ptrace, PTRACE_ATTACH, target, 0, 0);
}

enum aim { SELF_ALONE, OTHERS_ALONE, SELF_AND_OTHERS };

static const struct stop_way {
	const char *name;
	long (*act)(pid_t target, int number);
	enum aim aim;
} stop_ways[] = {
	{ "kill", by_kill, SELF_AND_OTHERS },
	{ "kill-group", by_kill_group, SELF_AND_OTHERS },
	{ "kill-high", by_kill_high, SELF_AND_OTHERS },
	{ "kill-x32", by_kill_x32, SELF_AND_OTHERS },
	{ "tkill", by_tkill, SELF_AND_OTHERS },
	{ "tgkill", by_tgkill, SELF_AND_OTHERS },
	{ "rt_sigqueueinfo", by_sigqueue, SELF_AND_OTHERS },
	{ "rt_tgsigqueueinfo", by_tgsigqueue, SELF_AND_OTHERS },
	{ "pidfd_send_signal", by_pidfd, SELF_AND_OTHERS },
	{ "F_SETSIG", by_setsig, SELF_AND_OTHERS },
	{ "PR_SET_PDEATHSIG", by_pdeathsig, SELF_ALONE },
	{ "exit-signal", by_exit_signal, SELF_ALONE },
	{ "mq_notify", by_mq_notify, SELF_ALONE },
	{ "PTRACE_TRACEME", by_traceme, SELF_ALONE },
	{ "PTRACE_ATTACH", by_attach, OTHERS_ALONE },
};

/* In a group of its own, below a parent of the same session: elsewhere the kernel drops TSTP, TTIN
 * and TTOU, since nobody could continue it. */
static pid_t
fork_group(void)
{
	pid_t pid = must_fork();

	setpgid(pid, pid); /* both sides: whoever comes first */
	return pid;
}

static pid_t
fork_victim(void)
{
	pid_t pid = fork_group();

	if (pid == 0)
		linger();
	return pid;
}

/* What came of an attacker, whose exit status is an errno. */
static const char *
outcome(pid_t attacker)
{
	int status;

	while (waitpid(attacker, &status, WUNTRACED) < 0)
		if (errno != EINTR)
			give_up("wait for the attacker");
	if (WIFEXITED(status))
		return errno_name(WEXITSTATUS(status));
	kill(attacker, SIGKILL);
	return WIFSTOPPED(status) ? "stopped" : "killed";
}

/* target: a victim, or 0 for the attacker itself. Prints "WAY AIM SIGNAL RESULT". */
static void
attack(const struct stop_way *way, pid_t target, size_t with)
{
	int number = stop_signals[with].number;
	pid_t attacker = fork_group();

	if (attacker == 0)
		_exit(way->act(target ? target : getpid(), number) < 0 ? errno : 0);
	printf("%s %s %s %s\n", way->name, target ? "other" : "self", stop_signals[with].name,
	    outcome(attacker));
	fflush(stdout);
}

void
stops(void)
{
	pid_t victim = fork_victim();

	for (size_t i = 0; i < COUNT_OF(stop_ways); i++)
		for (size_t with = 0; with < COUNT_OF(stop_signals); with++) {
			if (stop_ways[i].aim != OTHERS_ALONE)
				attack(&stop_ways[i], 0, with);
			if (stop_ways[i].aim != SELF_ALONE)
				attack(&stop_ways[i], victim, with);
		}
	if (state_of(victim) != 'S')
		say("the victim has been stopped");
}

/* What no filter sees: the signal stands behind a pointer. */
static void
stop_by_timer(int number)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = number };
	struct itimerspec once = { .it_value = { 0, 1000000 } };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &once, NULL) < 0)
		give_up("timer");
}

static pid_t
fork_stopper(int number)
{
	pid_t pid = fork_group();

	if (pid == 0) {
		stop_by_timer(number);
		linger();
	}
	return pid;
}

/* Returns once each has been stopped; whoever continues them may have done so already. */
void
timer_stops(void)
{
	for (size_t i = 0; i < COUNT_OF(stop_signals); i++) {
		pid_t pid = fork_stopper(stop_signals[i].number);
		siginfo_t info;

		if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WCONTINUED) < 0)
			give_up("waitid");
	}
}

/* main never says "ready" unless somebody continues it. */
void
timer_stops_main(void)
{
	stop_by_timer(SIGSTOP);
	sleep_ms(20);
}

/* After a time of quiet, in which whoever looks has come to look seldom. Continued, it is stopped
 * at once again, until somebody has had enough of it. A timer of its own for each time: SIGCONT
 * takes pending stop signals away, and with them a timer's next turn. */
void
stops_again(void)
{
	pid_t pid = fork_group();
	long start_us;

	sleep_ms(QUIET_MS);
	start_us = now_us();
	while (pid == 0) {
		stop_by_timer(SIGSTOP);
		sleep_ms(2);
	}
	dprintf(STDOUT_FILENO, "stops-again %d\n", (int)pid);
	await_death(pid);
	dprintf(STDOUT_FILENO, "stops-again killed %ld\n", (now_us() - start_us) / 1000);
}
