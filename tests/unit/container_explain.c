/* What `explain` says, from invented facts. */
#include "tap.h"

#include "base/arena.h"
#include "container/explain_story.h"
#include "container/explain_words.h"
#include "supervise/tree.h"

#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define NOW (INT64_C(1700000000) * 1000000000)
#define S INT64_C(1000000000)

static struct plan_child children[] = {
	{ .id = "root", .kind = PLAN_SUPERVISOR, .intensity = 3, .period_ms = 30000 },
	{ .id = "web", .kind = PLAN_WORKER, .shutdown_ms = 5000, .stop_signal = 15 },
	{ .id = "job", .kind = PLAN_WORKER },
};
static struct plan plan = { .tree = { .declared = 1, .main = 1, .children = { children, 3 } } };

/* Everything that a test changes. */
struct box {
	struct arena arena;
	struct journal_head head;
	struct journal_child children[3];
	struct journal_event events[8];
	struct journal_denial denials[40];
	struct explain_facts facts;
	struct explain_story story;
	char text[32768];
};

static void
begin(struct box *box, enum state_status status)
{
	*box = (struct box) {
		.head = { .begun_wall_ns = NOW - 90 * S, .started_wall_ns = NOW - 80 * S },
		.children = { { .state = TREE_UP }, { .state = TREE_UP }, { .state = TREE_UP } },
		.facts = { .id = "c1",
		    .plan = &plan,
		    .status = status,
		    .now_ns = NOW,
		    .created_ns = NOW - 100 * S,
		    .no_journal = "" },
	};
	box->facts.head = &box->head;
	box->facts.children = box->children;
	box->facts.events = box->events;
	box->facts.denials = box->denials;
}

static void
add(struct box *box, struct journal_event event)
{
	event.wall_ns = NOW - 60 * S;
	box->events[box->facts.event_count++] = event;
}

static void
put(struct box *box, const char *title, const struct explain_lines *lines)
{
	size_t used = strlen(box->text);
	int may_be_empty =
	    strcmp(title, "why") != 0 && strcmp(title, "next") != 0 && strcmp(title, "todo") != 0;

	OK(may_be_empty || lines->count > 0, "why, next and todo are never empty");
	for (size_t i = 0; i < lines->count; i++) {
		(void)snprintf(
		    box->text + used, sizeof(box->text) - used, "%s: %s\n", title, lines->items[i]);
		used += strlen(box->text + used);
	}
}

/* The story as one text, and freed. */
static const char *
tell(struct box *box)
{
	EQ_INT(explain_tell(&box->facts, &box->arena, &box->story), 0, "it is told");
	(void)snprintf(box->text, sizeof(box->text), "state: %s\n", box->story.state);
	put(box, "why", &box->story.why);
	put(box, "happened", &box->story.happened);
	put(box, "refused", &box->story.denials.lists[EXPLAIN_REFUSED]);
	put(box, "would refuse", &box->story.denials.lists[EXPLAIN_WOULD_REFUSE]);
	put(box, "would pretend", &box->story.denials.lists[EXPLAIN_WOULD_PRETEND]);
	put(box, "refusals", &box->story.denials.notes);
	put(box, "next", &box->story.next);
	put(box, "todo", &box->story.todo);
	arena_free(&box->arena);
	return box->text;
}

static void
test_every_kind(void)
{
	struct arena arena = { .blocks = NULL };

	for (uint32_t kind = 1; kind < JOURNAL_KINDS; kind++)
		for (uint32_t action = 0; action < JOURNAL_ACTIONS; action++) {
			struct journal_event event = {
				.kind = kind, .action = action, .child = JOURNAL_NO_CHILD
			};
			const char *text = explain_event(&event, &plan.tree, &arena);

			OK(text && !strstr(text, "no words"), "every kind has a sentence");
			event.child = 1;
			OK(explain_event(&event, &plan.tree, &arena) != NULL, "of a child, too");
		}
	HAS_STR(
	    explain_event(&(struct journal_event) { .kind = JOURNAL_KINDS }, &plan.tree, &arena),
	    "no words", "what is no kind has none");
	arena_free(&arena);
}

