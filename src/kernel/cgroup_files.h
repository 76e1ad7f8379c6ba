/* Directories and files of a cgroup file system, below a held directory fd. Errors are errno's, as
 * callers decide by them; see each. */
#ifndef OSLESS_KERNEL_CGROUP_FILES_H
#define OSLESS_KERNEL_CGROUP_FILES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The machine's root of all cgroup mounts. O_PATH; -1 with errno. */
int cgroup_files_open_root(void);

/* The directory at path's first length bytes below root, O_PATH; never through a symlink, never
 * out of root (openat2(2)). -1 with errno. */
int cgroup_files_open_dir(int root, const char *path, size_t length);

/* A whole file below dir, NUL-terminated, without its last newline; what size cannot hold is cut.
 * Returns the length, or -1 with errno. */
ssize_t cgroup_files_read(int dir, const char *file, char *text, size_t size);

/* 0, or -1 with errno. */
int cgroup_files_write(int dir, const char *file, const char *text);

/* The same with a number that stands alone in the file. */
int cgroup_files_read_number(int dir, const char *file, uint64_t *number);

/* Paths of all directories below one, parents before children; the first is "." itself. */
struct cgroup_tree {
	char **paths;
	size_t count;
};

/* -1 with errno: nothing is left to free. A directory that vanishes meanwhile is left out. */
int cgroup_files_walk(int dir, struct cgroup_tree *tree);
void cgroup_files_free(struct cgroup_tree *tree);

/* Appends the processes of one directory (cgroup.procs) to *pids, which grows by realloc. Those
 * outside of our pid namespace (0) are left out. -1 with errno; *pids stays the caller's. */
int cgroup_files_add_pids(int dir, pid_t **pids, size_t *count);

/* Waiting for the kernel: sleeps grow from 10 us to 10 ms. */
struct cgroup_patience {
	int64_t until_ns; /* CLOCK_MONOTONIC */
	int64_t sleep_ns;
};

struct cgroup_patience cgroup_files_patience(unsigned wait_ms);

/* Sleeps once. 0 when the time is up, and then it has not slept. */
int cgroup_files_wait(struct cgroup_patience *patience);

#endif
