/* Directories and files of a cgroup file system. */
#include "kernel/cgroup_files.h"

#include "base/auto.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

int
cgroup_files_open_root(void)
{
	return open("/sys/fs/cgroup", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int
open_below(int dir, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}

int
cgroup_files_open_dir(int root, const char *path, size_t length)
{
	char part[PATH_MAX];

	if (length >= sizeof part)
		return errno = ENAMETOOLONG, -1;
	memcpy(part, path, length);
	part[length] = '\0';
	return open_below(root, length ? part : ".", O_PATH | O_DIRECTORY);
}

ssize_t
cgroup_files_read(int dir, const char *file, char *text, size_t size)
{
	AUTO_FD int fd = open_below(dir, file, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, text, size - 1); /* kernfs gives it all at once, up to a page */
	if (got < 0)
		return -1;
	if (got > 0 && text[got - 1] == '\n')
		got--;
	text[got] = '\0';
	return got;
}

int
cgroup_files_write(int dir, const char *file, const char *text)
{
	AUTO_FD int fd = open_below(dir, file, O_WRONLY);

	if (fd < 0)
		return -1;
	return write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

int
cgroup_files_read_number(int dir, const char *file, uint64_t *number)
{
	char text[32];
	char *end;

	if (cgroup_files_read(dir, file, text, sizeof text) < 0)
		return -1;
	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno || end == text || *end)
		return errno = EINVAL, -1;
	return 0;
}

/* Takes path over, also on failure; NULL = memory was exhausted when it was made. */
static int
add_path(struct cgroup_tree *tree, char *path)
{
	char **paths = path ? reallocarray(tree->paths, tree->count + 1, sizeof *paths) : NULL;

	if (!paths) {
		free(path);
		return errno = ENOMEM, -1;
	}
	tree->paths = paths;
	tree->paths[tree->count++] = path;
	return 0;
}

static int
add_child(struct cgroup_tree *tree, const char *parent, const char *name)
{
	char *path;

	return add_path(tree, asprintf(&path, "%s/%s", parent, name) < 0 ? NULL : path);
}

static int
add_children(int dir, struct cgroup_tree *tree, const char *path)
{
	AUTO_FD int fd = open_below(dir, path, O_RDONLY | O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int result = 0;

	if (!stream)
		return errno == ENOENT ? 0 : -1;
	(void)take_fd(&fd); /* the stream's by now */
	while (result == 0 && (entry = readdir(stream)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			result = add_child(tree, path, entry->d_name);
	(void)closedir(stream); /* read only: nothing can be lost */
	return result;
}

int
cgroup_files_walk(int dir, struct cgroup_tree *tree)
{
	int result;

	*tree = (struct cgroup_tree) { 0 };
	result = add_path(tree, strdup("."));
	/* The list grows while it is gone through. */
	for (size_t i = 0; result == 0 && i < tree->count; i++)
		result = add_children(dir, tree, tree->paths[i]);
	if (result < 0)
		cgroup_files_free(tree);
	return result;
}

void
cgroup_files_free(struct cgroup_tree *tree)
{
	int saved = errno;

	for (size_t i = 0; i < tree->count; i++)
		free(tree->paths[i]);
	free(tree->paths);
	*tree = (struct cgroup_tree) { 0 };
	errno = saved;
}

static int
add_pid(pid_t **pids, size_t *count, pid_t pid)
{
	pid_t *grown;

	/* Doubles at powers of two, so that no capacity has to be kept. */
	if ((*count & (*count - 1)) == 0) {
		grown = reallocarray(*pids, *count ? *count * 2 : 1, sizeof *grown);
		if (!grown)
			return -1;
		*pids = grown;
	}
	(*pids)[(*count)++] = pid;
	return 0;
}

int
cgroup_files_add_pids(int dir, pid_t **pids, size_t *count)
{
	AUTO_FD int fd = openat(dir, "cgroup.procs", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "re");
	int result = 0;
	pid_t pid;

	if (!stream)
		return -1;
	(void)take_fd(&fd); /* the stream's by now */
	while (result == 0 && fscanf(stream, "%d", &pid) == 1)
		if (pid > 0)
			result = add_pid(pids, count, pid);
	if (ferror(stream))
		result = -1;
	(void)fclose(stream); /* read only: nothing can be lost */
	return result;
}

static int64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

struct cgroup_patience
cgroup_files_patience(unsigned wait_ms)
{
	return (struct cgroup_patience) {
		.until_ns = now_ns() + wait_ms * INT64_C(1000000),
		.sleep_ns = 10000,
	};
}

int
cgroup_files_wait(struct cgroup_patience *patience)
{
	struct timespec nap = { .tv_nsec = patience->sleep_ns };

	if (now_ns() >= patience->until_ns)
		return 0;
	(void)nanosleep(&nap, NULL); /* shorter by a signal is as good */
	if (patience->sleep_ns < 10000000)
		patience->sleep_ns *= 2;
	return 1;
}
