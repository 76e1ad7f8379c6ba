/* Namespaces to be joined are joined first, by a short-lived process whose child (CLONE_PARENT:
 * ours) is then made in the new ones; without any to join there is no such process. All children
 * are vfork children: they share this program's memory and report into struct birth.
 *
 * A cgroup namespace that is joined hides cgroups outside of its root, and clone3 does not put a
 * process where its maker does not see (cgroups(7), nsdelegate): the child joins it when it is in
 * its cgroups. With users of its own it has not the right to any more: then the cgroups must be
 * visible.
 *
 * exec needs that process for the PID namespace alone, which only a child can be in. All others the
 * child enters itself, in one step, when it is in the cgroups: the container's own cgroup and user
 * namespaces would not let it get there. */
#include "container/spawn.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/log.h"
#include "base/syscalls.h"
#include "container/program.h"
#include "kernel/cgroup.h"
#include "kernel/identity.h"
#include "kernel/mounts.h"
#include "kernel/namespaces.h"
#include "kernel/resctrl.h"
#include "kernel/scheduling.h"
#include "plan/exchange.h"

#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What the children need, and what they report. */
struct birth {
	const struct spawn *spawn;
	int program;
	int joined[PLAN_NS_COUNT];
	int *fds; /* sources of init's fds from 3 on; the child overwrites them */
	size_t count;
	int entered;     /* exec, 1: in all of the container's namespaces already */
	int into_cgroup; /* 1: clone3 puts it into the v2 cgroup */
	int pidfd;
	pid_t pid;
	const char *failed; /* what a child could not do; NULL = nothing */
	int which;          /* namespace that could not be joined, or -1 */
	int errnum;
};

static _Alignas(16) unsigned char init_stack[CLONE_STACK_SIZE];
static _Alignas(16) unsigned char join_stack[CLONE_STACK_SIZE];

static int
fail(struct birth *birth, const char *what, int errnum)
{
	birth->failed = what;
	birth->errnum = errnum;
	return 127;
}

/* ---------------------------------------------------------------------- in the child */

/* Puts the sources to 3, 4, ...: first all out of the way, then down, so that none is overwritten
 * before its turn. */
static int
place_fds(struct birth *birth)
{
	int base = 3 + (int)birth->count;

	for (size_t i = 0; i < birth->count; i++) {
		birth->fds[i] = fcntl(birth->fds[i], F_DUPFD_CLOEXEC, base);
		if (birth->fds[i] < 0)
			return -1;
	}
	birth->program = fcntl(birth->program, F_DUPFD_CLOEXEC, base);
	if (birth->program < 0)
		return -1;
	for (size_t i = 0; i < birth->count; i++)
		if (dup2(birth->fds[i], 3 + (int)i) < 0)
			return -1;
	return sys_close_range((unsigned)base, ~0U, CLOSE_RANGE_CLOEXEC);
}

/* Groups of the caller that a user namespace does not map would stay for ever: setgroups can be
 * denied in it. */
static void
drop_groups(const struct plan *plan)
{
	if (plan->namespaces[PLAN_NS_USER].mode == PLAN_NS_JOIN)
		(void)syscall(
		    SYS_setgroups, 0, NULL); /* EPERM: an ordinary user keeps what he has anyway */
}

/* What of the container's namespaces setns(2) is to join. A process that shares our memory cannot
 * enter a time namespace. */
static int
container_namespaces(const struct plan *plan)
{
	int types = 0;

	for (int i = 0; i < PLAN_NS_COUNT; i++)
		if (plan->namespaces[i].mode != PLAN_NS_HOST && i != PLAN_NS_TIME)
			types |= (int)plan->namespaces[i].type;
	return types;
}

static int
enter_container(const struct birth *birth)
{
	const struct spawn *spawn = birth->spawn;

	if (birth->entered)
		return 0;
	if (spawn->plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST)
		(void)syscall(SYS_setgroups, 0, NULL); /* as drop_groups */
	return setns(spawn->container, container_namespaces(spawn->plan)) < 0 ? errno : 0;
}

static int
joins_cgroups_late(const struct plan *plan)
{
	return !plan->exec && plan->namespaces[PLAN_NS_CGROUP].mode == PLAN_NS_JOIN &&
	       plan->namespaces[PLAN_NS_USER].mode == PLAN_NS_HOST;
}

