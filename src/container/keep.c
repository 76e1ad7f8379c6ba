/* Copies, links, and the way to them. */
#include "container/keep.h"

#include "base/auto.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/syscalls.h"
#include "base/version.h"
#include "container/container.h"
#include "container/state.h"
#include "kernel/unit.h"
#include "plan/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_MEMFD "osless-kept"       /* what /proc/PID/exe then says */
#define PROGRAM_MAX ((size_t)64 << 20) /* bytes; with all that a debugger wants it is 5 MiB */
#define COPY_CHUNK ((size_t)1 << 30)   /* sendfile(2) takes 2 GiB */

/* ------------------------------------------------------------------------------------ keep */

/* A place for this version's programs, and how their names there begin. */
struct shelf {
	int fd;
	char version[128];
};

static int
open_shelf(const struct state_dir *dir, struct shelf *shelf, struct error *err)
{
	(void)snprintf(shelf->version, sizeof(shelf->version), "%016" PRIx64 "-%s-%s-",
	    plan_layout(), PACKAGE_VERSION, OSLESS_COMMIT); /* fits */
	shelf->fd = directory_open_own(dir->root, KEEP_DIRECTORY);
	if (shelf->fd < 0 && errno == EPERM)
		return error_set(err,
		    KEEP_DIRECTORY " in the state root is another user's, or others can enter it: "
				   "remove it");
	return shelf->fd < 0 ? error_sys(err, "open " KEEP_DIRECTORY " in the state root") : 0;
}

static int
copy_content(int from, int to)
{
	ssize_t copied;

	while ((copied = sendfile(to, from, NULL, COPY_CHUNK)) > 0)
		;
	return copied < 0 ? -1 : 0;
}

/* A copy that is not whole has no name but ROOT/ID's, and goes with that. */
static int
copy_program(const struct state_dir *dir, const char *path, const char *as, struct error *err)
{
	AUTO_FD int from = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FD int to = -1;

	if (from < 0)
		return error_sys(err, "open %s, to keep it", path);
	to = openat(dir->fd, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0500);
	if (to < 0)
		return error_sys(err, "make %s", as);
	return copy_content(from, to) < 0 ? error_sys(err, "copy %s", path) : 0;
}

/* Where it fails, the next version tries again. */
static int
sweep_one(const char *name, void *context)
{
	const struct shelf *shelf = context;

	if (strncmp(name, shelf->version, strlen(shelf->version)) != 0)
		(void)unlinkat(shelf->fd, name, 0); /* as above */
	return 0;
}

/* Another creator may have been quicker; its copy is as good. */
static int
put(struct shelf *shelf, const char *name, const struct state_dir *dir, const char *as,
    struct error *err)
{
	if (linkat(dir->fd, as, shelf->fd, name, 0) < 0 && errno != EEXIST)
		return error_sys(err, "link " KEEP_DIRECTORY "/%s", name);
	(void)directory_each(shelf->fd, sweep_one, shelf); /* as above */
	return 0;
}

static int
link_or_copy(struct shelf *shelf, const struct state_dir *dir, const char *path, const char *as,
    struct error *err)
{
	char name[NAME_MAX];

	(void)snprintf(name, sizeof(name), "%s%s", shelf->version, as); /* fits */
	if (linkat(shelf->fd, name, dir->fd, as, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return error_sys(err, "link " KEEP_DIRECTORY "/%s", name);
	if (copy_program(dir, path, as, err) < 0)
		return -1;
	return put(shelf, name, dir, as, err);
}

static int
keep(const struct state_dir *dir, const char *path, const char *as, struct error *err)
{
	struct shelf shelf = { .fd = -1 };
	int result = open_shelf(dir, &shelf, err);

	if (result == 0)
		result = link_or_copy(&shelf, dir, path, as, err);
	auto_close(&shelf.fd);
	return result;
}

int
keep_program(const struct state_dir *dir, struct error *err)
{
	return keep(dir, "/proc/self/exe", STATE_PROGRAM, err);
}

int
keep_helper(const struct state_dir *dir, struct error *err)
{
	AUTO_FREE char *path = unit_program(err);

	return path ? keep(dir, path, UNIT_PROGRAM, err) : -1;
}

/* ------------------------------------------------------------------------------- use */

int
keep_is_kept(void)
{
	static const char kept[] = "/memfd:" KEPT_MEMFD;
	char path[sizeof(kept)];

	return readlink("/proc/self/exe", path, sizeof(path)) == (ssize_t)sizeof(path) &&
	       memcmp(path, kept, sizeof(kept) - 1) == 0;
}

/* What cannot be read is for the verb to tell. */
static int
is_foreign(int dir)
{
	unsigned char start[PLAN_IMAGE_START];
	AUTO_FD int fd = openat(dir, "plan", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && read(fd, start, sizeof(start)) == (ssize_t)sizeof(start) &&
	       plan_is_foreign(start);
}

int
keep_has_other(const struct state_dir *dir)
{
	return is_foreign(dir->fd) &&
	       faccessat(dir->fd, STATE_PROGRAM, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The kept program, in a memfd, as /run is often mounted noexec; where memfds may not be executed
 * (vm.memfd_noexec), as it lies there. */
static int
open_kept(int dir, struct error *err)
{
	AUTO_FD int fd = openat(dir, STATE_PROGRAM, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	int copy;

	if (fd < 0 || fstat(fd, &info) < 0)
		return error_sys(err, "open");
	if (!S_ISREG(info.st_mode) || !file_is_private(&info))
		return error_set(err, "others could have written it");
	copy = file_sealed_program(fd, KEPT_MEMFD, PROGRAM_MAX, err);
	return copy < 0 && err->errnum == EACCES ? take_fd(&fd) : copy;
}

static int
exec_kept(int dir, char *const argv[], struct error *err)
{
	AUTO_FD int program = open_kept(dir, err);

	if (program < 0)
		return -1;
	(void)sys_fexecve(program, argv, environ); /* returns only to fail */
	return error_sys(err, "execute");
}

/* At work already, as a memfd or as the file itself: it cannot do more than refuse. */
static int
is_at_work(const struct state_dir *dir)
{
	struct stat self, kept;

	if (keep_is_kept())
		return 1;
	return stat("/proc/self/exe", &self) == 0 &&
	       fstatat(dir->fd, STATE_PROGRAM, &kept, AT_SYMLINK_NOFOLLOW) == 0 &&
	       self.st_dev == kept.st_dev && self.st_ino == kept.st_ino;
}

int
container_run_kept(
    const struct container_host *host, const char *id, char *const argv[], struct error *err)
{
	struct state_dir dir = STATE_DIR_NONE;
	struct error unknown;
	int result = 0;

	if (state_check_id(id, &unknown) < 0 ||
	    state_open(host, id, STATE_UNLOCKED, &dir, &unknown) < 0)
		return 0; /* the verb says so */
	if (keep_has_other(&dir) && !is_at_work(&dir)) {
		log_line(LOG_DEBUG, "%s: left to the program of another version that made it", id);
		result = exec_kept(dir.fd, argv, err);
	}
	if (result < 0)
		(void)error_in(err,
		    "%s/%s/" STATE_PROGRAM ", the osless of another version that made it",
		    host->root, id);
	state_close(&dir);
	return result;
}
