/* One open and read a process, and one more where it has no second thread: the list of its
 * children. */
#include "supervise/walk.h"

#include "base/auto.h"
#include "base/directory.h"
#include "base/path.h"
#include "base/process_stat.h"
#include "supervise/children.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int
walk_look(int proc, pid_t pid, struct seen *seen)
{
	char path[32], text[512];
	struct process_stat stat;
	AUTO_FD int fd = -1;
	ssize_t length;

	(void)snprintf(path, sizeof(path), "%d/stat", (int)pid); /* fits */
	fd = path_open_plain(proc, path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (length <= 0 || process_stat_parse(text, (size_t)length, &stat) < 0)
		return -1;
	seen->pid = stat.pid;
	seen->parent = stat.parent;
	seen->started = stat.started;
	seen->status = stat.status;
	seen->state = stat.state;
	seen->alone = stat.threads <= 1;
	(void)snprintf(seen->comm, sizeof(seen->comm), "%.15s", stat.comm);
	return 0;
}

void
walk_begin(struct walk *walk, int proc)
{
	walk->proc = proc;
	walk->count = 0;
}

void
walk_add(pid_t pid, void *context)
{
	struct walk *walk = context;

	if (walk->count < WALK_MAX)
		walk->seen[walk->count++].pid = pid;
}

struct reader {
	void (*each)(pid_t child, void *context);
	void *context;
};

/* Children of one thread. It may have ended, or end while being read. */
static void
read_thread(int proc, const char *path, const struct reader *reader)
{
	AUTO_FD int fd = path_open_plain(proc, path, O_RDONLY);

	if (fd >= 0)
		(void)children_each(fd, reader->each, reader->context);
}

struct threads {
	int proc;
	pid_t pid;
	const struct reader *reader;
};

static int
read_named(const char *tid, void *context)
{
	const struct threads *threads = context;
	char path[64];

	(void)snprintf(path, sizeof(path), "%d/task/%.16s/children", (int)threads->pid,
	    tid); /* a tid is short */
	read_thread(threads->proc, path, threads->reader);
	return 0;
}

static void
read_only_thread(int proc, pid_t pid, const struct reader *reader)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%d/task/%d/children", (int)pid, (int)pid); /* fits */
	read_thread(proc, path, reader);
}

/* A process with one thread, which most are, needs no listing: its task directory has three links.
 */
void
walk_children(int proc, pid_t pid, void (*each)(pid_t child, void *context), void *context)
{
	const struct reader reader = { each, context };
	struct threads threads = { proc, pid, &reader };
	char path[32];
	struct stat info;
	AUTO_FD int task = -1;

	(void)snprintf(path, sizeof(path), "%d/task", (int)pid); /* fits */
	task = path_open_plain(proc, path, O_RDONLY | O_DIRECTORY);
	if (task < 0 || fstat(task, &info) < 0 || info.st_nlink <= 3)
		read_only_thread(proc, pid, &reader);
	else
		(void)directory_each(task, read_named, &threads); /* it may end meanwhile */
}

/* Returns 0 where the process is gone. A zombie has no children any more. */
static int
look_at(struct walk *walk, int at)
{
	struct seen *seen = &walk->seen[at];
	int before = walk->count;

	if (walk_look(walk->proc, seen->pid, seen) < 0)
		return 0;
	if (!seen->alone)
		walk_children(walk->proc, seen->pid, walk_add, walk);
	else if (seen->state != 'Z')
		read_only_thread(walk->proc, seen->pid, &(struct reader) { walk_add, walk });
	seen->has_children = walk->count > before;
	return 1;
}

void
walk_go(struct walk *walk)
{
	int kept = 0;

	for (int at = 0; at < walk->count; at++) {
		if (look_at(walk, at))
			walk->seen[kept++] = walk->seen[at];
	}
	walk->count = kept;
}

const struct seen *
walk_find(const struct walk *walk, pid_t pid)
{
	for (int i = 0; i < walk->count; i++)
		if (walk->seen[i].pid == pid)
			return &walk->seen[i];
	return NULL;
}
