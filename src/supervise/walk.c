/* One open and read a process, and one more where it has no second thread: the list of its
 * children. */
#include "supervise/walk.h"

#include "base/auto.h"
#include "base/path.h"
#include "supervise/children.h"
#include "supervise/stat.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

int
walk_look(int proc, pid_t pid, struct seen *seen)
{
	char path[32], text[512];
	AUTO_FD int fd = -1;
	ssize_t length;

	(void)snprintf(path, sizeof(path), "%d/stat", (int)pid); /* fits */
	fd = path_open_plain(proc, path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text));
	return length <= 0 ? -1 : stat_parse(text, (size_t)length, seen);
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

/* Children of one thread. It may have ended, or end while being read. */
static void
read_thread(struct walk *walk, const char *path)
{
	AUTO_FD int fd = path_open_plain(walk->proc, path, O_RDONLY);

	if (fd >= 0)
		(void)children_each(fd, walk_add, walk);
}

static void
read_all_threads(struct walk *walk, pid_t pid)
{
	char path[64];
	struct dirent *entry;
	DIR *listing;
	int fd;

	(void)snprintf(path, sizeof(path), "%d/task", (int)pid); /* fits */
	fd = path_open_plain(walk->proc, path, O_RDONLY | O_DIRECTORY);
	listing = fd < 0 ? NULL : fdopendir(fd);
	if (!listing) {
		auto_close(&fd);
		return;
	}
	while ((entry = readdir(listing))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%d/task/%.16s/children", (int)pid,
		    entry->d_name); /* a tid is short */
		read_thread(walk, path);
	}
	(void)closedir(listing); /* read only */
}

static void
read_children(struct walk *walk, const struct seen *seen)
{
	char path[64];

	if (!seen->alone) {
		read_all_threads(walk, seen->pid);
		return;
	}
	(void)snprintf(
	    path, sizeof(path), "%d/task/%d/children", (int)seen->pid, (int)seen->pid); /* fits */
	read_thread(walk, path);
}

/* Returns 0 where the process is gone. A zombie has no children any more. */
static int
look_at(struct walk *walk, int at)
{
	struct seen *seen = &walk->seen[at];
	int before = walk->count;

	if (walk_look(walk->proc, seen->pid, seen) < 0)
		return 0;
	if (seen->state != 'Z' || !seen->alone)
		read_children(walk, seen);
	walk->has_children[at] = walk->count > before;
	return 1;
}

void
walk_go(struct walk *walk)
{
	int kept = 0;

	for (int at = 0; at < walk->count; at++) {
		if (!look_at(walk, at))
			continue;
		walk->seen[kept] = walk->seen[at];
		walk->has_children[kept++] = walk->has_children[at];
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
