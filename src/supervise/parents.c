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

int
parents_watch(struct parents *parents, const struct walk *walk, struct error *err)
{
	if (parents->events < 0)
		parents->events = epoll_create1(EPOLL_CLOEXEC);
	if (parents->events < 0)
		return error_sys(err, "epoll_create1");
	for (int i = 0; i < walk->count; i++)
		if (walk->has_children[i])
			watch(parents, walk->seen[i].pid);
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
