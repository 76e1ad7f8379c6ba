/* create on the host: one table. Each row succeeds or leaves nothing behind; when one fails, the
 * rows before it are undone upwards. delete runs the same undo column, also on what a killed
 * creator left: an undo therefore asks what is there, not what this process did. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/wire.h"
#include "container/control.h"
#include "container/handover.h"
#include "container/keep.h"
#include "container/unit.h"
#include "kernel/hook.h"
#include "kernel/netlink.h"
#include "plan/exchange.h"
#include "plan/image.h"
#include "supervise/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int
keep_programs(struct container *c, struct error *err)
{
	if (keep_program(&c->dir, err) < 0)
		return -1;
	return unit_of(c) ? keep_helper(&c->dir, err) : 0;
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

static int
listen_control(struct container *c, struct error *err)
{
	c->control_fd = control_listen(&c->dir, err);
	return c->control_fd < 0 ? -1 : 0;
}

static int
make_journal(struct container *c, struct error *err)
{
	const struct plan_tree *tree = &c->plan->tree;

	c->journal_fd =
	    state_make_journal(&c->dir, journal_size_at_first(tree), journal_size(tree), err);
	return c->journal_fd < 0 ? -1 : 0;
}

/* -------------------------------------------------------------------- poststop hooks */

static int
nothing(struct container *c, struct error *err)
{
	(void)c;
	(void)err;
	return 0;
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

static void
tell_not_applied(const struct container *c)
{
	for (const struct cgroup_not_applied *at = c->cgroup.not_applied; at; at = at->next)
		log_line(LOG_WARNING, "%s: linux.resources: %s is not applied: %s", c->id, at->key,
		    at->reason);
}

/* systemd makes its units around a process: make_unit. */
static int
make_cgroup(struct container *c, struct error *err)
{
	if (unit_of(c) || (c->plan->cgroup.dirs.count == 0 && !c->plan->cgroup.rights_lacking))
		return 0;
	if (cgroup_make(NULL, &c->plan->cgroup, &c->arena, &c->cgroup, err) < 0)
		return -1;
	tell_not_applied(c);
	return 0;
}

/* Whether create had to make directories above the container's own. */
static int
made_parents(const struct cgroup *cgroup)
{
	for (uint32_t i = 0; i < cgroup->count; i++) {
		const char *leaf = strrchr(cgroup->dirs[i].path, '/');

		if (leaf && cgroup->dirs[i].there < (size_t)(leaf - cgroup->dirs[i].path))
			return 1;
	}
	return 0;
}

/* What was there before create stays when create fails; of a container that was there once, all
 * goes. Parents go only where this process made them, and nothing else is in them. */
static int
drop_cgroup(struct container *c, struct error *err)
{
	if (unit_of(c))
		return unit_drop(c, err);
	if (!c->plan || c->plan->cgroup.dirs.count == 0)
		return 0;
	if (c->cgroup.count && c->record.status == STATE_CREATING)
		return cgroup_unmake(&c->cgroup, err);
	if (cgroup_remove(NULL, &c->plan->cgroup, err) < 0)
		return -1;
	return made_parents(&c->cgroup) ? cgroup_unmake(&c->cgroup, err) : 0;
}

/* ------------------------------------------------------------------ resource control */

static int
drop_resctrl(struct container *c, struct error *err)
{
	if (!c->plan || !c->plan->rdt.given)
		return 0;
	return resctrl_remove(NULL, c->plan, &c->resctrl, err);
}

static int
make_resctrl(struct container *c, struct error *err)
{
	struct error ignored;

	if (!c->plan->rdt.given)
		return 0;
	if (resctrl_make(NULL, c->plan, &c->resctrl, err) < 0)
		return -1;
	if (resctrl_fill(NULL, c->plan, &c->resctrl, err) == 0)
		return 0;
	(void)drop_resctrl(
	    c, &ignored); /* the row leaves nothing; its own error is the one to tell */
	return -1;
}

/* --------------------------------------------------------------------- first process */

/* Hidden from a user namespace, init cannot write its own (container/program.h); the payload
 * inherits it. */
static int
set_oom_score(struct container *c, struct error *err)
{
	const struct plan_process *process = &c->plan->process;
	char path[48], text[16];

	if (!process->has_oom_score_adj || c->plan->namespaces[PLAN_NS_USER].mode == PLAN_NS_HOST)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)c->init.pid); /* fits */
	(void)snprintf(text, sizeof(text), "%d", process->oom_score_adj);               /* fits */
	return file_put(AT_FDCWD, path, text, err);
}

static int
spawn_first(struct container *c, struct error *err)
{
	struct error ignored;
	struct spawn spawn = {
		.plan = c->plan,
		.cgroup = c->cgroup.count ? &c->cgroup : NULL,
		.resctrl = &c->resctrl,
		.arena = &c->arena,
		.fds = { c->plan_fd, c->control_fd, c->journal_fd },
		.container = -1,
		.time_fd = -1,
	};

	if (spawn_init(&spawn, &c->init, err) < 0)
		return -1;
	if (set_oom_score(c, err) < 0) {
		(void)container_kill_init(
		    c, &ignored); /* the row leaves nothing; its own error is the one to tell */
		return -1;
	}
	auto_close(&c->plan_fd);
	auto_close(&c->control_fd);
	auto_close(&c->journal_fd);
	c->plan_fd = c->control_fd = c->journal_fd = -1;
	return 0;
}

/* Init waits for it: a process in the limits must not share this one's memory any more, or what is
 * too little for it would be the end of both. What fails here is undone with the cgroup, when the
 * process in it is gone. */
