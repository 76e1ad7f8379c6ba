/* Masked and read-only paths. */
#include "kernel/masks.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/syscalls.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

static int
open_null(struct masks *masks, struct error *err)
{
	struct stat info;
	AUTO_FD int fd = -1;

	if (masks->null >= 0)
		return 0;
	fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) < 0)
		return error_sys(err, "open the host's /dev/null");
	if (!S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3))
		return error_set(err, "the host's /dev/null is not the null device");
	masks->null = take_fd(&fd);
	return 0;
}

static int
make_empty(struct error *err)
{
	AUTO_FD int fs = sys_fsopen("tmpfs", FSOPEN_CLOEXEC);
	AUTO_FD int made = -1;

	if (fs < 0 || sys_fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", "1", 0) < 0 ||
	    sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return error_sys(err, "create an empty tmpfs");
	made = sys_fsmount(fs, FSMOUNT_CLOEXEC,
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	return made < 0 ? error_sys(err, "mount an empty tmpfs") : take_fd(&made);
}

static int
clone_of(int fd, struct error *err)
{
	int tree = sys_open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	return tree < 0 ? error_sys(err, "copy a mount") : tree;
}

static int
cover(int target, int with, struct error *err)
{
	if (sys_move_mount(
		with, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_sys(err, "attach");
	return 0;
}

static int
mask_directory(struct masks *masks, int target, struct error *err)
{
	AUTO_FD int made = masks->empty < 0 ? make_empty(err) : clone_of(masks->empty, err);

	if (made < 0 || cover(target, made, err) < 0)
		return -1;
	if (masks->empty < 0)
		masks->empty = take_fd(&made); /* open_tree(2) copies only what is attached */
	return 0;
}

static int
mask_file(struct masks *masks, int target, struct error *err)
{
	AUTO_FD int made = -1;

	if (open_null(masks, err) < 0)
		return -1;
	made = clone_of(masks->null, err);
	return made < 0 ? -1 : cover(target, made, err);
}

int
mask_path(struct masks *masks, int root, const char *path, struct error *err)
{
	struct stat info;
	AUTO_FD int target = path_open(root, path, O_PATH);

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0 || fstat(target, &info) < 0)
		return error_sys(err, "mask %s", path);
	if ((S_ISDIR(info.st_mode) ? mask_directory(masks, target, err)
				   : mask_file(masks, target, err)) < 0)
		return error_in(err, "mask %s", path);
	return 0;
}

int
mask_readonly(int root, const char *path, struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	AUTO_FD int target = path_open(root, path, O_PATH);
	AUTO_FD int tree = -1;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0)
		return error_sys(err, "make %s read-only", path);
	tree = sys_open_tree(
	    target, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH);
	if (tree < 0 || sys_mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr) < 0)
		return error_sys(err, "make %s read-only", path);
	if (cover(target, tree, err) < 0)
		return error_in(err, "make %s read-only", path);
	return 0;
}

void
masks_close(struct masks *masks)
{
	auto_close(&masks->null);
	auto_close(&masks->empty);
}
