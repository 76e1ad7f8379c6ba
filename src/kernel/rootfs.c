/* The container's root. rootfs_attach comes before any mount in it, rootfs_enter after all of them.
 */
#include "kernel/rootfs.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"

#include <sys/stat.h>

/* The path is the host's word, so its parents may be symlinks; the directory itself may not:
 * engines never give one, and a link inside a shared volume could be exchanged. */
static int
open_rootfs(const char *path, struct error *err)
{
	struct stat info;
	AUTO_FD int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_sys(err, "open rootfs %s", path);
	if (fstat(fd, &info) < 0)
		return error_sys(err, "stat rootfs %s", path);
	if (S_ISLNK(info.st_mode))
		return error_set(err, "rootfs %s is a symlink: give the directory itself", path);
	if (!S_ISDIR(info.st_mode))
		return error_set(err, "rootfs %s is not a directory", path);
	return take_fd(&fd);
}

/* A copy of the tree, which takes no part in the host's propagation but to follow it where slave
 * was asked for. Before the host's own propagation is changed: unbindable mounts cannot be copied.
 */
static int
copy_tree(
    int below, const char *path, uint64_t propagation, enum rootfs_nodes nodes, struct error *err)
{
	struct mount_attr attr = {
		.attr_set = nodes == ROOTFS_NODES_INERT ? MOUNT_ATTR_NODEV : 0,
		.propagation = propagation & MS_SLAVE ? MS_SLAVE : MS_PRIVATE,
	};
	AUTO_FD int tree = sys_open_tree(
	    below, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH);

	if (tree < 0)
		return error_sys(err, "copy the mount of rootfs %s", path);
	if (sys_mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr) < 0)
		return error_sys(err, "set propagation and nodev of rootfs %s", path);
	return take_fd(&tree);
}

/* Shared: what is mounted later reaches the host and comes from it, mount by mount as config.json
 * says. Else nothing of what the container mounts reaches the host. */
uint64_t
rootfs_host_propagation(uint64_t propagation)
{
	if (propagation & MS_SHARED)
		return 0;
	return propagation & (MS_PRIVATE | MS_UNBINDABLE) ? MS_PRIVATE : MS_SLAVE;
}

static int
separate_from_host(uint64_t propagation, struct error *err)
{
	uint64_t host = rootfs_host_propagation(propagation);

	if (host && mount(NULL, "/", NULL, host | MS_REC, NULL) < 0)
		return error_sys(err, "set the propagation of /");
	return 0;
}

/* The mount that holds the directory, found by going up while that stays on the same mount, is made
 * private: a new root attached to a shared one would be given to the host, and pivot_root(2)
 * refuses it. */
static int
make_parent_private(int below, struct error *err)
{
	struct mount_attr private = { .propagation = MS_PRIVATE };
	AUTO_FD int at = fcntl(below, F_DUPFD_CLOEXEC, 3);

	for (;;) {
		int up =
		    at < 0 ? -1 : sys_openat2(at, "..", O_PATH | O_CLOEXEC, 0, RESOLVE_NO_XDEV);
		struct stat here, above;

		if (up < 0 && errno != EXDEV)
			return error_sys(err, "find the mount that holds rootfs");
		if (up < 0 || fstat(at, &here) < 0 || fstat(up, &above) < 0 ||
		    (here.st_ino == above.st_ino && here.st_dev == above.st_dev)) {
			auto_close(&up);
			break;
		}
		(void)close(at); /* O_PATH */
		at = up;
	}
	if (sys_mount_setattr(at, "", AT_EMPTY_PATH, &private) < 0)
		return error_sys(err, "make the mount that holds rootfs private");
	return 0;
}

int
rootfs_attach(const char *path, uint64_t propagation, enum rootfs_nodes nodes, struct error *err)
{
	AUTO_FD int below = open_rootfs(path, err);
	AUTO_FD int tree = below < 0 ? -1 : copy_tree(below, path, propagation, nodes, err);

	if (tree < 0 || separate_from_host(propagation, err) < 0 ||
	    make_parent_private(below, err) < 0)
		return -1;
	if (sys_move_mount(tree, "", below, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) <
	    0)
		return error_sys(err, "mount rootfs %s", path);
	return take_fd(&tree);
}

static int
pivot(struct error *err)
{
	AUTO_FD int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old < 0)
		return error_sys(err, "open the old root");
	if (sys_pivot_root(".", ".") < 0)
		return error_sys(err, "pivot_root (rootfs on an initramfs? see --no-pivot)");
	if (fchdir(old) < 0)
		return error_sys(err, "enter the old root");
	/* its unmounting must not reach the host, whatever propagation was asked for */
	if (mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return error_sys(err, "detach the old root from the host");
	if (umount2(".", MNT_DETACH) < 0)
		return error_sys(err, "unmount the old root");
	return 0;
}

static int
move_and_chroot(struct error *err)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_sys(err, "move the root mount");
	if (chroot(".") < 0)
		return error_sys(err, "chroot");
	return 0;
}

int
rootfs_enter(int root, enum rootfs_change change, uint64_t propagation, struct error *err)
{
	if (fchdir(root) < 0)
		return error_sys(err, "enter the new root");
	if ((change == ROOTFS_PIVOT ? pivot(err) : move_and_chroot(err)) < 0)
		return -1;
	if (chdir("/") < 0)
		return error_sys(err, "enter the new /");
	if (propagation && mount(NULL, "/", NULL, propagation, NULL) < 0)
		return error_sys(err, "set the propagation of the new /");
	return 0;
}

int
rootfs_seal(int root, struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	if (sys_mount_setattr(root, "", AT_EMPTY_PATH, &attr) < 0)
		return error_sys(err, "make the root read-only");
	return 0;
}
