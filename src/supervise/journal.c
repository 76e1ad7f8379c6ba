/* The journal's writer: init. One thread writes; what readers may see of an entry is decided by the
 * order of its stores alone (see journal.h). Nothing here waits, allocates or fails once it is
 * mapped. */
#include "supervise/journal.h"

#include "base/error.h"
#include "base/syscalls.h"
#include "supervise/tree.h"

#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(struct journal_event) == 128, "the ring's entries do not straddle pages");
_Static_assert(sizeof(struct journal_denial) == 256, "nor do the denials");
_Static_assert(sizeof(struct journal_head) % 8 == 0 && sizeof(struct journal_child) % 8 == 0,
    "what follows is aligned");

static size_t
ring_offset(const struct plan_tree *tree)
{
	return sizeof(struct journal_head) + tree->children.count * sizeof(struct journal_child);
}

static uint32_t
ring_of(const struct plan_tree *tree)
{
	return tree->declared ? JOURNAL_EVENTS : JOURNAL_EVENTS_PLAIN;
}

static size_t
denials_offset(const struct plan_tree *tree)
{
	return ring_offset(tree) + ring_of(tree) * sizeof(struct journal_event);
}

size_t
journal_size_at_first(const struct plan_tree *tree)
{
	return denials_offset(tree);
}

size_t
journal_size(const struct plan_tree *tree)
{
	return denials_offset(tree) + JOURNAL_DENIALS * sizeof(struct journal_denial);
}

static int64_t
now_ns(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(clock, &now); /* these two clocks are always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *
at(const struct journal *journal, size_t offset)
{
	return (char *)journal->head + offset;
}

static struct journal_child *
child_at(const struct journal *journal, uint32_t child)
{
	return at(journal, sizeof(struct journal_head) + child * sizeof(struct journal_child));
}

/* Copies what fits, terminated. */
static void
copy_name(char *to, size_t size, const char *from)
{
	size_t length = strnlen(from, size - 1);

	memcpy(to, from, length);
	to[length] = '\0';
}

/* ------------------------------------------------------------------------------- entries */

/* From here to end_entry readers take the entry for torn. */
static void
begin_entry(uint64_t *sequence)
{
	__atomic_store_n(sequence, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE); /* before anything of the entry changes */
}

static void
end_entry(uint64_t *sequence, uint64_t value)
{
	__atomic_store_n(sequence, value, __ATOMIC_RELEASE);
}

/* All of an entry but its sequence, which stands first. */
static void
fill_entry(void *entry, const void *from, size_t size)
{
	memcpy((char *)entry + sizeof(uint64_t), (const char *)from + sizeof(uint64_t),
	    size - sizeof(uint64_t));
}

void
journal_add(struct journal *journal, const struct journal_event *event)
{
	struct journal_event copy = *event;
	struct journal_event *entry;
	uint64_t sequence;

	if (!journal->head)
		return;
	sequence = journal->head->last + 1;
	entry = at(journal,
	    ring_offset(journal->tree) + (sequence - 1) % ring_of(journal->tree) * sizeof(*entry));
	copy.wall_ns = now_ns(CLOCK_REALTIME);
	copy.mono_ns = now_ns(CLOCK_MONOTONIC);
	copy.comm[sizeof(copy.comm) - 1] = '\0';
	copy.parent_comm[sizeof(copy.parent_comm) - 1] = '\0';

	__atomic_store_n(&journal->head->last, sequence, __ATOMIC_RELEASE);
	begin_entry(&entry->sequence);
	fill_entry(entry, &copy, sizeof(copy));
	end_entry(&entry->sequence, sequence);
	journal->changed = 1;
}

static void
set_child(const struct journal *journal, uint32_t child, const struct journal_child *from)
{
	struct journal_child *entry = child_at(journal, child);
	struct journal_child copy = *from;
	uint64_t sequence = entry->sequence + 1;

	copy_name(copy.id, sizeof(copy.id), journal->tree->children.items[child].id);
	copy.updated_wall_ns = now_ns(CLOCK_REALTIME);
	begin_entry(&entry->sequence);
	fill_entry(entry, &copy, sizeof(copy));
	end_entry(&entry->sequence, sequence);
}

void
journal_set_child(struct journal *journal, uint32_t child, const struct journal_child *entry)
{
	if (!journal->head || child >= journal->tree->children.count)
		return;
	set_child(journal, child, entry);
	journal->changed = 1;
}

/* ------------------------------------------------------------------------------- denials */

static struct journal_denial *
denial_at(const struct journal *journal, uint32_t index)
{
	return at(journal, denials_offset(journal->tree) + index * sizeof(struct journal_denial));
}

static int
is_same(const struct journal_denial *a, const struct journal_denial *b)
{
	return a->number == b->number && a->errnum == b->errnum && a->arch == b->arch &&
	       a->flags == b->flags && strncmp(a->exe, b->exe, sizeof(a->exe)) == 0;
}

/* The index of the entry like this one, or of the first free one, or JOURNAL_DENIALS. */
static uint32_t
find_denial(const struct journal *journal, const struct journal_denial *denial)
{
	uint32_t i = 0;

	while (i < journal->head->denials_used && !is_same(denial_at(journal, i), denial))
		i++;
	return i;
}

int
journal_has_denial(const struct journal *journal, const struct journal_denial *denial)
{
	return journal->head && find_denial(journal, denial) < journal->head->denials_used;
}

static void
count_again(struct journal_denial *entry)
{
	uint64_t sequence = entry->sequence + 1;

	begin_entry(&entry->sequence);
	entry->count++;
	entry->last_wall_ns = now_ns(CLOCK_REALTIME);
	end_entry(&entry->sequence, sequence);
}

/* A page of the file that there is no memory for would end init when it writes (SIGBUS), so it is
 * asked for (MADV_POPULATE_WRITE, Linux 5.14). */
static int
has_room(const struct journal *journal, uint32_t index)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t first = denials_offset(journal->tree) + index * sizeof(struct journal_denial);
	size_t end = first + sizeof(struct journal_denial);

	first -= first % page; /* the mapping starts with a page */
	return index < JOURNAL_DENIALS &&
	       madvise(at(journal, first), end - first, MADV_POPULATE_WRITE) == 0;
}

