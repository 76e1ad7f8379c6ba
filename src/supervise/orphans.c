/* First all are killed, and then told of: a storm of forks must not grow while names are looked up,
 * which the dead keep until they are reaped. Told are the first few of one look; the rest are a
 * number with the last of them, lest a fan-out push everything else out of the journal. */
#include "supervise/orphans.h"

#include "base/error.h"
#include "supervise/children.h"
#include "supervise/doomed.h"
#include "supervise/walk.h"
#include "supervise/workers.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define TOLD_MAX 4

struct look {
	struct orphans *orphans;
	const struct workers *workers;
	int there;      /* orphans in the list */
	uint32_t fresh; /* of them new ones, of which the first are */
	pid_t first[TOLD_MAX];
};

static int
find(const struct orphans *orphans, pid_t pid)
{
	int at = 0;

	while (at < orphans->count && orphans->known[at] != pid)
		at++;
	return at;
}

/* Who its parent was, if the last walk has seen both. */
static void
name_parent(const struct walk *walk, const struct seen *orphan, struct journal_event *event)
{
	const struct seen *before = walk_find(walk, orphan->pid);
	const struct seen *parent;

	if (!before || before->started != orphan->started)
		return;
	event->parent = before->parent;
	parent = walk_find(walk, before->parent);
	if (parent)
		memcpy(event->parent_comm, parent->comm, sizeof(parent->comm));
}

static void
look_at(pid_t pid, void *context)
{
	struct look *look = context;
	struct orphans *orphans = look->orphans;

	if (workers_has(look->workers, pid))
		return;
	look->there++;
	if (find(orphans, pid) < orphans->count)
		return; /* dying */
	if (orphans->mode == PLAN_MODE_ENFORCE)
		(void)kill(pid, SIGKILL); /* ours to reap: at worst a zombie by now */
	if (orphans->count == ORPHANS_MAX)
		return;
	orphans->known[orphans->count++] = pid;
	if (look->fresh < TOLD_MAX)
		look->first[look->fresh] = pid;
	look->fresh++;
}

static void
tell(const struct look *look, uint32_t at, const struct walk *walk, struct journal *journal)
{
	uint32_t last = look->fresh < TOLD_MAX ? look->fresh - 1 : TOLD_MAX - 1;
	struct journal_event event = {
		.kind = JOURNAL_ORPHAN,
		.action = look->orphans->mode == PLAN_MODE_AUDIT ? JOURNAL_WOULD : JOURNAL_KILL,
		.child = JOURNAL_NO_CHILD,
		.pid = look->first[at],
		.number = at == last ? look->fresh - 1 - last : 0,
	};
	struct seen seen;

	if (walk_look(walk->proc, event.pid, &seen) == 0) {
		memcpy(event.comm, seen.comm, sizeof(seen.comm));
		name_parent(walk, &seen, &event);
	}
	journal_add(journal, &event);
}

int
orphans_look(struct orphans *orphans, int children, const struct workers *workers,
    const struct walk *walk, struct journal *journal, struct error *err)
{
	struct look look = { .orphans = orphans, .workers = workers };

	if (children_each(children, look_at, &look) < 0)
		return error_sys(err, "read the list of children");
	for (uint32_t i = 0; i < look.fresh && i < TOLD_MAX; i++)
		tell(&look, i, walk, journal);
	if (look.fresh)
		journal_count(journal, JOURNAL_COUNT_ORPHANS, look.fresh);
	return orphans->mode == PLAN_MODE_ENFORCE ? look.there : 0;
}

void
orphans_press(struct orphans *orphans, int proc, int64_t now_ms)
{
	if (orphans->mode != PLAN_MODE_ENFORCE || orphans->count == 0 ||
	    now_ms - orphans->pressed_ms < ORPHANS_PRESS_MS)
		return;
	orphans->pressed_ms = now_ms;
	doomed_kill(proc, orphans->known, orphans->count);
}

int
orphans_reaped(struct orphans *orphans, pid_t pid, int status)
{
	int at = find(orphans, pid);

	if (at == orphans->count)
		return orphans->mode == PLAN_MODE_ENFORCE && WIFSIGNALED(status) &&
		       WTERMSIG(status) == SIGKILL;
	orphans->known[at] = orphans->known[--orphans->count];
	return 0;
}
