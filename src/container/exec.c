/* exec on the host: one table, in create's manner. The rows before "process" only look and open;
 * what is undone is the process alone, and what names it.
 *
 * No lock is taken: execs go on side by side, and the record tells a reused pid. A container that
 * ends meanwhile takes the process along, or lets nothing join it. */
#include "container/exec.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "container/control.h"
#include "container/handover.h"
#include "container/listener.h"
#include "container/wait.h"
#include "plan/exchange.h"
#include "plan/image.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define RESUMED_POLL_MS 50
#define ADOPT_MS 500 /* an init that is stopped, frozen or busy must not hold exec up */

static int
not_running(struct error *err)
{
	return error_set(err, "cannot exec in a stopped container: container not running");
}

/* ---------------------------------------------------------------------- the container */

static int
check_status(const struct exec *exec, struct error *err)
{
	switch (state_status(&exec->container.record, exec->container.plan)) {
	case STATE_CREATED:
	case STATE_RUNNING:
		return 0;
	case STATE_PAUSED:
		return error_set(err,
		    "cannot exec in a paused container (use --ignore-paused to wait for resume)");
	case STATE_CREATING:
		return error_set(err, "the container is still being created");
	case STATE_STOPPED:
		break;
	}
	return not_running(err);
}

/* Those that end a program which does not handle them (signal(7)). */
static int
ends_wait(int number)
{
	return number != SIGCHLD && number != SIGCONT && number != SIGURG && number != SIGWINCH &&
	       !signals_is_stop(number);
}

/* A process that enters frozen cgroups stands still before it has let its parent go on, and neither
 * hears a signal. So nothing enters them. */