static int
run_init(void *context)
{
	static char *const args[] = { (char *)(uintptr_t) "osless-init", NULL };
	static char *const env[] = { NULL };
	struct birth *birth = context;
	const struct spawn *spawn = birth->spawn;
	int errnum;

	if (spawn->cgroup) {
		errnum = cgroup_enter(
		    spawn->cgroup, birth->into_cgroup ? CGROUP_ENTER_V1 : CGROUP_ENTER_ALL);
		if (errnum)
			return fail(birth,
			    "enter the cgroup (pids limit, or " CGROUP_MEMORY_TOO_LOW ")", errnum);
	}
	if (joins_cgroups_late(spawn->plan) &&
	    setns(birth->joined[PLAN_NS_CGROUP], CLONE_NEWCGROUP) < 0) {
		birth->which = PLAN_NS_CGROUP;
		return fail(birth, "join", errno);
	}
	errnum = resctrl_enter(spawn->resctrl);
	if (errnum)
		return fail(birth, "enter the group of linux.intelRdt", errnum);
	if (spawn->plan->exec) {
		errnum = scheduling_set_cpus(&spawn->plan->process.exec_cpus_final);
		if (errnum)
			return fail(
			    birth, "go to the CPUs of process.execCPUAffinity.final", errnum);
		errnum = enter_container(birth);
		if (errnum)
			return fail(birth, "join the container's namespaces", errnum);
	}
	if (spawn->plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST) {
		errnum = identity_keep_caps_over_exec();
		if (errnum)
			return fail(birth, "keep capabilities in the user namespace", errnum);
	}
	if (place_fds(birth) < 0)
		return fail(birth, "place file descriptors", errno);
	(void)sys_fexecve(birth->program, args, env); /* returns only when it failed */
	return fail(birth, "exec osless-init (" CGROUP_MEMORY_TOO_LOW ")", errno);
}

static const char *
clone_words(const struct birth *birth, int errnum)
{
	if (!birth->into_cgroup)
		return "clone osless-init";
	switch (errnum) {
	case EOPNOTSUPP:
		return "clone osless-init into its cgroup (one above it is threaded, see "
		       "cgroup.type there: choose another linux.cgroupsPath)";
	case EBUSY:
		return "clone osless-init into its cgroup (it hands controllers down to cgroups "
		       "below it, see its cgroup.subtree_control, and so takes no process)";
	case EACCES:
		return "clone osless-init into its cgroup (the caller must own cgroup.procs there, "
		       "and in the nearest cgroup above both: cgroups(7), delegation)";
	case ENOENT:
		return "clone osless-init into its cgroup (the joined cgroup namespace hides it: "
		       "choose a linux.cgroupsPath below that namespace's root)";
	case EAGAIN:
		return "clone osless-init (pids limit, here or above, could be too low)";
	case ENOMEM:
		return "clone osless-init (" CGROUP_MEMORY_TOO_LOW ")";
	default:
		return "clone osless-init";
	}
}

/* In the caller, or in the process that has joined. */
static int
clone_init(struct birth *birth, uint64_t extra_flags)
{
	struct clone_vfork clone = {
		.flags =
		    extra_flags |
		    (birth->spawn->plan->exec ? 0 : namespaces_clone_flags(birth->spawn->plan)),
		.exit_signal = extra_flags & CLONE_PARENT ? 0 : SIGCHLD,
		.pidfd = &birth->pidfd,
		.run = run_init,
		.context = birth,
		.stack = init_stack,
	};

	birth->into_cgroup = birth->spawn->cgroup && birth->spawn->cgroup->into >= 0;
	if (birth->into_cgroup) {
		clone.flags |= CLONE_INTO_CGROUP;
		clone.cgroup_fd = birth->spawn->cgroup->into;
	}
	birth->pid = clone_vfork(&clone);
	if (birth->pid < 0)
		return fail(birth, clone_words(birth, errno), errno);
	return 0;
}

static int
join_pids_and_clone(void *context)
{
	struct birth *birth = context;

	if (setns(birth->spawn->container, CLONE_NEWPID) < 0) {
		int errnum = errno == EPERM ? enter_container(birth) : errno;

		if (errnum)
			return fail(birth, "join the container's PID namespace", errnum);
		birth->entered = 1; /* who has no rights outside has them in his user namespace */
	}
	return clone_init(birth, CLONE_PARENT);
}

