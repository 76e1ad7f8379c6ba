/* The last table, each row of which takes something away for good; its end is the one execve of
 * payloads. It runs in a child that can share init's memory (worker.c), or with nothing resident in
 * init itself, at the first start and at each restart; so rows make system calls only and report
 * through err, which the waiting parent then reads. */
#include "init/launch.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/identity.h"
#include "kernel/labels.h"
#include "kernel/process.h"
#include "kernel/scheduling.h"
#include "plan/exchange.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_UMASK 022

static int
own_session(struct launch *launch, struct error *err)
{
	(void)launch;
	(void)err;
	(void)setsid(); /* EPERM: in init's place it is a leader already; either way no terminal */
	return 0;
}

static int
set_limits(struct launch *launch, struct error *err)
{
	return process_limits(launch->process, err);
}

/* In a user namespace, and for exec, the host has done it (container/{create,exec}.c). */
static int
set_oom_score(struct launch *launch, struct error *err)
{
	const struct plan_process *process = launch->process;

	if (!process->has_oom_score_adj || launch->init->plan->exec ||
	    launch->init->plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST)
		return 0;
	return process_oom_score(launch->init->proc, process->oom_score_adj, err);
}

static int
set_labels(struct launch *launch, struct error *err)
{
	return labels_set_exec(launch->init->proc, launch->process, err);
}

static int
set_personality(struct launch *launch, struct error *err)
{
	const struct plan *plan = launch->init->plan;

	return plan->has_personality ? process_personality(plan->personality, err) : 0;
}

static int
set_memory_policy(struct launch *launch, struct error *err)
{
	return scheduling_set_memory_policy(&launch->init->plan->memory_policy, err);
}

static int
set_io_priority(struct launch *launch, struct error *err)
{
	return scheduling_set_io_priority(launch->process, err);
}

static int
set_scheduler(struct launch *launch, struct error *err)
{
	return scheduling_set_policy(&launch->process->scheduler, err);
}

static int
set_umask(struct launch *launch, struct error *err)
{
	(void)err;
	(void)umask(launch->process->has_umask ? launch->process->umask : DEFAULT_UMASK);
	return 0;
}

static int
own_stdio(struct launch *launch, struct error *err)
{
	const struct plan_process *process = launch->process;

	return process->stdio_owner ? process_own_stdio(process->uid, process->gid, err) : 0;
}