static int
make_unit(struct container *c, struct error *err)
{
	if (!unit_of(c))
		return 0;
	if (unit_make(c, err) < 0)
		return -1;
	tell_not_applied(c);
	if (wire_send(c->init.channel, &WIRE_MESSAGE(MSG_IN_CGROUP), err) < 0 &&
	    err->errnum != EPIPE) /* it has ended: a row below says how */
		return -1;
	return 0;
}

/* ------------------------------------------------------------------- network devices */

static int
move_net_devices(struct container *c, struct error *err)
{
	AUTO_FD int namespace = -1;

	if (c->plan->net_devices.count == 0)
		return 0;
	namespace = netlink_namespace(c->init.pid, err);
	if (namespace < 0)
		return err->errnum == ENOENT ? 0 : -1; /* init has failed: the next row says why */
	return netdevices_move(c->plan, namespace, &c->arena, &c->net_devices, err);
}

/* Only create does so. What a container has is left to the kernel when it ends: a device stays in a
 * namespace that was joined, and of one that was not a physical device comes back to the host. */
static int
return_net_devices(struct container *c, struct error *err)
{
	return netdevices_return(&c->net_devices, err);
}

/* ---------------------------------------------------------------- pid and status file */

static int
write_pid_file(struct container *c, struct error *err)
{
	return handover_pid_file(c->options->pid_file, c->init.pid, err);
}

static int
drop_pid_file(struct container *c, struct error *err)
{
	(void)err;
	if (c->options && c->options->pid_file)
		(void)unlink(c->options->pid_file); /* later verbs leave it, as runc does */
	return 0;
}

static int
send_pidfd(struct container *c, struct error *err)
{
	return handover_pidfd(c->options->pidfd_socket, c->init.pidfd, err);
}

static int
write_record(struct container *c, struct error *err)
{
	if (state_record_init(&c->record, c->init.pid, err) < 0)
		return -1;
	return state_write_record(&c->dir, &c->record, err);
}

static int
publish(struct container *c, struct error *err)
{
	if (state_set_status(&c->dir, &c->record, STATE_CREATED, err) < 0)
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
	{ "program", keep_programs, NULL },               /* for after an upgrade; goes with it */
	{ "systemd", unit_find, NULL },                   /* its manager knows where cgroups are */
	{ "plan", write_plan, NULL },                     /* before what only it tells to undo */
	{ "control socket", listen_control, NULL },       /* goes with the directory, as */
	{ "journal", make_journal, NULL },
	{ "poststop hooks", nothing, run_poststop },        /* after all below is gone */
	{ "cgroup", make_cgroup, drop_cgroup },             /* limits before anything runs in it */
	{ "resource control", make_resctrl, drop_resctrl }, /* likewise */
	{ "first process", spawn_first,
	    container_kill_init },                /* born in its cgroup and namespaces */
	{ "systemd unit", make_unit, NULL },      /* around it, before it does anything */
	{ "process record", write_record, NULL }, /* from here on kill and delete find it */
	{ "network devices", move_net_devices, return_net_devices }, /* hooks see them, and init */
	{ "container", container_converse, NULL },     /* init makes the inside; hooks */
	{ "pidfd socket", send_pidfd, NULL },          /* a process that is all set up */
	{ "pid file", write_pid_file, drop_pid_file }, /* whoever reads it finds a container */
	{ "status", publish, NULL },                   /* last: "created" is now true */
};

#define STEPS (sizeof(create_steps) / sizeof(create_steps[0]))

static int
undo_from(struct container *c, size_t steps, struct error *err)
{
	while (steps-- > 0) {
		const struct create_step *step = &create_steps[steps];

		if (!step->undo)
			continue;
		log_line(LOG_DEBUG, "%s: undo %s", c->id, step->name);
		if (step->undo(c, err) < 0)
			return error_in(err, "undo %s", step->name);
	}
	return 0;
}

static void
undo_failed(struct container *c, size_t steps)
{
	char words[ERROR_TEXT_MAX + 128];
	struct error err;

	if (undo_from(c, steps, &err) < 0)
		log_line(LOG_WARNING, "%s: %s; `delete --force %s` tries again", c->id,
		    error_words(&err, words, sizeof(words)), c->id);
}

int
container_make(struct container *c, const struct compiled *compiled, struct error *err)
{
	c->plan = &compiled->plan;
	compiled_tell(compiled, c->id);
	for (size_t i = 0; i < STEPS; i++) {
		const struct create_step *step = &create_steps[i];

		log_line(LOG_DEBUG, "%s: create: %s", c->id, step->name);
		if (fault_check(compiled->plan.fail_step, "create", step->name, err) == 0 &&
		    step->act(c, err) == 0)
			continue;
		(void)error_in(err, "%s", step->name);
		undo_failed(c, i);
		return -1;
	}
	/* Nothing of them is undone any more: they are the container's. */
	netdevices_close(&c->net_devices);
	resctrl_close(&c->resctrl);
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
	resctrl_close(&c->resctrl);
	netdevices_close(&c->net_devices);
	arena_free(&c->arena);
	auto_close(&c->plan_fd);
	auto_close(&c->control_fd);
	auto_close(&c->journal_fd);
	auto_close(&c->init.pidfd);
	auto_close(&c->init.channel);
	unit_disconnect(&c->systemd);
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
	if (state_check_id(id, err) == 0 &&
	    compile_bundle(host, id, options, COMPILE_CACHED, &compiled, err) == 0)
		result = container_make(&container, &compiled, err);
	container_close(&container);
	compiled_free(&compiled);
	return result;
}
