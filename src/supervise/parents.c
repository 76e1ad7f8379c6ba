/* One epoll instance, of which poll(2) sees one descriptor. */
#include "supervise/parents.h"

#include "base/error.h"
#include "base/syscalls.h"
#include "supervise/walk.h"

#include <sys/epoll.h>

static int
is_watched(const struct parents *parents, pid_t pid)
{
	for (int i = 0; i < parents->count; i++)
		if (parents->watched[i].pid == pid)
			return 1;
	return 0;
}

static int
open_events(struct parents *parents, struct error *err)
{
	if (parents->events < 0)
		parents->events = epoll_create1(EPOLL_CLOEXEC);
	return parents->events < 0 ? error_sys(err, "epoll_create1") : 0;
}

/* Takes pidfd over. A descriptor too many is no failure: the beat still finds the orphans. */
static void
watch(struct parents *parents, pid_t pid, int pidfd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = pidfd };

	if (pidfd < 0)
		return;
	if (epoll_ctl(parents->events, EPOLL_CTL_ADD, pidfd, &event) < 0) {
		(void)close(pidfd); /* as above */
		return;
	}
	parents->watched[parents->count].pid = pid;
	parents->watched[parents->count++].pidfd = pidfd;
}

int
parents_add(struct parents *parents, pid_t pid, int pidfd, struct error *err)
{
	if (open_events(parents, err) < 0)
		return -1;
	if (parents->count < PARENTS_MAX && !is_watched(parents, pid))
		watch(parents, pid, fcntl(pidfd, F_DUPFD_CLOEXEC, 3));
	return 0;
}

int
parents_watch(struct parents *parents, const struct walk *walk, struct error *err)
{
	if (open_events(parents, err) < 0)
		return -1;
	for (int i = 0; i < walk->count; i++) {
		pid_t pid = walk->seen[i].pid;

		if (walk->seen[i].has_children && parents->count < PARENTS_MAX &&
		    !is_watched(parents, pid))
			watch(
			    parents, pid, sys_pidfd_open(pid, 0)); /* gone: no failure, as above */
	}
	return 0;
}

int
parents_forget_dead(struct parents *parents)
{
	struct epoll_event event;
	int dead = 0;

	while (parents->events >= 0 && epoll_wait(parents->events, &event, 1, 0) == 1) {
		for (int i = 0; i < parents->count; i++)
			if (parents->watched[i].pidfd == event.data.fd)
				parents->watched[i] = parents->watched[--parents->count];
		(void)close(event.data.fd); /* also takes it out of the epoll set */
		dead++;
	}
	return dead;
}