static void
test_states(void)
{
	struct box box;

	begin(&box, STATE_CREATED);
	HAS_STR(tell(&box), "todo: osless start c1", "created: start it");
	begin(&box, STATE_CREATING);
	HAS_STR(tell(&box), "delete --force c1", "creating: or its creator is dead");
	begin(&box, STATE_PAUSED);
	HAS_STR(tell(&box), "why: it was paused: its cgroup is frozen", "paused");
	begin(&box, STATE_RUNNING);
	HAS_STR(tell(&box), "state: running\nwhy: all is up that should be", "running");
	HAS_STR(box.text, "todo: nothing", "with nothing to do");
	begin(&box, STATE_RUNNING);
	box.facts.head = NULL;
	box.facts.no_journal = "NO JOURNAL";
	HAS_STR(tell(&box), "NO JOURNAL", "without a journal it says so");
	begin(&box, STATE_STOPPED);
	box.facts.head = NULL;
	box.facts.no_journal = "NO JOURNAL";
	HAS_STR(tell(&box), "NO JOURNAL", "stopped, too");
}

static void
test_degraded(void)
{
	struct box box;

	begin(&box, STATE_RUNNING);
	box.children[0] =
	    (struct journal_child) { .state = TREE_UP, .restarts = 2, .updated_wall_ns = NOW - S };
	box.children[1] = (struct journal_child) { .state = TREE_DELAYED,
		.exits = 1,
		.last_status = 256,
		.due_wall_ns = NOW + 2300000000 };
	HAS_STR(tell(&box), "state: degraded", "a worker that is down");
	HAS_STR(box.text, "web is down and waits for its restart: exit status 1", "which");
	HAS_STR(box.text, "next: web is restarted in 2.3 s", "when it is restarted");
	HAS_STR(box.text, "root has used 2 of the 3 restarts", "how many are left");
	begin(&box, STATE_RUNNING);
	box.children[0] = (struct journal_child) {
		.state = TREE_UP, .restarts = 2, .updated_wall_ns = NOW - 31 * S
	};
	OK(!strstr(tell(&box), "has used"), "restarts before the period count no more");
	begin(&box, STATE_RUNNING);
	box.children[2] =
	    (struct journal_child) { .state = TREE_DONE, .exits = 1, .last_status = 0 };
	HAS_STR(tell(&box), "state: running", "a worker that has done its work is no fault");
	begin(&box, STATE_RUNNING);
	box.children[2] =
	    (struct journal_child) { .state = TREE_DONE, .exits = 1, .last_status = 9 };
	HAS_STR(tell(&box), "job failed and is not to be restarted: signal 9 (KILL)",
	    "a failed one is");
}

static void
test_gave_up(void)
{
	struct box box;

	begin(&box, STATE_STOPPED);
	box.head.ended_wall_ns = NOW - 10 * S;
	box.head.end_status = 256;
	add(&box, (struct journal_event) { .kind = JOURNAL_EXITED, .child = 1, .status = 256 });
	add(&box, (struct journal_event) { .kind = JOURNAL_GAVE_UP, .child = 0, .number = 4 });
	add(&box, (struct journal_event) { .kind = JOURNAL_SHUTDOWN, .child = JOURNAL_NO_CHILD });
	HAS_STR(tell(&box),
	    "why: supervisor root gave up: 4 restarts were needed within 30 s, its intensity is 3 "
	    "(rule R1)",
	    "gave up: why");
	HAS_STR(box.text, "what failed last: web, exit status 1", "who failed last");
	HAS_STR(box.text, "the container's status: exit status 1", "with what");
	HAS_STR(box.text, "raise the intensity of root (now 3 within 30 s)", "the cure");
	HAS_STR(box.text, "osless events --no-follow c1", "where to read on");
	EQ_INT(box.story.since_ns, NOW - 10 * S, "since when");
}

