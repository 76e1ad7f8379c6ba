/* Files and their names. What is in them: cache_entry.c. */
#include "profile/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/auto.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/log.h"
#include "base/version.h"
#include "profile/cache_entry.h"
#include "profile/canonical.h"

#define NAME_LENGTH 16 /* hexadecimal digits */

/* One profile and its place. */
struct place {
	const struct bundle_seccomp *seccomp;
	void *key;
	size_t key_length;
	int dir;
	char name[NAME_LENGTH + 1];
};

/* -------------------------------------------------------------------------------------- key */

static int
make_key(struct place *place)
{
	const struct scmp_version *library = seccomp_version();
	struct canonical_maker maker = {
		.version = PACKAGE_VERSION,
		.commit = OSLESS_COMMIT,
		.libseccomp = { library->major, library->minor, library->micro },
		.arch = seccomp_arch_native(),
	};
	struct utsname host;

	if (uname(&host) < 0)
		return -1;
	maker.kernel = host.release;
	place->key = canonical_bytes(place->seccomp, &maker, &place->key_length);
	if (!place->key)
		return -1;
	(void)snprintf(place->name, sizeof(place->name), "%016" PRIx64,
	    cache_entry_sum(place->key, place->key_length)); /* fits */
	return 0;
}

/* ------------------------------------------------------------------------------------- look */

static const char *
check_file(const struct stat *info)
{
	if (!S_ISREG(info->st_mode) || info->st_nlink != 1)
		return "it is no plain file";
	if (!file_is_private(info))
		return "others could have written it";
	if (info->st_size > (off_t)CACHE_ENTRY_MAX)
		return "it is too large";
	return NULL;
}

static const char *
read_file(int fd, const struct place *place, struct bundle_filter *out)
{
	struct error err;
	size_t size = 0;
	AUTO_FREE char *entry = file_read_fd(fd, "a cached profile", CACHE_ENTRY_MAX, &size, &err);

	if (!entry)
		return "it cannot be read";
	return cache_entry_decode(entry, size, place->key, place->key_length, place->seccomp, out);
}

enum found { FOUND, FOUND_NOTHING, FOUND_BAD };

/* O_NONBLOCK: a FIFO in its place must not hold us up. */
static enum found
look_up(const struct place *place, struct bundle_filter *out)
{
	AUTO_FD int fd = openat(
	    place->dir, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *wrong = NULL;
	struct stat info;

	if (fd < 0 && errno == ENOENT)
		return FOUND_NOTHING;
	if (fd < 0 || fstat(fd, &info) < 0)
		wrong = "it cannot be opened";
	else
		wrong = check_file(&info);
	if (!wrong)
		wrong = read_file(fd, place, out);
	if (wrong) {
		log_line(
		    LOG_DEBUG, "linux.seccomp: cached file %s is not used: %s", place->name, wrong);
		return FOUND_BAD;
	}
	(void)futimens(fd, NULL); /* used now; without it, it only goes earlier */
	return FOUND;
}

/* ------------------------------------------------------------------------------------- keep */

struct census {
	int dir;
	unsigned count;
	struct timespec oldest;
	char name[NAME_LENGTH + 1]; /* of the oldest */
};

static int
is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static int
count_file(const char *name, void *context)
{
	struct census *census = context;
	struct stat info;

	if (strlen(name) != NAME_LENGTH || strspn(name, "0123456789abcdef") != NAME_LENGTH)
		return 0; /* none of ours */
	if (fstatat(census->dir, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
		return 0; /* gone meanwhile */
	if (census->count++ == 0 || is_older(&info.st_mtim, &census->oldest)) {
		census->oldest = info.st_mtim;
		memcpy(census->name, name, sizeof(census->name));
	}
	return 0;
}

/* Others may do the same at the same time: then a few more go than need be. */
static void
make_room(int dir)
{
	for (;;) {
		struct census census = { .dir = dir };

		if (lseek(dir, 0, SEEK_SET) < 0 || directory_each(dir, count_file, &census) < 0 ||
		    census.count <= CACHE_FILES_MAX)
			return;
		if (unlinkat(dir, census.name, 0) < 0 && errno != ENOENT)
			return; /* the next one tries again */
	}
}

/* By its fd, which needs a capability in older kernels (open(2), O_TMPFILE), or by /proc. */
static int
give_name(int fd, const struct place *place)
{
	char path[32];

	if (linkat(fd, "", place->dir, place->name, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOENT && errno != EPERM)
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd); /* fits */
	return linkat(AT_FDCWD, path, place->dir, place->name, AT_SYMLINK_FOLLOW);
}

/* Another creator may have been quicker; its file is as good. */
static int
write_file(const struct place *place, enum found found, const void *entry, size_t size)
{
	AUTO_FD int fd = openat(place->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0 || file_write_all(fd, entry, size) < 0)
		return -1;
	if (found == FOUND_BAD)
		(void)unlinkat(place->dir, place->name, 0); /* linkat tells what stays */
	return give_name(fd, place) == 0 || (errno == EEXIST && found == FOUND_NOTHING) ? 0 : -1;
}

static void
keep(const struct place *place, enum found found, const struct bundle_filter *filter)
{
	size_t size = 0;
	AUTO_FREE void *entry =
	    cache_entry_encode(place->key, place->key_length, place->seccomp, filter, &size);

	if (!entry || write_file(place, found, entry, size) < 0) {
		log_line(LOG_DEBUG, "linux.seccomp: compiled, but not into the cache: %s",
		    strerror(errno));
		return;
	}
	log_line(LOG_DEBUG, "linux.seccomp: compiled, and into the cache as %s", place->name);
	make_room(place->dir);
}

/* ---------------------------------------------------------------------------------- compile */

static int
find_or_compile(const struct place *place, struct bundle_filter *out, struct error *err)
{
	enum found found = look_up(place, out);

	if (found == FOUND) {
		log_line(LOG_DEBUG, "linux.seccomp: from the cache, %s", place->name);
		return 0;
	}
	if (bundle_seccomp_compile(place->seccomp, out, err) < 0)
		return -1;
	keep(place, found, out);
	return 0;
}

int
cache_compile(
    int root, const struct bundle_seccomp *seccomp, struct bundle_filter *out, struct error *err)
{
	AUTO_FD int dir = root < 0 ? -1 : directory_open_own(root, CACHE_DIRECTORY);
	struct place place = { .seccomp = seccomp, .dir = dir };
	int result;

	if (dir >= 0 && make_key(&place) == 0) {
		result = find_or_compile(&place, out, err);
		free(place.key);
		return result;
	}
	if (root >= 0)
		log_line(
		    LOG_DEBUG, "linux.seccomp: compiled without the cache: %s", strerror(errno));
	return bundle_seccomp_compile(seccomp, out, err);
}
