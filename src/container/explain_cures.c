/* Cures, each for one kind of event or state. */
#include "container/explain_cures.h"

#include "base/arena.h"
#include "container/explain_denials.h"
#include "container/explain_words.h"
#include "container/moment.h"
#include "container/plain.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

struct curing {
	const struct explain_facts *facts;
	struct arena *arena;
	struct explain_lines *todo;
	const char *child;
	const char *comm;
	const char *parent;
};

typedef void cure_function(const struct curing *c, const struct journal_event *event);

static void
cure_start_failed(const struct curing *c, const struct journal_event *event)
{
	if (event->number == ENOENT)
		explain_add(c->todo, c->arena,
		    "%s's program is not in the root file system: correct its args, or PATH",
		    c->child);
	else if (event->number == EACCES || event->number == ENOEXEC)
		explain_add(c->todo, c->arena,
		    "%s's program cannot be executed: it needs execute permission, and its "
		    "interpreter must be there",
		    c->child);
	else
		explain_add(c->todo, c->arena, "%s cannot be started: %s", c->child,
		    strerror((int)event->number));
}

static void
cure_exited(const struct curing *c, const struct journal_event *event)
{
	int status = event->status;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		explain_add(c->todo, c->arena,
		    "%s was killed for a system call: by a rule of the bundle's own profile "
		    "(linux.seccomp of config.json), since osless itself only refuses; change the "
		    "rule's action",
		    c->child);
	else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM && WTERMSIG(status) != SIGKILL)
		explain_add(c->todo, c->arena,
		    "%s crashes (signal %d): look at its output, and at its core where one is kept",
		    c->child, WTERMSIG(status));
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		explain_add(c->todo, c->arena,
		    "%s ended with 127, a shell's way to say that a program is missing", c->child);
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		explain_add(
		    c->todo, c->arena, "%s says in its output why it fails: read that", c->child);
}

static void
cure_gave_up(const struct curing *c, const struct journal_event *event)
{
	const struct plan_child *plan;
	char period[MOMENT_MAX];

	if (event->child >= c->facts->plan->tree.children.count)
		return;
	plan = &c->facts->plan->tree.children.items[event->child];
	explain_add(c->todo, c->arena,
	    "if so many failures are to be expected: raise the intensity of %s (now %u within %s), "
	    "or give it a backoff (dev.osless.intensity, .period, .backoff, or dev.osless.tree)",
	    plan->id, plan->intensity, moment_span((int64_t)plan->period_ms * 1000000, period));
}

static void
cure_killed(const struct curing *c, const struct journal_event *event)
{
	const struct plan_child *plan;
	char name[MOMENT_MAX];

	if (event->child >= c->facts->plan->tree.children.count)
		return;
	plan = &c->facts->plan->tree.children.items[event->child];
	if (plan->shutdown_ms == PLAN_SHUTDOWN_KILL)
		return;
	explain_add(c->todo, c->arena,
	    "%s does not stop in time: let it handle %s, or give it longer (shutdown)", plan->id,
	    moment_signal((int)plan->stop_signal, name));
}

/* What a worker, or a program that came in by exec, leaves behind when it dies is not the fault of
 * what is left. */
static int
is_left_behind(const struct curing *c, const struct journal_event *orphan)
{
	for (size_t i = 0; i < c->facts->event_count; i++) {
		const struct journal_event *event = &c->facts->events[i];

		if ((event->kind == JOURNAL_EXITED || event->kind == JOURNAL_EXEC_ENDED) &&
		    event->pid == orphan->parent)
			return 1;
	}
	return 0;
}

static void
cure_orphan(const struct curing *c, const struct journal_event *event)
{
	if (is_left_behind(c, event))
		return;
	explain_add(c->todo, c->arena,
	    "%s outlives its parent: run it in the foreground, not as a daemon, and let parents "
	    "wait for their children",
	    c->comm);
}

static void
cure_unwaited(const struct curing *c, const struct journal_event *event)
{
	(void)event;
	explain_add(c->todo, c->arena,
	    "%s does not wait for its children: let it call waitpid(2) on SIGCHLD, or set SIGCHLD "
	    "to SIG_IGN if it does not care",
	    c->parent);
}

static void
cure_stopped(const struct curing *c, const struct journal_event *event)
{
	(void)event;
	explain_add(c->todo, c->arena,
	    "something stops %s: find who sends STOP or TSTP; to halt a container, freeze it",
	    c->comm);
}

static cure_function *const cures[JOURNAL_KINDS] = {
	[JOURNAL_START_FAILED] = cure_start_failed,
	[JOURNAL_EXITED] = cure_exited,
	[JOURNAL_GAVE_UP] = cure_gave_up,
	[JOURNAL_KILLED] = cure_killed,
	[JOURNAL_ORPHAN] = cure_orphan,
	[JOURNAL_UNWAITED] = cure_unwaited,
	[JOURNAL_ZOMBIE] = cure_unwaited,
	[JOURNAL_STOPPED] = cure_stopped,
};

static void
cure_event(struct curing *c, const struct journal_event *event)
{
	if (event->kind >= JOURNAL_KINDS || !cures[event->kind])
		return;
	c->child = explain_child(&c->facts->plan->tree, event->child);
	c->comm = plain_process(c->arena, event->comm);
	c->parent = plain_process(c->arena, event->parent_comm);
	cures[event->kind](c, event);
}

static void
cure_state(const struct curing *c)
{
	const struct explain_facts *facts = c->facts;

	if (facts->oom_kills)
		explain_add(c->todo, c->arena,
		    "raise linux.resources.memory.limit, or let the program use less: the kernel "
		    "has killed for want of memory");
	if (facts->status == STATE_CREATING)
		explain_add(c->todo, c->arena,
		    "wait; if nobody is creating it any more: osless delete --force %s", facts->id);
	if (facts->status == STATE_CREATED)
		explain_add(c->todo, c->arena, "osless start %s", facts->id);
	if (facts->status == STATE_PAUSED)
		explain_add(c->todo, c->arena, "osless resume %s", facts->id);
	if (facts->plan->supervision_mode == PLAN_MODE_OFF)
		explain_add(c->todo, c->arena,
		    "to have it watched and explained, turn supervision on: the host's policy, "
		    "modes.supervision");
}

void
explain_cures(const struct explain_facts *facts, struct arena *arena, struct explain_lines *todo)
{
	struct curing c = { .facts = facts, .arena = arena, .todo = todo };

	cure_state(&c);
	for (size_t i = facts->event_count; i-- > 0;)
		cure_event(&c, &facts->events[i]);
	explain_denials_cures(facts, arena, todo);
	if (facts->event_count)
		explain_add(
		    todo, arena, "for every event: osless events --no-follow %s", facts->id);
	if (!todo->count)
		explain_add(todo, arena, "nothing");
}
