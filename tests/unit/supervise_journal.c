/* The journal: what is written is read; the ring wraps; a reader beside a writer at full speed gets
 * whole entries or is told; followers wake up; files that are no journal are refused. */
#include "tap.h"

#include "base/error.h"
#include "supervise/journal.h"
#include "supervise/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct plan_child children[] = {
	{ .id = "root", .kind = PLAN_SUPERVISOR },
	{ .id = "web", .kind = PLAN_WORKER },
	{ .id = "a-name-that-is-longer-than-the-journal-has-room-for-in-an-entry",
	    .kind = PLAN_WORKER },
};
static const struct plan_tree tree = { .declared = 1, .children = { children, 3 } };

struct pair {
	int fd;
	struct journal journal;
	struct journal_view view;
};

static int
make_file(void)
{
	int fd = memfd_create("journal", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)journal_size(&tree)) < 0)
		abort();
	return fd;
}

static struct pair
open_pair(void)
{
	struct pair pair = { .fd = make_file() };
	struct error err;

	if (journal_open(&pair.journal, pair.fd, &tree, &err) < 0 ||
	    journal_map(&pair.view, pair.fd, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return pair;
}

static void
close_pair(struct pair *pair)
{
	journal_unmap(&pair->view);
	(void)munmap(pair->journal.head, journal_size(&tree));
	(void)close(pair->fd);
}

/* -------------------------------------------------------------------------- write, read */

static void
test_no_journal(void)
{
	struct journal journal = { .head = NULL };
	struct journal_event event = { .kind = JOURNAL_STARTED };
	struct journal_child child = { .pid = 1 };

	journal_add(&journal, &event);
	journal_count(&journal, JOURNAL_COUNT_EXECS, 1);
	journal_set_child(&journal, 0, &child);
	journal_started(&journal);
	journal_alive(&journal);
	journal_ended(&journal, 0);
	journal_wake(&journal);
	EQ_INT(journal.changed, 0, "without a map every call does nothing");
}

static void
test_events(void)
{
	struct pair pair = open_pair();
	struct journal_event event = { .kind = JOURNAL_ORPHAN,
		.action = JOURNAL_KILL,
		.child = 1,
		.pid = 7,
		.parent = 1,
		.number = 3 };
	struct journal_event got;

	EQ_INT(journal_oldest(&pair.view), 1, "an empty ring has none");
	EQ_INT(journal_event(&pair.view, 1, &got), JOURNAL_NOT_YET, "nor a first one");
	EQ_INT(journal_event(&pair.view, 0, &got), JOURNAL_GONE, "there is no number 0");
	memset(event.comm, 'x', sizeof(event.comm));
	strcpy(event.parent_comm, "sh");
	journal_add(&pair.journal, &event);
	EQ_INT(pair.journal.changed, 1, "something has changed");
	EQ_INT(journal_event(&pair.view, 1, &got), JOURNAL_GOT, "the first event is there");
	EQ_INT(got.sequence, 1, "its number");
	EQ_INT(got.kind, JOURNAL_ORPHAN, "kind");
	EQ_INT(got.action, JOURNAL_KILL, "action");
	EQ_INT(got.pid * 100 + got.parent, 701, "pid and parent");
	EQ_INT(got.number, 3, "number");
	EQ_STR(got.comm, "xxxxxxxxxxxxxxx", "comm is terminated");
	EQ_STR(got.parent_comm, "sh", "parent's comm");
	OK(got.wall_ns / 1000000000 >= time(NULL) - 5 && got.mono_ns > 0, "times are filled in");
	EQ_INT(journal_event(&pair.view, 2, &got), JOURNAL_NOT_YET, "no second one");
	close_pair(&pair);
}

static void
test_wrap(void)
{
	struct pair pair = open_pair();
	struct journal_event event = { .kind = JOURNAL_STARTED };
	struct journal_event got;
	int right = 0;

	for (uint32_t i = 1; i <= JOURNAL_EVENTS + 10; i++) {
		event.number = i;
		journal_add(&pair.journal, &event);
	}
	EQ_INT(journal_oldest(&pair.view), 11, "ten have been overwritten");
	EQ_INT(journal_event(&pair.view, 10, &got), JOURNAL_GONE, "the tenth is gone");
	for (uint32_t i = 11; i <= JOURNAL_EVENTS + 10; i++)
		right += journal_event(&pair.view, i, &got) == JOURNAL_GOT && got.number == i &&
			 got.sequence == i;
	EQ_INT(right, JOURNAL_EVENTS, "the others are as they were written");
	EQ_INT(
	    journal_event(&pair.view, JOURNAL_EVENTS + 11, &got), JOURNAL_NOT_YET, "and no more");
	close_pair(&pair);
}

static void
test_children(void)
{
	struct pair pair = open_pair();
	struct journal_child web = { .state = TREE_UP, .pid = 9, .starts = 2, .restarts = 1 };
	struct journal_child got;

	EQ_INT(
	    journal_child(&pair.view, 1, &got), JOURNAL_GOT, "children are there from the start");
	EQ_INT(got.state, TREE_DOWN, "and down");
	EQ_STR(got.id, "web", "with their names");
	journal_set_child(&pair.journal, 1, &web);
	journal_set_child(&pair.journal, 3, &web);
	EQ_INT(journal_child(&pair.view, 1, &got), JOURNAL_GOT, "a changed one");
	EQ_INT(got.state, TREE_UP, "its state");
	EQ_INT(got.pid, 9, "pid");
	EQ_INT(got.starts, 2, "starts");
	EQ_STR(got.id, "web", "and name");
	OK(got.updated_wall_ns > 0, "when");
	EQ_INT(journal_child(&pair.view, 2, &got), JOURNAL_GOT, "a long name");
	EQ_INT(strlen(got.id), JOURNAL_ID_MAX - 1, "is cut");
	EQ_INT(journal_child(&pair.view, 3, &got), JOURNAL_NOT_YET, "there is no fourth child");
	close_pair(&pair);
}

static void
test_head(void)
{
	struct pair pair = open_pair();
	struct journal_head head;

	journal_read_head(&pair.view, &head);
	OK(head.begun_wall_ns > 0 && head.alive_wall_ns > 0, "begun, and alive");
	EQ_INT(head.started_wall_ns, 0, "not started");
	EQ_INT(head.ended_wall_ns, 0, "not ended");
	journal_count(&pair.journal, JOURNAL_COUNT_ORPHANS, 2);
	journal_count(&pair.journal, JOURNAL_COUNT_ORPHANS, 3);
	journal_started(&pair.journal);
	journal_ended(&pair.journal, 256);
	journal_wake(&pair.journal);
	journal_read_head(&pair.view, &head);
	EQ_INT(head.counters[JOURNAL_COUNT_ORPHANS], 5, "counters add up");
	EQ_INT(head.end_status, 256, "the end's status");
	OK(head.ended_wall_ns >= head.started_wall_ns && head.started_wall_ns > 0, "and times");
	EQ_INT(head.wake, 1, "one batch of changes is one wake-up");
	journal_alive(&pair.journal);
	journal_wake(&pair.journal);
	journal_read_head(&pair.view, &head);
	EQ_INT(head.wake, 1, "a sign of life is none");
	close_pair(&pair);
}

/* -------------------------------------------------------------------------- torn entries */

static void
test_torn(void)
{
	struct pair pair = open_pair();
	struct journal_event event = { .kind = JOURNAL_STARTED, .number = 5 };
	char *base = (char *)pair.journal.head;
	struct journal_event *ring = (void *)(base + pair.journal.head->events);
	struct journal_child *entries = (void *)(base + sizeof(struct journal_head));
	struct journal_event got;
	struct journal_child child;

	journal_add(&pair.journal, &event);
	ring[0].sequence = 0; /* as by a SIGKILL in the middle of journal_add */
	EQ_INT(journal_event(&pair.view, 1, &got), JOURNAL_TORN, "a half written event is torn");
	journal_add(&pair.journal, &event);
	EQ_INT(journal_event(&pair.view, 2, &got), JOURNAL_GOT, "the next one is not");
	pair.journal.head->last = 3; /* killed between the head and the entry */
	EQ_INT(journal_event(&pair.view, 3, &got), JOURNAL_TORN, "one that was only counted");
	entries[1].sequence = 0;
	EQ_INT(journal_child(&pair.view, 1, &child), JOURNAL_TORN, "a half written child");
	EQ_STR(child.id, "web", "is read as far as it goes");
	close_pair(&pair);
}

/* ---------------------------------------------------------------- a writer at full speed */

/* Every field from one number, so that a mixed copy shows. */
static struct journal_event
patterned(uint32_t n)
{
	struct journal_event event = { .kind = n,
		.action = n + 1,
		.child = n + 2,
		.pid = (int32_t)(n & 0xffffff),
		.parent = (int32_t)(n & 0xffff),
		.status = (int32_t)(n & 0xff),
		.number = n };

	(void)snprintf(event.comm, sizeof(event.comm), "%u", n);
	(void)snprintf(event.parent_comm, sizeof(event.parent_comm), "p%u", n);
	for (unsigned i = 0; i < 5; i++)
		event.spare[i] = n * (uint64_t)(i + 1);
	return event;
}

static int
is_whole(const struct journal_event *got, uint64_t sequence)
{
	struct journal_event want = patterned((uint32_t)sequence);

	want.sequence = got->sequence;
	want.wall_ns = got->wall_ns;
	want.mono_ns = got->mono_ns;
	return got->sequence == sequence && memcmp(&want, got, sizeof(want)) == 0;
}

static pid_t
fork_writer(struct pair *pair)
{
	pid_t writer = fork();

	if (writer != 0)
		return writer;
	for (uint32_t n = 1;; n++) {
		struct journal_event event = patterned(n);
		struct journal_child child = {
			.state = n, .pid = (int32_t)(n & 0xffffff), .starts = n + 1, .exits = n + 2
		};

		journal_add(&pair->journal, &event);
		journal_set_child(&pair->journal, 1, &child);
	}
}

static int
child_is_whole(const struct journal_child *got)
{
	uint32_t n = got->state;

	return got->sequence == 1 ||
	       (got->pid == (int32_t)(n & 0xffffff) && got->starts == n + 1 && got->exits == n + 2);
}

static void
test_full_speed(void)
{
	struct pair pair = open_pair();
	pid_t writer = fork_writer(&pair);
	struct journal_event event;
	struct journal_child child;
	time_t end = time(NULL) + 2;
	long got = 0, mixed = 0, torn = 0;

	while (time(NULL) < end || got < 1000) {
		uint64_t oldest = journal_oldest(&pair.view);

		for (uint64_t i = oldest; i < oldest + JOURNAL_EVENTS; i += 17) {
			enum journal_got answer = journal_event(&pair.view, i, &event);

			got += answer == JOURNAL_GOT;
			torn += answer == JOURNAL_TORN;
			mixed += answer == JOURNAL_GOT && !is_whole(&event, i);
		}
		if (journal_child(&pair.view, 1, &child) == JOURNAL_GOT)
			mixed += !child_is_whole(&child);
	}
	(void)kill(writer, SIGKILL);
	(void)waitpid(writer, NULL, 0);
	OK(got >= 1000, "a reader beside a writer at full speed gets events");
	EQ_INT(mixed, 0, "none of them mixed from two");
	EQ_INT(torn, 0, "and none torn while the writer lives");
	OK(pair.view.head->last > 10L * JOURNAL_EVENTS, "the writer went round many times");
	close_pair(&pair);
}

/* ------------------------------------------------------------------------------ following */

static long
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

/* Wakes the follower n times, 20 ms apart, with an event each that carries its time. */
static pid_t
fork_waker(struct pair *pair, uint32_t n)
{
	pid_t waker = fork();

	if (waker != 0)
		return waker;
	for (uint32_t i = 0; i < n; i++) {
		struct journal_event event = { .kind = JOURNAL_STARTED };

		(void)usleep(20000);
		event.spare[0] = (uint64_t)now_us();
		journal_add(&pair->journal, &event);
		journal_wake(&pair->journal);
	}
	(void)usleep(20000);
	journal_ended(&pair->journal, 0);
	journal_wake(&pair->journal);
	_exit(0);
}

static int
compare_long(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
test_follow(void)
{
	enum { WAKES = 25 };
	struct pair pair = open_pair();
	pid_t waker = fork_waker(&pair, WAKES);
	long late_us[WAKES], before;
	struct journal_event event;
	unsigned wakes = 0;

	for (uint64_t seen = 0; seen < WAKES; wakes++) {
		journal_follow(&pair.view, seen, 5000);
		while (journal_event(&pair.view, seen + 1, &event) == JOURNAL_GOT)
			late_us[seen++] = now_us() - (long)event.spare[0];
	}
	qsort(late_us, WAKES, sizeof(late_us[0]), compare_long);
	OK(late_us[WAKES / 2] < 5000, "a follower wakes up within milliseconds");
	printf("# median %ld us, worst %ld us\n", late_us[WAKES / 2], late_us[WAKES - 1]);
	OK(wakes <= WAKES + 1, "and not without need");
	before = now_us();
	journal_follow(&pair.view, WAKES, 5000);
	OK(now_us() - before < 2000000, "the end wakes it, too");
	(void)waitpid(waker, NULL, 0);
	before = now_us();
	journal_follow(&pair.view, WAKES, -1);
	OK(now_us() - before < 1000000, "after the end it does not sleep");
	close_pair(&pair);
}

static void
test_follow_timeout(void)
{
	struct pair pair = open_pair();
	struct journal_event event = { .kind = JOURNAL_STARTED };
	long before = now_us();

	journal_follow(&pair.view, 0, 30);
	OK(now_us() - before >= 29000, "without news a follower sleeps its time");
	journal_add(&pair.journal, &event);
	before = now_us();
	journal_follow(&pair.view, 0, 5000);
	OK(now_us() - before < 2000000, "news before the sleep prevent it");
	close_pair(&pair);
}

/* ---------------------------------------------------------------------------- denials */

static struct journal_denial
denial_of(const char *exe, int number, int errnum)
{
	struct journal_denial denial = { .number = number,
		.arch = 0xc000003e,
		.errnum = errnum,
		.pid = 12,
		.args = { 1, 2, 3, 4, 5, UINT64_MAX },
		.comm = "worker" };

	(void)snprintf(denial.exe, sizeof(denial.exe), "%s", exe);
	return denial;
}

static void
test_denial_known(void)
{
	struct pair pair = open_pair();
	struct journal_denial denial = denial_of("/bin/a", 161, 1), got;
	struct journal_event event;

	EQ_INT(journal_denial(&pair.view, 0, &got), JOURNAL_NOT_YET, "no denial yet");
	OK(!journal_has_denial(&pair.journal, &denial), "nor known");
	EQ_INT(journal_add_denial(&pair.journal, &denial), 0, "the first");
	OK(journal_has_denial(&pair.journal, &denial), "is known");
	denial.pid = 99;
	denial.args[0] = 77;
	EQ_INT(journal_add_denial(&pair.journal, &denial), 0, "again");
	EQ_INT(journal_denial(&pair.view, 0, &got), JOURNAL_GOT, "read");
	EQ_INT(got.count, 2, "count");
	EQ_INT(got.pid, 12, "the first one's pid");
	EQ_INT(got.args[0], 1, "and argument");
	OK(got.args[5] == UINT64_MAX, "all of it");
	EQ_STR(got.exe, "/bin/a", "exe");
	EQ_STR(got.comm, "worker", "comm");
	OK(got.first_wall_ns > 0 && got.last_wall_ns >= got.first_wall_ns, "times");
	EQ_INT(journal_event(&pair.view, 1, &event), JOURNAL_GOT, "an event");
	EQ_INT(event.kind, JOURNAL_DENIED, "of this kind");
	EQ_INT(event.number, 0, "with its index");
	EQ_INT(event.pid, 12, "and pid");
	EQ_INT(journal_event(&pair.view, 2, &event), JOURNAL_NOT_YET, "and one only");
	EQ_INT(pair.view.head->counters[JOURNAL_COUNT_DENIED], 2, "both are counted");
	close_pair(&pair);
}

/* What makes an entry of its own. */
static void
test_denial_kinds(void)
{
	struct pair pair = open_pair();
	struct journal_denial kinds[6];
	struct journal_event event;

	for (int i = 0; i < 6; i++)
		kinds[i] = denial_of("/bin/a", 161, 1);
	memcpy(kinds[1].exe, "/bin/b", 7);
	kinds[2].number = 162;
	kinds[3].errnum = 38;
	kinds[4].arch = 0x40000003;
	kinds[5].flags = JOURNAL_DENIAL_WOULD;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 6; i++)
			EQ_INT(journal_add_denial(&pair.journal, &kinds[i]), i, "an entry each");
	EQ_INT(pair.view.head->counters[JOURNAL_COUNT_DENIED], 10, "refused");
	EQ_INT(pair.view.head->counters[JOURNAL_COUNT_WOULD_DENY], 2, "would be");
	EQ_INT(journal_event(&pair.view, 6, &event), JOURNAL_GOT, "the last one's event");
	EQ_INT(event.action, JOURNAL_WOULD, "says so");
	close_pair(&pair);
}

static void
test_denial_room(void)
{
	struct pair pair = open_pair();
	struct journal_denial denial, got;

	for (int i = 0; i < JOURNAL_DENIALS; i++) {
		denial = denial_of("/bin/a", i, 1);
		if (journal_add_denial(&pair.journal, &denial) != (uint32_t)i)
			OK(0, "room for all");
	}
	denial = denial_of("/bin/a", 1000, 1);
	EQ_INT(journal_add_denial(&pair.journal, &denial), JOURNAL_DENIALS, "no room");
	EQ_INT(journal_add_denial(&pair.journal, &denial), JOURNAL_DENIALS, "again none");
	EQ_INT(pair.view.head->counters[JOURNAL_COUNT_UNLISTED], 2, "but counted");
	denial = denial_of("/bin/a", JOURNAL_DENIALS - 1, 1);
	EQ_INT(journal_add_denial(&pair.journal, &denial), JOURNAL_DENIALS - 1, "a known one is");
	EQ_INT(journal_denial(&pair.view, JOURNAL_DENIALS - 1, &got), JOURNAL_GOT, "read");
	EQ_INT(got.count, 2, "counted on");
	EQ_INT(journal_denial(&pair.view, JOURNAL_DENIALS, &got), JOURNAL_NOT_YET, "no more");
	close_pair(&pair);
}

/* A writer killed in the middle of counting. */
static void
test_denial_torn(void)
{
	struct pair pair = open_pair();
	struct journal_denial denial = denial_of("/bin/a", 161, 1), got;
	struct journal_denial *entry =
	    (struct journal_denial *)(void *)((char *)pair.journal.head + pair.view.size) -
	    JOURNAL_DENIALS;

	(void)journal_add_denial(&pair.journal, &denial);
	entry->sequence = 0;
	memset(entry->exe, 'x', sizeof(entry->exe));
	EQ_INT(journal_denial(&pair.view, 0, &got), JOURNAL_TORN, "torn");
	EQ_INT(strlen(got.exe), JOURNAL_EXE_MAX - 1, "and still terminated");
	close_pair(&pair);
}

/* Where the file's end has no memory, the denial is only counted: no SIGBUS. */
static void
test_denial_no_memory(void)
{
	struct pair pair = { .fd = make_file() };
	struct journal_denial denial = denial_of("/bin/a", 161, 1);
	struct error err;

	EQ_INT(journal_open(&pair.journal, pair.fd, &tree, &err), 0, "a journal");
	EQ_INT(ftruncate(pair.fd, (off_t)journal_size_at_first(&tree)), 0, "without its end");
	if (journal_size_at_first(&tree) / 4096 == journal_size(&tree) / 4096)
		printf("# one page\n");
	for (int i = 0; i < JOURNAL_DENIALS; i++) {
		denial.number = i;
		(void)journal_add_denial(&pair.journal, &denial);
	}
	OK(pair.journal.head->counters[JOURNAL_COUNT_UNLISTED] > 0, "goes on without it");
	EQ_INT(pair.journal.head->counters[JOURNAL_COUNT_DENIED], JOURNAL_DENIALS, "and counts");
	(void)munmap(pair.journal.head, journal_size(&tree));
	(void)close(pair.fd);
}

static void
test_listening(void)
{
	struct pair pair = open_pair();
	struct journal_head head;

	journal_read_head(&pair.view, &head);
	EQ_INT(head.listening, JOURNAL_NOT_LISTENING, "nobody listens yet");
	journal_set_listening(&pair.journal, JOURNAL_LISTENER_ABOVE);
	journal_read_head(&pair.view, &head);
	EQ_INT(head.listening, JOURNAL_LISTENER_ABOVE, "somebody else does");
	close_pair(&pair);
}

/* Without a declared tree the ring is shorter. */
static void
test_plain(void)
{
	static const struct plan_tree plain = { .children = { children, 2 } };
	int fd = memfd_create("journal", MFD_CLOEXEC);
	struct journal_event event = { .kind = JOURNAL_ORPHAN };
	struct journal journal;
	struct journal_view view;
	struct error err;

	OK(journal_size_at_first(&plain) < 9000, "a plain container's journal is small at first");
	OK(ftruncate(fd, (off_t)journal_size(&plain)) == 0 &&
		journal_open(&journal, fd, &plain, &err) == 0 && journal_map(&view, fd, &err) == 0,
	    "and is written and read as others are");
	for (int i = 0; i < JOURNAL_EVENTS_PLAIN + 6; i++)
		journal_add(&journal, &event);
	EQ_INT(journal_oldest(&view), 7, "it goes round earlier");
	EQ_INT(journal_event(&view, 6, &event), JOURNAL_GONE, "what is older is gone");
	EQ_INT(journal_event(&view, 7, &event), JOURNAL_GOT, "the oldest is there");
	EQ_INT(
	    journal_event(&view, JOURNAL_EVENTS_PLAIN + 6, &event), JOURNAL_GOT, "and the newest");
	journal_unmap(&view);
	(void)munmap(journal.head, journal_size(&plain));
	(void)close(fd);
}

/* ------------------------------------------------------------------------- damaged files */

static void
refused(int fd, const char *part, const char *text)
{
	struct journal_view view;
	struct error err = { .errnum = 0 };

	EQ_INT(journal_map(&view, fd, &err), -1, text);
	HAS_STR(err.text, part, text);
	OK(view.head == NULL, text);
}

static void
put_u32(int fd, size_t offset, uint32_t value)
{
	if (pwrite(fd, &value, sizeof(value), (off_t)offset) != sizeof(value))
		abort();
}

static void
test_damaged(void)
{
	static const struct {
		size_t offset;
		uint32_t value;
		const char *text;
	} rows[] = {
		{ offsetof(struct journal_head, magic), 0x12345678, "another magic" },
		{ offsetof(struct journal_head, size), 1, "another size" },
		{ offsetof(struct journal_head, children), 4000000,
		    "more children than there are" },
		{ offsetof(struct journal_head, events), 0xfffffff0, "a ring outside the file" },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pair pair = open_pair();

		put_u32(pair.fd, rows[i].offset, rows[i].value);
		refused(pair.fd, "not a journal of this osless", rows[i].text);
		close_pair(&pair);
	}
}

static void
test_damaged_size(void)
{
	int fd = make_file(), device = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct error err = { .errnum = 0 };
	struct journal journal;
	struct journal_view view;
	struct pair pair;

	EQ_INT(journal_map(&view, fd, &err), -1, "a file of zeros is no journal yet");
	EQ_INT(err.errnum, ENODATA, "and is told from a damaged one");
	pair = open_pair();
	(void)ftruncate(pair.fd, (off_t)journal_size(&tree) - 8);
	refused(pair.fd, "not a journal", "a file cut short");
	close_pair(&pair);
	(void)ftruncate(fd, (off_t)journal_size(&tree) - 8);
	EQ_INT(journal_open(&journal, fd, &tree, &err), -1, "the writer does not take it either");
	OK(journal.head == NULL, "and is left without");
	(void)ftruncate(fd, 0);
	refused(fd, "not a journal", "an empty file");
	(void)ftruncate(fd, (off_t)1 << 40);
	refused(fd, "not a journal", "a huge file");
	refused(device, "not a journal", "no file at all");
	(void)close(fd);
	(void)close(device);
}

/* Behind a good head anything may stand: readers copy what is there, names terminated. */
static void
test_noise(void)
{
	struct pair pair = open_pair();
	unsigned char *base = (unsigned char *)pair.journal.head;
	struct journal_event event;
	struct journal_child child;
	int terminated = 1;

	srand(2);
	for (size_t i = sizeof(struct journal_head); i < journal_size(&tree); i++)
		base[i] = (unsigned char)(1 + rand() % 255);
	pair.journal.head->last = UINT64_MAX / 2;
	OK(journal_event(&pair.view, UINT64_MAX / 2, &event) == JOURNAL_TORN, "noise is torn");
	OK(journal_event(&pair.view, 1, &event) == JOURNAL_GONE, "or gone");
	for (uint32_t i = 0; i < 3; i++) {
		(void)journal_child(&pair.view, i, &child);
		terminated &= strlen(child.id) < JOURNAL_ID_MAX;
	}
	OK(terminated, "names are terminated");
	close_pair(&pair);
}

/* ---------------------------------------------------------------------------------- words */

static void
test_words(void)
{
	for (int i = 1; i < JOURNAL_KINDS; i++)
		OK(strcmp(journal_kind_word((enum journal_kind)i), "unknown") != 0,
		    "every kind has a word");
	EQ_STR(journal_kind_word(JOURNAL_KINDS), "unknown", "what is no kind has none");
	EQ_STR(journal_kind_word((enum journal_kind)0), "unknown", "nor 0");
	EQ_STR(journal_kind_rule(JOURNAL_ORPHAN), "R2", "an orphan's rule");
	EQ_STR(journal_kind_rule(JOURNAL_STARTED), NULL, "a start has none");
	EQ_STR(journal_action_word(JOURNAL_WOULD), "would", "an action's word");
	EQ_STR(journal_action_word(JOURNAL_ACTIONS), "unknown", "what is no action has none");
}

int
main(void)
{
	test_no_journal();
	test_events();
	test_wrap();
	test_children();
	test_head();
	test_torn();
	test_full_speed();
	test_follow();
	test_follow_timeout();
	test_denial_known();
	test_denial_kinds();
	test_denial_room();
	test_denial_torn();
	test_denial_no_memory();
	test_listening();
	test_plain();
	test_damaged();
	test_damaged_size();
	test_noise();
	test_words();
	DONE();
}
