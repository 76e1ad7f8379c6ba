/* The loop. It is woken by signals (SIGCHLD first of all), by the death of a process known to have
 * children, by a request, by what the tree waits for, and by a beat that looks for what the kernel
 * tells nobody: orphans, zombies, stopped processes. */
#include "supervise/tend.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/oom.h"
#include "kernel/peer.h"
#include "kernel/process.h"
#include "kernel/procfs.h"
#include "plan/exchange.h"
#include "supervise/children.h"
#include "supervise/clock.h"
#include "supervise/denials.h"
#include "supervise/execs.h"
#include "supervise/orphans.h"
#include "supervise/parents.h"
#include "supervise/pulse.h"
#include "supervise/rules.h"
#include "supervise/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define SLEEP_MAX_MS 3600000
#define REQUEST_MS 1000 /* a host that connects and says nothing must not hold supervision up */

/* What has been seen. Large; init tends once. All zero, lest it fill the program's file: tend_begin
 * makes it ready. */
static struct {
	int children; /* children_open, or -1 */
	int loadavg;
	uint64_t oom_kills; /* of the cgroup, as told so far */
	int dying; /* orphans killed and not reaped: no worker is started before they are gone */
	int64_t beat_us;    /* when the next beat is due */
	int64_t clock_us;   /* of the last beat: pulse_clock_us */
	int64_t denials_us; /* when denials_release is due */
	struct pulse pulse;
	struct parents parents;
	struct execs execs;
	struct denials denials;
	struct orphans orphans;
	struct rules rules;
	struct walk walk;
} view;

/* -------------------------------------------------------------------------------------- signals */

/* SIGCHLD is init's own, and stop signals have no meaning here. */
static void
take_signals(struct tend *t)
{
	int number;

	while ((number = signals_next(t->signals)) > 0)
		if (number != SIGCHLD && !signals_is_stop(number))
			workers_signal(&t->workers, number);
	if (t->guard && getppid() != t->guard)
		workers_kill(&t->workers);
}

/* --------------------------------------------------------------------------------------- reaping
 */

/* The cgroup may be gone when somebody asks. */
static void
count_oom_kills(struct tend *t)
{
	uint64_t kills = oom_kills(t->oom);

	if (kills > view.oom_kills) {
		journal_count(
		    &t->journal, JOURNAL_COUNT_OOM_KILLS, (uint32_t)(kills - view.oom_kills));
		view.oom_kills = kills;
	}
}

/* All that is dead. */
static void
reap(struct tend *t)
{
	uint32_t reaped = 0, orphans = 0, killed = 0;
	int status;
	pid_t pid;

	for (; (pid = waitpid(-1, &status, WNOHANG)) > 0; reaped++) {
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		if (!workers_exited(&t->workers, pid, status))
			orphans += (uint32_t)orphans_reaped(&view.orphans, pid, status);
	}
	if (killed)
		count_oom_kills(t);
	if (orphans)
		journal_count(&t->journal, JOURNAL_COUNT_ORPHANS, orphans);
	if (reaped)
		journal_count(&t->journal, JOURNAL_COUNT_REAPED, reaped);
}

/* ------------------------------------------------------------------------------------ rule R2 */

static int
open_proc(struct tend *t, struct error *err)
{
	if (t->proc < 0)
		t->proc = procfs_open(err);
	if (t->proc < 0)
		return -1;
	if (view.children < 0)
		view.children = children_open(t->proc, err);
	view.walk.proc = t->proc;
	return view.children < 0 ? -1 : 0;
}

static int
look_for_orphans(struct tend *t, struct error *err)
{
	view.orphans.mode = t->plan->tree.rules.orphans;
	if (view.orphans.mode == PLAN_MODE_OFF)
		return 0;
	if (open_proc(t, err) < 0)
		return -1;
	orphans_press(&view.orphans, t->proc, now_ms()); /* those of the last look */
	view.dying =
	    orphans_look(&view.orphans, view.children, &t->workers, &view.walk, &t->journal, err);
	return view.dying < 0 ? -1 : 0;
}

/* ------------------------------------------------------------------------------ rules R3 to R5 */