static int
await_resumed(struct exec *exec, struct error *err)
{
	const struct container *c = &exec->container;
	struct pollfd wake = { .fd = exec->signals, .events = POLLIN };

	while (state_status(&c->record, c->plan) == STATE_PAUSED) {
		int number;

		if (poll(&wake, 1, RESUMED_POLL_MS) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		while ((number = signals_next(exec->signals)) > 0)
			if (ends_wait(number))
				return error_set(err,
				    "ended by signal %d while the container was still paused",
				    number);
	}
	return 0;
}

static int
find_container(struct exec *exec, struct error *err)
{
	struct container *c = &exec->container;

	if (container_open(c->host, c->id, STATE_UNLOCKED, c, &exec->image, err) < 0)
		return -1;
	if (exec->options->ignore_paused && await_resumed(exec, err) < 0)
		return -1;
	return check_status(exec, err);
}

/* Whether the container's process has ended, be it reaped or not. One on its way there has no root
 * any more. */
static int
has_ended(const struct exec *exec)
{
	struct pollfd end = { .fd = exec->joined, .events = POLLIN };

	return poll(&end, 1, 0) > 0;
}

/* With the pidfd open, what /proc said of the pid was of this process if it is alive afterwards. */
static int
open_joined(struct exec *exec, struct error *err)
{
	const struct plan *plan = exec->container.plan;
	char path[48];

	exec->joined = state_inner_pidfd(&exec->container.record, plan, &exec->joined_pid);
	if (exec->joined < 0)
		return errno == ESRCH ? not_running(err) : error_sys(err, "open a pidfd of init");
	(void)snprintf(
	    path, sizeof(path), "/proc/%d/root", (int)exec->joined_pid); /* fits, as below */
	exec->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (plan->namespaces[PLAN_NS_TIME].mode != PLAN_NS_HOST && exec->root >= 0) {
		(void)snprintf(path, sizeof(path), "/proc/%d/ns/time", (int)exec->joined_pid);
		exec->time_fd = open(path, O_RDONLY | O_CLOEXEC);
		if (exec->time_fd < 0)
			return error_sys(err, "open %s", path);
	}
	if (exec->root < 0 && errno != ENOENT)
		return error_sys(err, "open the container's root");
	return exec->root < 0 || has_ended(exec) ? not_running(err) : 0;
}

/* ------------------------------------------------------------------------ the process */

static int
compile(struct exec *exec, struct error *err)
{
	size_t size = 0;
	AUTO_FREE void *image = NULL;

	if (compile_exec(exec->container.plan, exec->options, &exec->compiled, err) < 0)
		return -1;
	compiled_tell(&exec->compiled, exec->container.id);
	image = plan_encode(&exec->compiled.plan, &size, err);
	if (!image)
		return -1;
	exec->plan_fd = file_sealed_memfd("osless plan", FILE_DATA, image, size, err);
	return exec->plan_fd < 0 ? -1 : 0;
}

/* All of them: a process outside of one of its container's cgroups would escape its limits. */
static int
open_place(struct exec *exec, struct error *err)
{
	if (cgroup_open(NULL, &exec->place, CGROUP_OPEN_ENTER, &exec->cgroup, err) < 0)
		return -1;
	for (uint32_t i = 0; i < exec->cgroup.count; i++)
		if (exec->cgroup.dirs[i].fd < 0)
			return error_num(err, ENOENT, "cgroup %s", exec->place.dirs.items[i].path);
	return 0;
}

static int
open_cgroups(struct exec *exec, struct error *err)
{
	if (exec_find_cgroups(exec, err) < 0)
		return -1;
	if (exec->place.dirs.count == 0 || open_place(exec, err) == 0)
		return 0;
	if (exec->options->cgroups.count == 0 || err->errnum != ENOENT)
		return -1;
	return error_num(err, ENOENT,
	    "--cgroup names one that is not there: make it first, below the container's own");
}

static int
open_resctrl(struct exec *exec, struct error *err)
{
	struct container *c = &exec->container;

	return c->plan->rdt.given ? resctrl_open(NULL, c->plan, &c->resctrl, err) : 0;
}

static int
try_spawn(struct exec *exec, struct error *err)
{
	struct spawn spawn = {
		.plan = &exec->compiled.plan,
		.cgroup = exec->cgroup.count ? &exec->cgroup : NULL,
		.resctrl = &exec->container.resctrl,
		.arena = &exec->compiled.arena,
		.fds = { exec->plan_fd, exec->root, exec->joined },
		.container = exec->joined,
		.time_fd = exec->time_fd,
	};

	return spawn_init(&spawn, &exec->process, err);
}

static int
spawn_process(struct exec *exec, struct error *err)
{
	int result = try_spawn(exec, err);

	if (result < 0 && err->errnum == EBUSY && exec_follow_init(exec) == 0) {
		cgroup_close(&exec->cgroup);
		result = open_place(exec, err);
		if (result == 0)
			result = try_spawn(exec, err);
	}
	return result < 0 && has_ended(exec) ? not_running(err) : result;
}

static int
kill_process(struct exec *exec, struct error *err)
{
	(void)err;
	if (exec->process.pid < 0)
		return 0;
	(void)sys_pidfd_send_signal(exec->process.pidfd, SIGKILL); /* ended: just as well */
	(void)waitpid(exec->process.pid, NULL, 0);                 /* ours: no zombie may stay */
	exec->process.pid = -1;
	return 0;
}

/* It ended without a word: of a container that has ended, or for want of memory. */
static int
explain_silence(const struct exec *exec, struct error *err)
{
	if (has_ended(exec))
		return not_running(err);
	return error_set(err, "osless-init was killed: the " CGROUP_MEMORY_TOO_LOW);
}

/* Through the host's /proc: the container's own can be anything. */
static int
set_oom_score(struct exec *exec, struct error *err)
{
	const struct plan_process *process = &exec->compiled.plan.process;
	char path[48], text[16];

	if (!process->has_oom_score_adj)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)exec->process.pid);
	(void)snprintf(text, sizeof(text), "%d", process->oom_score_adj); /* both fit */
	return file_put(AT_FDCWD, path, text, err);
}

/* -------------------------------------------------------------------- made known */

