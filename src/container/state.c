/* The state directory: names, lock, files. What the files say: state_text.c. */
#include "container/state.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "container/container.h"
#include "plan/image.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define LOCK_WAIT_MS 10000
#define LOCK_POLL_MS 2
#define ID_MAX 255
#define RESERVE_TRIES 100 /* against a delete of the same ID that is always quicker */

int
state_check_id(const char *id, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+.-";
	size_t length = strlen(id);

	if (length == 0)
		return error_set(err, "the container ID is empty");
	if (length > ID_MAX)
		return error_set(err, "container ID of %zu bytes: at most %d", length, ID_MAX);
	if (id[0] == '.' || strspn(id, allowed) != length)
		return error_set(err,
		    "container ID %s: letters, digits and _ + - . only, and not a dot first", id);
	return 0;
}

/* mkdir -p, mode 0700. */
static int
make_root(const char *root, struct error *err)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", root) >= (int)sizeof(path))
		return error_num(err, ENAMETOOLONG, "--root");
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(path, 0711); /* the last one's error is the one that counts */
		*slash = '/';
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_sys(err, "make the state root %s", root);
	return 0;
}

int
state_open_root(const struct container_host *host, struct error *err)
{
	int fd = open(host->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && make_root(host->root, err) < 0)
		return -1;
	if (fd < 0)
		fd = open(host->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? error_sys(err, "open the state root %s", host->root) : fd;
}

/* Whether the directory behind fd still has a name: delete may have won the race for the lock. */
static int
is_there(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 && info.st_nlink > 0;
}

/* Makes root/id and locks it; path is root's, for err. -1 with err; errnum EAGAIN where a `delete`
 * of the same ID took it away between the two. */
static int
make_locked(int root, const char *path, const char *id, struct error *err)
{
	AUTO_FD int fd = -1;

	if (mkdirat(root, id, 0700) < 0) {
		if (errno == EEXIST)
			return error_num(err, 0,
			    "container with ID %s already exists: delete it first or choose "
			    "another",
			    id);
		return error_sys(err, "make %s/%s", path, id);
	}
	fd = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT) {
		(void)error_sys(err, "open the state directory of %s", id);
		(void)unlinkat(root, id, AT_REMOVEDIR); /* made just now, and empty */
		return -1;
	}
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || !is_there(fd))
		return error_num(err, EAGAIN, "lock the state directory of %s", id);
	return take_fd(&fd);
}

int
state_reserve(
    const struct container_host *host, const char *id, struct state_dir *dir, struct error *err)
{
	AUTO_FD int root = state_open_root(host, err);
	int fd = -1;

	if (root < 0)
		return -1;
	for (int tries = 0; fd < 0 && tries < RESERVE_TRIES; tries++) {
		fd = make_locked(root, host->root, id, err);
		if (fd < 0 && err->errnum != EAGAIN)
			return -1;
	}
	if (fd < 0)
		return -1;
	*dir = (struct state_dir) { .root = take_fd(&root), .fd = fd, .id = id };
	return 0;
}

static int
take_lock(int fd, struct error *err)
{
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += LOCK_POLL_MS) {
		struct timespec pause = { .tv_nsec = LOCK_POLL_MS * 1000000L };

		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_sys(err, "lock the state directory");
		if (waited >= LOCK_WAIT_MS)
			return error_set(err, "another osless works on it since more than %d s",
			    LOCK_WAIT_MS / 1000);
		(void)nanosleep(&pause, NULL); /* cut short: then it is tried earlier */
	}
	return 0;
}

static int
unknown(const char *id, struct error *err)
{
	return error_num(err, ENOENT, "container %s does not exist", id);
}

