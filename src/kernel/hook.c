/* One hook: the state's memfd as stdin, one pipe as stdout and stderr, a pidfd to wait on with a
 * time limit. */
#include "kernel/hook.h"

#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "kernel/process.h"

#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

#define HOOK_UMASK 022
#define OUTPUT_SHOWN 400 /* bytes of output that an error quotes */

struct hook_child {
	const struct plan_hook *hook;
	const struct hook_become *become;
	int input;
	int output;
	struct error *err; /* filled only if exec failed: the caller sleeps until then */
};

struct hook_run {
	int pidfd;
	int output;
	size_t length;
	char text[OUTPUT_SHOWN + 1];
};

static _Alignas(16) unsigned char hook_stack[CLONE_STACK_SIZE];

static int
hook_child_main(void *context)
{
	struct hook_child *child = context;
	const struct plan_hook *hook = child->hook;
	const char *const own_name[] = { hook->path, NULL };
	const char *const nothing[] = { NULL };

	if (dup2(child->input, 0) < 0 || dup2(child->output, 1) < 0 || dup2(child->output, 2) < 0 ||
	    sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0 || setpgid(0, 0) < 0) {
		(void)error_sys(child->err, "prepare");
		return 1;
	}
	(void)prctl(
	    PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* a hook must not outlive who waits for it */
	process_default_signals();
	process_unblock_signals();
	if (!child->become)
		(void)umask(HOOK_UMASK); /* init's own is 0 */
	if (child->become && child->become->become(child->become->context, child->err) < 0)
		return 1;
	(void)process_exec_file(hook->path, hook->args.count ? hook->args.items : own_name,
	    hook->env.count ? hook->env.items : nothing,
	    child->err); /* err is read by the caller */
	return 1;
}

/* Keeps the first bytes, throws the rest away. Returns 0 at the end of the output. */
static int
drain(struct hook_run *run)
{
	char rest[4096];
	size_t space = OUTPUT_SHOWN - run->length;
	ssize_t got = space ? read(run->output, run->text + run->length, space)
			    : read(run->output, rest, sizeof(rest));

	if (got > 0 && space)
		run->length += (size_t)got;
	return got > 0 || (got < 0 && errno == EINTR);
}

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until the hook ends, or the time is up. 1 = ended. What it left running may hold the pipe: that
 * is not waited for. */
static int
wait_end(struct hook_run *run, uint32_t timeout_s)
{
	long deadline = now_ms() + (long)timeout_s * 1000;
	struct pollfd events[2] = {
		{ .fd = run->pidfd, .events = POLLIN },
		{ .fd = run->output, .events = POLLIN },
	};

	for (;;) {
		long left = timeout_s ? deadline - now_ms() : -1;

		if (timeout_s && left <= 0)
			return 0;
		if (poll(events, 2, (int)left) < 0 && errno != EINTR)
			return 0;
		if ((events[1].revents & (POLLIN | POLLHUP)) && !drain(run))
			events[1].fd = -1;
		if (events[0].revents & POLLIN)
			return 1;
	}
}

static int
describe_end(const siginfo_t *end, struct hook_run *run, struct error *err)
{
	if (end->si_code == CLD_EXITED && end->si_status == 0)
		return 0;
	while (run->length && run->text[run->length - 1] == '\n')
		run->length--;
	run->text[run->length] = '\0';
	return error_set(err, "%s %d%s%s", end->si_code == CLD_EXITED ? "exit status" : "signal",
	    end->si_status, run->length ? ", output: " : "", run->text);
}

static int
wait_hook(struct hook_run *run, pid_t pid, uint32_t timeout_s, struct error *err)
{
	siginfo_t end = { 0 };
	int ended = wait_end(run, timeout_s);

	if (!ended) {
		(void)kill(-pid, SIGKILL); /* its whole group, */
		(void)sys_pidfd_send_signal(
		    run->pidfd, SIGKILL); /* and itself, should it have left that */
	}
	while (waitid((idtype_t)P_PIDFD, (id_t)run->pidfd, &end, WEXITED) < 0)
		if (errno != EINTR)
			return error_sys(err, "wait");
	if (!ended)
		return error_set(err, "killed: it ran longer than its timeout of %u s", timeout_s);
	if (fcntl(run->output, F_SETFL, O_NONBLOCK) == 0)
		while (run->length < OUTPUT_SHOWN && drain(run))
			;
	return describe_end(&end, run, err);
}

static int
spawn_hook(struct hook_child *child, struct hook_run *run, int *pidfd, struct error *err)
{
	struct clone_vfork clone = {
		.exit_signal = SIGCHLD,
		.pidfd = pidfd,
		.run = hook_child_main,
		.context = child,
		.stack = hook_stack,
	};
	pid_t pid = clone_program(&clone, "it", err);

	run->pidfd = *pidfd;
	return pid;
}

int
hook_run_program(
    const struct plan_hook *hook, int state, const struct hook_become *become, struct error *err)
{
	AUTO_FD int read_end = -1, write_end = -1, pidfd = -1;
	struct hook_child child = { .hook = hook, .become = become, .input = state, .err = err };
	struct hook_run run = { 0 };
	int pipes[2];
	pid_t pid;

	if (lseek(state, 0, SEEK_SET) < 0)
		return error_sys(err, "rewind the state");
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return error_sys(err, "pipe");
	run.output = read_end = pipes[0];
	child.output = write_end = pipes[1];
	pid = spawn_hook(&child, &run, &pidfd, err);
	auto_close(&write_end);
	write_end = -1; /* else the output never ends */
	return pid < 0 ? -1 : wait_hook(&run, pid, hook->timeout_s, err);
}

int
hook_run(const plan_hooks *hooks, uint64_t index, const char *word, int state,
    const struct hook_become *become, struct error *err)
{
	const struct plan_hook *hook = &hooks->items[index];

	if (hook_run_program(hook, state, become, err) < 0)
		return error_in(err, "error running %s hook #%llu: %s", word,
		    (unsigned long long)index, hook->path);
	return 0;
}

int
hooks_run(const plan_hooks *hooks, const char *word, int state, const struct hook_become *become,
    struct error *err)
{
	for (uint64_t i = 0; i < hooks->count; i++)
		if (hook_run(hooks, i, word, state, become, err) < 0)
			return -1;
	return 0;
}