/* By a pidfd that is known to be this process', since its pid could be another's by now. */
static void
signal_seen(const struct tend *t, const struct seen *seen, int number)
{
	int pidfd = sys_pidfd_open(seen->pid, 0);
	struct seen now;

	if (pidfd < 0)
		return; /* it has ended */
	if (walk_look(t->proc, seen->pid, &now) == 0 && now.started == seen->started)
		(void)sys_pidfd_send_signal(pidfd, number); /* as above */
	(void)close(pidfd);
}

static const struct {
	enum journal_kind kind;
	enum journal_counter counter;
} told_as[] = {
	[3] = { JOURNAL_UNWAITED, JOURNAL_COUNT_UNWAITED },
	[4] = { JOURNAL_ZOMBIE, JOURNAL_COUNT_ZOMBIES },
	[5] = { JOURNAL_STOPPED, JOURNAL_COUNT_STOPPED },
};

static enum journal_action
told_action(const struct rules_verdict *verdict)
{
	if (verdict->audit)
		return JOURNAL_WOULD;
	return verdict->act == RULES_CONTINUE ? JOURNAL_CONTINUE : JOURNAL_KILL;
}

static void
note(struct tend *t, const struct rules_verdict *verdict, const struct seen *seen,
    const struct seen *parent)
{
	struct journal_event event = {
		.kind = told_as[verdict->rule].kind,
		.action = told_action(verdict),
		.child = JOURNAL_NO_CHILD,
		.pid = seen->pid,
		.parent = seen->parent,
		.status = seen->status,
		.number = verdict->number,
	};

	memcpy(event.comm, seen->comm, sizeof(event.comm));
	if (parent)
		memcpy(event.parent_comm, parent->comm, sizeof(event.parent_comm));
	journal_add(&t->journal, &event);
	journal_count(&t->journal, told_as[verdict->rule].counter, 1);
	if (verdict->act == RULES_KILL)
		journal_count(&t->journal, JOURNAL_COUNT_STOPPED_KILLED, 1);
}

static void
carry_out(void *context, const struct rules_verdict *verdict, const struct seen *seen)
{
	struct tend *t = context;
	const struct seen *parent = walk_find(&view.walk, seen->parent);

	if (verdict->act == RULES_KILL_PARENT && !parent)
		return; /* init reaps its own; others' are out of reach */
	note(t, verdict, seen, parent);
	if (verdict->audit)
		return;
	pulse_soon(&view.pulse); /* it may be stopped again; or the parent's parent be no better */
	if (verdict->act == RULES_KILL_PARENT)
		signal_seen(t, parent, SIGKILL);
	else
		signal_seen(t, seen, verdict->act == RULES_CONTINUE ? SIGCONT : SIGKILL);
}

/* --------------------------------------------------------------------------------------- the beat
 */

static int
walk_tree(struct tend *t, struct error *err)
{
	int64_t started_us = now_us();

	walk_begin(&view.walk, t->proc);
	if (children_each(view.children, walk_add, &view.walk) < 0)
		return error_sys(err, "read the list of children");
	execs_walk(&view.execs, &view.walk);
	walk_go(&view.walk);
	if (parents_watch(&view.parents, &view.walk, err) < 0)
		return -1;
	rules_look(
	    &view.rules, view.walk.seen, view.walk.count, view.clock_us / 1000, carry_out, t);
	pulse_walked(&view.pulse, now_us(), now_us() - started_us);
	return 0;
}

/* With the first beat the set-up's stack goes: a payload that has ended by then never needed it. */
static int
open_loadavg(const struct tend *t, struct error *err)
{
	if (view.loadavg < 0) {
		process_give_back_stack();
		view.loadavg = path_open_plain(t->proc, "loadavg", O_RDONLY);
	}
	return view.loadavg < 0 ? error_sys(err, "open /proc/loadavg") : 0;
}