static void
test_stopped(void)
{
	struct box box;

	begin(&box, STATE_STOPPED);
	box.head.ended_wall_ns = NOW;
	add(&box, (struct journal_event) { .kind = JOURNAL_SHUTDOWN, .number = 15 });
	HAS_STR(tell(&box), "signal TERM asked for an orderly shutdown", "stopped from outside");
	begin(&box, STATE_STOPPED);
	box.head.ended_wall_ns = NOW;
	plan.tree.declared = 0;
	box.head.end_status = 7 << 8;
	HAS_STR(tell(&box), "its program (web) ended: exit status 7", "ended by its program");
	plan.tree.declared = 1;
	begin(&box, STATE_STOPPED);
	box.head.ended_wall_ns = NOW;
	HAS_STR(tell(&box), "no worker was left that would run again", "all have done their work");
	begin(&box, STATE_STOPPED);
	box.head.alive_wall_ns = NOW - 5 * S;
	box.facts.oom_kills = 2;
	HAS_STR(tell(&box), "its init was killed (SIGKILL)", "init was killed");
	HAS_STR(box.text, "the kernel killed 2 of its processes for want of memory", "OOM");
	HAS_STR(box.text, "raise linux.resources.memory.limit", "OOM's cure");
	EQ_INT(box.story.since_ns, NOW - 5 * S, "since its last sign of life");
}

static void
test_cures(void)
{
	static const struct {
		struct journal_event event;
		const char *want;
	} rows[] = {
		{ { .kind = JOURNAL_START_FAILED, .child = 1, .number = ENOENT },
		    "web's program is not in the root file system" },
		{ { .kind = JOURNAL_START_FAILED, .child = 1, .number = EACCES },
		    "web's program cannot be executed" },
		{ { .kind = JOURNAL_EXITED, .child = 1, .status = 11 }, "web crashes (signal 11)" },
		{ { .kind = JOURNAL_EXITED, .child = 1, .status = 31 },
		    "killed for a system call" },
		{ { .kind = JOURNAL_EXITED, .child = 1, .status = 127 << 8 },
		    "program is missing" },
		{ { .kind = JOURNAL_EXITED, .child = 1, .status = 1 << 8 }, "says in its output" },
		{ { .kind = JOURNAL_KILLED, .child = 1 }, "let it handle TERM, or give it longer" },
		{ { .kind = JOURNAL_ORPHAN, .comm = "crond" }, "crond outlives its parent" },
		{ { .kind = JOURNAL_UNWAITED, .comm = "a", .parent_comm = "mgr" },
		    "mgr does not wait for its children: let it call waitpid(2)" },
		{ { .kind = JOURNAL_ZOMBIE, .comm = "a", .parent_comm = "mgr" },
		    "mgr does not wait" },
		{ { .kind = JOURNAL_STOPPED, .comm = "x\033y" }, "something stops x?y" },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct box box;

		begin(&box, STATE_RUNNING);
		add(&box, rows[i].event);
		HAS_STR(tell(&box), rows[i].want, rows[i].want);
	}
}

static void
test_happened(void)
{
	struct box box;

	begin(&box, STATE_RUNNING);
	for (int i = 0; i < 5; i++)
		add(&box, (struct journal_event) { .kind = JOURNAL_ORPHAN, .pid = i, .comm = "w" });
	add(&box, (struct journal_event) { .kind = JOURNAL_EXITED, .child = 1, .pid = 0 });
	box.facts.torn = 1;
	HAS_STR(tell(&box), "w lost its parent and was only noticed (R2); 5 times", "told once");
	HAS_STR(box.text, "1 that init could not write down", "torn ones");
	EQ_INT(box.story.happened.count, 3, "three lines");
	begin(&box, STATE_RUNNING);
	add(&box, (struct journal_event) { .kind = JOURNAL_EXITED, .child = 1, .pid = 7 });
	add(&box, (struct journal_event) { .kind = JOURNAL_ORPHAN, .parent = 7, .comm = "w" });
	OK(!strstr(tell(&box), "outlives"), "what a dead worker leaves is not to blame");
	begin(&box, STATE_RUNNING);
	add(&box, (struct journal_event) { .kind = JOURNAL_GAVE_UP, .child = 77 });
	HAS_STR(tell(&box), "a child that is not in the plan", "a damaged index");
}

