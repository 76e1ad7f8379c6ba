/* The journal's readers: verbs on the host. The mapping is read-only and may change under every
 * look; who wrote it may have been killed at any instruction. So everything is copied first, and
 * only the file's own size says where things are. */
#include "supervise/journal.h"

#include "base/error.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TORN_QUICK 16  /* looks at once: a writer in the middle takes well under a microsecond */
#define TORN_LOOKS 116 /* the others a millisecond apart: it may have been put off its CPU */

#define HEAD_SIZE sizeof(struct journal_head)
#define CHILD_SIZE sizeof(struct journal_child)
#define EVENT_SIZE sizeof(struct journal_event)
#define DENIAL_SIZE sizeof(struct journal_denial)
#define DENIALS_SIZE (JOURNAL_DENIALS * DENIAL_SIZE)
#define SIZE_LEAST (HEAD_SIZE + CHILD_SIZE + JOURNAL_EVENTS_PLAIN * EVENT_SIZE + DENIALS_SIZE)
#define SIZE_MOST \
	(HEAD_SIZE + PLAN_CHILDREN_MAX * CHILD_SIZE + JOURNAL_EVENTS * EVENT_SIZE + DENIALS_SIZE)

/* ------------------------------------------------------------------------------- mapping */

static int
refuse(struct error *err)
{
	return error_set(err, "the file is not a journal of this osless");
}

/* What the head says must be all that the file's size has room for, and no more. */
static int
is_shape(const struct journal_head *head, size_t size)
{
	return head->size == size && head->children > 0 && head->children <= PLAN_CHILDREN_MAX &&
	       (head->ring == JOURNAL_EVENTS || head->ring == JOURNAL_EVENTS_PLAIN) &&
	       head->events == HEAD_SIZE + head->children * CHILD_SIZE &&
	       head->denials == head->events + head->ring * EVENT_SIZE &&
	       size == head->denials + DENIALS_SIZE;
}

/* From here on only the copies count. */
static int
check_head(struct journal_view *view, struct error *err)
{
	struct journal_head head;
	uint64_t magic = __atomic_load_n(&view->head->magic, __ATOMIC_ACQUIRE);

	if (magic == 0)
		return error_num(err, ENODATA, "its init has not written the journal yet");
	memcpy(&head, view->head, sizeof(head));
	if (magic != JOURNAL_MAGIC || !is_shape(&head, view->size))
		return refuse(err);
	view->children = head.children;
	view->ring = head.ring;
	return 0;
}