/* Are pids being given out, and who has children, or is dead or stopped, by now? */
static int
beat(struct tend *t, struct error *err)
{
	char text[128];
	ssize_t length;

	if (open_proc(t, err) < 0 || open_loadavg(t, err) < 0)
		return -1;
	journal_alive(&t->journal);
	execs_forget_dead(&view.execs, t->proc, &t->journal);
	length = pread(view.loadavg, text, sizeof(text), 0);
	if (length < 0)
		return error_sys(err, "read /proc/loadavg");
	if (pulse_beat(&view.pulse, now_us(), pulse_last_pid(text, (uint64_t)length)) == PULSE_LOOK)
		return 0;
	return walk_tree(t, err);
}

static int
beat_if_due(struct tend *t, struct error *err)
{
	int64_t started_us = now_us();

	if (started_us < view.beat_us)
		return 0;
	view.clock_us = pulse_clock_us(&view.pulse, started_us, view.beat_us);
	if (beat(t, err) < 0)
		return -1;
	view.beat_us = now_us() + view.pulse.interval_ms * 1000LL;
	return 0;
}

/* Nothing is looked for where no rule wants it. */
static int
wants_beat(const struct plan_rules *rules)
{
	return rules->orphans != PLAN_MODE_OFF || rules->unwaited != PLAN_MODE_OFF ||
	       rules->zombies != PLAN_MODE_OFF || rules->stopped != PLAN_MODE_OFF;
}

/* --------------------------------------------------------------------------------------- the loop
 */

/* A worker that is to be started again waits until the orphans of the last one are gone: they may
 * hold its ports. */
static int
reconcile(struct tend *t, struct error *err)
{
	take_signals(t);
	if (parents_forget_dead(&view.parents) > 0 && view.execs.count > 0)
		execs_forget_dead(&view.execs, t->proc, &t->journal);
	reap(t);
	workers_go_on(&t->workers, TREE_MAY_NOT_START);
	if (t->workers.ended)
		return 0;
	if (look_for_orphans(t, err) < 0 || beat_if_due(t, err) < 0)
		return -1;
	if (view.dying == 0)
		workers_go_on(&t->workers, TREE_MAY_START);
	return 0;
}

/* Milliseconds until something is due, -1 where nothing is. Lists of children may skip entries
 * while some exit: while starts wait for the last of the dying, it is looked again soon. */
static int
wait_ms(const struct tend *t)
{
	int64_t due_us = view.beat_us;

	if (t->workers.due_ms < TREE_NEVER / 1000 && t->workers.due_ms * 1000 < due_us)
		due_us = t->workers.due_ms * 1000;
	if (view.dying > 0 && due_us > now_us() + PULSE_FAST_MS * 1000LL)
		due_us = now_us() + PULSE_FAST_MS * 1000LL;
	if (view.denials_us < due_us)
		due_us = view.denials_us;
	if (due_us == INT64_MAX)
		return -1;
	due_us = (due_us - now_us() + 999) / 1000;
	if (due_us < 0)
		return 0;
	return due_us < SLEEP_MAX_MS ? (int)due_us : SLEEP_MAX_MS;
}

/* ----------------------------------------------------------------------------- refused calls
 */

void
tend_listen(struct tend *t, int listener)
{
	struct error lost;

	if (listener == -EBUSY)
		journal_set_listening(&t->journal, JOURNAL_LISTENER_ABOVE);
	else if (listener < 0 || denials_watch(&view.denials, listener, &lost) < 0)
		journal_set_listening(&t->journal, JOURNAL_LISTENER_LOST);
	else
		journal_set_listening(&t->journal, JOURNAL_LISTENING);
}

static int
answer_calls(struct tend *t, struct error *err)
{
	const struct plan_filter *filter = &t->plan->filters[PLAN_FILTER_BUILTIN];

	if (denials_wait(&view.denials)) {
		if (open_proc(t, err) < 0)
			return -1;
		denials_know_self(&view.denials, t->proc);
		denials_serve(&view.denials, filter, t->proc, &t->journal);
	}
	view.denials_us = denials_release(&view.denials);
	journal_wake(&t->journal);
	return 0;
}

