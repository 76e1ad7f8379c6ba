/* Namespaces: one table of kinds, then flags, joining, maps. */
#include "kernel/namespaces.h"

#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/file.h"
#include "base/syscalls.h"
#include "kernel/procfs.h"

#include <linux/nsfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define MAP_LINES_MAX 340

static const struct {
	uint32_t type;
	const char *word;
} kinds[PLAN_NS_COUNT] = {
	[PLAN_NS_CGROUP] = { CLONE_NEWCGROUP, "cgroup" },
	[PLAN_NS_IPC] = { CLONE_NEWIPC, "ipc" },
	[PLAN_NS_UTS] = { CLONE_NEWUTS, "uts" },
	[PLAN_NS_NET] = { CLONE_NEWNET, "network" },
	[PLAN_NS_PID] = { CLONE_NEWPID, "pid" },
	[PLAN_NS_TIME] = { CLONE_NEWTIME, "time" },
	[PLAN_NS_MNT] = { CLONE_NEWNS, "mount" },
	[PLAN_NS_USER] = { CLONE_NEWUSER, "user" },
};

const char *
namespace_word(enum plan_ns which)
{
	return kinds[which].word;
}

uint64_t
namespaces_clone_flags(const struct plan *plan)
{
	uint64_t flags = 0;

	for (int i = 0; i < PLAN_NS_COUNT; i++)
		if (plan->namespaces[i].mode == PLAN_NS_NEW && i != PLAN_NS_CGROUP &&
		    i != PLAN_NS_TIME)
			flags |= kinds[i].type;
	return flags;
}

int
namespaces_any_joined(const struct plan *plan)
{
	for (int i = 0; i < PLAN_NS_COUNT; i++)
		if (plan->namespaces[i].mode == PLAN_NS_JOIN && i != PLAN_NS_TIME)
			return 1;
	return 0;
}

/* ------------------------------------------------------------------------ joining */

static int
open_one(const char *path, uint32_t type, const char *word, struct error *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	int found;

	if (fd < 0)
		return error_sys(err, "join %s namespace: open %s", word, path);
	found = ioctl(fd, NS_GET_NSTYPE);
	if (found < 0)
		return error_set(err, "join %s namespace: %s is not a namespace file", word, path);
	if ((uint32_t)found != type)
		return error_set(err, "join %s namespace: %s is one of another type", word, path);
	return take_fd(&fd);
}

/* What the plan changes in a namespace, it must not change in the runtime's own. */
static const char *
changes(const struct plan *plan, int which)
{
	static const char *const sysctl_roots[PLAN_NS_COUNT] = {
		[PLAN_NS_NET] = "net/",
		[PLAN_NS_IPC] = "kernel/",
		[PLAN_NS_UTS] = "kernel/",
	};

	if (which == PLAN_NS_UTS && (plan->hostname || plan->domainname))
		return "hostname";
	if (which == PLAN_NS_NET && plan->net_devices.count)
		return "linux/netDevices";
	for (uint64_t i = 0; sysctl_roots[which] && i < plan->sysctls.count; i++) {
		const char *key = plan->sysctls.items[i].key;

		if (strncmp(key, sysctl_roots[which], strlen(sysctl_roots[which])) == 0 ||
		    (which == PLAN_NS_IPC && strncmp(key, "fs/mqueue/", 10) == 0))
			return key;
	}
	return NULL;
}

/* A path can lead to the host's own namespace: config.json then must not set anything in it. */
static int
check_not_own(const struct plan *plan, int which, int fd, struct error *err)
{
	static const char *const files[PLAN_NS_COUNT] = {
		[PLAN_NS_NET] = "/proc/self/ns/net",
		[PLAN_NS_IPC] = "/proc/self/ns/ipc",
		[PLAN_NS_UTS] = "/proc/self/ns/uts",
	};
	const char *changed = changes(plan, which);
	struct stat own, joined;
	char name[256];

	if (!changed)
		return 0;
	if (stat(files[which], &own) < 0 || fstat(fd, &joined) < 0)
		return error_sys(err, "compare %s with our own", plan->namespaces[which].path);
	if (own.st_ino != joined.st_ino || own.st_dev != joined.st_dev)
		return 0;
	(void)snprintf(name, sizeof(name), "%s", changed); /* cut is good enough */
	for (char *slash = name; (slash = strchr(slash, '/'));)
		*slash = '.'; /* as config.json has it */
	return error_set(err,
	    "%s cannot be set: the %s namespace %s is the host's own; leave its path out", name,
	    kinds[which].word, plan->namespaces[which].path);
}

int
namespaces_open(const struct plan *plan, int fds[PLAN_NS_COUNT], struct error *err)
{
	for (int i = 0; i < PLAN_NS_COUNT; i++)
		fds[i] = -1;
	for (int i = 0; i < PLAN_NS_COUNT; i++) {
		const struct plan_namespace *space = &plan->namespaces[i];

		if (space->mode != PLAN_NS_JOIN || i == PLAN_NS_TIME)
			continue;
		fds[i] = open_one(space->path, kinds[i].type, kinds[i].word, err);
		if (fds[i] < 0 || check_not_own(plan, i, fds[i], err) < 0) {
			namespaces_close(fds);
			return -1;
		}
	}
	return 0;
}

