/* The cache's files: what is used, what is not and heals, who may have written them, how many there
 * are, and several processes at once. In a new directory; parts of it need root. */
#include "profile/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "profile/cache_entry.h"
#include "tests/unit/tap.h"

#define PROCESSES 8
#define ROUNDS 25
#define ENTRY_ROOM 65536

static char root_path[] = "/tmp/osless-cache-XXXXXX";
static int root = -1;
static int dir = -1; /* the cache's, once there is one */

/* ---------------------------------------------------------------------------------- helpers */

/* One small profile a number. Its name list has one that no kernel knows. */
struct sample {
	struct bundle_arg arg;
	struct bundle_rule rule;
	struct bundle_seccomp seccomp;
};

static const char *const names[] = { "no_such_call", "getpriority" };

static const struct bundle_seccomp *
sample(struct sample *s, uint64_t number)
{
	s->arg = (struct bundle_arg) { .index = 1, .value = number, .op = "SCMP_CMP_EQ" };
	s->rule = (struct bundle_rule) { names, 2, "SCMP_ACT_ERRNO", 1, 95, &s->arg, 1 };
	s->seccomp = (struct bundle_seccomp) {
		.default_action = "SCMP_ACT_ALLOW",
		.rules = &s->rule,
		.rules_count = 1,
	};
	return &s->seccomp;
}

/* Whether the cache gives for this number what libseccomp does. */
static int
gives_right(int at, uint64_t number)
{
	struct bundle_filter got, want;
	struct error err;
	struct sample s;
	int same;

	if (bundle_seccomp_compile(sample(&s, number), &want, &err) < 0)
		abort();
	same = cache_compile(at, &s.seccomp, &got, &err) == 0 && got.length == want.length &&
	       got.flags == want.flags && got.unknown_count == 1 && got.unknown[0] == names[0] &&
	       memcmp(got.code, want.code, want.length * sizeof(*want.code)) == 0;
	bundle_filter_free(&got);
	bundle_filter_free(&want);
	return same;
}

/* How many files there are; the last one's name. */
static unsigned
count_files(char name[NAME_MAX + 1])
{
	DIR *listing = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	struct dirent *entry;
	unsigned count = 0;

	if (!listing)
		abort();
	while ((entry = readdir(listing)))
		if (entry->d_name[0] != '.') {
			(void)strcpy(name, entry->d_name);
			count++;
		}
	(void)closedir(listing);
	return count;
}

static void
empty(void)
{
	char name[NAME_MAX + 1];

	while (count_files(name))
		if (unlinkat(dir, name, 0) < 0 && unlinkat(dir, name, AT_REMOVEDIR) < 0)
			abort();
}

/* The only file there is. */
static const char *
only_name(void)
{
	static char name[NAME_MAX + 1];

	return count_files(name) == 1 ? name : "none, or several";
}

static size_t
read_entry(const char *name, unsigned char entry[ENTRY_ROOM])
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got = fd < 0 ? 0 : read(fd, entry, ENTRY_ROOM);

	(void)close(fd);
	return got < 0 ? 0 : (size_t)got;
}

static void
write_entry(const char *name, const unsigned char *entry, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, entry, size) != (ssize_t)size)
		abort();
	(void)close(fd);
}

/* The file of number 1, alone. */
static size_t
one_entry(unsigned char entry[ENTRY_ROOM])
{
	empty();
	OK(gives_right(root, 1), "a new one");
	return read_entry(only_name(), entry);
}