int
journal_map(struct journal_view *view, int fd, struct error *err)
{
	struct stat info;
	void *map;

	*view = (struct journal_view) { .head = NULL };
	if (fstat(fd, &info) < 0)
		return error_sys(err, "stat the journal");
	if (!S_ISREG(info.st_mode) || info.st_size < (off_t)SIZE_LEAST ||
	    info.st_size > (off_t)SIZE_MOST)
		return refuse(err);
	view->size = (size_t)info.st_size;
	map = mmap(NULL, view->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return error_sys(err, "map the journal");
	view->head = map;
	if (check_head(view, err) < 0) {
		(void)munmap(map, view->size); /* just mapped */
		view->head = NULL;
		return -1;
	}
	return 0;
}

void
journal_unmap(struct journal_view *view)
{
	union {
		const void *seen;
		void *mapped;
	} head = { .seen = view->head };

	if (head.mapped)
		(void)munmap(head.mapped, view->size); /* journal_map's own */
	view->head = NULL;
}

static const void *
at(const struct journal_view *view, size_t offset)
{
	return (const char *)view->head + offset;
}

/* ------------------------------------------------------------------------------- entries */

/* Copies an entry. Returns the sequence that it had before and after; 0: none, or it changed. */
static uint64_t
copy_entry(void *copy, const void *entry, size_t size)
{
	const uint64_t *sequence = entry;
	uint64_t before = __atomic_load_n(sequence, __ATOMIC_ACQUIRE);
	uint64_t after;

	memcpy(copy, entry, size);
	__atomic_thread_fence(__ATOMIC_ACQUIRE); /* all of it before the second look */
	after = __atomic_load_n(sequence, __ATOMIC_RELAXED);
	return before == after ? before : 0;
}

static void
pause_before(unsigned look)
{
	static const struct timespec ms = { .tv_nsec = 1000000 };

	if (look >= TORN_QUICK)
		(void)nanosleep(&ms, NULL); /* a signal only makes it shorter */
}

uint64_t
journal_oldest(const struct journal_view *view)
{
	uint64_t last = __atomic_load_n(&view->head->last, __ATOMIC_ACQUIRE);

	return last < view->ring ? 1 : last - view->ring + 1;
}

enum journal_got
journal_event(const struct journal_view *view, uint64_t sequence, struct journal_event *event)
{
	const struct journal_event *ring = at(view, HEAD_SIZE + view->children * CHILD_SIZE);

	for (unsigned look = 0;; look++) {
		uint64_t last = __atomic_load_n(&view->head->last, __ATOMIC_ACQUIRE);

		if (sequence > last)
			return JOURNAL_NOT_YET;
		if (sequence == 0 || sequence < journal_oldest(view))
			return JOURNAL_GONE;
		if (copy_entry(event, &ring[(sequence - 1) % view->ring], sizeof(*event)) ==
		    sequence)
			break;
		if (look == TORN_LOOKS)
			return JOURNAL_TORN;
		pause_before(look);
	}
	event->sequence = sequence;
	event->comm[sizeof(event->comm) - 1] = '\0';
	event->parent_comm[sizeof(event->parent_comm) - 1] = '\0';
	return JOURNAL_GOT;
}

enum journal_got
journal_child(const struct journal_view *view, uint32_t child, struct journal_child *entry)
{
	const struct journal_child *children = at(view, HEAD_SIZE);
	uint64_t sequence = 0;

	if (child >= view->children)
		return JOURNAL_NOT_YET;
	for (unsigned look = 0; !sequence && look <= TORN_LOOKS; look++) {
		pause_before(look);
		sequence = copy_entry(entry, &children[child], sizeof(*entry));
	}
	entry->sequence = sequence;
	entry->id[sizeof(entry->id) - 1] = '\0';
	return sequence ? JOURNAL_GOT : JOURNAL_TORN;
}

enum journal_got
journal_denial(const struct journal_view *view, uint32_t index, struct journal_denial *denial)
{
	const struct journal_denial *denials = at(view, view->size - DENIALS_SIZE);
	uint64_t sequence = 0;

	if (index >= JOURNAL_DENIALS ||
	    index >= __atomic_load_n(&view->head->denials_used, __ATOMIC_ACQUIRE))
		return JOURNAL_NOT_YET;
	for (unsigned look = 0; !sequence && look <= TORN_LOOKS; look++) {
		pause_before(look);
		sequence = copy_entry(denial, &denials[index], sizeof(*denial));
	}
	denial->sequence = sequence;
	denial->comm[sizeof(denial->comm) - 1] = '\0';
	denial->exe[sizeof(denial->exe) - 1] = '\0';
	return sequence ? JOURNAL_GOT : JOURNAL_TORN;
}

void
journal_read_head(const struct journal_view *view, struct journal_head *head)
{
	int64_t ended = __atomic_load_n(&view->head->ended_wall_ns, __ATOMIC_ACQUIRE);

	memcpy(head, view->head, sizeof(*head));
	head->ended_wall_ns = ended; /* not a newer one without its status */
}

/* ------------------------------------------------------------------------------ following */

void
journal_follow(const struct journal_view *view, uint64_t seen, int timeout_ms)
{
	const struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = (long)(timeout_ms % 1000) * 1000000,
	};
	const uint32_t *wake = &view->head->wake;
	uint32_t value = __atomic_load_n(wake, __ATOMIC_SEQ_CST);

	if (__atomic_load_n(&view->head->last, __ATOMIC_ACQUIRE) > seen ||
	    __atomic_load_n(&view->head->ended_wall_ns, __ATOMIC_ACQUIRE))
		return;
	/* EAGAIN: it has moved since; EINTR, ETIMEDOUT: the caller looks again anyway. */
	(void)syscall(
	    SYS_futex, wake, FUTEX_WAIT, value, timeout_ms < 0 ? NULL : &timeout, NULL, 0);
}
