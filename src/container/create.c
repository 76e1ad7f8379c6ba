/* create on the host: one table. Each row succeeds or leaves nothing behind; when one fails, the
 * rows before it are undone upwards. delete runs the same undo column, also on what a killed
 * creator left: an undo therefore asks what is there, not what this process did. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/hook.h"
#include "kernel/namespaces.h"
#include "plan/exchange.h"
#include "plan/image.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define KILL_WAIT_MS 10000

/* ------------------------------------------------------------------ state directory */

static int
reserve_state(struct container *c, struct error *err)
{
	return state_reserve(c->host, c->id, &c->dir, err);
}

static int
drop_state(struct container *c, struct error *err)
{
	return state_drop(&c->dir, err);
}

/* ------------------------------------------------------------------------------ plan */

static int
write_plan(struct container *c, struct error *err)
{
	size_t size = 0;
	AUTO_FREE void *image = plan_encode(c->plan, &size, err);

	if (!image || state_write_plan(&c->dir, image, size, err) < 0)
		return -1;
	c->plan_fd = file_sealed_memfd("osless plan", FILE_DATA, image, size, err);
	return c->plan_fd < 0 ? -1 : 0;
}

/* -------------------------------------------------------------------- control socket */

/* The path through /proc/self/fd keeps a long --root within sun_path's 108 bytes. */
static int
listen_control(struct container *c, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_FD int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/control",
	    c->dir.fd); /* fits */
	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(sock, 8) < 0)
		return error_sys(err, "bind and listen");
	c->control_fd = take_fd(&sock);
	return 0;
}

/* -------------------------------------------------------------------- poststop hooks */

static int
nothing(struct container *c, struct error *err)
{
	(void)c;
	(void)err;
	return 0;
}

static int
run_state_hooks(struct container *c, const plan_hooks *hooks, const char *word,
    enum state_status status, struct error *err)
{
	AUTO_FD int state = -1;

	if (hooks->count == 0)
		return 0;
	state = state_memfd(c->plan, &c->record, status, STATE_PID_HOST, err);
	return state < 0 ? -1 : hooks_run(hooks, word, state, NULL, err);
}

/* All of them run, whatever the others do (runtime.md, Lifecycle 13: log a warning and go on). */
static int
run_poststop(struct container *c, struct error *err)
{
	AUTO_FD int state = -1;

	if (!c->plan || c->plan->hooks_poststop.count == 0)
		return 0;
	state = state_memfd(c->plan, &c->record, STATE_STOPPED, STATE_PID_HOST, err);
	if (state < 0)
		return -1;
	for (uint64_t i = 0; i < c->plan->hooks_poststop.count; i++) {
		char words[ERROR_TEXT_MAX + 128];

		if (hook_run(&c->plan->hooks_poststop, i, "poststop", state, NULL, err) < 0)
			log_line(LOG_WARNING, "%s", error_words(err, words, sizeof(words)));
	}
	return 0;
}

/* ---------------------------------------------------------------------------- cgroup */

static int
make_cgroup(struct container *c, struct error *err)
{
	if (c->plan->cgroup.dirs.count == 0)
		return 0;
	return cgroup_make(NULL, &c->plan->cgroup, &c->arena, &c->cgroup, err);
}

static int
drop_cgroup(struct container *c, struct error *err)
{
	if (!c->plan || c->plan->cgroup.dirs.count == 0)
		return 0;
	if (c->cgroup.count)
		return cgroup_unmake(&c->cgroup, err);
	return cgroup_remove(NULL, &c->plan->cgroup, err);
}

/* --------------------------------------------------------------------- first process */

static int
spawn_first(struct container *c, struct error *err)
{
	struct spawn spawn = {
		.plan = c->plan,
		.cgroup = c->cgroup.count ? &c->cgroup : NULL,
		.arena = &c->arena,
		.plan_fd = c->plan_fd,
		.control_fd = c->control_fd,
	};

	if (spawn_init(&spawn, &c->init, err) < 0)
		return -1;
	auto_close(&c->plan_fd);
	auto_close(&c->control_fd);
	c->plan_fd = c->control_fd = -1;
	return 0;
}

/* Where the PID namespace is not the container's own, init's death does not kill the rest: the
 * cgroup tells who they are. */
