/* Walking /proc from a process downwards. */
#include "kernel/family.h"

#include "base/auto.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define STAT_MAX 1024
#define STATUS_MAX 65536 /* Groups: can be long */
#define LIST_MAX (1 << 18)
#define LEVELS_MAX 32 /* of PID namespaces (pid_namespaces(7)) */

/* ---------------------------------------------------------------------------- one process */

/* A file of /proc/PID as text; -1: it is gone. */
static ssize_t
read_text(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	AUTO_FD int fd = -1;
	size_t length = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name); /* fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && length < size - 1) {
		ssize_t got = read(fd, text + length, size - 1 - length);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	return length ? (ssize_t)length : -1;
}

static int
read_stat(struct relative *relative)
{
	char text[STAT_MAX];
	struct process_stat stat;
	ssize_t length = read_text(relative->pid, "stat", text, sizeof(text));

	if (length < 0 || process_stat_parse(text, (size_t)length, &stat) < 0)
		return -1;
	relative->parent = stat.parent;
	relative->threads = stat.threads;
	relative->state = stat.state;
	memcpy(relative->comm, stat.comm, sizeof(stat.comm));
	return 0;
}

/* The pids of NSpid:, outermost first. Returns how many. */
static uint32_t
read_ns_pids(pid_t pid, pid_t pids[LEVELS_MAX])
{
	char text[STATUS_MAX];
	uint32_t count = 0;
	char *at, *end;

	if (read_text(pid, "status", text, sizeof(text)) < 0)
		return 0;
	at = strstr(text, "\nNSpid:");
	if (!at)
		return 0;
	at += strlen("\nNSpid:");
	at[strcspn(at, "\n")] = '\0';
	for (; count < LEVELS_MAX; at = end) {
		long value = strtol(at, &end, 10);

		if (end == at)
			break;
		pids[count++] = (pid_t)value;
	}
	return count;
}

uint32_t
family_level(pid_t pid)
{
	pid_t pids[LEVELS_MAX];

	return read_ns_pids(pid, pids);
}

/* ------------------------------------------------------------------------------ the walk */

struct waiting {
	struct {
		pid_t pid;
		uint32_t depth;
	} * items;
	size_t count;
	size_t capacity;
	char *list; /* LIST_MAX bytes: the children of one thread */
};

static int
push(struct waiting *waiting, pid_t pid, uint32_t depth)
{
	if (waiting->count == waiting->capacity) {
		size_t capacity = waiting->capacity * 2 + 64;
		void *larger = realloc(waiting->items, capacity * sizeof(*waiting->items));

		if (!larger)
			return -1;
		waiting->items = larger;
		waiting->capacity = capacity;
	}
	waiting->items[waiting->count].pid = pid;
	waiting->items[waiting->count++].depth = depth;
	return 0;
}

static int
push_list(struct waiting *waiting, const char *list, uint32_t depth)
{
	char *end;

	for (const char *at = list;; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			return 0;
		if (push(waiting, (pid_t)pid, depth) < 0)
			return -1;
	}
}

/* The children that one thread has. What the buffer cannot hold is cut at a number's end. */
static int
push_thread(struct waiting *waiting, pid_t pid, const char *thread, uint32_t depth)
{
	char name[300];
	char *list = waiting->list;
	ssize_t length;

	(void)snprintf(name, sizeof(name), "task/%s/children", thread);
	length = read_text(pid, name, list, LIST_MAX);
	if (length < 0)
		return 0;
	if (length == LIST_MAX - 1)
		*strrchr(list, ' ') = '\0';
	return push_list(waiting, list, depth);
}

/* The smallest pid is to be popped first. */
static int
compare_waiting(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x < y) - (x > y);
}

static int
push_children(struct waiting *waiting, pid_t pid, uint32_t depth)
{
	char path[40];
	size_t before = waiting->count;
	struct dirent *thread;
	DIR *threads;
	int result = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid); /* fits */
	threads = opendir(path);
	if (!threads)
		return 0; /* it has ended */
	while (result == 0 && (thread = readdir(threads)))
		if (thread->d_name[0] != '.')
			result = push_thread(waiting, pid, thread->d_name, depth);
	(void)closedir(threads); /* read only */
	if (waiting->count > before)
		qsort(waiting->items + before, waiting->count - before, sizeof(*waiting->items),
		    compare_waiting);
	return result;
}

static int
append(struct family *family, const struct relative *relative)
{
	if (family->count == family->capacity) {
		size_t capacity = family->capacity * 2 + 64;
		void *larger = realloc(family->items, capacity * sizeof(*family->items));

		if (!larger)
			return -1;
		family->items = larger;
		family->capacity = capacity;
	}
	family->items[family->count++] = *relative;
	return 0;
}

/* Adds one process. 0 also where it has ended meanwhile. */
static int
visit(struct waiting *waiting, uint32_t level, struct family *family)
{
	pid_t pids[LEVELS_MAX];
	struct relative relative = { .pid = waiting->items[--waiting->count].pid };

	relative.depth = waiting->items[waiting->count].depth;
	family->is_cut |= family->count >= FAMILY_MAX;
	if (family->is_cut || read_stat(&relative) < 0)
		return 0;
	if (level > 0 && read_ns_pids(relative.pid, pids) >= level)
		relative.inside = pids[level - 1];
	if (append(family, &relative) < 0)
		return -1;
	return push_children(waiting, relative.pid, relative.depth + 1);
}

int
family_read(pid_t root, uint32_t level, struct family *family)
{
	struct waiting waiting = { .list = malloc(LIST_MAX) };
	int result = waiting.list ? push(&waiting, root, 0) : -1;

	while (result == 0 && waiting.count)
		result = visit(&waiting, level, family);
	free(waiting.items);
	free(waiting.list);
	if (result < 0)
		errno = ENOMEM;
	return result;
}

/* ------------------------------------------------------------------------------- looking */

size_t
family_find_inside(const struct family *family, size_t from, pid_t inside)
{
	while (from < family->count && family->items[from].inside != inside)
		from++;
	return from;
}

size_t
family_end(const struct family *family, size_t at)
{
	uint32_t depth = family->items[at].depth;

	do
		at++;
	while (at < family->count && family->items[at].depth > depth);
	return at;
}

const char *
family_state_word(const struct relative *relative)
{
	switch (relative->state) {
	case 'R':
		return "running";
	case 'S':
	case 'I':
		return "sleeping";
	case 'D':
		return "waiting";
	case 'T':
		return "stopped";
	case 't':
		return "traced";
	case 'Z': /* with other threads, only its first thread has ended */
		return relative->threads > 1 ? "running" : "zombie";
	default:
		return "ending";
	}
}

void
family_free(struct family *family)
{
	free(family->items);
	*family = (struct family) { .items = NULL };
}
