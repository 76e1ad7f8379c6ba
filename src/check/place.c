/* The mount that covers a path, and opening below it: first as O_PATH, which touches no device and
 * no fifo, then for reading. */
#include "check/place.h"

#include "base/auto.h"
#include "base/path.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* What of path lies below directory; NULL: nothing. "" is the directory itself. */
static const char *
below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	while (length > 0 && directory[length - 1] == '/')
		length--;
	if (strncmp(path, directory, length) != 0 || (path[length] && path[length] != '/'))
		return NULL;
	return path + length;
}

/* The last of the mounts that cover path, the deepest; *rest is what lies below it. NULL: none. */
static const struct plan_mount *
covering(const struct places *places, const char *path, const char **rest)
{
	const struct plan_mount *found = NULL;

	for (size_t i = 0; i < places->mount_count; i++) {
		const struct plan_mount *mount = &places->mounts[i];
		const char *left = below(path, mount->dest);

		if (!left || (found && strlen(left) > strlen(*rest)))
			continue;
		found = mount;
		*rest = left;
	}
	return found;
}

/* Its path below root, by the kernel's word for it; as asked for where that cannot be had. */
static void
resolve(int root, int fd, const char *asked, char real[PATH_MAX])
{
	char link[64], top[PATH_MAX], full[PATH_MAX];
	ssize_t top_length, length;
	const char *left;

	(void)snprintf(real, PATH_MAX, "%s", asked);
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", root);
	top_length = readlink(link, top, sizeof(top) - 1);
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, full, sizeof(full) - 1);
	if (top_length <= 0 || length <= 0)
		return;
	top[top_length] = '\0';
	full[length] = '\0';
	left = below(full, top);
	if (left && *left)
		(void)snprintf(real, PATH_MAX, "%s", left);
}

static enum place_result
failed(int errnum, enum place_result missing)
{
	if (errnum == EACCES || errnum == EPERM)
		return PLACE_DENIED;
	return errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP ? missing : PLACE_HIDDEN;
}

/* path below root; missing: what it means if nothing is there. */
static enum place_result
open_below(int root, const char *path, enum place_result missing, struct place *place)
{
	AUTO_FD int found = path_open(root, path, O_PATH);
	uint64_t flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;

	if (found < 0 || fstat(found, &place->status) < 0)
		return failed(errno, missing);
	if (!S_ISREG(place->status.st_mode) && !S_ISDIR(place->status.st_mode))
		return PLACE_FOUND;
	place->fd = path_open(root, path, flags);
	return place->fd < 0 ? failed(errno, missing) : PLACE_FOUND;
}

/* A bind mount's source is a path of the host, followed there as the mount would. */
static enum place_result
open_bound(const struct plan_mount *mount, const char *rest, struct place *place)
{
	AUTO_FD int source = -1;
	struct stat status;

	if (!(mount->flags & (PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC)) || !mount->source)
		return PLACE_HIDDEN;
	source = open(mount->source, O_PATH | O_CLOEXEC);
	if (source < 0 || fstat(source, &status) < 0)
		return failed(errno, PLACE_MISSING);
	if (S_ISDIR(status.st_mode))
		return open_below(source, *rest ? rest : "/", PLACE_HIDDEN, place);
	if (*rest)
		return PLACE_MISSING;
	place->status = status;
	if (S_ISREG(status.st_mode))
		place->fd = open(mount->source, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return S_ISREG(status.st_mode) && place->fd < 0 ? failed(errno, PLACE_MISSING)
							: PLACE_FOUND;
}

enum place_result
place_open(const struct places *places, const char *path, struct place *place)
{
	const char *rest = "";
	const struct plan_mount *mount = covering(places, path, &rest);
	enum place_result result;

	place->fd = -1;
	(void)snprintf(place->real, sizeof(place->real), "%s", path);
	if (mount)
		return open_bound(mount, rest, place);
	result = open_below(places->root, path, PLACE_MISSING, place);
	if (place->fd >= 0)
		resolve(places->root, place->fd, path, place->real);
	return result;
}

int
place_is_program(const struct place *place)
{
	return S_ISREG(place->status.st_mode) && (place->status.st_mode & 0111);
}
