/* A list that grows while it is gone through, parents first: who has been sent SIGKILL cannot fork
 * any more (fork(2) gives way to a pending signal), so what it has by then is all it will have. */
#include "supervise/doomed.h"

#include "base/syscalls.h"
#include "supervise/walk.h"

#include <signal.h>

struct doomed {
	int proc;
	int count;
	pid_t parent; /* of those that are being added */
	struct {
		pid_t pid;
		pid_t parent;
	} list[DOOMED_MAX];
};

static void
add(pid_t pid, void *context)
{
	struct doomed *doomed = context;

	if (doomed->count == DOOMED_MAX)
		return;
	doomed->list[doomed->count].pid = pid;
	doomed->list[doomed->count++].parent = doomed->parent;
}

/* Returns 0 where it is gone, or somebody else's. */
static int
kill_child(const struct doomed *doomed, pid_t pid, pid_t parent)
{
	int pidfd = sys_pidfd_open(pid, 0);
	struct seen seen;
	int ours;

	if (pidfd < 0)
		return 0;
	ours = walk_look(doomed->proc, pid, &seen) == 0 &&
	       (seen.parent == parent || seen.parent == getpid());
	if (ours)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL); /* ended: all the better */
	(void)close(pidfd);
	return ours;
}

void
doomed_kill(int proc, const pid_t *roots, int count)
{
	static struct doomed doomed; /* large, and there is one round at a time */

	doomed.proc = proc;
	doomed.count = 0;
	doomed.parent = 0;
	for (int i = 0; i < count; i++)
		add(roots[i], &doomed);
	for (int i = 0; i < doomed.count; i++) {
		pid_t pid = doomed.list[i].pid, parent = doomed.list[i].parent;

		if (parent != 0 && !kill_child(&doomed, pid, parent))
			continue;
		doomed.parent = pid;
		walk_children(proc, pid, add, &doomed);
	}
}
