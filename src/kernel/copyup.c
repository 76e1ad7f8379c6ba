/* A bounded recursive copy between two directory fds. */
#include "kernel/copyup.h"

#include "base/auto.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/path.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define DEPTH_MAX 64
#define FAILED_AND_TOLD 1

struct copyup {
	int depth;
	dev_t device; /* of the file system copied from */
};

static int copy_directory(struct copyup *copy, int from, int to, struct error *err);

static int
keep_attributes(int fd, const struct stat *info)
{
	struct timespec times[2] = { info->st_atim, info->st_mtim };

	if (fchown(fd, info->st_uid, info->st_gid) < 0 || fchmod(fd, info->st_mode & 07777) < 0)
		return -1;
	return futimens(fd, times);
}

static int
copy_file(int from, int to, const char *name, const struct stat *info, struct error *err)
{
	AUTO_FD int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_FD int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t moved;

	if (in < 0 || out < 0)
		return error_sys(err, "copy %s", name);
	do
		moved = sendfile(out, in, NULL, 1u << 20);
	while (moved > 0 || (moved < 0 && errno == EINTR));
	if (moved < 0 || keep_attributes(out, info) < 0)
		return error_sys(err, "copy %s", name);
	return 0;
}

static int
copy_symlink(int from, int to, const char *name, const struct stat *info, struct error *err)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return error_sys(err, "copy %s", name);
	target[length] = '\0';
	if (symlinkat(target, to, name) < 0 ||
	    fchownat(to, name, info->st_uid, info->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return error_sys(err, "copy %s", name);
	return 0;
}

static int
copy_subdirectory(struct copyup *copy, int from, int to, const char *name, const struct stat *info,
    struct error *err)
{
	AUTO_FD int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int out = -1;

	if (in < 0 || mkdirat(to, name, 0700) < 0)
		return error_sys(err, "copy %s", name);
	out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		return error_sys(err, "copy %s", name);
	if (info->st_dev == copy->device && copy_directory(copy, in, out, err) < 0)
		return error_in(err, "%s", name);
	if (keep_attributes(out, info) < 0)
		return error_sys(err, "copy %s", name);
	return 0;
}

static int
copy_entry(struct copyup *copy, int from, int to, const char *name, struct error *err)
{
	struct stat info;

	if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return error_sys(err, "stat %s", name);
	if (S_ISDIR(info.st_mode))
		return copy_subdirectory(copy, from, to, name, &info, err);
	if (S_ISREG(info.st_mode))
		return copy_file(from, to, name, &info, err);
	if (S_ISLNK(info.st_mode))
		return copy_symlink(from, to, name, &info, err);
	return 0;
}

struct copying {
	struct copyup *copy;
	int from;
	int to;
	struct error *err;
};

static int
copy_named(const char *name, void *context)
{
	const struct copying *at = context;

	return copy_entry(at->copy, at->from, at->to, name, at->err) < 0 ? FAILED_AND_TOLD : 0;
}

static int
copy_directory(struct copyup *copy, int from, int to, struct error *err)
{
	AUTO_FD int listing = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct copying at = { copy, listing, to, err };
	int result;

	if (copy->depth >= DEPTH_MAX)
		return error_set(err, "more than %d directories deep", DEPTH_MAX);
	if (listing < 0)
		return error_sys(err, "list");
	copy->depth++;
	result = directory_each(listing, copy_named, &at);
	copy->depth--;
	if (result == FAILED_AND_TOLD)
		return -1;
	return result < 0 ? error_sys(err, "list") : 0;
}

int
copyup_tree(int from, int to, struct error *err)
{
	struct copyup copy = { 0 };
	struct stat info;

	if (fstat(from, &info) < 0)
		return error_sys(err, "stat");
	copy.device = info.st_dev;
	if (copy_directory(&copy, from, to, err) < 0)
		return -1;
	if (fchown(to, info.st_uid, info.st_gid) < 0 || fchmod(to, info.st_mode & 07777) < 0)
		return error_sys(err, "copy owner and mode");
	return 0;
}