/* -------------------------------------------------------------------------------- denials */

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#else
#define NATIVE AUDIT_ARCH_AARCH64
#endif

/* A container whose init listens. */
static void
begin_listening(struct box *box, enum state_status status)
{
	begin(box, status);
	plan.denials = PLAN_DENIALS_INIT;
	box->head.listening = JOURNAL_LISTENING;
}

static struct journal_denial *
deny(struct box *box, long number, int errnum, int64_t ago_ns)
{
	struct journal_denial *denial = &box->denials[box->facts.denial_count++];

	*denial = (struct journal_denial) { .count = 1,
		.first_wall_ns = NOW - ago_ns,
		.last_wall_ns = NOW - ago_ns,
		.number = (int32_t)number,
		.arch = NATIVE,
		.errnum = errnum,
		.pid = 9,
		.comm = "sh",
		.exe = "/bin/busybox" };
	return denial;
}

static void
test_refused(void)
{
	struct journal_denial *denial;
	struct box box;

	begin_listening(&box, STATE_RUNNING);
	HAS_STR(tell(&box), "refusals: none, apart from", "none so far");
	begin_listening(&box, STATE_RUNNING);
	denial = deny(&box, SYS_unshare, EPERM, 10 * S);
	denial->args[0] = CLONE_NEWUSER;
	denial->count = 4;
	denial->first_wall_ns -= 50 * S;
	deny(&box, SYS_ptrace, EPERM, 20 * S)->pid = 0;
	(void)tell(&box);
	HAS_STR(box.text,
	    "refused: 2023-11-14 22:13:00 UTC  /bin/busybox (sh): ptrace(PTRACE_TRACEME, 0, 0, 0) "
	    "= EPERM: ",
	    "what, to whom, when");
	HAS_STR(box.text,
	    "refused: 2023-11-14 22:13:10 UTC  /bin/busybox (sh, pid 9): unshare(CLONE_NEWUSER) = "
	    "EPERM; 4 times since 2023-11-14 22:12:20 UTC: ",
	    "and how often");
	OK(strstr(box.text, "ptrace(") < strstr(box.text, "unshare("), "the newest last");
	HAS_STR(box.text, "todo: if unshare is needed: ", "cures");
	HAS_STR(box.text, "todo: if ptrace is needed: debug it from the host", "of each");
	HAS_STR(box.text, "todo: to try it with nothing refused and all recorded: modes.syscalls",
	    "and the trial");
	OK(!strstr(box.text, "todo: nothing\n"), "so there is something to do");
	OK(!strstr(box.text, "refusals:"), "and nothing more to say");
	begin_listening(&box, STATE_RUNNING);
	strcpy(deny(&box, SYS_mount, EPERM, S)->exe, "/x\033[2Jy\377");
	HAS_STR(tell(&box), "/x?[2Jy? (sh, pid 9)", "names cannot harm the terminal");
}

static void
test_refused_many(void)
{
	struct box box;

	begin_listening(&box, STATE_RUNNING);
	for (int i = 0; i < 40; i++)
		deny(&box, 9000 + i, ENOSYS, (40 - i) * S);
	box.facts.torn_denials = 1;
	box.head.counters[JOURNAL_COUNT_UNLISTED] = 77;
	(void)tell(&box);
	EQ_INT(box.story.denials.lists[EXPLAIN_REFUSED].count, 12, "a long list is cut");
	HAS_STR(box.text, "unknown call 9039(", "the newest are shown");
	OK(!strstr(box.text, "unknown call 9027("), "the oldest are not");
	HAS_STR(box.text, "refusals: 28 more, older than these: osless explain --format json c1",
	    "how many, and where they are");
	HAS_STR(box.text, "refusals: 77 calls of further kinds", "those without room");
	HAS_STR(box.text, "refusals: 1 that init could not write down", "a torn one");
}

