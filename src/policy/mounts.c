/* Mounts pass as config.json has them, except where they would put something else in the place of
 * what /proc says, and except the file system of POSIX queues. Pure. */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"

#include <string.h>

#define PROC "/proc"

/* Files that lxcfs and the like put over /proc's, with numbers of the container's own. Nothing else
 * may be mounted below /proc: masks and labels are written through it (CVE-2019-16884). */
static const char *const proc_files[] = {
	PROC "/cpuinfo",
	PROC "/diskstats",
	PROC "/loadavg",
	PROC "/meminfo",
	PROC "/net/dev",
	PROC "/slabinfo",
	PROC "/stat",
	PROC "/swaps",
	PROC "/sys/crypto/fips_enabled",
	PROC "/sys/kernel/ns_last_pid",
	PROC "/uptime",
};

static int
is_proc_file(const char *path)
{
	for (size_t i = 0; i < sizeof(proc_files) / sizeof(proc_files[0]); i++) {
		if (strcmp(proc_files[i], path) == 0)
			return 1;
	}
	return 0;
}

/* A new procfs, or the host's own, which belongs to the host's pid namespace. */
static int
check_over_proc(struct compile *c, const struct plan_mount *mount, struct error *err)
{
	int is_bind = (mount->flags & PLAN_MOUNT_BIND) != 0;
	const char *source = is_bind ? pass_clean_path(c, mount->source, err) : "";

	if (!source)
		return -1;
	if (mount->flags & PLAN_MOUNT_PROC || strcmp(source, PROC) == 0)
		return 0;
	return error_set(err,
	    "mounts[%s]: \"/proc\" cannot be mounted because it is not of type proc: use type "
	    "proc",
	    mount->dest);
}

static int
check_mount(struct compile *c, const struct plan_mount *mount, struct error *err)
{
	const char *dest = pass_clean_path(c, mount->dest, err);

	if (!dest)
		return -1;
	if (mount->flags & PLAN_MOUNT_IDMAP && c->facts->euid != 0)
		return error_set(err,
		    "mounts[%s]: only root may map the ids of a mount: run osless as root, or "
		    "leave out idmap and the mappings",
		    mount->dest);
	if (strcmp(dest, PROC) == 0)
		return check_over_proc(c, mount, err);
	if (strncmp(dest, PROC "/", strlen(PROC "/")) != 0 || is_proc_file(dest))
		return 0;
	return error_set(err,
	    "mounts[%s]: cannot be mounted because it is inside /proc: choose another "
	    "destination",
	    mount->dest);
}

static int
is_mqueue(const struct plan_mount *mount)
{
	return mount->type && strcmp(mount->type, "mqueue") == 0;
}

/* Whether everything in it is to have the container's SELinux label. What the kernel labels itself
 * is left alone, and so is what the container does not own. */
static int
wants_label(const struct plan_mount *mount)
{
	const uint32_t unlabelled =
	    PLAN_MOUNT_BIND | PLAN_MOUNT_PROC | PLAN_MOUNT_SYSFS | PLAN_MOUNT_CGROUP;

	if (mount->flags & unlabelled || is_mqueue(mount))
		return 0;
	for (uint64_t i = 0; i < mount->options.count; i++) {
		if (strcmp(mount->options.items[i].key, "context") == 0)
			return 0;
	}
	return 1;
}

static int
label_mount(struct compile *c, struct plan_mount *mount, struct error *err)
{
	__typeof__(mount->options) own = mount->options;

	if (!wants_label(mount))
		return 0;
	if (PASS_COPY(c, &mount->options, &own, 1, err) < 0)
		return -1;
	mount->options.items[mount->options.count++] =
	    (struct plan_pair) { "context", c->spec->mount_label };
	return 0;
}

int
pass_mounts(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;

	if (PASS_COPY(c, &plan->mounts, &c->spec->mounts, 0, err) < 0)
		return -1;
	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		if (check_mount(c, &plan->mounts.items[i], err) < 0)
			return -1;
		if (c->spec->mount_label && label_mount(c, &plan->mounts.items[i], err) < 0)
			return -1;
	}
	return 0;
}

static int
note_mqueue(struct compile *c, const struct plan_mount *mount, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = arena_printf(c->arena, "mounts[%s]", mount->dest),
		.from = mount->type,
		.why = "POSIX message queues are not among the supported system calls",
	};

	if (!entry.what)
		return pass_no_memory(err);
	if (c->plan->syscalls_mode == PLAN_MODE_AUDIT) {
		entry.kind = REPORT_KEPT;
		entry.why = "audit: enforced, it would not be there";
	}
	return pass_note(c, &entry, err);
}

/* It goes where its system calls go. Where it stays only to be watched, a kernel without it is no
 * obstacle. */
int
pass_mqueue(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;
	uint64_t kept = 0;

	if (plan->syscalls_mode == PLAN_MODE_OFF)
		return 0;
	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		struct plan_mount *mount = &plan->mounts.items[i];
		int strip = is_mqueue(mount);

		if (strip && note_mqueue(c, mount, err) < 0)
			return -1;
		if (strip && plan->syscalls_mode == PLAN_MODE_ENFORCE)
			continue;
		if (strip)
			mount->flags |= PLAN_MOUNT_OPTIONAL;
		plan->mounts.items[kept++] = *mount;
	}
	plan->mounts.count = kept;
	return 0;
}