static int
kill_cgroup(struct container *c, struct error *err)
{
	struct cgroup cgroup = CGROUP_NONE;
	int result;

	if (!c->plan || c->plan->cgroup.dirs.count == 0)
		return 0;
	if (cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, err) < 0)
		return err->errnum == ENOENT ? 0 : -1;
	result = cgroup_kill(&cgroup, err);
	cgroup_close(&cgroup);
	return result;
}

static int
wait_gone(int pidfd, struct error *err)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int got;

	do
		got = poll(&end, 1, KILL_WAIT_MS);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_sys(err, "poll");
	return got ? 0 : error_set(err, "init is not gone %d s after SIGKILL", KILL_WAIT_MS / 1000);
}

int
container_kill_init(struct container *c, struct error *err)
{
	int own_pids = c->plan && c->plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW;

	if (c->init.pidfd < 0 && c->record.init)
		c->init.pidfd = state_init_pidfd(&c->record);
	if (c->init.pidfd >= 0) {
		if (sys_pidfd_send_signal(c->init.pidfd, SIGKILL) < 0 && errno != ESRCH)
			return error_sys(err, "kill init");
		if (wait_gone(c->init.pidfd, err) < 0)
			return -1;
	}
	if (c->init.pid > 0)
		(void)waitpid(c->init.pid, NULL, 0); /* ours: no zombie may stay */
	c->init.pid = -1;
	return own_pids && c->record.init ? 0 : kill_cgroup(c, err);
}

/* -------------------------------------------------------------------------- converse */

static int
answer_map_ids(struct container *c, struct error *err)
{
	if (namespaces_map_ids(c->init.pid, c->plan, err) < 0)
		return error_in(err, "map user and group ids");
	return wire_send(c->init.channel, &WIRE_MESSAGE(MSG_IDS_MAPPED), err);
}

static int
answer_run_hooks(struct container *c, struct error *err)
{
	struct wire_message ran = WIRE_MESSAGE(MSG_HOOKS_RAN);
	AUTO_FD int state = -1;

	if (run_state_hooks(c, &c->plan->hooks_prestart, "prestart", STATE_CREATING, err) < 0 ||
	    run_state_hooks(
		c, &c->plan->hooks_create_runtime, "createRuntime", STATE_CREATING, err) < 0)
		return -1;
	state = state_memfd(c->plan, &c->record, STATE_CREATING, STATE_PID_INSIDE, err);
	if (state < 0)
		return -1;
	ran.fd = state;
	return wire_send(c->init.channel, &ran, err);
}

/* Init closed the channel without a word: then its end tells. */
static int
explain_silence(struct container *c, struct error *err)
{
	int status = 0;

	if (waitpid(c->init.pid, &status, 0) < 0)
		return error_sys(err, "wait for init");
	c->init.pid = -1;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return error_set(err, "init was killed: the memory limit could be too low");
	if (WIFSIGNALED(status))
		return error_set(err, "init was ended by signal %d", WTERMSIG(status));
	return error_set(err, "init exited with status %d without a word", WEXITSTATUS(status));
}

static int
converse(struct container *c, struct error *err)
{
	struct wire_message message;

	for (;;) {
		int got = wire_receive(c->init.channel, &message, -1, err);
		int done = 0;

		if (got < 0)
			return -1;
		if (got == 0)
			return explain_silence(c, err);
		auto_close(&message.fd); /* init sends none */
		switch (message.kind) {
		case MSG_MAP_IDS:
			done = answer_map_ids(c, err);
			break;
		case MSG_RUN_HOOKS:
			done = answer_run_hooks(c, err);
			break;
		case MSG_CREATED:
			return 0;
		case MSG_FAILED:
			return error_num(err, message.number, "%s", message.text);
		default:
			return error_set(err, "init sent an unknown message %u", message.kind);
		}
		if (done < 0)
			return -1;
	}
}

/* ---------------------------------------------------------------- pid and status file */

static int
write_pid_file(struct container *c, struct error *err)
{
	char text[16];
	int length;

	if (!c->options->pid_file)
		return 0;
	length =
	    snprintf(text, sizeof(text), "%d", (int)c->init.pid); /* fits; no newline, as runc */
	return file_replace(AT_FDCWD, c->options->pid_file, text, (size_t)length, 0644, err);
}

static int
drop_pid_file(struct container *c, struct error *err)
{
	(void)err;
	if (c->options && c->options->pid_file)
		(void)unlink(c->options->pid_file); /* later verbs leave it, as runc does */
	return 0;
}

/* Like a console socket's: a stream or seqpacket socket, one message with the descriptor (unix(7),
 * SCM_RIGHTS). */
