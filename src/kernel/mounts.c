/* Mounts with the new mount API, in the order: make detached, attributes, resolve target, attach,
 * propagation. */
#include "kernel/mounts.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/syscalls.h"
#include "kernel/copyup.h"
#include "kernel/rootfs.h"

#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define ATTR_ATIME_MASK 0x00000070ULL /* MOUNT_ATTR__ATIME */

int
mount_is_host_made(const struct plan *plan, const struct plan_mount *mount)
{
	int own_users = plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST;

	return (mount->flags & PLAN_MOUNT_IDMAP) ||
	       ((mount->flags & PLAN_MOUNT_BIND) && own_users && !plan->binds_inside);
}

int
mount_is_dev(const struct plan_mount *mount)
{
	return strcmp(mount->dest, "/dev") == 0 || strcmp(mount->dest, "/dev/") == 0;
}

/* ------------------------------------------------------------------------- making */

static int
open_bind(const struct plan_mount *mount, struct error *err)
{
	unsigned recursive = mount->flags & PLAN_MOUNT_BIND_REC ? AT_RECURSIVE : 0;
	unsigned nofollow = mount->flags & PLAN_MOUNT_SRC_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
	int tree = sys_open_tree(
	    AT_FDCWD, mount->source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive | nofollow);

	return tree < 0 ? error_sys(err, "mount source %s", mount->source) : tree;
}

/* What the file system itself says of a refused option: its log has lines like "e tmpfs: Bad value
 * for 'size'". */
static int
filesystem_error(int fs, const char *type, const char *act, struct error *err)
{
	int errnum = errno;
	char text[256];
	ssize_t length = read(fs, text, sizeof(text) - 1);

	if (length <= 2)
		return error_num(err, errnum, "%s a %s", act, type);
	text[length] = '\0';
	return error_num(err, errnum, "%s a %s: %s", act, type, text + 2);
}

static int
configure_filesystem(int fs, const struct plan_mount *mount, struct error *err)
{
	for (uint64_t i = 0; i < mount->options.count; i++) {
		const struct plan_pair *option = &mount->options.items[i];
		int failed =
		    option->value
			? sys_fsconfig(fs, FSCONFIG_SET_STRING, option->key, option->value, 0)
			: sys_fsconfig(fs, FSCONFIG_SET_FLAG, option->key, NULL, 0);

		if (failed < 0) {
			(void)filesystem_error(fs, mount->type, "configure", err);
			return error_in(err, "option %s", option->key);
		}
	}
	if (mount->source && sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", mount->source, 0) < 0)
		return filesystem_error(fs, mount->type, "name", err);
	return 0;
}

static int
make_filesystem(const struct plan_mount *mount, struct error *err)
{
	AUTO_FD int fs = sys_fsopen(mount->type, FSOPEN_CLOEXEC);
	AUTO_FD int made = -1;

	if (fs < 0)
		return errno == ENODEV ? error_num(err, ENODEV,
					     "the kernel has no file system type %s", mount->type)
				       : error_sys(err, "fsopen %s", mount->type);
	if (configure_filesystem(fs, mount, err) < 0)
		return -1;
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return filesystem_error(fs, mount->type, "create", err);
	made = sys_fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (made < 0)
		return filesystem_error(fs, mount->type, "mount", err);
	return take_fd(&made);
}

/* What is mounted below it (cgroups) is the host's as well: it gets the same attributes. */
static int
copy_sys(const struct plan_mount *mount, struct error *err)
{
	struct mount_attr attr = {
		.attr_set = mount->attr_set & (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
						  MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC),
	};
	AUTO_FD int made =
	    sys_open_tree(AT_FDCWD, "/sys", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (made < 0 || sys_mount_setattr(made, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr) < 0)
		return error_sys(err, "copy the host's /sys");
	return take_fd(&made);
}

/* A user namespace that does not own its network namespace may not make a sysfs: it gets the host's
 * view, as it would have without osless. */
static int
make_sysfs(const struct plan_mount *mount, struct error *err)
{
	int made = make_filesystem(mount, err);

	if (made >= 0 || (err->errnum != EPERM && err->errnum != EACCES))
		return made;
	return copy_sys(mount, err);
}

static int
make_mount(const struct plan_mount *mount, struct error *err)
{
	if (mount->flags & PLAN_MOUNT_BIND)
		return open_bind(mount, err);
	if (mount->flags & PLAN_MOUNT_SYSFS)
		return make_sysfs(mount, err);
	return make_filesystem(mount, err);
}

static int
map_ids(int made, const struct plan_mount *mount, int userns, struct error *err)
{
	struct mount_attr idmap = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)userns };
	unsigned recursive = mount->flags & PLAN_MOUNT_IDMAP_REC ? AT_RECURSIVE : 0;

	if (sys_mount_setattr(made, "", AT_EMPTY_PATH | recursive, &idmap) == 0)
		return 0;
	if (errno == EPERM)
		return error_sys(err,
		    "map the ids of %s (the maps of a user namespace that is the host's own, or "
		    "ids that are mapped already, cannot be used)",
		    mount->source);
	return error_sys(
	    err, "map the ids of %s (does its file system support that?)", mount->source);
}

