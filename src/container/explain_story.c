/* The story: state, why, what happened, what next. What to do: explain_cures.c. */
#include "container/explain_story.h"

#include "base/arena.h"
#include "container/denial_words.h"
#include "container/explain_cures.h"
#include "container/explain_words.h"
#include "container/moment.h"
#include "supervise/tree.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define HAPPENED_MAX 20 /* lines */

struct telling {
	const struct explain_facts *facts;
	struct arena *arena;
	struct explain_story *story;
};

static const struct plan_child *
plan_of(const struct telling *t, size_t child)
{
	return &t->facts->plan->tree.children.items[child];
}

/* The newest event of a kind, and of child where that is not JOURNAL_NO_CHILD. NULL: none. */
static const struct journal_event *
newest(const struct telling *t, enum journal_kind kind, uint32_t child)
{
	for (size_t i = t->facts->event_count; i-- > 0;) {
		const struct journal_event *event = &t->facts->events[i];

		if (event->kind == kind && (child == JOURNAL_NO_CHILD || event->child == child))
			return event;
	}
	return NULL;
}

static const char *
say_period(const struct telling *t, const struct plan_child *supervisor)
{
	char period[MOMENT_MAX];

	return arena_printf(
	    t->arena, "%s", moment_span((int64_t)supervisor->period_ms * 1000000, period));
}

static int
is_worker(const struct telling *t, size_t child)
{
	return plan_of(t, child)->kind == PLAN_WORKER;
}

/* A refusal shortly before a failure may be its reason, or not. */
static void
why_refused(const struct telling *t, const struct journal_event *exited)
{
	const struct journal_denial *denial =
	    exited ? explain_denials_before(t->facts, exited) : NULL;
	const char *call = denial ? denial_call(denial, t->arena) : NULL;
	const char *answer = denial ? denial_errno(denial, t->arena) : NULL;

	if (call && answer)
		explain_add(&t->story->why, t->arena,
		    "shortly before, %s was refused %s (%s): whether it failed for that, its "
		    "output says",
		    explain_child(&t->facts->plan->tree, exited->child), call, answer);
	if (exited && WIFSIGNALED(exited->status) && WTERMSIG(exited->status) == SIGSYS)
		explain_add(&t->story->why, t->arena,
		    "signal SYS is the answer of a seccomp profile that kills: of the bundle's "
		    "own, since osless itself only refuses");
}

/* ---------------------------------------------------------------------- why: has stopped */

/* The worker whose failure was the last before the supervisor gave up. */
static void
why_gave_up(const struct telling *t, const struct journal_event *gave_up)
{
	const struct plan_child *supervisor = plan_of(t, gave_up->child);
	const struct journal_event *last = NULL;
	char status[MOMENT_MAX];

	for (const struct journal_event *event = t->facts->events; event < gave_up; event++)
		if ((event->kind == JOURNAL_EXITED || event->kind == JOURNAL_START_FAILED) &&
		    event->child < t->facts->plan->tree.children.count)
			last = event;
	explain_add(&t->story->why, t->arena,
	    "supervisor %s gave up: %u restarts were needed within %s, its intensity is %u (rule "
	    "R1)",
	    supervisor->id, gave_up->number, say_period(t, supervisor), supervisor->intensity);
	if (last && last->kind == JOURNAL_EXITED)
		explain_add(&t->story->why, t->arena, "what failed last: %s, %s",
		    explain_child(&t->facts->plan->tree, last->child),
		    moment_status(last->status, status));
	else if (last)
		explain_add(&t->story->why, t->arena,
		    "what failed last: %s could not be started: %s",
		    explain_child(&t->facts->plan->tree, last->child), strerror((int)last->number));
	if (last && last->kind == JOURNAL_EXITED)
		why_refused(t, last);
}

static void
why_shutdown(const struct telling *t, const struct journal_event *shutdown)
{
	char name[MOMENT_MAX];

	if (shutdown->number)
		explain_add(&t->story->why, t->arena,
		    "it was stopped from outside: signal %s asked for an orderly shutdown",
		    moment_signal((int)shutdown->number, name));
	else
		explain_add(&t->story->why, t->arena, "it was shut down in an orderly way");
}