static int
send_pidfd(struct container *c, struct error *err)
{
	const char *path = c->options->pidfd_socket;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_FD int sock = -1;

	if (!path)
		return 0;
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
	    (int)sizeof(address.sun_path))
		return error_num(err, ENAMETOOLONG, "--pidfd-socket %s", path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_sys(err, "connect to %s", path);
	return wire_send_fd(sock, c->init.pidfd, err);
}

static int
note_init(struct container *c, struct error *err)
{
	return state_record_init(&c->record, c->init.pid, err);
}

static int
publish(struct container *c, struct error *err)
{
	if (state_write_record(&c->dir, &c->record, err) < 0)
		return -1;
	return wire_send(c->init.channel, &WIRE_MESSAGE(MSG_PUBLISHED), err);
}

/* ----------------------------------------------------------------------------- table */

static const struct create_step {
	const char *name;
	int (*act)(struct container *c, struct error *err);
	int (*undo)(struct container *c, struct error *err);
} create_steps[] = {
	{ "state directory", reserve_state, drop_state }, /* from here on the ID is ours */
	{ "plan", write_plan, NULL },                     /* before what only it tells to undo */
	{ "control socket", listen_control, NULL },       /* goes with the directory */
	{ "poststop hooks", nothing, run_poststop },      /* after all below is gone */
	{ "cgroup", make_cgroup, drop_cgroup },           /* limits before anything runs in it */
	{ "first process", spawn_first,
	    container_kill_init },                     /* born in its cgroup and namespaces */
	{ "process record", note_init, NULL },         /* hooks are told its pid */
	{ "container", converse, NULL },               /* init makes the inside; hooks */
	{ "pidfd socket", send_pidfd, NULL },          /* a process that is all set up */
	{ "pid file", write_pid_file, drop_pid_file }, /* whoever reads it finds a container */
	{ "status file", publish, NULL },              /* last: "created" is now true */
};

#define STEPS (sizeof(create_steps) / sizeof(create_steps[0]))

/* For the tests: OSLESS_FAIL="create:cgroup" makes that row fail before it acts. */
static int
is_injected(const char *step)
{
#ifdef OSLESS_FAULT_INJECTION
	const char *fail = getenv("OSLESS_FAIL");

	return fail && strncmp(fail, "create:", 7) == 0 && strcmp(fail + 7, step) == 0;
#else
	(void)step;
	return 0;
#endif
}

static int
undo_from(struct container *c, size_t steps, struct error *err)
{
	struct error later;
	int result = 0;

	while (steps-- > 0) {
		struct error *to = result ? &later : err;

		if (create_steps[steps].undo && create_steps[steps].undo(c, to) < 0) {
			(void)error_in(to, "undo %s", create_steps[steps].name);
			if (result)
				log_line(LOG_WARNING, "%s", to->text);
			result = -1;
		}
	}
	return result;
}

int
container_make(struct container *c, const struct compiled *compiled, struct error *err)
{
	c->plan = &compiled->plan;
	for (size_t i = 0; i < STEPS; i++) {
		struct error undo_err;

		if (is_injected(create_steps[i].name) ? error_set(err, "injected failure") == 0
						      : create_steps[i].act(c, err) == 0)
			continue;
		(void)error_in(err, "%s", create_steps[i].name);
		if (undo_from(c, i, &undo_err) < 0)
			log_line(LOG_WARNING, "%s", undo_err.text);
		return -1;
	}
	return 0;
}

int
container_unmake(struct container *c, struct error *err)
{
	return undo_from(c, STEPS, err);
}

void
container_close(struct container *c)
{
	cgroup_close(&c->cgroup);
	arena_free(&c->arena);
	auto_close(&c->plan_fd);
	auto_close(&c->control_fd);
	auto_close(&c->init.pidfd);
	auto_close(&c->init.channel);
	state_close(&c->dir);
}

/* ---------------------------------------------------------------------------- create */

int
container_create(const struct container_host *host, const char *id,
    const struct container_options *options, struct error *err)
{
	struct compiled compiled = { 0 };
	struct container container = CONTAINER_NONE;
	int result = -1;

	container.host = host;
	container.id = id;
	container.options = options;
	if (state_check_id(id, err) == 0 && compile_bundle(host, id, options, &compiled, err) == 0)
		result = container_make(&container, &compiled, err);
	container_close(&container);
	compiled_free(&compiled);
	return result;
}