/* A copy made among the host's mounts is their peer: what is mounted below it would reach the host.
 * One that init makes is what its namespace made of them; where that belongs to another user
 * namespace the kernel lets none stay a peer (mount_namespaces(7)). */
static int
leave_peers(int made, const struct plan *plan, struct error *err)
{
	int own_users = plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST;
	struct mount_attr attr = {
		.propagation = rootfs_host_propagation(plan->rootfs_propagation),
	};

	if (own_users && !attr.propagation)
		attr.propagation = MS_SLAVE;
	if (attr.propagation &&
	    sys_mount_setattr(made, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr) < 0)
		return error_sys(err, "separate the copy from the host's mounts");
	return 0;
}

int
mount_make(const struct plan *plan, const struct plan_mount *mount, int userns, struct error *err)
{
	AUTO_FD int made = make_mount(mount, err);

	if (made < 0 || leave_peers(made, plan, err) < 0 ||
	    (userns >= 0 && map_ids(made, mount, userns, err) < 0))
		return -1;
	return take_fd(&made);
}

/* --------------------------------------------------------------------- attributes */

static int
set_attributes(int made, uint64_t set, uint64_t clear, uint64_t propagation, unsigned recursive,
    struct error *err)
{
	struct mount_attr attr = {
		.attr_set = set,
		.attr_clr = clear,
		.propagation = propagation & ~(uint64_t)MS_REC,
	};

	if (!set && !clear && !propagation)
		return 0;
	if (set & ATTR_ATIME_MASK)
		attr.attr_clr |=
		    ATTR_ATIME_MASK; /* mount_setattr(2): the old mode must be named for removal */
	if (sys_mount_setattr(made, "", AT_EMPTY_PATH | recursive, &attr) < 0)
		return error_sys(err, "set mount attributes 0x%llx", (unsigned long long)set);
	return 0;
}

static int
set_all_attributes(int made, const struct plan_mount *mount, struct error *err)
{
	uint64_t set = mount->attr_set;

	if (mount_is_dev(mount))
		set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	if (set_attributes(made, mount->rec_attr_set, mount->rec_attr_clear, 0, AT_RECURSIVE, err) <
	    0)
		return -1;
	return set_attributes(made, set, mount->attr_clear, 0, 0, err);
}

/* After attaching: a mount that is shared before would be given to the peers of its parent. */
static int
set_propagation(int made, const struct plan_mount *mount, struct error *err)
{
	if (set_attributes(made, 0, 0, mount->rec_propagation, AT_RECURSIVE, err) < 0)
		return -1;
	return set_attributes(made, 0, 0, mount->propagation, 0, err);
}

/* ---------------------------------------------------------------------- attaching */

static int
is_directory(int fd, int *directory, struct error *err)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return error_sys(err, "stat");
	*directory = S_ISDIR(info.st_mode);
	return 0;
}

/* Policy lets only known paths below /proc through, by name; by another name nothing may get there.
 */
static int
is_covered_procfs(int target, const struct plan_mount *mount)
{
	struct statfs kind;

	return !(mount->flags & PLAN_MOUNT_PROC) && strncmp(mount->dest, "/proc/", 6) != 0 &&
	       fstatfs(target, &kind) == 0 && kind.f_type == PROC_SUPER_MAGIC;
}

/* proc and sysfs must not hide behind a rootfs' own symlink (CVE-2019-19921), and nothing may cover
 * a piece of procfs but what policy let through by name. */
static int
open_target(int root, const struct plan_mount *mount, int directory, struct error *err)
{
	AUTO_FD int target = -1;
	struct stat info;

	if (mount->flags & (PLAN_MOUNT_PROC | PLAN_MOUNT_SYSFS | PLAN_MOUNT_DEST_NOFOLLOW)) {
		target = path_open_nosymlink(root, mount->dest, O_PATH);
		if (target < 0 && errno != ENOENT)
			return error_sys(
			    err, "%s must be mounted on ordinary directory", mount->dest);
	}
	if (target < 0)
		target = path_make(root, mount->dest, directory ? PATH_DIRECTORY : PATH_FILE, err);
	if (target < 0)
		return -1;
	if (fstat(target, &info) < 0)
		return error_sys(err, "stat the mount point");
	if (is_covered_procfs(target, mount))
		return error_set(err,
		    "%s leads into /proc, a procfs: it must be mounted on ordinary directory",
		    mount->dest);
	if (directory != !!S_ISDIR(info.st_mode))
		return error_set(err, directory ? "a directory cannot be mounted on a file"
						: "a file cannot be mounted on a directory");
	return take_fd(&target);
}