/* What it will be called once it has exec'd. */
static const char *
program_name(const struct exec *exec)
{
	const char *path = exec->compiled.plan.process.args.items[0];
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int
ask_adopt(const struct exec *exec, struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(MSG_ADOPT);
	AUTO_FD int sock = control_connect(&exec->container.dir, err);
	int got;

	message.fd = exec->process.pidfd;
	(void)snprintf(message.text, sizeof(message.text), "%s", program_name(exec)); /* or cut */
	if (sock < 0 || wire_send(sock, &message, err) < 0)
		return -1;
	got = wire_receive(sock, &message, ADOPT_MS, err);
	if (got < 0)
		return -1;
	if (got)
		auto_close(&message.fd); /* init sends none */
	return got && message.kind == MSG_ADOPTED ? 0 : error_set(err, "init does not adopt");
}

/* Init finds orphans also unasked, only later; so its silence is no failure. */
static int
tell_init(struct exec *exec, struct error *err)
{
	const struct plan *plan = exec->container.plan;
	struct error unheard = { 0 };

	(void)err;
	if (plan->supervision_mode == PLAN_MODE_OFF ||
	    plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_NEW)
		return 0; /* nobody is there, or the process tends its own */
	if (ask_adopt(exec, &unheard) < 0)
		log_line(LOG_DEBUG, "%s: exec: not adopted: %s", exec->container.id, unheard.text);
	return 0;
}

static int
send_pidfd(struct exec *exec, struct error *err)
{
	return handover_pidfd(exec->options->pidfd_socket, exec->process.pidfd, err);
}

static int
write_pid_file(struct exec *exec, struct error *err)
{
	return handover_pid_file(exec->options->pid_file, exec->process.pid, err);
}

static int
drop_pid_file(struct exec *exec, struct error *err)
{
	(void)err;
	if (exec->options->pid_file)
		(void)unlink(exec->options->pid_file); /* it names a process that is no more */
	return 0;
}

/* In place, the channel's end without a word is the program's exec(2): a failure is told, also one
 * to join, which closes the channel before it is asked to start. */
static int
start_program(struct exec *exec, struct error *err)
{
	struct wire_message message;
	int sock = exec->process.channel;
	AUTO_FD int agent = -1;
	int sent, got;

	if (listener_prepare(&exec->compiled.plan, sock, &agent, err) < 0)
		return -1;
	sent = wire_send(sock, &WIRE_MESSAGE(MSG_START), err);
	if (sent < 0 && err->errnum != EPIPE)
		return -1;
	got = listener_receive(&exec->container, STATE_RUNNING, sock, agent, &message, err);
	if (got < 0)
		return -1;
	if (got == 0)
		return sent < 0 || !exchange_is_in_place(&exec->compiled.plan)
			   ? explain_silence(exec, err)
			   : 0;
	auto_close(&message.fd); /* it sends none */
	if (message.kind == MSG_FAILED)
		return error_num(err, message.number, "%s", message.text);
	return message.kind == MSG_STARTED ? 0
					   : error_set(err, "osless-init sent an unknown message");
}

/* ------------------------------------------------------------------------------ table */

static const struct exec_step {
	const char *name;
	int (*act)(struct exec *exec, struct error *err);
	int (*undo)(struct exec *exec, struct error *err);
} exec_steps[] = {
	{ "container", find_container, NULL },
	{ "joined process", open_joined, NULL },
	{ "plan", compile, NULL }, /* from the container's */
	{ "cgroups", open_cgroups, NULL },
	{ "resource control", open_resctrl, NULL },
	{ "process", spawn_process, kill_process }, /* born in the cgroups and namespaces */
	{ "oom score", set_oom_score, NULL },
	{ "adoption", tell_init, NULL }, /* before there can be orphans */
	{ "pidfd socket", send_pidfd, NULL },
	{ "pid file", write_pid_file, drop_pid_file }, /* whoever reads it finds a process */
	{ "program", start_program, NULL },
};

static void
undo_from(struct exec *exec, size_t steps)
{
	struct error ignored;

	while (steps-- > 0)
		if (exec_steps[steps].undo)
			(void)exec_steps[steps].undo(exec, &ignored); /* none can fail */
}

/* Errors of what was asked, and of exec(2), go out as they are: engines match their words. */
static int
tell_row(const struct exec_step *step, struct error *err)
{
	if (step->act == find_container || step->act == compile || step->act == start_program)
		return -1;
	return error_in(err, "%s", step->name);
}

static int
run_steps(struct exec *exec, struct error *err)
{
	for (size_t i = 0; i < sizeof(exec_steps) / sizeof(exec_steps[0]); i++) {
		const struct exec_step *step = &exec_steps[i];

		log_line(LOG_DEBUG, "%s: exec: %s", exec->container.id, step->name);
		if (fault_check(fault_wanted(), "exec", step->name, err) == 0 &&
		    step->act(exec, err) == 0)
			continue;
		undo_from(exec, i);
		return tell_row(step, err);
	}
	return 0;
}

static void
close_exec(struct exec *exec)
{
	auto_close(&exec->signals);
	auto_close(&exec->joined);
	auto_close(&exec->root);
	auto_close(&exec->time_fd);
	auto_close(&exec->plan_fd);
	auto_close(&exec->process.pidfd);
	auto_close(&exec->process.channel);
	cgroup_close(&exec->cgroup);
	compiled_free(&exec->compiled);
	container_close(&exec->container);
	free(exec->image);
}

int
container_exec(const struct container_host *host, const char *id,
    const struct container_exec_options *options, int *status, struct error *err)
{
	struct exec exec = {
		.options = options,
		.container = CONTAINER_NONE,
		.cgroup = CGROUP_NONE,
		.joined = -1,
		.root = -1,
		.time_fd = -1,
		.plan_fd = -1,
		.process = SPAWNED_NONE,
	};
	int result;

	exec.signals = signals_open(err); /* none ends us between two rows */
	result = exec.signals < 0 ? -1 : 0;
	exec.container.host = host;
	exec.container.id = id;
	*status = 0;
	if (result == 0)
		result = run_steps(&exec, err);
	if (result == 0 && !options->detach)
		result = wait_process(&exec.process, exec.signals, SIGINT, status, err);
	close_exec(&exec);
	return result;
}
