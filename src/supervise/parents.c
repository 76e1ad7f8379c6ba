/* Walking and watching. The walk goes by `children` files, so that in a shared PID namespace it
 * sees the container's processes and no others; it keeps its place in a list of pids, not on the
 * stack: a chain of processes can be long. */
#include "supervise/parents.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/syscalls.h"
#include "supervise/children.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define WALK_MAX 4096 /* processes of one walk; in a larger tree the rest is left to the beat */

struct walk {
	struct parents *parents;
	int proc;
	int count;
	pid_t pids[WALK_MAX]; /* found; those before the walk's place have been looked at */
};

static int
is_watched(const struct parents *parents, pid_t pid)
{
	for (int i = 0; i < parents->count; i++)
		if (parents->watched[i].pid == pid)
			return 1;
	return 0;
}

/* A pid that is gone by now, or a descriptor too many, is no failure: the beat still finds the
 * orphans. */
static void
watch(struct parents *parents, pid_t pid)
{
	struct epoll_event event = { .events = EPOLLIN };
	int pidfd;

	if (parents->count == PARENTS_MAX || is_watched(parents, pid))
		return;
	pidfd = sys_pidfd_open(pid, 0);
	if (pidfd < 0)
		return;
	event.data.fd = pidfd;
	if (epoll_ctl(parents->events, EPOLL_CTL_ADD, pidfd, &event) < 0) {
		(void)close(pidfd); /* as above */
		return;
	}
	parents->watched[parents->count].pid = pid;
	parents->watched[parents->count++].pidfd = pidfd;
}

static void
add(pid_t pid, void *context)
{
	struct walk *walk = context;

	if (walk->count < WALK_MAX)
		walk->pids[walk->count++] = pid;
}

/* Children of one thread. */
static void
read_thread(struct walk *walk, int task, const char *tid)
{
	char path[40];
	AUTO_FD int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/children", tid); /* a tid is short */
	fd = path_open_plain(task, path, O_RDONLY);
	if (fd >= 0)
		(void)children_each(fd, add, walk); /* it may have ended while being read */
}

static void
read_other_threads(struct walk *walk, int task)
{
	DIR *listing = fdopendir(task);
	struct dirent *entry;

	if (!listing) {
		(void)close(task); /* read only */
		return;
	}
	while ((entry = readdir(listing)))
		if (entry->d_name[0] != '.')
			read_thread(walk, dirfd(listing), entry->d_name);
	(void)closedir(listing); /* read only */
}

/* Rule R5: what a filter cannot see (timer_create(2), mq_notify(3), the host's root) still stops a
 * process. The state is what follows the name's closing parenthesis in stat (proc(5)). */
static void
continue_stopped(const struct walk *walk, pid_t pid)
{
	char path[32], text[512];
	AUTO_FD int fd = -1;
	ssize_t length;
	const char *state;

	(void)snprintf(path, sizeof(path), "%d/stat", (int)pid); /* fits */
	fd = path_open_plain(walk->proc, path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return; /* it has ended */
	text[length] = '\0';
	state = strrchr(text, ')');
	if (state && strncmp(state, ") T", 3) == 0)
		(void)kill(
		    pid, SIGCONT); /* it may have ended; a pid used again is not harmed by it */
}

/* A process without a second thread, which most are, needs no listing: its task directory has three
 * links. */
static void
look_at(struct walk *walk, pid_t pid)
{
	char path[32], tid[16];
	struct stat info;
	int before = walk->count;
	int task;

	(void)snprintf(path, sizeof(path), "%d/task", (int)pid); /* fits */
	(void)snprintf(tid, sizeof(tid), "%d", (int)pid);        /* fits */
	task = path_open_plain(walk->proc, path, O_RDONLY | O_DIRECTORY);
	if (task < 0)
		return;
	if (fstat(task, &info) == 0 && info.st_nlink > 3) {
		read_other_threads(walk, task);
	} else {
		read_thread(walk, task, tid);
		(void)close(task); /* read only */
	}
	if (walk->count > before)
		watch(walk->parents, pid);
	continue_stopped(walk, pid);
}

int
parents_walk(struct parents *parents, int proc, int children, struct error *err)
{
	static struct walk walk; /* large, and there is only one walk at a time */

	if (parents->events < 0)
		parents->events = epoll_create1(EPOLL_CLOEXEC);
	if (parents->events < 0)
		return error_sys(err, "epoll_create1");
	walk.parents = parents;
	walk.proc = proc;
	walk.count = 0;
	if (children_each(children, add, &walk) < 0)
		return error_sys(err, "read the list of children");
	for (int i = 0; i < walk.count; i++)
		look_at(&walk, walk.pids[i]);
	return 0;
}

void
parents_forget_dead(struct parents *parents)
{
	struct epoll_event event;

	if (parents->events < 0)
		return;
	while (epoll_wait(parents->events, &event, 1, 0) == 1) {
		for (int i = 0; i < parents->count; i++)
			if (parents->watched[i].pidfd == event.data.fd)
				parents->watched[i] = parents->watched[--parents->count];
		(void)close(event.data.fd); /* also takes it out of the epoll set */
	}
}