static void
test_audit(void)
{
	struct box box;

	begin_listening(&box, STATE_RUNNING);
	deny(&box, SYS_ptrace, EPERM, S)->flags = JOURNAL_DENIAL_WOULD;
	deny(&box, SYS_setuid, 0, S)->flags = JOURNAL_DENIAL_WOULD;
	deny(&box, SYS_add_key, EPERM, S)->flags = JOURNAL_DENIAL_BUNDLE;
	(void)tell(&box);
	HAS_STR(box.text,
	    "would refuse: 2023-11-14 22:13:19 UTC  /bin/busybox (sh, pid 9): ptrace(",
	    "audit: a would-be refusal");
	HAS_STR(box.text,
	    "would pretend: 2023-11-14 22:13:19 UTC  /bin/busybox (sh, pid 9): setuid(0) = 0: ",
	    "a would-be pretence");
	HAS_STR(box.text, "refusals: audit: what would be refused or pretended was executed",
	    "which it says");
	HAS_STR(box.text, "the bundle's own seccomp profile refuses it", "who refuses");
	OK(!strstr(box.text, "todo: to try it"), "the trial is on");
	HAS_STR(box.text, "\nrefused: 2023-11-14 22:13:19 UTC  /bin/busybox (sh, pid 9): add_key(",
	    "and what the bundle refuses is refused");
}

static void
test_untold(void)
{
	static const struct {
		uint32_t denials, syscalls, supervision, listening;
		const char *want;
	} rows[] = {
		{ PLAN_DENIALS_UNTOLD, PLAN_MODE_OFF, PLAN_MODE_ENFORCE, 0,
		    "not told: osless refuses no system calls here" },
		{ PLAN_DENIALS_UNTOLD, PLAN_MODE_ENFORCE, PLAN_MODE_OFF, 0,
		    "not told: supervision is off" },
		{ PLAN_DENIALS_AGENT, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, 0,
		    "the bundle's agent has the listener, of which there can be one "
		    "(linux.seccomp.listenerPath, /run/agent?sock)" },
		{ PLAN_DENIALS_INIT, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, JOURNAL_LISTENER_ABOVE,
		    "whoever started osless listens" },
		{ PLAN_DENIALS_INIT, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, JOURNAL_LISTENER_LOST,
		    "the kernel's listener could not be had" },
		{ PLAN_DENIALS_INIT, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, JOURNAL_NOT_LISTENING,
		    "not told yet" },
	};
	const struct plan before = plan;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct box box;

		begin(&box, STATE_RUNNING);
		box.head.listening = rows[i].listening;
		plan.denials = rows[i].denials;
		plan.syscalls_mode = rows[i].syscalls;
		plan.supervision_mode = rows[i].supervision;
		plan.listener_path = "/run/agent\nsock";
		HAS_STR(tell(&box), rows[i].want, rows[i].want);
		OK(!explain_denials_are_told(&box.facts), "told are they not");
		plan = before;
	}
}

/* A bundle's profile that could not be merged is told of nowhere. */
static void
test_apart(void)
{
	struct box box;

	plan.filters[PLAN_FILTER_BUNDLE].code.count = 1;
	begin_listening(&box, STATE_RUNNING);
	HAS_STR(tell(&box), "what the bundle's own profile refuses is not told", "it is said");
	plan.filters[PLAN_FILTER_BUNDLE].code.count = 0;
}