static void
why_ended(const struct telling *t)
{
	const struct journal_event *gave_up = newest(t, JOURNAL_GAVE_UP, 0);
	const struct journal_event *shutdown = newest(t, JOURNAL_SHUTDOWN, JOURNAL_NO_CHILD);
	const char *who = plan_of(t, t->facts->plan->tree.main)->id;
	char status[MOMENT_MAX];

	(void)moment_status(t->facts->head->end_status, status);
	if (gave_up && gave_up->child < t->facts->plan->tree.children.count)
		why_gave_up(t, gave_up);
	else if (shutdown && shutdown->number)
		why_shutdown(t, shutdown);
	else if (t->facts->plan->tree.declared)
		explain_add(&t->story->why, t->arena,
		    "no worker was left that would run again; the container's status: %s", status);
	else
		explain_add(&t->story->why, t->arena, "its program (%s) ended: %s", who, status);
	if (!gave_up && !(shutdown && shutdown->number))
		why_refused(t, newest(t, JOURNAL_EXITED, t->facts->plan->tree.main));
	if (WIFSIGNALED(t->facts->head->end_status) &&
	    WTERMSIG(t->facts->head->end_status) == SIGKILL && t->facts->oom_kills)
		explain_add(&t->story->why, t->arena,
		    "the kernel killed %llu of its processes for want of memory",
		    (unsigned long long)t->facts->oom_kills);
	if (gave_up || shutdown)
		explain_add(&t->story->why, t->arena, "the container's status: %s", status);
}

/* init writes its end as the last thing; without it, it had no time to. */
static void
why_killed(const struct telling *t)
{
	explain_add(&t->story->why, t->arena,
	    "its init was killed (SIGKILL) and could write no more: by osless kill %s KILL or "
	    "delete --force, by the kernel for want of memory, or by somebody on the host",
	    t->facts->id);
	if (t->facts->oom_kills)
		explain_add(&t->story->why, t->arena,
		    "the kernel killed %llu of its processes for want of memory",
		    (unsigned long long)t->facts->oom_kills);
	if (t->facts->head && t->facts->head->started_wall_ns == 0)
		explain_add(&t->story->why, t->arena, "its program had not been started");
}

static void
tell_stopped(const struct telling *t)
{
	const struct journal_head *head = t->facts->head;

	explain_add(&t->story->next, t->arena,
	    "nothing: it stays stopped; its state is kept until osless delete %s", t->facts->id);
	if (!head) {
		explain_add(
		    &t->story->why, t->arena, "nobody wrote down why: %s", t->facts->no_journal);
	} else if (head->ended_wall_ns) {
		t->story->since_ns = head->ended_wall_ns;
		why_ended(t);
	} else {
		t->story->since_ns = head->alive_wall_ns;
		why_killed(t);
	}
}

/* ----------------------------------------------------------------------------- why: runs */

/* What is wrong with a worker that should be up. Returns 1 where something is. */
static int
why_worker(const struct telling *t, size_t at)
{
	const struct journal_child *entry = &t->facts->children[at];
	const char *id = plan_of(t, at)->id;
	char status[MOMENT_MAX];
	int failed = entry->exits && entry->last_status != 0;

	(void)moment_status(entry->last_status, status);
	switch (entry->state) {
	case TREE_FAILED:
	case TREE_DELAYED:
		explain_add(&t->story->why, t->arena, "%s is down and waits for its restart: %s",
		    id, entry->exits ? status : "it could not be started");
		why_refused(t, newest(t, JOURNAL_EXITED, (uint32_t)at));
		return 1;
	case TREE_STOPPING:
		explain_add(&t->story->why, t->arena, "%s is being stopped", id);
		return 1;
	case TREE_DONE:
		if (failed)
			explain_add(&t->story->why, t->arena,
			    "%s failed and is not to be restarted: %s", id, status);
		if (failed)
			why_refused(t, newest(t, JOURNAL_EXITED, (uint32_t)at));
		return failed;
	default:
		return 0;
	}
}

/* Restarts that still count: with too many it gives up. */
static void
why_supervisor(const struct telling *t, size_t at)
{
	const struct journal_child *entry = &t->facts->children[at];
	const struct plan_child *plan = plan_of(t, at);
	int64_t age_ms = moment_between(entry->updated_wall_ns, t->facts->now_ns) / 1000000;

	if (entry->restarts && age_ms <= (int64_t)plan->period_ms)
		explain_add(&t->story->why, t->arena,
		    "supervisor %s has used %u of the %u restarts that it may need within %s",
		    plan->id, entry->restarts, plan->intensity, say_period(t, plan));
}

static void
next_worker(const struct telling *t, size_t at)
{
	const struct journal_child *entry = &t->facts->children[at];
	char span[MOMENT_MAX];

	(void)moment_span(moment_between(t->facts->now_ns, entry->due_wall_ns), span);
	if (entry->state == TREE_DELAYED)
		explain_add(
		    &t->story->next, t->arena, "%s is restarted in %s", plan_of(t, at)->id, span);
	else if (entry->state == TREE_STOPPING && entry->due_wall_ns)
		explain_add(&t->story->next, t->arena,
		    "%s is killed in %s, if it has not stopped by then", plan_of(t, at)->id, span);
	else if (entry->state == TREE_FAILED)
		explain_add(&t->story->next, t->arena, "%s is restarted soon", plan_of(t, at)->id);
}

