/* Device nodes: parents resolved inside the root, the node itself made and checked by fd. */
#include "kernel/devices.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/syscalls.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

static dev_t
number_of(const struct plan_device *device)
{
	return S_ISFIFO(device->mode) ? 0 : makedev(device->major, device->minor);
}

static int
is_device(int fd, const struct plan_device *device)
{
	struct stat info;

	return fstat(fd, &info) == 0 && (info.st_mode & S_IFMT) == (device->mode & S_IFMT) &&
	       (S_ISFIFO(device->mode) || info.st_rdev == number_of(device));
}

static int
open_checked(int dir, const char *name, const struct plan_device *device, struct error *err)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && !is_device(fd, device)) {
		(void)close(fd); /* O_PATH */
		return error_set(err, "%s is there and is something else", device->path);
	}
	return fd < 0 ? error_sys(err, "open %s", device->path) : fd;
}

/* chown and chmod by name are safe: dir is held, the name was made (or checked) just now and
 * symlinks are not followed; mknod's own mode is cut by the umask. */
static int
make_node(int dir, const char *name, const struct plan_device *device, struct error *err)
{
	int existed = 0;
	AUTO_FD int node = -1;

	if (mknodat(dir, name, device->mode, number_of(device)) < 0) {
		if (errno != EEXIST)
			return error_sys(err, "mknod %s", device->path);
		existed = 1;
	}
	if (!existed && !device->uid && !device->gid)
		return 0; /* the umask is 0: mode and owner are right already */
	node = open_checked(dir, name, device, err);
	if (node < 0)
		return -1;
	if (fchownat(node, "", device->uid, device->gid, AT_EMPTY_PATH) < 0)
		return error_sys(err, "chown %s", device->path);
	return 0;
}

static int
bind_node(int dir, const char *name, const struct plan_device *device, struct error *err)
{
	AUTO_FD int host = open(device->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int tree = -1, target = -1;

	if (host < 0)
		return error_sys(err, "open the host's %s", device->path);
	if (!is_device(host, device))
		return error_set(err, "the host's %s is not device %u:%u", device->path,
		    device->major, device->minor);
	target = path_make(dir, name, PATH_FILE, err);
	if (target < 0)
		return -1;
	tree = sys_open_tree(host, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0 || sys_move_mount(tree, "", target, "",
			    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return error_sys(err, "mount the host's %s", device->path);
	return 0;
}

int
device_make(
    int root, const struct plan_device *device, enum device_source source, struct error *err)
{
	const char *name = NULL;
	AUTO_FD int dir = path_make_parent(root, device->path, &name, err);

	if (dir < 0)
		return error_in(err, "device %s", device->path);
	return source == DEVICE_MKNOD || S_ISFIFO(device->mode) ? make_node(dir, name, device, err)
								: bind_node(dir, name, device, err);
}

int
device_link(int root, const char *path, const char *target, struct error *err)
{
	const char *name = NULL;
	AUTO_FD int dir = path_make_parent(root, path, &name, err);

	if (dir < 0)
		return error_in(err, "link %s", path);
	if (symlinkat(target, dir, name) < 0 && errno != EEXIST)
		return error_sys(err, "link %s", path);
	return 0;
}
