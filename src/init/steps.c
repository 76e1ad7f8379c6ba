/* What init does in the container, in order. A row's comment says what must already be true.
 * Nothing is undone: when a row fails init exits, and the kernel drops the namespaces with
 * everything in them; what is outside is the host's to undo. */
#include "init/init.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/path.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/devices.h"
#include "kernel/hook.h"
#include "kernel/identity.h"
#include "kernel/labels.h"
#include "kernel/mounts.h"
#include "kernel/namespaces.h"
#include "kernel/network.h"
#include "kernel/oom.h"
#include "kernel/process.h"
#include "kernel/procfs.h"
#include "kernel/rootfs.h"
#include "plan/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int
is_new(const struct init *init, enum plan_ns which)
{
	return init->plan->namespaces[which].mode == PLAN_NS_NEW;
}

static int
has_user_namespace(const struct init *init)
{
	return init->plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST;
}

/* Sends kind to the host and waits for the answer; *fd gets what came along (the caller's), or -1.
 */
static int
ask_host(
    const struct init *init, enum message kind, enum message answer, int *fd, struct error *err)
{
	struct wire_message message;
	int got;

	*fd = -1;
	if (wire_send(init->channel, &WIRE_MESSAGE(kind), err) < 0)
		return -1;
	got = wire_receive(init->channel, &message, -1, err);
	if (got < 0)
		return -1;
	*fd = message.fd;
	if (got == 0 || message.kind != (uint32_t)answer)
		return error_set(err, "the host gave up");
	return 0;
}

/* Nothing that init holds may be read or traced by the payload (CVE-2016-9962). In a user namespace
 * of its own only after the maps are written: their files belong to root while it is not dumpable.
 */
static int
hide(struct error *err)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? error_sys(err, "PR_SET_DUMPABLE") : 0;
}

int
init_become_mapped(const struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	uint32_t uid = plan->process.uid, gid = plan->process.gid;

	if (!is_new(init, PLAN_NS_USER) && hide(err) < 0)
		return -1;
	if (!has_user_namespace(init))
		return 0;
	for (uint64_t i = 0; i < plan->uid_map.count; i++)
		if (plan->uid_map.items[i].container_id == 0)
			uid = 0;
	for (uint64_t i = 0; i < plan->gid_map.count; i++)
		if (plan->gid_map.items[i].container_id == 0)
			gid = 0;
	if (!is_new(init,
		PLAN_NS_USER)) /* joined: its maps are not ours to know; its root is what made it */
		uid = gid = 0;
	return identity_become_mapped(uid, gid, err) < 0 ? -1 : hide(err);
}

static int
become_mapped(struct init *init, struct error *err)
{
	AUTO_FD int nothing = -1;

	if (is_new(init, PLAN_NS_USER) &&
	    ask_host(init, MSG_MAP_IDS, MSG_IDS_MAPPED, &nothing, err) < 0)
		return -1;
	return init_become_mapped(init, err);
}

