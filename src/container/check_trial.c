#include "container/check_trial.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "container/create.h"
#include "container/denial_words.h"
#include "supervise/clock.h"
#include "supervise/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#define GRACE_MS 3000 /* to end in order, which can make calls of its own */

struct trial {
	const struct check_rules *rules;
	struct findings *findings;
	const struct plan *plan;
	struct journal_view journal;
	struct error *err;
};

static int
no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "check: the trial");
}

/* ------------------------------------------------------------------------------ findings */

static int
add_denial(struct trial *trial, const struct journal_denial *denial)
{
	struct arena *arena = trial->findings->arena;
	int pretended = denial->errnum == 0;
	int bundles = (denial->flags & JOURNAL_DENIAL_BUNDLE) != 0;
	const char *call = denial_call(denial, arena);
	const char *why = denial_reason(denial, trial->plan, arena);
	struct finding finding = {
		.kind = pretended ? FINDING_PRETENDED_CALL : FINDING_REFUSED_CALL,
		.severity = pretended || bundles || !trial->rules->calls_enforced ? FINDING_NOTE
										  : FINDING_REFUSED,
		.sources = FINDING_TRACE,
		.path = denial_program(denial, arena),
		.what = call,
		.cure = denial_cure(denial, trial->plan),
		.count = denial->count,
	};

	if (!pretended)
		finding.reason =
		    arena_printf(arena, "called in the trial as %s(%s), refused with %s: %s", call,
			denial_arguments(denial, arena), denial_errno(denial, arena), why);
	if (!call || !why || !finding.path || (!pretended && !finding.reason))
		return no_memory(trial->err);
	return findings_add(trial->findings, &finding) < 0 ? no_memory(trial->err) : 0;
}

static int
add_denials(struct trial *trial)
{
	struct journal_denial denial;
	enum journal_got got;

	for (uint32_t i = 0; (got = journal_denial(&trial->journal, i, &denial)) != JOURNAL_NOT_YET;
	     i++)
		if (got == JOURNAL_GOT && add_denial(trial, &denial) < 0)
			return -1;
	return 0;
}

static const struct {
	enum journal_kind kind;
	const char *reason;
} rules_broken[] = {
	{ JOURNAL_ORPHAN, "it lost its parent in the trial, and would be killed" },
	{ JOURNAL_UNWAITED,
	    "it did not wait for a failed child in the trial, and would be killed" },
	{ JOURNAL_ZOMBIE, "it left a zombie in the trial, and would be killed" },
	{ JOURNAL_STOPPED, "it was stopped in the trial, and would be continued" },
};

/* Rules R3 and R4 are the parent's fault. */
static int
add_event(struct trial *trial, const struct journal_event *event)
{
	int parents = event->kind == JOURNAL_UNWAITED || event->kind == JOURNAL_ZOMBIE;

	for (size_t i = 0; i < sizeof(rules_broken) / sizeof(rules_broken[0]); i++) {
		struct finding finding = {
			.kind = FINDING_RULE,
			.severity =
			    trial->rules->supervision_enforced ? FINDING_REFUSED : FINDING_NOTE,
			.sources = FINDING_TRACE,
			.path = parents ? event->parent_comm : event->comm,
			.what = journal_kind_rule((enum journal_kind)event->kind),
			.reason = rules_broken[i].reason,
		};

		if (event->action != JOURNAL_WOULD || event->kind != rules_broken[i].kind)
			continue;
		return findings_add(trial->findings, &finding) < 0 ? no_memory(trial->err) : 0;
	}
	return 0;
}

static int
add_events(struct trial *trial)
{
	struct journal_head head;

	journal_read_head(&trial->journal, &head);
	for (uint64_t i = journal_oldest(&trial->journal); i <= head.last; i++) {
		struct journal_event event;

		if (journal_event(&trial->journal, i, &event) == JOURNAL_GOT &&
		    add_event(trial, &event) < 0)
			return -1;
	}
	return 0;
}

/* How it ended, where it did not go on until it was stopped. */
static int
add_end(struct trial *trial, int64_t after_ms)
{
	struct arena *arena = trial->findings->arena;
	struct journal_head head;
	struct finding finding = {
		.kind = FINDING_TRIAL, .sources = FINDING_TRACE, .path = "the trial"
	};

	journal_read_head(&trial->journal, &head);
	finding.what = arena_printf(arena, "exit status %d", signals_exit_status(head.end_status));
	finding.reason =
	    arena_printf(arena, "it ended by itself, after %lld ms", (long long)after_ms);
	if (!finding.what || !finding.reason || findings_add(trial->findings, &finding) < 0)
		return no_memory(trial->err);
	return 0;
}