static int
join_and_clone(void *context)
{
	struct birth *birth = context;
	int now[PLAN_NS_COUNT];
	int errnum;

	memcpy(now, birth->joined, sizeof(now));
	if (joins_cgroups_late(birth->spawn->plan))
		now[PLAN_NS_CGROUP] = -1;
	drop_groups(birth->spawn->plan);
	errnum = namespaces_join(now, &birth->which);
	if (errnum)
		return fail(birth, "join", errnum);
	birth->which = -1;
	return clone_init(birth, CLONE_PARENT);
}

/* --------------------------------------------------------------------- in the caller */

static int
clone_through(struct birth *birth, int (*join)(void *birth), struct error *err)
{
	struct clone_vfork clone = {
		.flags = CLONE_FILES, /* the pidfd must end up here */
		.exit_signal = SIGCHLD,
		.run = join,
		.context = birth,
		.stack = join_stack,
	};
	pid_t joiner = clone_vfork(&clone);

	if (joiner < 0)
		return error_sys(err, "clone");
	(void)waitpid(joiner, NULL, 0); /* birth tells how it went */
	return 0;
}

/* exec in the runtime's own PID namespace needs no process in between. */
static int
clone_beside(struct birth *birth, struct error *err)
{
	if (birth->spawn->plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_HOST)
		return clone_through(birth, join_pids_and_clone, err);
	(void)clone_init(birth, 0); /* birth tells how it went */
	return 0;
}

/* On its first CPUs from birth, which in a v2 cgroup is there already. */
static int
clone_into_container(struct birth *birth, struct error *err)
{
	struct scheduling_cpus own;
	int errnum = scheduling_exchange_cpus(&birth->spawn->plan->process.exec_cpus_initial, &own);
	int result;

	if (errnum)
		return error_num(err, errnum, "go to the CPUs of process.execCPUAffinity.initial");
	result = clone_beside(birth, err);
	(void)scheduling_set_cpus(&own.bits); /* what is left to do runs anywhere */
	return result;
}

/* A child that was born and failed before exec is still ours to reap. */
static int
report_failure(struct birth *birth, struct error *err)
{
	if (birth->pid > 0)
		(void)waitpid(birth->pid, NULL, 0); /* its status says less than birth */
	auto_close(&birth->pidfd);
	if (birth->which >= 0)
		return error_num(err, birth->errnum, "join the %s namespace %s",
		    namespace_word((enum plan_ns)birth->which),
		    birth->spawn->plan->namespaces[birth->which].path);
	return error_num(err, birth->errnum, "%s", birth->failed);
}

static int
bear(struct birth *birth, struct spawned *spawned, struct error *err)
{
	if (birth->spawn->plan->exec) {
		if (clone_into_container(birth, err) < 0)
			return -1;
	} else if (namespaces_any_joined(birth->spawn->plan)) {
		if (clone_through(birth, join_and_clone, err) < 0)
			return -1;
	} else {
		(void)clone_init(birth, 0); /* birth tells how it went */
	}
	if (birth->failed)
		return report_failure(birth, err);
	spawned->pid = birth->pid;
	spawned->pidfd = birth->pidfd;
	return 0;
}

/* ------------------------------------------------------------- mounts that the host makes */

/* Where the mount has no maps of its own, the container's, which of a joined namespace only that
 * itself knows. The fd is the caller's, or -1: none is wanted, or err has a text. */
static int
idmap_namespace(const struct birth *birth, const struct plan_mount *mount, struct error *err)
{
	const struct plan *plan = birth->spawn->plan;
	int joined = birth->joined[PLAN_NS_USER], copy;

	if (!(mount->flags & PLAN_MOUNT_IDMAP))
		return -1;
	if (mount->uid_map.count)
		return namespaces_idmap_fd(&mount->uid_map, &mount->gid_map, err);
	if (joined < 0)
		return namespaces_idmap_fd(&plan->uid_map, &plan->gid_map, err);
	copy = fcntl(joined, F_DUPFD_CLOEXEC, 0);
	return copy < 0 ? error_sys(err, "the user namespace's maps") : copy;
}

static int
open_host_mount(const struct birth *birth, const struct plan_mount *mount, struct error *err)
{
	AUTO_FD int map = -1;
	int fd;

	err->text[0] = '\0';
	map = idmap_namespace(birth, mount, err);
	fd = err->text[0] ? -1 : mount_make(birth->spawn->plan, mount, map, err);
	return fd < 0 ? error_in(err, "mount %s", mount->dest) : fd;
}