static void
fill_denial(struct journal *journal, uint32_t index, const struct journal_denial *denial)
{
	struct journal_denial copy = *denial;
	struct journal_event event = { .kind = JOURNAL_DENIED,
		.action = denial->flags & JOURNAL_DENIAL_WOULD ? JOURNAL_WOULD : JOURNAL_NOTHING,
		.child = JOURNAL_NO_CHILD,
		.pid = denial->pid,
		.number = index };

	copy.count = 1;
	copy.first_wall_ns = copy.last_wall_ns = now_ns(CLOCK_REALTIME);
	copy.comm[sizeof(copy.comm) - 1] = '\0';
	copy.exe[sizeof(copy.exe) - 1] = '\0';
	fill_entry(denial_at(journal, index), &copy, sizeof(copy));
	end_entry(&denial_at(journal, index)->sequence, 1);
	__atomic_store_n(&journal->head->denials_used, index + 1, __ATOMIC_RELEASE);
	memcpy(event.comm, copy.comm, sizeof(event.comm));
	if (index < ring_of(journal->tree) / 2) /* they must not push all else out of it */
		journal_add(journal, &event);
}

uint32_t
journal_add_denial(struct journal *journal, const struct journal_denial *denial)
{
	int would = (denial->flags & JOURNAL_DENIAL_WOULD) != 0;
	uint32_t index;

	if (!journal->head)
		return JOURNAL_DENIALS;
	journal_count(journal, would ? JOURNAL_COUNT_WOULD_DENY : JOURNAL_COUNT_DENIED, 1);
	index = find_denial(journal, denial);
	if (index < journal->head->denials_used)
		count_again(denial_at(journal, index));
	else if (has_room(journal, index))
		fill_denial(journal, index, denial);
	else {
		journal_count(journal, JOURNAL_COUNT_UNLISTED, 1);
		return JOURNAL_DENIALS;
	}
	return index;
}

/* ---------------------------------------------------------------------------------- head */

int
journal_open(struct journal *journal, int fd, const struct plan_tree *tree, struct error *err)
{
	static const struct journal_child down = { .state = TREE_DOWN };
	size_t size = journal_size(tree);
	struct stat info;
	void *map;

	*journal = (struct journal) { .tree = tree };
	if (fstat(fd, &info) < 0)
		return error_sys(err, "stat the journal");
	if ((uint64_t)info.st_size != size)
		return error_set(err, "the journal is not made for this plan");
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return error_sys(err, "map the journal");
	journal->head = map;
	*journal->head = (struct journal_head) {
		.size = (uint32_t)size,
		.children = (uint32_t)tree->children.count,
		.events = (uint32_t)ring_offset(tree),
		.denials = (uint32_t)denials_offset(tree),
		.ring = ring_of(tree),
		.begun_wall_ns = now_ns(CLOCK_REALTIME),
	};
	for (uint32_t i = 0; i < tree->children.count; i++)
		set_child(journal, i, &down);
	journal_alive(journal);
	__atomic_store_n(&journal->head->magic, JOURNAL_MAGIC, __ATOMIC_RELEASE);
	return 0;
}

void
journal_count(struct journal *journal, enum journal_counter which, uint32_t by)
{
	if (!journal->head)
		return;
	__atomic_store_n(
	    &journal->head->counters[which], journal->head->counters[which] + by, __ATOMIC_RELAXED);
	journal->changed = 1;
}

void
journal_set_listening(struct journal *journal, enum journal_listening listening)
{
	if (!journal->head || journal->head->listening == (uint32_t)listening)
		return;
	__atomic_store_n(&journal->head->listening, (uint32_t)listening, __ATOMIC_RELAXED);
	journal->changed = 1;
}

void
journal_started(struct journal *journal)
{
	if (!journal->head)
		return;
	__atomic_store_n(&journal->head->started_wall_ns, now_ns(CLOCK_REALTIME), __ATOMIC_RELAXED);
	journal->changed = 1;
}

/* The time last: who sees it sees the status and every event, too. */
void
journal_ended(struct journal *journal, int32_t status)
{
	if (!journal->head)
		return;
	__atomic_store_n(&journal->head->end_status, status, __ATOMIC_RELAXED);
	__atomic_store_n(&journal->head->ended_wall_ns, now_ns(CLOCK_REALTIME), __ATOMIC_RELEASE);
	journal->changed = 1;
}

void
journal_alive(struct journal *journal)
{
	if (journal->head)
		__atomic_store_n(
		    &journal->head->alive_wall_ns, now_ns(CLOCK_REALTIME), __ATOMIC_RELAXED);
}

void
journal_wake(struct journal *journal)
{
	uint32_t *wake;

	if (!journal->head || !journal->changed)
		return;
	wake = &journal->head->wake;
	__atomic_store_n(wake, *wake + 1, __ATOMIC_SEQ_CST);
	(void)syscall(SYS_futex, wake, FUTEX_WAKE, INT_MAX, NULL, NULL, 0); /* nobody: fine */
	journal->changed = 0;
}
