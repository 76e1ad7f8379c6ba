/* Sentences, one function for each kind of event. */
#include "container/explain_words.h"

#include "base/arena.h"
#include "container/moment.h"
#include "container/plain.h"

#include <string.h>

struct sentence {
	const struct journal_event *event;
	const struct plan_tree *tree;
	struct arena *arena;
	const char *child;
	const char *comm;   /* "httpd", or "a process" */
	const char *parent; /* likewise */
	char status[MOMENT_MAX];
	char span[MOMENT_MAX]; /* event->number milliseconds */
	char signal[MOMENT_MAX];
};

typedef const char *sentence_function(const struct sentence *s);

const char *
explain_child(const struct plan_tree *tree, uint32_t child)
{
	return child < tree->children.count ? tree->children.items[child].id
					    : "a child that is not in the plan";
}

/* For R2 to R5: what init did about it. */
static const char *
done(const struct sentence *s, const char *killed)
{
	switch (s->event->action) {
	case JOURNAL_KILL:
		return killed;
	case JOURNAL_CONTINUE:
		return "was continued";
	case JOURNAL_WOULD:
		return "would have been dealt with (audit)";
	default:
		return "was only noticed";
	}
}

static const char *
say_started(const struct sentence *s)
{
	return arena_printf(s->arena, "%s was started", s->child);
}

static const char *
say_start_failed(const struct sentence *s)
{
	return arena_printf(
	    s->arena, "%s could not be started: %s", s->child, strerror((int)s->event->number));
}

static const char *
say_exited(const struct sentence *s)
{
	if (!*s->event->comm)
		return arena_printf(s->arena, "%s ended: %s", s->child, s->status);
	return arena_printf(s->arena, "%s (%s) ended: %s", s->child, s->comm, s->status);
}

static const char *
say_restart(const struct sentence *s)
{
	if (s->event->action == JOURNAL_WOULD)
		return arena_printf(
		    s->arena, "%s would have been restarted (R1 in audit)", s->child);
	return arena_printf(s->arena, "%s is to be restarted (R1)", s->child);
}

static const char *
say_gave_up(const struct sentence *s)
{
	char period[MOMENT_MAX];
	int64_t period_ms = 0;

	if (s->event->child < s->tree->children.count)
		period_ms = s->tree->children.items[s->event->child].period_ms;
	return arena_printf(s->arena,
	    "supervisor %s gave up: %u restarts within %s are more than its intensity allows (R1)",
	    s->child, s->event->number, moment_span(period_ms * 1000000, period));
}

static const char *
say_shutdown(const struct sentence *s)
{
	if (s->event->number)
		return arena_printf(
		    s->arena, "an orderly shutdown began: signal %s asked for it", s->signal);
	return arena_printf(s->arena, "an orderly shutdown began");
}

static const char *
say_signalled(const struct sentence *s)
{
	return arena_printf(s->arena, "%s was sent %s to stop", s->child, s->signal);
}

static const char *
say_killed(const struct sentence *s)
{
	return arena_printf(
	    s->arena, "%s was killed: it did not stop in time, or is to be", s->child);
}

static const char *
say_ended(const struct sentence *s)
{
	return arena_printf(s->arena, "the container ended: %s", s->status);
}

static const char *
say_orphan(const struct sentence *s)
{
	return arena_printf(
	    s->arena, "%s lost its parent and %s (R2)", s->comm, done(s, "was killed"));
}

static const char *
say_unwaited(const struct sentence *s)
{
	return arena_printf(s->arena,
	    "%s did not wait for its child %s, which had failed (%s), and %s (R3)", s->parent,
	    s->comm, s->status, done(s, "was killed"));
}

static const char *
say_zombie(const struct sentence *s)
{
	return arena_printf(s->arena,
	    "%s did not wait for its child %s, a zombie (%s), and %s (R4)", s->parent, s->comm,
	    s->status, done(s, "was killed"));
}

static const char *
say_stopped(const struct sentence *s)
{
	return arena_printf(
	    s->arena, "%s was found stopped and %s (R5)", s->comm, done(s, "was killed"));
}

static const char *
say_exec_begun(const struct sentence *s)
{
	return arena_printf(s->arena, "%s came in by exec", s->comm);
}

static const char *
say_exec_ended(const struct sentence *s)
{
	return arena_printf(s->arena, "%s, which had come in by exec, ended", s->comm);
}

static const char *
say_denied(const struct sentence *s)
{
	return arena_printf(s->arena, "%s %s a system call", s->comm,
	    s->event->action == JOURNAL_WOULD ? "would have been refused" : "was refused");
}

static sentence_function *const sentences[JOURNAL_KINDS] = {
	[JOURNAL_STARTED] = say_started,
	[JOURNAL_START_FAILED] = say_start_failed,
	[JOURNAL_EXITED] = say_exited,
	[JOURNAL_RESTART] = say_restart,
	[JOURNAL_GAVE_UP] = say_gave_up,
	[JOURNAL_SHUTDOWN] = say_shutdown,
	[JOURNAL_SIGNALLED] = say_signalled,
	[JOURNAL_KILLED] = say_killed,
	[JOURNAL_ENDED] = say_ended,
	[JOURNAL_ORPHAN] = say_orphan,
	[JOURNAL_UNWAITED] = say_unwaited,
	[JOURNAL_ZOMBIE] = say_zombie,
	[JOURNAL_STOPPED] = say_stopped,
	[JOURNAL_EXEC_BEGUN] = say_exec_begun,
	[JOURNAL_EXEC_ENDED] = say_exec_ended,
	[JOURNAL_DENIED] = say_denied,
};

const char *
explain_event(const struct journal_event *event, const struct plan_tree *tree, struct arena *arena)
{
	struct sentence s = {
		.event = event,
		.tree = tree,
		.arena = arena,
		.child = explain_child(tree, event->child),
		.comm = plain_process(arena, event->comm),
		.parent = plain_process(arena, event->parent_comm),
	};

	if (event->kind >= JOURNAL_KINDS || !sentences[event->kind])
		return "something that this osless has no words for";
	(void)moment_status(event->status, s.status);
	(void)moment_span((int64_t)event->number * 1000000, s.span);
	(void)moment_signal((int)event->number, s.signal);
	return sentences[event->kind](&s);
}