void
namespaces_close(int fds[PLAN_NS_COUNT])
{
	for (int i = 0; i < PLAN_NS_COUNT; i++)
		auto_close(&fds[i]);
}

int
namespaces_join(const int fds[PLAN_NS_COUNT], int *which)
{
	int refused[PLAN_NS_COUNT] = { 0 };

	for (*which = 0; *which < PLAN_NS_COUNT; ++*which) {
		if (fds[*which] < 0 || setns(fds[*which], (int)kinds[*which].type) == 0)
			continue;
		if (errno != EPERM || fds[PLAN_NS_USER] < 0 || *which == PLAN_NS_USER)
			return errno;
		refused[*which] = 1;
	}
	for (*which = 0; *which < PLAN_NS_COUNT; ++*which)
		if (refused[*which] && setns(fds[*which], (int)kinds[*which].type) < 0)
			return errno;
	return 0;
}

/* ------------------------------------------------------------------------ id maps */

/* One write(2) a file (user_namespaces(7)). */
static int
write_map(int proc_pid, const char *name, const plan_idmaps *maps, struct error *err)
{
	char text[MAP_LINES_MAX * 34];
	size_t used = 0;

	if (maps->count > MAP_LINES_MAX)
		return error_set(err, "%s: the kernel takes %d lines, not %llu", name,
		    MAP_LINES_MAX, (unsigned long long)maps->count);
	for (uint64_t i = 0; i < maps->count; i++) {
		const struct plan_idmap *map = &maps->items[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%u %u %u\n",
		    map->container_id, map->host_id, map->size); /* at most 33 bytes */
	}
	return file_put(proc_pid, name, text, err);
}

static int
write_maps(pid_t pid, const plan_idmaps *uids, const plan_idmaps *gids, struct error *err)
{
	char path[32];
	AUTO_FD int proc_pid = -1;

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid); /* fits */
	proc_pid = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc_pid < 0)
		return error_sys(err, "open %s", path);
	if (geteuid() != 0 && file_put(proc_pid, "setgroups", "deny", err) < 0)
		return -1;
	if (write_map(proc_pid, "gid_map", gids, err) < 0)
		return -1;
	return write_map(proc_pid, "uid_map", uids, err);
}

int
namespaces_map_ids(pid_t pid, const struct plan *plan, struct error *err)
{
	return write_maps(pid, &plan->uid_map, &plan->gid_map, err);
}

/* The child only holds the namespace until its maps are written and its file is open. */
static int
hold_namespace(void *context)
{
	const int *go_on = context;
	char byte;

	return read(go_on[0], &byte, 1) < 0;
}

static int
open_user_namespace(pid_t pid, const plan_idmaps *uids, const plan_idmaps *gids, struct error *err)
{
	char path[40];
	int fd;

	if (write_maps(pid, uids, gids, err) < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid); /* fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? error_sys(err, "open %s", path) : fd;
}

int
namespaces_idmap_fd(const plan_idmaps *uids, const plan_idmaps *gids, struct error *err)
{
	int go_on[2], fd;
	pid_t pid;

	if (pipe2(go_on, O_CLOEXEC) < 0)
		return error_sys(err, "pipe");
	/* a plain fork: the parent has to act while the child lives, which vfork forbids */
	pid =
	    (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_NEWUSER | SIGCHLD), 0UL, 0UL, 0UL, 0UL);
	if (pid == 0) {
		(void)close(go_on[1]); /* else the read below never ends */
		_exit(hold_namespace(go_on));
	}
	fd = pid < 0 ? error_sys(err, "make a user namespace for the id map")
		     : open_user_namespace(pid, uids, gids, err);
	(void)close(go_on[0]); /* pipes that nothing was written to */
	(void)close(go_on[1]);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0); /* its status says nothing */
	return fd;
}

/* ----------------------------------------------------------------- init's own part */

int
namespaces_unshare_cgroup(struct error *err)
{
	if (unshare(CLONE_NEWCGROUP) < 0)
		return error_sys(err, "make a cgroup namespace");
	return 0;
}

int
namespaces_join_time(const char *path, struct error *err)
{
	AUTO_FD int fd = open_one(path, CLONE_NEWTIME, "time", err);

	if (fd < 0)
		return -1;
	return setns(fd, CLONE_NEWTIME) < 0 ? error_sys(err, "join the time namespace %s", path)
					    : 0;
}

/* Enters it as well: a vfork child may not be in another one than its parent before Linux 6.1. */
int
namespaces_unshare_time(const struct plan *plan, int proc, struct error *err)
{
	AUTO_FD int made = -1;

	if (unshare(CLONE_NEWTIME) < 0)
		return error_sys(err, "make a time namespace");
	for (uint64_t i = 0; i < plan->time_offsets.count; i++) {
		const struct plan_pair *offset = &plan->time_offsets.items[i];
		char line[96];

		(void)snprintf(
		    line, sizeof(line), "%s %s\n", offset->key, offset->value); /* both short */
		if (procfs_write(proc, "self/timens_offsets", line, err) < 0)
			return -1;
	}
	made = openat(proc, "self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (made < 0 || setns(made, CLONE_NEWTIME) < 0)
		return error_sys(err, "enter the time namespace");
	return 0;
}