int
tend_answer_until(struct tend *t, int fd, struct error *err)
{
	struct pollfd wake[2] = {
		{ .fd = view.denials.events, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	while (!wake[1].revents) {
		int waits_ms = view.denials_us == INT64_MAX ? -1 : DENIALS_WINDOW_MS;

		wake[0].fd = view.denials.events;
		if (poll(wake, 2, waits_ms) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		if (answer_calls(t, err) < 0)
			return -1;
	}
	return 0;
}

/* One message of the host's on the control socket: a process that has come in by exec, or the
 * listener of its filter. */
static void
serve_host(struct tend *t)
{
	AUTO_FD int connection = accept4(t->control, NULL, NULL, SOCK_CLOEXEC);
	struct wire_message message;
	struct error err;

	if (connection < 0 || !peer_is_host(connection, t->plan) ||
	    wire_receive(connection, &message, REQUEST_MS, &err) <= 0)
		return;
	if (message.kind == MSG_ADOPT && message.fd >= 0)
		execs_adopt(&view.execs, connection, &message, t->proc, &view.parents, &t->journal);
	if (message.kind == MSG_LISTEN && message.fd >= 0)
		tend_listen(t, take_fd(&message.fd));
	auto_close(&message.fd);
}

/* Answering calls alone is no reason to look around: it must cost little, and they can be many. */
static int
sleep_until_woken(struct tend *t, struct error *err)
{
	struct pollfd wake[4] = {
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = view.parents.events, .events = POLLIN },
		{ .fd = t->control, .events = POLLIN },
		{ .fd = view.denials.events, .events = POLLIN },
	};

	do {
		if (poll(wake, 4, wait_ms(t)) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		if ((wake[3].revents || view.denials_us != INT64_MAX) && answer_calls(t, err) < 0)
			return -1;
	} while (wake[3].revents && !wake[0].revents && !wake[1].revents && !wake[2].revents &&
		 wait_ms(t) != 0);
	if (wake[2].revents && open_proc(t, err) == 0)
		serve_host(t);
	return 0;
}

/* Followers of the journal are woken once a round. */
static int
go_round(struct tend *t, struct error *err)
{
	int result;

	workers_publish(&t->workers);
	journal_wake(&t->journal);
	result = sleep_until_woken(t, err);
	return result < 0 ? -1 : reconcile(t, err);
}

static int
end(struct tend *t, struct error *err)
{
	count_oom_kills(t); /* others' children, too */
	journal_add(&t->journal,
	    &(struct journal_event) {
		.kind = JOURNAL_ENDED, .child = JOURNAL_NO_CHILD, .status = t->workers.status });
	workers_publish(&t->workers);
	journal_ended(&t->journal, t->workers.status);
	journal_wake(&t->journal);
	if (t->plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW)
		return 0; /* init's exit kills all that is left */
	return open_proc(t, err) < 0 ? -1 : children_kill_all(t->proc, err);
}

static int
run_to_end(struct tend *t, struct error *err)
{
	while (!t->workers.ended)
		if (go_round(t, err) < 0)
			return -1;
	return end(t, err);
}

int
tend_begin(struct tend *t, struct error *err)
{
	struct error while_ending;

	t->workers.plan = &t->plan->tree;
	t->workers.journal = &t->journal;
	view.children = view.loadavg = view.parents.events = view.denials.events = -1;
	view.denials_us = INT64_MAX;
	view.oom_kills = oom_kills(t->oom); /* a cgroup that was there before has its own */
	pulse_start(&view.pulse);
	rules_begin(&view.rules, &t->plan->tree.rules);
	view.beat_us =
	    wants_beat(&t->plan->tree.rules) ? now_us() + PULSE_FAST_MS * 1000LL : INT64_MAX;
	journal_started(&t->journal);
	if (workers_begin(&t->workers, err) < 0)
		return -1;
	workers_go_on(&t->workers, TREE_MAY_START);
	if (tree_is_up(t->workers.tree))
		return 0;
	*err = t->workers.failure;
	(void)run_to_end(t, &while_ending); /* why it failed is what the caller must hear */
	return -1;
}

int
tend_run(struct tend *t, struct error *err)
{
	return run_to_end(t, err) < 0 ? -1 : signals_exit_status(t->workers.status);
}