int
init_become_reaper(const struct init *init, struct error *err)
{
	if (!is_new(init, PLAN_NS_PID) && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return error_sys(err, "become a child subreaper");
	return 0;
}

static int
become_reaper(struct init *init, struct error *err)
{
	(void)setsid(); /* EPERM: clone made it a leader already */
	return init_become_reaper(init, err);
}

static int
enter_cgroup_namespace(struct init *init, struct error *err)
{
	return is_new(init, PLAN_NS_CGROUP) ? namespaces_unshare_cgroup(err) : 0;
}

/* Nothing depends on it: without, only who asks while the cgroup is there hears of OOM kills. */
static int
open_memory_events(struct init *init, struct error *err)
{
	(void)err;
	if (init->plan->supervision_mode != PLAN_MODE_OFF)
		init->tend.oom = oom_open(&init->plan->cgroup);
	return 0;
}

static int
enter_time_namespace(struct init *init, struct error *err)
{
	const struct plan_namespace *space = &init->plan->namespaces[PLAN_NS_TIME];

	if (space->mode == PLAN_NS_HOST)
		return 0;
	if (space->mode == PLAN_NS_JOIN)
		return namespaces_join_time(space->path, err);
	if (init_proc(init, err) < 0)
		return -1;
	return namespaces_unshare_time(init->plan, init->proc, err);
}

static int
bring_up_loopback(struct init *init, struct error *err)
{
	return is_new(init, PLAN_NS_NET) ? network_loopback_up(err) : 0;
}

static int
set_names(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;

	if (plan->hostname && sethostname(plan->hostname, strlen(plan->hostname)) < 0)
		return error_sys(err, "set the host name %s", plan->hostname);
	if (plan->domainname && setdomainname(plan->domainname, strlen(plan->domainname)) < 0)
		return error_sys(err, "set the domain name %s", plan->domainname);
	return 0;
}

int
init_check_labels(struct init *init, struct error *err)
{
	if (!labels_given(init->plan))
		return 0;
	return init_proc(init, err) < 0 ? -1 : labels_check(init->proc, init->plan, err);
}

int
init_join_keyring(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;

	if (!plan->new_keyring)
		return 0;
	return labels_set_key(init->proc, &plan->process, err) < 0
		   ? -1
		   : process_new_keyring(plan->id, err);
}

/* Some rows need it only sometimes, but in a user namespace it cannot be made once the host's is
 * out of sight. */
static int
open_procfs(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	int needed = plan->sysctls.count > 0 || plan->process.has_oom_score_adj ||
		     !is_new(init, PLAN_NS_PID);

	return needed || has_user_namespace(init) ? init_proc(init, err) : 0;
}

/* The /dev of the plan, or NULL where the root's own directory serves. */
static const struct plan_mount *
find_dev(const struct plan *plan)
{
	for (uint64_t i = 0; i < plan->mounts.count; i++)
		if (mount_is_dev(&plan->mounts.items[i]))
			return &plan->mounts.items[i];
	return NULL;
}

/* Whether a device is to be made in the root itself. */
static int
has_device_in_root(const struct plan *plan)
{
	if (!find_dev(plan))
		return 1;
	for (uint64_t i = 0; i < plan->devices.count; i++)
		if (strncmp(plan->devices.items[i].path, "/dev/", 5) != 0)
			return 1;
	return 0;
}

static int
attach_root(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	enum rootfs_nodes nodes = has_device_in_root(plan) ? ROOTFS_NODES_WORK : ROOTFS_NODES_INERT;

	init->root = rootfs_attach(plan->rootfs, plan->rootfs_propagation, nodes, err);
	return init->root < 0 ? -1 : 0;
}

/* Where an fd of the mount is to be kept, or NULL. */
static int *
keep_mount(struct init *init, const struct plan_mount *mount)
{
	if ((mount->flags & PLAN_MOUNT_PROC) && strcmp(mount->dest, "/proc") == 0)
		return &init->proc_mount;
	if ((mount->flags & PLAN_MOUNT_SYSFS) && strcmp(mount->dest, "/sys") == 0)
		return &init->sys_mount;
	return NULL;
}

static int
attach_mounts(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	int next_made = INIT_FIRST_PRESERVED_FD + (int)plan->preserve_fds;

	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		const struct plan_mount *mount = &plan->mounts.items[i];
		AUTO_FD int made = mount_is_host_made(plan, mount) ? next_made++ : -1;

		if (mount_attach(
			init->root, mount, made, &plan->cgroup, keep_mount(init, mount), err) < 0)
			return -1;
	}
	return 0;
}

static int
make_devices(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	const struct plan_mount *dev = find_dev(plan);
	enum device_source source =
	    has_user_namespace(init) || plan->in_userns ? DEVICE_BIND : DEVICE_MKNOD;

	if (dev && (dev->flags & PLAN_MOUNT_BIND))
		return 0; /* the host's own is left alone */
	for (uint64_t i = 0; i < plan->devices.count; i++)
		if (device_make(init->root, &plan->devices.items[i], source, err) < 0)
			return -1;
	for (uint64_t i = 0; i < plan->symlinks.count; i++)
		if (device_link(init->root, plan->symlinks.items[i].key,
			plan->symlinks.items[i].value, err) < 0)
			return -1;
	return dev && (dev->attr_set & MOUNT_ATTR_RDONLY) ? mount_seal_dev(init->root, err) : 0;
}

static int
run_hooks(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	AUTO_FD int state = -1;

	if (!plan->hooks_prestart.count && !plan->hooks_create_runtime.count &&
	    !plan->hooks_create_container.count)
		return 0;
	if (ask_host(init, MSG_RUN_HOOKS, MSG_HOOKS_RAN, &state, err) < 0)
		return -1;
	return hooks_run(&plan->hooks_create_container, "createContainer", state, NULL, err);
}

static int
write_sysctls(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;

	for (uint64_t i = 0; i < plan->sysctls.count; i++) {
		char path[256];

		if (snprintf(path, sizeof(path), "sys/%s", plan->sysctls.items[i].key) >=
		    (int)sizeof(path))
			return error_set(err, "sysctl %s is too long", plan->sysctls.items[i].key);
		if (procfs_write(init->proc, path, plan->sysctls.items[i].value, err) < 0)
			return -1;
	}
	return 0;
}

