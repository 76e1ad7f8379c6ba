/* Told are the first few of one look; the rest are a number with the last of them, lest a fan-out
 * push everything else out of the journal. */
#include "supervise/orphans.h"

#include "base/error.h"
#include "supervise/children.h"
#include "supervise/walk.h"
#include "supervise/workers.h"

#include <signal.h>
#include <string.h>

#define TOLD_MAX 4

struct look {
	struct orphans *orphans;
	const struct workers *workers;
	const struct walk *walk;
	int there;     /* orphans in the list */
	uint32_t more; /* new ones that are not told one by one */
	uint32_t told;
	struct journal_event events[TOLD_MAX];
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
note(struct look *look, pid_t pid)
{
	struct journal_event *event = &look->events[look->told];
	struct seen seen;

	if (look->told == TOLD_MAX || walk_look(look->walk->proc, pid, &seen) < 0) {
		look->more++;
		return;
	}
	*event = (struct journal_event) {
		.kind = JOURNAL_ORPHAN,
		.action = look->orphans->mode == PLAN_MODE_AUDIT ? JOURNAL_WOULD : JOURNAL_KILL,
		.child = JOURNAL_NO_CHILD,
		.pid = pid,
	};
	memcpy(event->comm, seen.comm, sizeof(seen.comm));
	name_parent(look->walk, &seen, event);
	look->told++;
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
	if (orphans->count < ORPHANS_MAX) {
		orphans->known[orphans->count++] = pid;
		note(look, pid);
	}
	if (orphans->mode == PLAN_MODE_ENFORCE)
		(void)kill(pid, SIGKILL); /* ours to reap: at worst a zombie by now */
}

int
orphans_look(struct orphans *orphans, int children, const struct workers *workers,
    const struct walk *walk, struct journal *journal, struct error *err)
{
	struct look look = { .orphans = orphans, .workers = workers, .walk = walk };

	if (children_each(children, look_at, &look) < 0)
		return error_sys(err, "read the list of children");
	if (look.told)
		look.events[look.told - 1].number = look.more;
	for (uint32_t i = 0; i < look.told; i++)
		journal_add(journal, &look.events[i]);
	if (look.told + look.more)
		journal_count(journal, JOURNAL_COUNT_ORPHANS, look.told + look.more);
	return orphans->mode == PLAN_MODE_ENFORCE ? look.there : 0;
}

void
orphans_reaped(struct orphans *orphans, pid_t pid)
{
	int at = find(orphans, pid);

	if (at < orphans->count)
		orphans->known[at] = orphans->known[--orphans->count];
}
