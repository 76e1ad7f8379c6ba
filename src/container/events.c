/* events: what happens in a container, a line of JSON each, as it happens.
 *
 * The journal's ring is read to its end, then slept on; between, statistics and the count of OOM
 * kills are looked at. An init that was killed wakes nobody, so the sleep never takes longer than
 * ALIVE_MS. */
#include "container/container.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/log.h"
#include "container/events_line.h"
#include "container/look.h"
#include "kernel/cgroup_stats.h"
#include "supervise/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio_ext.h>
#include <time.h>

#define ALIVE_MS 1000
#define LINE_MAX_BYTES 65536

struct events {
	struct look look;
	struct events_line line;
	const struct container_events_options *options;
	uint64_t seen;      /* sequence of the last event told */
	int64_t stats_ms;   /* when the next statistics are due, CLOCK_MONOTONIC */
	uint64_t oom_kills; /* as told so far */
};

/* ------------------------------------------------------------------------------- telling */

static void
tell_stats(const struct events *events)
{
	struct arena arena = { .blocks = NULL };
	struct cgroup_stats stats;

	cgroup_stats_read(&events->look.cgroup, &arena, &stats);
	events_line_stats(&events->line, &stats);
	arena_free(&arena);
}

static void
tell_lost(struct events *events)
{
	uint64_t oldest = journal_oldest(&events->look.journal);

	if (oldest <= events->seen + 1)
		return; /* it is here, after all */
	events_line_lost(&events->line, events->seen + 1, oldest - 1);
	events->seen = oldest - 1;
}

/* What was refused stands among the denials, under the event's number. */
static void
tell_event(const struct events *events, const struct journal_event *event)
{
	struct journal_denial denial;
	int has_denial =
	    event->kind == JOURNAL_DENIED &&
	    journal_denial(&events->look.journal, event->number, &denial) == JOURNAL_GOT;

	events_line_event(&events->line, event, has_denial ? &denial : NULL);
}

/* All that the ring has. */
static void
tell_events(struct events *events)
{
	const struct journal_view *journal = &events->look.journal;
	struct journal_event event;

	while (journal->head) {
		switch (journal_event(journal, events->seen + 1, &event)) {
		case JOURNAL_GOT:
			tell_event(events, &event);
			events->seen++;
			break;
		case JOURNAL_TORN:
			events_line_torn(&events->line, ++events->seen);
			break;
		case JOURNAL_GONE:
			tell_lost(events);
			break;
		case JOURNAL_NOT_YET:
			return;
		}
	}
}

static void
tell_oom(struct events *events)
{
	uint64_t kills = 0;

	if (look_oom_kills(&events->look, &kills) == 0 && kills > events->oom_kills)
		events_line_oom(&events->line);
	if (kills > events->oom_kills)
		events->oom_kills = kills;
}

/* ------------------------------------------------------------------------------ following */

/* Whether nothing more can come. To be asked before the ring is read for the last time. */
static int
has_ended(const struct events *events)
{
	const struct journal_view *journal = &events->look.journal;
	struct journal_head head;

	if (!state_init_alive(&events->look.record))
		return 1;
	if (!journal->head)
		return 0;
	journal_read_head(journal, &head);
	return head.ended_wall_ns != 0;
}

/* With no journal to sleep on, until init ends or the time is up. */
static void
wait_for_init(const struct events *events, int timeout_ms)
{
	AUTO_FD int pidfd = state_init_pidfd(&events->look.record);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (pidfd >= 0)
		(void)poll(&end, 1, timeout_ms); /* EINTR: we look again anyway */
}

static void
wait_for_more(struct events *events)
{
	int64_t left = events->stats_ms - now_ms();
	int timeout_ms = left < 0 ? 0 : left < ALIVE_MS ? (int)left : ALIVE_MS;

	if (events->look.journal.head) {
		journal_follow(&events->look.journal, events->seen, timeout_ms);
		return;
	}
	wait_for_init(events, timeout_ms);
	look_journal(&events->look);
}

static void
tell_stats_if_due(struct events *events)
{
	int64_t now = now_ms();

	if (now < events->stats_ms)
		return;
	tell_stats(events);
	events->stats_ms = now + events->options->interval_ms;
}

/* Whether the other end of a pipe or socket is closed. */
static int
is_unread(FILE *out)
{
	struct pollfd end = { .fd = fileno(out) };

	return poll(&end, 1, 0) > 0 && (end.revents & (POLLERR | POLLHUP));
}

/* What stdio still holds for a reader that is gone would be an error to whoever flushes next. */
static int
forget_output(FILE *out)
{
	__fpurge(out);
	clearerr(out);
	return 0;
}

/* Until the container has ended, or nobody reads any more. */
static int
follow(struct events *events, struct error *err)
{
	FILE *out = events->line.out;

	for (;;) {
		int ended = has_ended(events), flushed;

		tell_events(events);
		tell_oom(events);
		if (!ended)
			tell_stats_if_due(events);
		flushed = fflush(out) == 0 && !ferror(out);
		if (is_unread(out))
			return forget_output(out);
		if (!flushed)
			return error_sys(err, "write to standard output");
		if (ended)
			return 0;
		wait_for_more(events);
	}
}

/* Every line is one write(2), so there is nothing to tidy up. */
static void
stop(int number)
{
	(void)number;
	_exit(0);
}

static void
stop_on_signals(void)
{
	const struct sigaction action = { .sa_handler = stop };

	(void)sigaction(SIGTERM, &action, NULL); /* these two can be handled */
	(void)sigaction(SIGINT, &action, NULL);
}

static int
tell(struct events *events, struct error *err)
{
	const struct container_events_options *options = events->options;

	if (options->stats) {
		if (!events->look.init_alive)
			return error_set(err, "container %s is not running: it has no statistics",
			    events->look.id);
		tell_stats(events);
		return 0;
	}
	if (!options->follow) {
		tell_events(events);
		return 0;
	}
	events->stats_ms = now_ms() + options->interval_ms;
	(void)look_oom_kills(&events->look, &events->oom_kills); /* else 0 */
	stop_on_signals();
	return follow(events, err);
}

int
container_events(const struct container_host *host, const char *id,
    const struct container_events_options *options, FILE *out, struct error *err)
{
	struct events events = { .look = LOOK_NONE, .options = options };
	int result = look_open(host, id, &events.look, err);

	(void)setvbuf(out, NULL, _IOLBF, LINE_MAX_BYTES); /* else lines come later, in pieces */
	if (result == 0 && !options->stats && *look_no_journal(&events.look))
		log_line(LOG_WARNING, "container %s: no events to tell: %s", id,
		    look_no_journal(&events.look));
	if (result == 0) {
		events.line = (struct events_line) { out, id, events.look.plan };
		result = tell(&events, err);
	}
	look_close(&events.look);
	return result;
}