static void
tell_running(const struct telling *t)
{
	int wrong = 0;

	t->story->since_ns = t->facts->head ? t->facts->head->started_wall_ns : 0;
	for (size_t i = 0; t->facts->head && i < t->facts->plan->tree.children.count; i++) {
		if (!is_worker(t, i)) {
			why_supervisor(t, i);
			continue;
		}
		wrong += why_worker(t, i);
		next_worker(t, i);
	}
	if (wrong)
		t->story->state = "degraded";
	else if (t->facts->head)
		explain_add(&t->story->why, t->arena, "all is up that should be");
	else
		explain_add(&t->story->why, t->arena, "it runs; more is not known: %s",
		    t->facts->no_journal);
}

static void
tell_state(const struct telling *t)
{
	struct explain_story *story = t->story;

	story->state = state_word(t->facts->status);
	story->since_ns = t->facts->created_ns;
	switch (t->facts->status) {
	case STATE_CREATING:
		explain_add(
		    &story->why, t->arena, "it is being created, or its creator was killed");
		explain_add(
		    &story->next, t->arena, "it becomes created, or goes away when that fails");
		break;
	case STATE_CREATED:
		explain_add(&story->why, t->arena, "it is made, and nobody has started it yet");
		explain_add(&story->next, t->arena, "nothing, until osless start %s", t->facts->id);
		break;
	case STATE_PAUSED:
		explain_add(&story->why, t->arena,
		    "it was paused: its cgroup is frozen, and no process runs");
		explain_add(
		    &story->next, t->arena, "nothing, until osless resume %s", t->facts->id);
		story->since_ns = 0;
		break;
	case STATE_RUNNING:
		tell_running(t);
		break;
	case STATE_STOPPED:
		story->since_ns = 0;
		tell_stopped(t);
		break;
	}
	if (!story->next.count)
		explain_add(&story->next, t->arena, "it goes on");
}

/* -------------------------------------------------------------------------- what happened */

struct happening {
	const char *text;
	uint32_t times;
	int64_t last_ns;
};

/* Each kind of thing once, in the order of when it happened last. */
static size_t
gather(const struct telling *t, struct happening *list)
{
	size_t count = 0;

	for (size_t i = 0; i < t->facts->event_count; i++) {
		const struct journal_event *event = &t->facts->events[i];
		const char *text = explain_event(event, &t->facts->plan->tree, t->arena);
		struct happening this = { text, 1, event->wall_ns };

		if (!text || event->kind == JOURNAL_DENIED) /* they have lists of their own */
			continue;
		for (size_t j = 0; j < count; j++) {
			if (strcmp(list[j].text, text) != 0)
				continue;
			this.times += list[j].times;
			memmove(&list[j], &list[j + 1], (count - j - 1) * sizeof(*list));
			count--;
			break;
		}
		list[count++] = this;
	}
	return count;
}

static void
tell_happened(const struct telling *t)
{
	struct happening *list = arena_array(t->arena, t->facts->event_count + 1, sizeof(*list));
	size_t count = list ? gather(t, list) : 0;
	char time[MOMENT_MAX];

	for (size_t i = count > HAPPENED_MAX ? count - HAPPENED_MAX : 0; i < count; i++) {
		(void)moment_plain(list[i].last_ns, time);
		if (list[i].times > 1)
			explain_add(&t->story->happened, t->arena,
			    "%s  %s; %u times, this the last", time, list[i].text, list[i].times);
		else
			explain_add(&t->story->happened, t->arena, "%s  %s", time, list[i].text);
	}
	if (t->facts->torn)
		explain_add(&t->story->happened, t->arena,
		    "(and %zu that init could not write down to the end)", t->facts->torn);
}

int
explain_tell(const struct explain_facts *facts, struct arena *arena, struct explain_story *story)
{
	const struct telling t = { facts, arena, story };

	*story = (struct explain_story) { .state = NULL };
	if (explain_begin(&story->why, arena) < 0 || explain_begin(&story->happened, arena) < 0 ||
	    explain_begin(&story->next, arena) < 0 || explain_begin(&story->todo, arena) < 0 ||
	    explain_denials_tell(facts, arena, &story->denials) < 0)
		return -1;
	tell_state(&t);
	tell_happened(&t);
	explain_cures(facts, arena, &story->todo);
	return 0;
}