static int
pass_descriptors(struct launch *launch, struct error *err)
{
	const struct plan *plan = launch->init->plan;

	for (int i = 0; i < (int)plan->preserve_fds; i++)
		if (dup2(INIT_FIRST_PRESERVED_FD + i, 3 + i) < 0)
			return error_sys(err, "pass fd %d on", 3 + i);
	if (sys_close_range(3 + plan->preserve_fds, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return error_sys(err, "close_range");
	if (plan->listen_fds)
		(void)snprintf(launch->listen_pid, sizeof(launch->listen_pid), "LISTEN_PID=%d",
		    (int)syscall(SYS_getpid)); /* fits */
	return 0;
}

/* Where the caller's root may enter and the payload not, or the other way round, either will do: as
 * runc does. */
static int
enter_cwd(struct launch *launch, struct error *err)
{
	if (process_enter_cwd(launch->command.cwd, err) == 0 || err->errnum == EACCES)
		return 0;
	return -1;
}

static int
enter_cwd_again(struct launch *launch, struct error *err)
{
	char seen[2];

	if (strcmp(launch->command.cwd, "/") != 0 && syscall(SYS_getcwd, seen, sizeof(seen)) > 0)
		return process_enter_cwd(launch->command.cwd, err); /* still at "/" */
	return 0;
}

/* Hands the listener over at once: between its filter and exec(2) only calls are made that are
 * never asked about (profile/merge.c). */
static int
load_listening(const struct launch *launch, const struct plan_filter *filter, struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(MSG_LISTENER);
	struct error why; /* err filled would be a failure (worker.c) */
	int result;

	message.fd = process_load_listening(filter, &why);
	if (message.fd < 0) {
		if (why.errnum != EBUSY || launch->init->plan->denials != PLAN_DENIALS_INIT) {
			*err = why;
			return -1;
		}
		message.number = EBUSY; /* somebody above listens */
		if (process_load_filter(filter, err) < 0)
			return -1;
	}
	result = wire_send(launch->tell, &message, err); /* exec closes it: close could be asked */
	return result < 0 ? error_in(err, "hand the listener over") : 0;
}

static int
load_filter(const struct launch *launch, const struct plan_filter *filter, struct error *err)
{
	int listening = launch->tell >= 0 && launch->whom != FOR_HOOKS &&
			(filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER);

	return listening ? load_listening(launch, filter, err) : process_load_filter(filter, err);
}

static int
load_filters(const struct launch *launch, struct error *err)
{
	const struct plan *plan = launch->init->plan;

	for (int i = 0; i < PLAN_FILTERS; i++)
		if ((i != PLAN_FILTER_PROCESSES || launch->whom != FOR_HOOKS) &&
		    load_filter(launch, &plan->filters[i], err) < 0)
			return -1;
	return 0;
}

/* Without no_new_privs only CAP_SYS_ADMIN may load filters, and identity takes it away. */
static int
load_filters_early(struct launch *launch, struct error *err)
{
	return launch->process->no_new_privs ? 0 : load_filters(launch, err);
}

static int
load_filters_late(struct launch *launch, struct error *err)
{
	return launch->process->no_new_privs ? load_filters(launch, err) : 0;
}

/* Nobody gets at root's files by capabilities; a program that asks access(2) first, as dpkg does,
 * is to be told so. Nobody's uid never changes. */
static int
agree_on_access(struct launch *launch, struct error *err)
{
	const struct plan_process *process = launch->process;

	if (launch->init->plan->identity_mode != PLAN_MODE_ENFORCE || process->uid == 0 ||
	    process->caps.ambient == 0)
		return 0;
	return identity_count_caps_in_access(err);
}

static int
become_identity(struct launch *launch, struct error *err)
{
	const struct plan *plan = launch->init->plan;
	int userns = plan->in_userns || plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST;

	return identity_become(launch->process, userns, err);
}

static int
check_identity(struct launch *launch, struct error *err)
{
	return identity_check(launch->process, err);
}

/* In a PID namespace of its own init's death takes all along; elsewhere this is the first line (the
 * cgroup is the second). After the ids: changing them clears it (prctl(2)). */
static int
die_with_init(struct launch *launch, struct error *err)
{
	const struct plan *plan = launch->init->plan;

	if (plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW ||
	    plan->supervision_mode == PLAN_MODE_OFF)
		return 0;
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? error_sys(err, "PR_SET_PDEATHSIG")
							     : 0;
}

static int
renounce_privileges(struct launch *launch, struct error *err)
{
	return launch->process->no_new_privs ? identity_no_new_privs(err) : 0;
}

/* Before the filters: the bundle's own may refuse it. */
static int
unblock_signals(struct launch *launch, struct error *err)
{
	(void)launch;
	(void)err;
	process_unblock_signals();
	return 0;
}

static int
execute(struct launch *launch, struct error *err)
{
	return process_exec(launch->command.args, launch->env, err);
}

static const struct launch_step {
	const char *name;
	int (*act)(struct launch *launch, struct error *err);
	enum launch_for whom;
} launch_steps[] = {
	{ "session", own_session, PAYLOAD_ONLY },
	{ "limits", set_limits, FOR_HOOKS },
	{ "oom score", set_oom_score, FOR_HOOKS }, /* through the private procfs */
	{ "labels", set_labels,
	    FOR_HOOKS }, /* likewise: descriptors may take its number; for exec */
	{ "personality", set_personality, FOR_HOOKS },
	{ "memory policy", set_memory_policy, FOR_HOOKS }, /* within the cgroup's nodes */
	{ "I/O priority", set_io_priority, FOR_HOOKS },    /* while it has CAP_SYS_NICE */
	{ "scheduler", set_scheduler, FOR_HOOKS },         /* likewise; limits bound it less */
	{ "umask", set_umask, FOR_HOOKS },
	{ "stdio", own_stdio, PAYLOAD_ONLY }, /* while it may chown */
	{ "descriptors", pass_descriptors, PAYLOAD_ONLY },
	{ "cwd", enter_cwd, FOR_HOOKS },
	{ "signals", unblock_signals, FOR_HOOKS },
	{ "early filters", load_filters_early, FOR_HOOKS }, /* while it has CAP_SYS_ADMIN */
	{ "access", agree_on_access, FOR_HOOKS },           /* while it has CAP_SETPCAP */
	{ "identity", become_identity, FOR_HOOKS },
	{ "identity check", check_identity, FOR_HOOKS },
	{ "cwd again", enter_cwd_again, FOR_HOOKS },
	{ "death signal", die_with_init, PAYLOAD_ONLY },
	{ "no_new_privs", renounce_privileges, FOR_HOOKS },
	{ "filters", load_filters_late, FOR_HOOKS }, /* needs no_new_privs; only execve follows */
	{ "exec", execute, PAYLOAD_ONLY },
};

static int
run_steps(struct launch *launch, enum launch_for whom, struct error *err)
{
	launch->whom = whom;
	for (size_t i = 0; i < sizeof(launch_steps) / sizeof(launch_steps[0]); i++) {
		const struct launch_step *step = &launch_steps[i];

		if (whom == FOR_HOOKS && step->whom != FOR_HOOKS)
			continue;
		if (fault_check(launch->init->plan->fail_step, "launch", step->name, err) < 0)
			return error_in(err, "%s", step->name);
		if (step->act(launch, err) <
		    0) /* of exec the errors go out as they are: engines match them */
			return step->act == execute ? -1 : error_in(err, "%s", step->name);
	}
	return 0;
}

struct init_command
init_command_of(const struct plan *plan, uint32_t child)
{
	const struct plan_child *worker = &plan->tree.children.items[child];
	const struct plan_process *process = &plan->process;
	int own_env = worker->env.count > 0;

	return (struct init_command) {
		.args = worker->args.count ? worker->args.items : process->args.items,
		.env = own_env ? worker->env.items : process->env.items,
		.env_count = own_env ? worker->env.count : process->env.count,
		.cwd = worker->cwd ? worker->cwd : process->cwd,
	};
}

struct launch
launch_of(const struct init *init, uint32_t child)
{
	static const char *const no_environment[] = { NULL };
	struct launch launch = {
		.init = init,
		.process = &init->plan->process,
		.command = init_command_of(init->plan, child),
		.tell = init->plan->denials == PLAN_DENIALS_UNTOLD ? -1 : init->host,
	};

	launch.env = launch.command.env ? launch.command.env : no_environment;
	return launch;
}

int
launch_become(const void *init, struct error *err)
{
	const struct init *self = init;
	struct launch launch = launch_of(self, self->plan->tree.main);

	launch.command.cwd = self->plan->process.cwd;
	return run_steps(&launch, FOR_HOOKS, err);
}

int
launch_run(void *context)
{
	struct launch *launch = context;

	(void)run_steps(
	    launch, PAYLOAD_ONLY, launch->err); /* returns only when it failed: err says so */
	return 127;
}

int
launch_add_listen_pid(struct launch *launch, void **room, size_t *size, struct error *err)
{
	size_t count = launch->command.env_count;
	const char **env;

	*room = NULL;
	*size = (count + 2) * sizeof(*env);
	if (!launch->init->plan->listen_fds)
		return 0;
	env = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (env == MAP_FAILED)
		return error_sys(err, "make room for the environment");
	if (count)
		memcpy(env, launch->command.env, count * sizeof(*env));
	env[count] = launch->listen_pid;
	launch->env = env;
	*room = env;
	return 0;
}

int
launch_in_place(struct init *init, struct error *err)
{
	struct launch launch = launch_of(init, init->plan->tree.main);
	size_t size;
	void *room;

	if (launch_add_listen_pid(&launch, &room, &size, err) < 0)
		return -1;
	return run_steps(&launch, PAYLOAD_ONLY, err);
}