/* Whether a file other than this one has been put in its place, with what it should have. */
static int
is_healed(const unsigned char *want, size_t size)
{
	unsigned char entry[ENTRY_ROOM];
	struct stat info;

	return fstatat(dir, only_name(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(info.st_mode) && (info.st_mode & 07777) == 0600 &&
	       info.st_uid == geteuid() && info.st_nlink == 1 &&
	       read_entry(only_name(), entry) == size && memcmp(entry, want, size) == 0;
}

/* ------------------------------------------------------------------------------- hit or miss */

static void
check_first(void)
{
	struct stat info;

	OK(gives_right(-1, 1), "without a root");
	OK(faccessat(root, CACHE_DIRECTORY, F_OK, 0) < 0, "nothing is made");
	OK(gives_right(root, 1), "the first time");
	dir = openat(root, CACHE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		abort();
	EQ_INT(fstat(dir, &info) == 0 ? info.st_mode & 07777 : 0, 0700, "the directory");
	EQ_INT(fstatat(dir, only_name(), &info, 0) == 0 ? info.st_mode & 07777 : 0, 0600, "a file");
	OK(gives_right(root, 1), "the second time");
	EQ_INT(strlen(only_name()), 16, "still one file");
}

/* A changed instruction with a right sum comes out: so the second time is the file's. */
static void
check_hit(void)
{
	unsigned char entry[ENTRY_ROOM];
	size_t size = one_entry(entry), first = 32;
	struct bundle_filter got;
	struct error err;
	struct sample s;
	uint32_t marked = 0x12345678;
	uint64_t sum;

	memcpy(entry + first + offsetof(struct sock_filter, k), &marked, sizeof(marked));
	sum = cache_entry_sum(entry + sizeof(sum), size - sizeof(sum));
	memcpy(entry, &sum, sizeof(sum));
	write_entry(only_name(), entry, size);
	EQ_INT(cache_compile(root, sample(&s, 1), &got, &err), 0, "a hit");
	EQ_INT(got.code ? got.code[0].k : 0, marked, "is the file's");
	bundle_filter_free(&got);
	OK(gives_right(root, 2), "another profile is not");
	empty();
}

static void
check_bad_profile(void)
{
	struct bundle_filter got;
	struct error err;
	struct sample s;

	(void)sample(&s, 1);
	s.rule.action = "SCMP_ACT_SMILE";
	for (int i = 0; i < 2; i++) {
		EQ_INT(cache_compile(root, &s.seccomp, &got, &err), -1, "an unknown action");
		HAS_STR(err.text, "SCMP_ACT_SMILE", "is named each time");
		OK(!got.code, "out is empty");
	}
	EQ_STR(only_name(), "none, or several", "and not kept");
}

/* As if two keys had one hash. */
static void
check_collision(void)
{
	unsigned char one[ENTRY_ROOM], two[ENTRY_ROOM];
	size_t one_size = one_entry(one), two_size;
	char name[NAME_MAX + 1];

	empty();
	OK(gives_right(root, 2), "another profile");
	(void)strcpy(name, only_name());
	two_size = read_entry(name, two);
	write_entry(name, one, one_size);
	OK(gives_right(root, 2), "a file of another profile is not taken");
	OK(is_healed(two, two_size), "and is replaced");
}

static void
check_damage(void)
{
	unsigned char entry[ENTRY_ROOM];
	size_t size = one_entry(entry), wrong = 0, left = 0;

	printf("# %zu bytes\n", size);
	for (size_t length = 0; length < size; length++) {
		write_entry(only_name(), entry, length);
		wrong += !gives_right(root, 1);
		left += !is_healed(entry, size);
	}
	EQ_INT(wrong, 0, "cut off anywhere: the filter is right");
	EQ_INT(left, 0, "and the file is whole again");
	for (size_t at = 0; at < size; at++) {
		entry[at] ^= 0x10;
		write_entry(only_name(), entry, size);
		entry[at] ^= 0x10;
		wrong += !gives_right(root, 1);
		left += !is_healed(entry, size);
	}
	EQ_INT(wrong, 0, "changed anywhere: the filter is right");
	EQ_INT(left, 0, "and the file is whole again");
}

/* ------------------------------------------------------------------ what is no file of ours */

/* put makes something else of the name; it must not be used, and be replaced. */
static void
check_replaced(int (*put)(const char *name), const char *what)
{
	unsigned char entry[ENTRY_ROOM];
	size_t size = one_entry(entry);

	EQ_INT(put(only_name()), 0, what);
	OK(gives_right(root, 1), "the filter is right");
	OK(is_healed(entry, size), "and the file is ours");
	(void)unlinkat(root, "other", 0);
}

static int
put_symlink(const char *name)
{
	return renameat(dir, name, root, "other") < 0 ? -1 : symlinkat("../other", dir, name);
}

static int
put_dangling(const char *name)
{
	return unlinkat(dir, name, 0) < 0 ? -1 : symlinkat("../nowhere", dir, name);
}

static int
put_second_name(const char *name)
{
	return linkat(dir, name, root, "other", 0);
}

static int
put_readable(const char *name)
{
	return fchmodat(dir, name, 0640, 0);
}

static int
put_fifo(const char *name)
{
	return unlinkat(dir, name, 0) < 0 ? -1 : mkfifoat(dir, name, 0600);
}

static int
put_large(const char *name)
{
	int fd = openat(dir, name, O_WRONLY);
	int result = ftruncate(fd, (off_t)1 << 40);

	(void)close(fd);
	return result;
}

static int
put_foreign(const char *name)
{
	return fchownat(dir, name, 65534, 65534, 0);
}

/* It cannot be replaced: then every time is the first. */
static void
check_directory_in_place(void)
{
	unsigned char entry[ENTRY_ROOM];
	char name[NAME_MAX + 1];

	(void)one_entry(entry);
	(void)strcpy(name, only_name());
	EQ_INT(unlinkat(dir, name, 0) < 0 ? -1 : mkdirat(dir, name, 0700), 0, "a directory");
	OK(gives_right(root, 1), "the filter is right");
	EQ_INT(unlinkat(dir, name, AT_REMOVEDIR), 0, "it is still there");
}

/* With a directory that others could have written to nothing is done at all. */
static void
check_other_directory(int (*change)(void), int (*back)(void), const char *what)
{
	unsigned char entry[ENTRY_ROOM], now[ENTRY_ROOM];
	size_t size = one_entry(entry);
	char name[NAME_MAX + 1];

	(void)strcpy(name, only_name());
	entry[size - 1] ^= 1;
	write_entry(name, entry, size);
	EQ_INT(change(), 0, what);
	OK(gives_right(root, 1), "the filter is right");
	OK(read_entry(name, now) == size && memcmp(now, entry, size) == 0, "nothing is written");
	EQ_INT(back(), 0, "back");
}

static int
open_to_others(void)
{
	return fchmod(dir, 0720);
}

static int
close_to_others(void)
{
	return fchmod(dir, 0700);
}

static int
give_away(void)
{
	return fchown(dir, 65534, 65534);
}

static int
take_back(void)
{
	return fchown(dir, 0, 0);
}

static int
link_directory(void)
{
	return renameat(root, CACHE_DIRECTORY, root, "elsewhere") < 0
		   ? -1
		   : symlinkat("elsewhere", root, CACHE_DIRECTORY);
}

static int
unlink_directory(void)
{
	return unlinkat(root, CACHE_DIRECTORY, 0) < 0
		   ? -1
		   : renameat(root, "elsewhere", root, CACHE_DIRECTORY);
}

static void
check_strangers(void)
{
	check_replaced(put_symlink, "a link to a right file");
	check_replaced(put_dangling, "a link to nothing");
	check_replaced(put_second_name, "a second name");
	check_replaced(put_readable, "others can read it");
	check_replaced(put_fifo, "a FIFO");
	check_replaced(put_large, "a huge file");
	check_directory_in_place();
	check_other_directory(open_to_others, close_to_others, "a directory that others can write");
	check_other_directory(link_directory, unlink_directory, "a link to the directory");
	if (geteuid() != 0) {
		SKIP("foreign files need root");
		return;
	}
	check_replaced(put_foreign, "another user's file");
	check_other_directory(give_away, take_back, "another user's directory");
}

/* ---------------------------------------------------------------------------------- how many */

static void
check_bound(void)
{
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	const struct timespec older[2] = { { .tv_sec = 900 }, { .tv_sec = 900 } };
	char used[NAME_MAX + 1], unused[NAME_MAX + 1], name[NAME_MAX + 1];
	unsigned wrong = 0;

	empty();
	OK(gives_right(root, 0), "one");
	(void)strcpy(unused, only_name());
	EQ_INT(renameat(dir, unused, root, "other"), 0, "put aside");
	OK(gives_right(root, 1), "another");
	(void)strcpy(used, only_name());
	EQ_INT(renameat(root, "other", dir, unused), 0, "both");
	for (uint64_t i = 2; i < CACHE_FILES_MAX; i++)
		wrong += !gives_right(root, i);
	EQ_INT(count_files(name), CACHE_FILES_MAX, "full");
	EQ_INT(utimensat(dir, unused, old, 0) | utimensat(dir, used, older, 0), 0, "both long ago");
	OK(gives_right(root, 1), "the older one is used");
	OK(gives_right(root, 1000), "one more");
	EQ_INT(count_files(name), CACHE_FILES_MAX, "is not one too many");
	EQ_INT(faccessat(dir, used, F_OK, 0), 0, "what was used stays");
	OK(faccessat(dir, unused, F_OK, 0) < 0, "what was not used for longest goes");
	for (uint64_t i = 0; i < 2 * CACHE_FILES_MAX; i++)
		wrong += !gives_right(root, i);
	EQ_INT(wrong, 0, "all were right");
	EQ_INT(count_files(name), CACHE_FILES_MAX, "never more");
	empty();
}

/* ------------------------------------------------------------------------------ several at once */

/* In each process, for each round. */
typedef int work(unsigned process, unsigned round);

static unsigned
together(work *work_of, void (*meanwhile)(void))
{
	pid_t pids[PROCESSES];
	unsigned wrong = 0;
	int status;

	(void)fflush(stdout);
	for (unsigned i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			int bad = 0;

			for (unsigned round = 0; round < ROUNDS; round++)
				bad |= !work_of(i, round);
			_exit(bad);
		}
	}
	meanwhile();
	for (unsigned i = 0; i < PROCESSES; i++)
		wrong += waitpid(pids[i], &status, 0) != pids[i] || status != 0;
	return wrong;
}

static int
same_key(unsigned process, unsigned round)
{
	(void)process;
	return gives_right(root, round);
}

static int
own_keys(unsigned process, unsigned round)
{
	return gives_right(root, (uint64_t)process * ROUNDS + round);
}

static int
one_key(unsigned process, unsigned round)
{
	(void)process;
	(void)round;
	return gives_right(root, 7);
}

static void
nothing(void)
{
}

static void
cut(const char *name, off_t length)
{
	int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* gone meanwhile */
	(void)ftruncate(fd, length);
	(void)close(fd);
}

/* Cuts off and removes what the others find. */
static void
spoil(void)
{
	char name[NAME_MAX + 1] = "";

	for (unsigned i = 0; i < 400; i++)
		if (count_files(name) && i % 2)
			(void)unlinkat(dir, name, 0);
		else if (name[0])
			cut(name, (off_t)i);
}

static void
check_together(void)
{
	char name[NAME_MAX + 1];

	empty();
	EQ_INT(together(same_key, nothing), 0, "eight processes, the same keys");
	EQ_INT(count_files(name), ROUNDS, "one file a key");
	empty();
	EQ_INT(together(own_keys, nothing), 0, "eight processes, keys of their own");
	OK(count_files(name) <= CACHE_FILES_MAX, "not too many files");
	OK(count_files(name) > CACHE_FILES_MAX / 2, "nor too few");
	empty();
	EQ_INT(together(one_key, spoil), 0, "files cut off and removed meanwhile");
	OK(gives_right(root, 7), "afterwards");
	empty();
}

/* --------------------------------------------------------------------------- cannot be written */

/* Runs check in a child with a mount namespace of its own, in which a tmpfs is at fd `at`. */
static int
with_tmpfs(const char *options, int (*check)(int at, const char *path))
{
	char path[64];
	int status = -1;
	pid_t child;

	(void)snprintf(path, sizeof(path), "%s/mnt", root_path);
	(void)mkdir(path, 0700);
	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		    mount("tmpfs", path, "tmpfs", 0, options) < 0)
			_exit(2);
		_exit(check(open(path, O_RDONLY | O_DIRECTORY), path));
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		status = -1;
	(void)rmdir(path);
	return status;
}

/* The mount's only page is another file's. */
static int
full(int at, const char *path)
{
	int fd = openat(at, "other", O_WRONLY | O_CREAT, 0600);

	while (write(fd, path, 1) == 1)
		;
	if (errno != ENOSPC || !gives_right(at, 1) || !gives_right(at, 1))
		return 3;
	dir = openat(at, CACHE_DIRECTORY, O_RDONLY | O_DIRECTORY);
	return strcmp(only_name(), "none, or several") == 0 ? 0 : 4;
}

/* No inode is left for the directory. */
static int
no_inodes(int at, const char *path)
{
	(void)path;
	return gives_right(at, 1) && faccessat(at, CACHE_DIRECTORY, F_OK, 0) < 0 ? 0 : 3;
}

static int
read_only(int at, const char *path)
{
	unsigned char entry[ENTRY_ROOM];
	size_t size;

	if (!gives_right(at, 1))
		return 3;
	dir = openat(at, CACHE_DIRECTORY, O_RDONLY | O_DIRECTORY);
	size = read_entry(only_name(), entry);
	if (!is_healed(entry, size) || size == 0)
		return 4;
	entry[40] ^= 1;
	write_entry(only_name(), entry, size); /* a damaged one, which has to stay */
	if (mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0)
		return 5;
	return gives_right(at, 1) && gives_right(at, 2) && is_healed(entry, size) ? 0 : 6;
}

/* Without CAP_DAC_READ_SEARCH the file gets its name by way of /proc. */
static int
other_user(int at, const char *path)
{
	(void)path;
	if (fchown(at, 65534, 65534) < 0 || setuid(65534) < 0 || !gives_right(at, 1))
		return 3;
	dir = openat(at, CACHE_DIRECTORY, O_RDONLY | O_DIRECTORY);
	return strlen(only_name()) == 16 && gives_right(at, 1) ? 0 : 4;
}

static void
check_unwritable(void)
{
	if (geteuid() != 0) {
		SKIP("mounts need root");
		return;
	}
	EQ_INT(with_tmpfs("size=4k", full), 0, "no space");
	EQ_INT(with_tmpfs("nr_inodes=1", no_inodes), 0, "no inode");
	EQ_INT(with_tmpfs("", read_only), 0, "read-only");
	EQ_INT(with_tmpfs("mode=0700", other_user), 0, "an unprivileged user");
}

int
main(void)
{
	if (!mkdtemp(root_path) || (root = open(root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		abort();
	check_first();
	check_hit();
	check_bad_profile();
	check_collision();
	check_damage();
	check_strangers();
	check_bound();
	check_together();
	check_unwritable();
	empty();
	EQ_INT(unlinkat(root, CACHE_DIRECTORY, AT_REMOVEDIR), 0, "nothing else was in it");
	EQ_INT(rmdir(root_path), 0, "nor beside it");
	DONE();
}