/* Fills fds from *count on; *count is kept right also on failure, for the caller to close them. */
static int
open_host_mounts(const struct birth *birth, int *fds, size_t *count, struct error *err)
{
	const struct plan *plan = birth->spawn->plan;

	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		const struct plan_mount *mount = &plan->mounts.items[i];
		int fd;

		if (!mount_is_host_made(plan, mount))
			continue;
		fd = open_host_mount(birth, mount, err);
		if (fd < 0)
			return -1;
		fds[(*count)++] = fd;
	}
	return 0;
}

/* ------------------------------------------------------------------------ interface */

/* The sources of init's fds, in the order of plan/exchange.h; mounts follow. */
static void
list_fds(const struct spawn *spawn, int init_end, int *fds)
{
	fds[INIT_CHANNEL_FD - 3] = init_end;
	for (int i = 0; i < SPAWN_FDS; i++)
		fds[INIT_PLAN_FD + i - 3] = spawn->fds[i];
	for (uint32_t i = 0; i < spawn->plan->preserve_fds; i++)
		fds[INIT_FIRST_PRESERVED_FD - 3 + i] = 3 + (int)i;
}

/* fds: of struct birth; mounts: those of them that are ours to close. */
static int
spawn_with(struct birth *birth, int *mounts, struct spawned *spawned, struct error *err)
{
	const struct plan *plan = birth->spawn->plan;
	size_t own = birth->count, opened = 0;
	int result = plan->exec ? 0 : namespaces_open(plan, birth->joined, err);

	if (result < 0)
		return -1;
	result = open_host_mounts(birth, mounts, &opened, err);
	for (size_t i = 0; i < opened; i++)
		birth->fds[own + i] = mounts[i]; /* the child changes its list */
	birth->count += opened;
	if (birth->spawn->time_fd >= 0)
		birth->fds[birth->count++] = birth->spawn->time_fd;
	if (result == 0)
		result = bear(birth, spawned, err);
	for (size_t i = 0; i < opened; i++)
		(void)close(mounts[i]); /* O_PATH; init has its own */
	if (!plan->exec)
		namespaces_close(birth->joined);
	return result;
}

/* Until it runs osless-init a child shares this program's memory, and so does, for whoever is in
 * the PID namespace that it joins, the right to look into it. */
static int
hide_memory(const struct plan *plan, struct error *err)
{
	if (!plan->exec && plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_JOIN)
		return 0;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? error_sys(err, "PR_SET_DUMPABLE") : 0;
}

/* Of a user namespace that it has made, only root of the host can write the maps of a hidden
 * process; and a hidden one cannot write the offsets of a time namespace of its own. */
static enum program_view
program_view(const struct plan *plan)
{
	uint32_t users = plan->namespaces[PLAN_NS_USER].mode;
	uint32_t time = plan->namespaces[PLAN_NS_TIME].mode;

	if (plan->exec || users == PLAN_NS_JOIN)
		return PROGRAM_HIDDEN;
	return users == PLAN_NS_NEW && time != PLAN_NS_NEW && geteuid() == 0 ? PROGRAM_HIDDEN
									     : PROGRAM_PLAIN;
}

int
spawn_init(const struct spawn *spawn, struct spawned *spawned, struct error *err)
{
	const struct plan *plan = spawn->plan;
	size_t own = INIT_FIRST_PRESERVED_FD - 3 + plan->preserve_fds;
	int *fds = arena_array(spawn->arena, own + plan->mounts.count + 1, sizeof(*fds));
	int *mounts = arena_array(spawn->arena, plan->mounts.count, sizeof(*mounts));
	AUTO_FD int program = program_open(program_view(plan), err);
	AUTO_FD int host_end = -1, init_end = -1;
	struct birth birth = { .spawn = spawn,
		.program = program,
		.fds = fds,
		.count = own,
		.pidfd = -1,
		.which = -1 };
	int pair[2];

	if (program < 0 || hide_memory(plan, err) < 0)
		return -1;
	if (!fds || !mounts)
		return error_num(err, ENOMEM, "spawn");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_sys(err, "socketpair");
	host_end = pair[0];
	init_end = pair[1];
	list_fds(spawn, init_end, fds);
	if (spawn_with(&birth, mounts, spawned, err) < 0)
		return -1;
	spawned->channel = take_fd(&host_end);
	log_line(LOG_DEBUG, "osless-init has pid %d", (int)spawned->pid);
	return 0;
}
