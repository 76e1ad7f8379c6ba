/* A path is resolved component by component: what is resolved has no symlinks any more, so the
 * mount that covers it shows in its text. A file is opened first as O_PATH, which touches no device
 * and no fifo, then for reading. */
#include "check/place.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/path.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define LINKS_MAX 40 /* as the kernel's own limit */

/* How far a path has been resolved. */
struct resolving {
	const struct places *places;
	char done[PATH_MAX]; /* "" is the root */
	char rest[PATH_MAX];
	unsigned links;
};

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
		const char *left = below(path, places->destinations[i]);

		if (!left || (found && strlen(left) > strlen(*rest)))
			continue;
		found = &places->mounts[i];
		*rest = left;
	}
	return found;
}

static enum place_result
failed(int errnum)
{
	if (errnum == EACCES || errnum == EPERM)
		return PLACE_DENIED;
	return errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP || errnum == ENAMETOOLONG
		   ? PLACE_MISSING
		   : PLACE_HIDDEN;
}

/* An fd of what the mount shows at rest below it. Its source is a path of the host, followed there
 * as the mount would. */
static int
open_bound(const struct plan_mount *mount, const char *rest, uint64_t flags)
{
	AUTO_FD int source = -1;

	if (!*rest)
		return open(mount->source, (int)flags | O_CLOEXEC);
	source = open(mount->source, O_PATH | O_CLOEXEC);
	return source < 0 ? -1 : path_open_nosymlink(source, rest, flags);
}

/* Opens a path without symlinks. -1: *result says why. */
static int
open_resolved(
    const struct places *places, const char *path, uint64_t flags, enum place_result *result)
{
	const char *rest = "";
	const struct plan_mount *mount = covering(places, path, &rest);
	int fd;

	*result = PLACE_HIDDEN;
	if (mount && (!(mount->flags & (PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC)) || !mount->source))
		return -1;
	fd = mount ? open_bound(mount, rest, flags)
		   : path_open_nosymlink(places->root, *path ? path : "/", flags);
	*result = fd < 0 ? failed(errno) : PLACE_FOUND;
	return fd;
}

static void
cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

/* Takes the next component off r->rest. 0: there is none. */
static int
next_component(struct resolving *r, char name[NAME_MAX + 1])
{
	size_t skip = strspn(r->rest, "/");
	size_t length = strcspn(r->rest + skip, "/");

	if (length == 0)
		return 0;
	(void)snprintf(name, NAME_MAX + 1, "%s", ""); /* too long: a name that is not there */
	if (length <= NAME_MAX)
		memcpy(name, r->rest + skip, length);
	name[length <= NAME_MAX ? length : 0] = '\0';
	memmove(r->rest, r->rest + skip + length, strlen(r->rest + skip + length) + 1);
	return 1;
}

/* The link's target takes its place before what is left to resolve. */
static enum place_result
follow_link(struct resolving *r, int link)
{
	char target[PATH_MAX], spliced[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	if (length < 0)
		return failed(errno);
	target[length] = '\0';
	if (++r->links > LINKS_MAX ||
	    snprintf(spliced, sizeof(spliced), "%s/%s", target, r->rest) >= (int)sizeof(spliced))
		return PLACE_MISSING;
	memcpy(r->rest, spliced, sizeof(spliced));
	if (target[0] == '/')
		r->done[0] = '\0';
	return PLACE_FOUND;
}

/* 1: something is mounted below path, so that the runtime makes it where it is not there. */
static int
leads_to_mount(const struct places *places, const char *path)
{
	for (size_t i = 0; i < places->mount_count; i++)
		if (below(places->destinations[i], path))
			return 1;
	return 0;
}

/* One component further. */
static enum place_result
step(struct resolving *r, const char *name)
{
	char next[PATH_MAX];
	enum place_result result;
	struct stat status;
	AUTO_FD int fd = -1;

	if (strcmp(name, ".") == 0)
		return PLACE_FOUND;
	if (strcmp(name, "..") == 0) {
		cut_last(r->done);
		return PLACE_FOUND;
	}
	if (!*name || snprintf(next, sizeof(next), "%s/%s", r->done, name) >= (int)sizeof(next))
		return PLACE_MISSING;
	fd = open_resolved(r->places, next, O_PATH | O_NOFOLLOW, &result);
	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISLNK(status.st_mode))
		return follow_link(r, fd);
	memcpy(r->done, next, sizeof(next));
	return fd < 0 && leads_to_mount(r->places, next) ? PLACE_FOUND : result;
}

/* Until nothing is left, or a component is not there. r->done then ends in it. */
static enum place_result
resolve(struct resolving *r)
{
	char name[NAME_MAX + 1];
	enum place_result result = PLACE_FOUND;

	while (result == PLACE_FOUND && next_component(r, name))
		result = step(r, name);
	return result;
}

enum place_result
place_open(const struct places *places, const char *path, struct place *place)
{
	struct resolving r = { .places = places };
	enum place_result result = PLACE_MISSING;
	AUTO_FD int found = -1;

	place->fd = -1;
	(void)snprintf(place->real, sizeof(place->real), "%s", path); /* cut, it is not found */
	if (snprintf(r.rest, sizeof(r.rest), "%s", path) < (int)sizeof(r.rest))
		result = resolve(&r);
	if (result != PLACE_FOUND)
		return result;
	memcpy(place->real, r.done, sizeof(r.done));
	found = open_resolved(places, r.done, O_PATH, &result);
	if (found < 0 || fstat(found, &place->status) < 0)
		return result;
	if (S_ISREG(place->status.st_mode) || S_ISDIR(place->status.st_mode))
		place->fd =
		    open_resolved(places, r.done, O_RDONLY | O_NONBLOCK | O_NOCTTY, &result);
	return result;
}

int
place_is_program(const struct place *place)
{
	return S_ISREG(place->status.st_mode) && (place->status.st_mode & 0111);
}

/* Where a mount will come to lie: what is missing on the way is made by the runtime. */
static const char *
destination_of(const struct places *places, const char *path, struct arena *arena)
{
	struct resolving r = { .places = places };

	if (snprintf(r.rest, sizeof(r.rest), "%s", path) >= (int)sizeof(r.rest))
		return arena_strdup(arena, path);
	(void)resolve(&r); /* as far as it goes */
	return arena_printf(arena, "%s%s", r.done, r.rest);
}

int
places_start(
    struct places *places, const struct plan_mount *mounts, size_t count, struct arena *arena)
{
	places->mounts = mounts;
	places->destinations = arena_array(arena, count + 1, sizeof(*places->destinations));
	if (!places->destinations)
		return -1;
	for (places->mount_count = 0; places->mount_count < count; places->mount_count++) {
		const char *path = destination_of(places, mounts[places->mount_count].dest, arena);

		if (!path)
			return -1;
		places->destinations[places->mount_count] = path;
	}
	return 0;
}