/* The mount that path starts in, with *rest the path below it. */
static int
mask_base(const struct init *init, const char *path, const char **rest)
{
	*rest = path + strlen("/proc");
	if (init->proc_mount >= 0 && strncmp(path, "/proc/", 6) == 0)
		return init->proc_mount;
	*rest = path + strlen("/sys");
	if (init->sys_mount >= 0 && strncmp(path, "/sys/", 5) == 0)
		return init->sys_mount;
	*rest = path;
	return init->root;
}

static int
mask_paths(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	const char *rest;

	for (uint64_t i = 0; i < plan->readonly_paths.count; i++) {
		int base = mask_base(init, plan->readonly_paths.items[i], &rest);

		if (mask_readonly(base, rest, err) < 0)
			return error_in(err, "%s", plan->readonly_paths.items[i]);
	}
	for (uint64_t i = 0; i < plan->masked_paths.count; i++) {
		int base = mask_base(init, plan->masked_paths.items[i], &rest);

		if (mask_path(&init->masks, base, rest, err) < 0)
			return error_in(err, "%s", plan->masked_paths.items[i]);
	}
	masks_close(&init->masks);
	auto_close(&init->proc_mount);
	auto_close(&init->sys_mount);
	return 0;
}

/* runc and crun make a missing cwd, so images rely on it. */
static int
make_cwd(struct init *init, struct error *err)
{
	AUTO_FD int cwd = path_make(init->root, init->plan->process.cwd, PATH_DIRECTORY, err);

	return cwd < 0 ? error_in(err, "process.cwd") : 0;
}

static int
seal_root(struct init *init, struct error *err)
{
	return init->plan->rootfs_readonly ? rootfs_seal(init->root, err) : 0;
}

static int
enter_root(struct init *init, struct error *err)
{
	enum rootfs_change change = init->plan->no_pivot ? ROOTFS_CHROOT : ROOTFS_PIVOT;

	if (rootfs_enter(init->root, change, init->plan->rootfs_propagation, err) < 0)
		return -1;
	auto_close(&init->root);
	init->root = -1;
	return 0;
}

static int
find_program(const struct init_command *command, struct error *err)
{
	if (chdir(command->cwd) < 0) /* a relative args[0] counts from there */
		return error_sys(err, "enter cwd %s", command->cwd);
	return process_find_program(command->args[0], command->env, err);
}

static int
find_programs(struct init *init, struct error *err)
{
	const struct plan_tree *tree = &init->plan->tree;

	for (uint32_t i = 0; i < tree->children.count; i++) {
		const struct plan_child *child = &tree->children.items[i];
		struct init_command command = init_command_of(init->plan, i);

		if (child->kind != PLAN_WORKER || find_program(&command, err) == 0)
			continue;
		return tree->declared ? error_in(err, "worker %s", child->id) : -1;
	}
	return chdir("/") < 0 ? error_sys(err, "enter /") : 0;
}

static const struct init_step {
	const char *name;
	int (*act)(struct init *init, struct error *err);
} init_steps[] = {
	{ "user ids", become_mapped },                  /* first: the rest needs the mapped root */
	{ "guard", guard_start },                       /* before anything is made or started */
	{ "reaper", become_reaper },                    /* before anything is started */
	{ "cgroup namespace", enter_cgroup_namespace }, /* stands in its cgroup since birth */
	{ "memory events", open_memory_events },        /* while the host's cgroups are in sight */
	{ "labels", init_check_labels }, /* before the first is set; and nothing is made in vain */
	{ "keyring", init_join_keyring },
	{ "loopback", bring_up_loopback },
	{ "host name", set_names },
	{ "private procfs", open_procfs },          /* while the host's is in sight */
	{ "time namespace", enter_time_namespace }, /* through the private procfs */
	{ "root", attach_root },
	{ "mounts", attach_mounts },       /* in the config's order, below the root fd */
	{ "devices", make_devices },       /* on the new /dev */
	{ "hooks", run_hooks },            /* all is mounted, nothing yet hidden */
	{ "sysctls", write_sysctls },      /* through the private procfs */
	{ "masks", mask_paths },           /* over the container's own /proc and /sys */
	{ "working directory", make_cwd }, /* while the root can be written */
	{ "read-only root", seal_root },
	{ "new root", enter_root }, /* the host's tree is gone from here on */
	{ "program", find_programs },
};

int
init_make(struct init *init, struct error *err)
{
	for (size_t i = 0; i < sizeof(init_steps) / sizeof(init_steps[0]); i++) {
		const struct init_step *step = &init_steps[i];

		if (fault_check(init->plan->fail_step, "init", step->name, err) < 0 ||
		    step->act(init, err) < 0)
			return error_in(err, "%s", step->name);
	}
	return 0;
}

int
init_proc(struct init *init, struct error *err)
{
	if (init->proc < 0)
		init->proc = procfs_open(err);
	return init->proc < 0 ? -1 : 0;
}