int
state_open(const struct container_host *host, const char *id, enum state_lock lock,
    struct state_dir *dir, struct error *err)
{
	AUTO_FD int root = open(host->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int fd = -1;

	if (root < 0 && errno != ENOENT)
		return error_sys(err, "open the state root %s", host->root);
	if (root >= 0)
		fd = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return root < 0 || errno == ENOENT ? unknown(id, err)
						   : error_sys(err, "open the state of %s", id);
	if (lock == STATE_LOCKED && take_lock(fd, err) < 0)
		return error_in(err, "container %s", id);
	if (!is_there(fd))
		return unknown(id, err);
	*dir = (struct state_dir) { .root = take_fd(&root), .fd = take_fd(&fd), .id = id };
	return 0;
}

void
state_close(struct state_dir *dir)
{
	auto_close(&dir->fd);
	auto_close(&dir->root);
	*dir = STATE_DIR_NONE;
}

void
state_unlock(struct state_dir *dir)
{
	(void)flock(dir->fd, LOCK_UN); /* cannot fail on a lock that is held */
}

int
state_lock(struct state_dir *dir, struct error *err)
{
	if (take_lock(dir->fd, err) < 0)
		return error_in(err, "container %s", dir->id);
	return is_there(dir->fd) ? 0 : unknown(dir->id, err);
}

/* Whatever else is there: temporary files of a creator that was killed. */
static int
unlink_all(const struct state_dir *dir, struct error *err)
{
	int fd = openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!listing)
		return error_sys(err, "list the state directory of %s", dir->id);
	while ((entry = readdir(listing)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(dir->fd, entry->d_name, 0); /* rmdir tells what stays */
	(void)closedir(listing);                                   /* read only */
	return 0;
}

/* The known files first: that takes no descriptor, so it works when they have run out. */
int
state_drop(struct state_dir *dir, struct error *err)
{
	static const char *const files[] = { "status", "control", "journal", "plan",
		STATE_PROGRAM };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlinkat(dir->fd, files[i], 0); /* rmdir tells what stays */
	if (unlinkat(dir->root, dir->id, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == ENOTEMPTY && unlink_all(dir, err) < 0)
		return -1;
	if (unlinkat(dir->root, dir->id, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return error_sys(err, "remove the state directory of %s", dir->id);
	return 0;
}

int
state_write_plan(const struct state_dir *dir, const void *image, size_t size, struct error *err)
{
	return file_create(dir->fd, "plan", image, size, 0600, err);
}

int
state_replace_plan(const struct state_dir *dir, const void *image, size_t size, struct error *err)
{
	return file_replace(dir->fd, "plan", image, size, 0600, err);
}

/* Written, not truncated to: a hole would be filled when init writes, and then it may be too late.
 */
static int
write_zeros(int fd, size_t size)
{
	static const char zeros[4096];

	for (size_t part; size > 0; size -= part) {
		part = size < sizeof(zeros) ? size : sizeof(zeros);
		if (file_write_all(fd, zeros, part) < 0)
			return -1;
	}
	return 0;
}

int
state_make_journal(const struct state_dir *dir, size_t at_first, size_t size, struct error *err)
{
	AUTO_FD int fd =
	    openat(dir->fd, "journal", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return error_sys(err, "make journal");
	if (write_zeros(fd, at_first) < 0 || ftruncate(fd, (off_t)size) < 0) {
		(void)error_sys(err, "write journal");
		(void)unlinkat(dir->fd, "journal", 0); /* the row leaves nothing */
		return -1;
	}
	return take_fd(&fd);
}

int
state_open_journal(const struct state_dir *dir, struct error *err)
{
	int fd = openat(dir->fd, "journal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 ? error_sys(err, "open the journal of %s", dir->id) : fd;
}

struct plan *
state_read_plan(const struct state_dir *dir, void **image, struct error *err)
{
	size_t size = 0;
	struct plan *plan;

	*image = file_read(dir->fd, "plan", PLAN_IMAGE_MAX, &size, err);
	if (!*image)
		return NULL;
	plan = plan_decode(*image, size, err);
	if (!plan)
		(void)error_in(err, "plan of container %s", dir->id);
	return plan;
}

int
state_write_record(
    const struct state_dir *dir, const struct state_record *record, struct error *err)
{
	return file_create(dir->fd, "status", record, sizeof(*record), 0600, err);
}

int
state_set_status(const struct state_dir *dir, struct state_record *record, enum state_status status,
    struct error *err)
{
	uint32_t word = status;
	AUTO_FD int fd = openat(dir->fd, "status", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || pwrite(fd, &word, sizeof(word), offsetof(struct state_record, status)) < 0)
		return error_sys(err, "write status");
	record->status = word;
	return 0;
}

int
state_has_record(const struct state_dir *dir)
{
	return faccessat(dir->fd, "status", F_OK, 0) == 0;
}

int
state_read_record(const struct state_dir *dir, struct state_record *record, struct error *err)
{
	size_t size = 0;
	AUTO_FREE char *data = file_read(dir->fd, "status", sizeof(*record), &size, err);

	if (!data)
		return error_in(err, "container %s", dir->id);
	if (size == 0) /* made, not yet written */
		return error_num(err, ENOENT, "container %s: open status", dir->id);
	memcpy(record, data, size < sizeof(*record) ? size : sizeof(*record));
	if (size != sizeof(*record) || record->magic != STATE_MAGIC)
		return error_set(err,
		    "container %s: its status file is not one of this osless: delete --force it",
		    dir->id);
	return 0;
}