/* The worker's process 9 was refused something ago_ns ago, and its end was a minute ago. */
static int
blames(int64_t ago_ns, int32_t pid, int32_t status, uint32_t flags)
{
	struct journal_denial *denial;
	struct box box;

	begin_listening(&box, STATE_STOPPED);
	box.head.ended_wall_ns = NOW - 60 * S;
	box.head.end_status = status;
	plan.tree.declared = 0;
	add(&box, (struct journal_event) {
		      .kind = JOURNAL_EXITED, .child = 1, .pid = 9, .status = status });
	denial = deny(&box, SYS_ptrace, EPERM, ago_ns);
	denial->pid = pid;
	denial->flags = flags;
	(void)tell(&box);
	plan.tree.declared = 1;
	return strstr(box.text, "why: shortly before, web was refused ptrace (EPERM)") != NULL;
}

static void
test_why(void)
{
	struct box box;

	OK(blames(61 * S, 9, 256, 0), "a refusal shortly before a failure");
	OK(!blames(63 * S, 9, 256, 0), "not long before");
	OK(!blames(59 * S, 9, 256, 0), "not afterwards");
	OK(!blames(61 * S, 8, 256, 0), "not another's");
	OK(!blames(61 * S, 9, 0, 0), "not before a good end");
	OK(!blames(61 * S, 9, 256, JOURNAL_DENIAL_WOULD), "not one that was executed");
	begin_listening(&box, STATE_RUNNING);
	add(&box,
	    (struct journal_event) { .kind = JOURNAL_EXITED, .child = 1, .pid = 9, .status = 31 });
	box.children[1] =
	    (struct journal_child) { .state = TREE_DELAYED, .exits = 1, .last_status = 31 };
	HAS_STR(tell(&box), "why: signal SYS is the answer of a seccomp profile that kills",
	    "death by a profile");
}

/* Whatever a damaged journal holds: it is told without a fall. */
static void
check_printable(const struct explain_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		for (const char *c = lines->items[i]; *c; c++)
			if (*c < ' ' || *c > '~')
				OK(0, "nothing unprintable comes out");
}

static void
fill(void *area, size_t size)
{
	unsigned char *noise = area;

	for (size_t i = 0; i < size; i++)
		noise[i] = (unsigned char)rand();
}

/* Kinds and children are mostly near to what there is; names are terminated, as by the reader. */
static void
make_noise(struct box *box)
{
	box->facts.event_count = sizeof(box->events) / sizeof(box->events[0]);
	box->facts.denial_count = sizeof(box->denials) / sizeof(box->denials[0]);
	fill(box->events, sizeof(box->events));
	fill(box->children, sizeof(box->children));
	fill(box->denials, sizeof(box->denials));
	for (size_t i = 0; i < box->facts.denial_count; i++)
		box->denials[i].comm[15] = box->denials[i].exe[JOURNAL_EXE_MAX - 1] = '\0';
	for (size_t i = 0; i < box->facts.event_count; i++) {
		box->events[i].kind %= JOURNAL_KINDS + 1;
		box->events[i].child %= 4;
		box->events[i].comm[15] = box->events[i].parent_comm[15] = '\0';
	}
}

static void
test_noise(void)
{
	static struct box box;

	srand(1);
	for (int round = 0; round < 300; round++) {
		begin(&box, round % 2 ? STATE_RUNNING : STATE_STOPPED);
		make_noise(&box);
		box.head.ended_wall_ns = round % 3 ? NOW : 0;
		if (explain_tell(&box.facts, &box.arena, &box.story) < 0 || !box.story.why.count)
			OK(0, "noise is told, too");
		check_printable(&box.story.happened);
		check_printable(&box.story.todo);
		check_printable(&box.story.denials.notes);
		for (int i = 0; i < EXPLAIN_DENIED_LISTS; i++)
			check_printable(&box.story.denials.lists[i]);
		arena_free(&box.arena);
	}
	OK(1, "300 journals of noise");
}

int
main(void)
{
	test_noise();
	test_every_kind();
	test_states();
	test_degraded();
	test_gave_up();
	test_stopped();
	test_cures();
	test_happened();
	test_refused();
	test_refused_many();
	test_audit();
	test_untold();
	test_apart();
	test_why();
	DONE();
}
