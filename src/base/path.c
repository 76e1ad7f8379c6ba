/* Resolution inside a root. Making: the longest prefix that exists is opened in one openat2; below
 * it every component is made and entered one by one without following symlinks, so an exchange in
 * between fails instead of leading outside. */
#include "base/path.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40 /* as the kernel's own limit */

int
path_open(int root, const char *path, uint64_t flags)
{
	int fd;

	do /* EAGAIN: a rename or mount raced with ".." (openat2(2)) */
		fd = sys_openat2(
		    root, path, flags | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return fd;
}

int
path_open_nosymlink(int root, const char *path, uint64_t flags)
{
	return sys_openat2(root, path, flags | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

int
path_open_plain(int root, const char *path, uint64_t flags)
{
	return sys_openat2(root, path, flags | O_CLOEXEC, 0,
	    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}

/* Cuts prefix before its last component; returns that component's offset, or 0 when nothing is left
 * to cut. */
static size_t
cut_last(char *prefix)
{
	size_t end = strlen(prefix);

	while (end > 0 && prefix[end - 1] == '/')
		end--;
	while (end > 0 && prefix[end - 1] != '/')
		end--;
	prefix[end] = '\0';
	return end;
}

/* Opens the longest prefix of path that is a directory; *rest gets the offset of what lies below
 * it. */
static int
open_longest_prefix(int root, const char *path, size_t *rest, struct error *err)
{
	char prefix[PATH_MAX];
	int fd;

	if (snprintf(prefix, sizeof(prefix), "%s", path) >= (int)sizeof(prefix))
		return error_num(err, ENAMETOOLONG, "resolve %s", path);
	do {
		*rest = cut_last(prefix);
		fd = path_open(root, prefix[0] ? prefix : "/", O_PATH | O_DIRECTORY);
	} while (fd < 0 && errno == ENOENT && *rest > 0);
	return fd < 0 ? error_sys(err, "resolve %s", path) : fd;
}

#define NAME_TOO_LONG 2

/* Takes the next component of *at into name. Returns 0 at the end of the path, NAME_TOO_LONG,
 * else 1. */
static int
next_component(const char **at, char name[NAME_MAX + 1])
{
	size_t length;

	*at += strspn(*at, "/");
	length = strcspn(*at, "/");
	if (length == 0)
		return 0;
	if (length > NAME_MAX)
		return NAME_TOO_LONG;
	memcpy(name, *at, length);
	name[length] = '\0';
	*at += length;
	return 1;
}

static int
enter_made_directory(int dir, const char *name)
{
	if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
		return -1;
	return openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
enter_made_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644);

	if (fd < 0)
		return -1;
	(void)close(fd); /* empty: nothing to lose */
	return openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/* The path that is meant where link, in the way of path after its first done bytes, points to
 * nothing yet: link's target takes link's place. Everything is resolved again from root, so what
 * the texts say is not trusted. */
static int
splice_link(int dir, const char *link, const char *path, size_t done, const char *rest,
    char spliced[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(dir, link, target, sizeof(target) - 1);
	int printed;

	if (length < 0)
		return -1;
	target[length] = '\0';
	printed = target[0] == '/'
		      ? snprintf(spliced, PATH_MAX, "%s%s", target, rest)
		      : snprintf(spliced, PATH_MAX, "%.*s/%s%s", (int)done, path, target, rest);
	if (printed >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

/* Makes what path lacks below its longest prefix. Returns the fd, or -1 with err, or MAKE_AGAIN
 * with another path in again: a component was a symlink to what is not there yet (/var/run ->
 * /run). */
#define MAKE_AGAIN (-2)

static int
make_rest(int root, const char *path, enum path_kind kind, char again[PATH_MAX], struct error *err)
{
	char name[NAME_MAX + 1];
	size_t rest = 0;
	AUTO_FD int dir = open_longest_prefix(root, path, &rest, err);
	const char *at = path + rest;

	if (dir < 0)
		return -1;
	for (int more; (more = next_component(&at, name));) {
		size_t before = (size_t)(at - path) - strlen(name);
		int last = at[strspn(at, "/")] == '\0';
		int below;

		if (more == NAME_TOO_LONG)
			return error_num(err, ENAMETOOLONG, "make %s", path);
		if (strcmp(name, "..") == 0)
			return error_num(
			    err, ENOENT, "make %s: .. below a missing directory", path);
		below = last && kind == PATH_FILE ? enter_made_file(dir, name)
						  : enter_made_directory(dir, name);
		if (below < 0 && (errno == ENOTDIR || errno == EEXIST || errno == ELOOP) &&
		    splice_link(dir, name, path, before, at, again) == 0)
			return MAKE_AGAIN;
		if (below < 0)
			return error_sys(err, "make %s in %s", name, path);
		(void)close(dir); /* O_PATH: nothing to lose */
		dir = below;
	}
	return take_fd(&dir);
}

int
path_make(int root, const char *path, enum path_kind kind, struct error *err)
{
	char paths[2][PATH_MAX];
	int fd = path_open(root, path, O_PATH);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return error_sys(err, "resolve %s", path);
	for (int links = 0; links < LINKS_MAX; links++) {
		fd = make_rest(root, path, kind, paths[links % 2], err);
		if (fd != MAKE_AGAIN)
			return fd;
		path = paths[links % 2];
		fd = path_open(root, path, O_PATH);
		if (fd >= 0)
			return fd;
	}
	return error_num(err, ELOOP, "make %s", path);
}

int
path_make_parent(int root, const char *path, const char **last, struct error *err)
{
	char parent[PATH_MAX];
	size_t offset;

	if (snprintf(parent, sizeof(parent), "%s", path) >= (int)sizeof(parent))
		return error_num(err, ENAMETOOLONG, "resolve %s", path);
	offset = cut_last(parent);
	*last = path + offset;
	if (!**last || strchr(*last, '/') || strcmp(*last, ".") == 0 || strcmp(*last, "..") == 0)
		return error_set(err, "%s does not name a file", path);
	return path_make(root, parent[0] ? parent : "/", PATH_DIRECTORY, err);
}