static int
attach(int root, const struct plan_mount *mount, int made, struct error *err)
{
	int directory = 0;
	AUTO_FD int target = -1;

	if (is_directory(made, &directory, err) < 0)
		return -1;
	target = open_target(root, mount, directory, err);
	if (target < 0)
		return -1;
	if ((mount->flags & PLAN_MOUNT_TMPCOPYUP) && copyup_tree(target, made, err) < 0)
		return error_in(err, "tmpcopyup");
	if (set_all_attributes(made, mount, err) < 0)
		return -1;
	if (sys_move_mount(
		made, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_sys(err, "attach");
	return set_propagation(made, mount, err);
}

/* ------------------------------------------------------------------------ cgroups */

/* "cpu,cpuacct": a symlink for each name, as distributions have them beside a joint mount. */
static int
link_names(int base, const struct plan_cgroup_dir *dir, struct error *err)
{
	const char *at = dir->link;

	while (*at) {
		char name[64];
		size_t length = strcspn(at, ",");

		if (length < sizeof(name)) {
			memcpy(name, at, length);
			name[length] = '\0';
			if (symlinkat(dir->name, base, name) < 0 && errno != EEXIST)
				return error_sys(err, "link %s to %s", name, dir->name);
		}
		at += length + (at[length] == ',');
	}
	return 0;
}

/* The container's own directory of one hierarchy, bound below base (the tmpfs, or for v2 alone the
 * destination). */
static int
attach_cgroup_dir(
    int base, const struct plan_mount *mount, const struct plan_cgroup_dir *dir, struct error *err)
{
	struct plan_mount bind = {
		.dest = dir->name[0] ? dir->name : mount->dest,
		.source = dir->path,
		.flags = PLAN_MOUNT_BIND,
		.attr_set = mount->attr_set,
		.attr_clear = mount->attr_clear,
		.rec_attr_set = mount->rec_attr_set,
		.rec_attr_clear = mount->rec_attr_clear,
	};
	AUTO_FD int made = open_bind(&bind, err);

	if (made < 0 || attach(base, &bind, made, err) < 0)
		return error_in(err, "cgroup %s", dir->path);
	if (dir->link && link_names(base, dir, err) < 0)
		return -1;
	return 0;
}

static int
attach_cgroup_tmpfs(int root, const struct plan_mount *mount, struct error *err)
{
	static struct plan_pair mode[] = { { "mode", "755" } };
	struct plan_mount tmpfs = {
		.dest = mount->dest,
		.source = "cgroup",
		.type = "tmpfs",
		.options = { .items = mode, .count = 1 },
		.attr_set = mount->attr_set & ~(uint64_t)MOUNT_ATTR_RDONLY,
	};
	AUTO_FD int made = make_filesystem(&tmpfs, err);

	if (made < 0 || attach(root, &tmpfs, made, err) < 0)
		return -1;
	return take_fd(&made);
}

/* v2 alone: its directory at the destination. v1 and hybrid: a tmpfs with a directory a hierarchy,
 * read-only at the end. */
static int
attach_cgroups(
    int root, const struct plan_mount *mount, const struct plan_cgroup *cgroups, struct error *err)
{
	struct mount_attr seal = { .attr_set = mount->attr_set & MOUNT_ATTR_RDONLY };
	AUTO_FD int base = -1;

	if (cgroups->dirs.count == 1 && !cgroups->dirs.items[0].name[0])
		return attach_cgroup_dir(root, mount, &cgroups->dirs.items[0], err);
	base = attach_cgroup_tmpfs(root, mount, err);
	if (base < 0)
		return -1;
	for (uint64_t i = 0; i < cgroups->dirs.count; i++)
		if (attach_cgroup_dir(base, mount, &cgroups->dirs.items[i], err) < 0)
			return -1;
	if (seal.attr_set && sys_mount_setattr(base, "", AT_EMPTY_PATH, &seal) < 0)
		return error_sys(err, "make it read-only");
	return set_propagation(base, mount, err);
}

/* ---------------------------------------------------------------------- interface */

int
mount_attach(int root, const struct plan_mount *mount, int made, const struct plan_cgroup *cgroups,
    int *kept, struct error *err)
{
	AUTO_FD int own = -1;

	if (mount->flags & PLAN_MOUNT_CGROUP) {
		if (attach_cgroups(root, mount, cgroups, err) < 0)
			return error_in(err, "mount %s", mount->dest);
		return 0;
	}
	if (made < 0)
		made = own = make_mount(mount, err);
	if (made < 0 && err->errnum == ENODEV && (mount->flags & PLAN_MOUNT_OPTIONAL))
		return 0;
	if (made < 0 || attach(root, mount, made, err) < 0)
		return error_in(err, "mount %s", mount->dest);
	if (kept)
		*kept = take_fd(&own);
	return 0;
}

int
mount_seal_dev(int root, struct error *err)
{
	struct mount_attr seal = { .attr_set = MOUNT_ATTR_RDONLY };
	AUTO_FD int dev = path_open(root, "/dev", O_PATH | O_DIRECTORY);

	if (dev < 0 || sys_mount_setattr(dev, "", AT_EMPTY_PATH, &seal) < 0)
		return error_sys(err, "make /dev read-only");
	return 0;
}