static int
add_failure(struct trial *trial, const struct error *failed)
{
	const struct finding finding = { .kind = FINDING_TRIAL,
		.severity = FINDING_FATAL,
		.sources = FINDING_TRACE,
		.path = "the trial",
		.what = "start",
		.reason = arena_strdup(trial->findings->arena, failed->text) };

	if (!finding.reason || findings_add(trial->findings, &finding) < 0)
		return no_memory(trial->err);
	return 0;
}

/* --------------------------------------------------------------------------- the running */

/* 1: init has ended; 0: the time is over, or a signal has come. */
static int
wait_for(const struct container *c, int signals, int64_t ms)
{
	int64_t end = now_ms() + ms;
	struct pollfd wake[2] = {
		{ .fd = c->init.pidfd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	while (now_ms() < end) {
		if (poll(wake, 2, (int)(end - now_ms())) < 0 && errno != EINTR)
			return 0;
		if (wake[0].revents)
			return 1;
		for (int number; wake[1].revents && (number = signals_next(signals)) > 0;)
			if (number != SIGCHLD && number != SIGWINCH && number != SIGCONT)
				return 0;
	}
	return 0;
}

static int
gather(struct trial *trial, const struct container *c, int ended, int64_t after_ms)
{
	AUTO_FD int fd = state_open_journal(&c->dir, trial->err);
	int result;

	if (fd < 0 || journal_map(&trial->journal, fd, trial->err) < 0)
		return -1;
	result = ended ? add_end(trial, after_ms) : 0;
	if (result == 0 && (add_denials(trial) < 0 || add_events(trial) < 0))
		result = -1;
	journal_unmap(&trial->journal);
	return result;
}

static int
watch(struct trial *trial, struct container *c, int signals, uint32_t ms)
{
	int64_t begun = now_ms();
	int ended = wait_for(c, signals, ms);
	int64_t after_ms = now_ms() - begun;

	if (!ended) {
		(void)sys_pidfd_send_signal(
		    c->init.pidfd, SIGTERM); /* ended by now: just as well */
		(void)wait_for(c, signals, GRACE_MS);
	}
	return gather(trial, c, ended, after_ms);
}

static int
run(struct trial *trial, struct container *c, const struct compiled *compiled, int signals,
    uint32_t ms)
{
	struct error failed, ignored;
	int result;

	if (container_make(c, compiled, &failed) < 0)
		return add_failure(trial, &failed);
	if (container_launch(c, c->init.channel, &failed) < 0)
		result = add_failure(trial, &failed);
	else
		result = watch(trial, c, signals, ms);
	if (container_unmake(c, result < 0 ? &ignored : trial->err) < 0)
		return -1;
	return result;
}

/* stdout is the answer's: for as long as the payload is born it is stderr, and stdin nothing. -1:
 * err. */
static int
divert_stdio(int saved[2], struct error *err)
{
	AUTO_FD int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)fflush(stdout); /* what cannot be written will be found out at the end */
	saved[0] = fcntl(0, F_DUPFD_CLOEXEC, 3);
	saved[1] = fcntl(1, F_DUPFD_CLOEXEC, 3);
	if (nothing < 0 || saved[0] < 0 || saved[1] < 0 || dup2(nothing, 0) < 0 || dup2(2, 1) < 0)
		return error_sys(err, "divert stdio");
	return 0;
}

static void
restore_stdio(int saved[2])
{
	for (int fd = 0; fd <= 1; fd++) {
		if (saved[fd] < 0)
			continue;
		(void)dup2(saved[fd], fd); /* both are open */
		(void)close(saved[fd]);
	}
}

int
check_trial(const struct container_host *host, const struct container_check_options *options,
    const struct check_rules *rules, struct findings *findings, struct error *err)
{
	const struct container_options none = { .bundle = options->bundle };
	struct container container = CONTAINER_NONE;
	struct compiled compiled = { 0 };
	struct trial trial = { rules, findings, &compiled.plan, { .head = NULL }, err };
	int saved[2] = { -1, -1 };
	int result = -1;
	AUTO_FD int signals = signals_open(err);
	char id[32];

	(void)snprintf(id, sizeof(id), "check-%d", (int)getpid()); /* fits */
	container.host = host;
	container.id = id;
	container.options = &none;
	if (signals >= 0 && compile_trial(host, id, options, rules->tier, &compiled, err) == 0 &&
	    divert_stdio(saved, err) == 0)
		result = run(&trial, &container, &compiled, signals, options->trial_ms);
	restore_stdio(saved);
	container_close(&container);
	compiled_free(&compiled);
	return result;
}
