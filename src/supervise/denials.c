#include "supervise/denials.h"

#include "base/auto.h"
#include "base/bpf.h"
#include "base/error.h"
#include "base/path.h"
#include "kernel/notify.h"
#include "kernel/procfs.h"
#include "plan/answer.h"
#include "supervise/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define AT_ONCE 64 /* calls served between two looks at everything else */
#define LISTENERS 8

/* ---------------------------------------------------------------------------- who made it */

/* The end of a path that is too long says more than its start. */
static void
read_exe(int proc, const char *process, char exe[JOURNAL_EXE_MAX])
{
	char name[32], path[1024];
	const char *kept = path;
	ssize_t length;

	(void)snprintf(name, sizeof(name), "%s/exe", process); /* fits */
	length = readlinkat(proc, name, path, sizeof(path) - 1);
	path[length < 0 ? 0 : length] = '\0';
	if (length >= JOURNAL_EXE_MAX)
		kept = path + length - (JOURNAL_EXE_MAX - 1);
	memcpy(exe, kept, strlen(kept) + 1);
}

/* The start of a file of /proc/TID; empty where it cannot be read. */
static void
read_start(int proc, pid_t tid, const char *file, char *text, size_t size)
{
	char name[32];
	AUTO_FD int fd = -1;
	ssize_t length;

	(void)snprintf(name, sizeof(name), "%d/%s", tid, file); /* fits */
	fd = path_open_plain(proc, name, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, size - 1);
	text[length < 0 ? 0 : length] = '\0';
}

/* "Tgid:" in /proc/TID/status (proc(5)). The name in the first line has its newlines escaped. */
static pid_t
process_of(int proc, pid_t tid)
{
	char text[256];
	long pid;

	read_start(proc, tid, "status", text, sizeof(text));
	pid = procfs_number(text, "Tgid:");
	return pid ? (pid_t)pid : tid;
}

/* What is kept of the first time. */
static void
describe(struct journal_denial *denial, int proc, const struct notify_call *call)
{
	denial->pid = call->tid ? process_of(proc, call->tid) : 0;
	memcpy(denial->args, call->data.args, sizeof(denial->args));
	if (!call->tid)
		return;
	read_start(proc, call->tid, "comm", denial->comm, sizeof(denial->comm));
	denial->comm[strcspn(denial->comm, "\n")] = '\0';
}

void
denials_know_self(struct denials *denials, int proc)
{
	if (!denials->own_exe[0])
		read_exe(proc, "self", denials->own_exe);
}

/* A process on its way to its program, which changes its identity under the filter: no doing of the
 * payload's. Who takes that name in audit hides no more than such changes. */
static int
is_launching(const struct denials *denials, const struct journal_denial *denial)
{
	return (denial->flags & JOURNAL_DENIAL_WOULD) && denial->errnum == 0 &&
	       denials->own_exe[0] && strcmp(denial->exe, denials->own_exe) == 0;
}

/* ------------------------------------------------------------------------------- answers */

static void
answer(int listener, uint64_t id, uint32_t by_filter)
{
	if (by_filter & ANSWER_WOULD)
		notify_execute(listener, id);
	else
		notify_refuse(listener, id, (int)(by_filter & ANSWER_ERRNO));
}

/* Who only would be refused is not held up: that changes nothing but the time. */
static int
is_held(const struct denials *denials, uint32_t kind, uint32_t by_filter)
{
	return !(by_filter & ANSWER_WOULD) && denials->answered[kind] == DENIALS_PER_WINDOW &&
	       denials->held_count < DENIALS_HELD_MAX;
}

static void
hold_or_answer(
    struct denials *denials, uint32_t kind, int listener, uint64_t id, uint32_t by_filter)
{
	if (!is_held(denials, kind, by_filter)) {
		denials->answered[kind] += denials->answered[kind] < DENIALS_PER_WINDOW;
		answer(listener, id, by_filter);
		return;
	}
	denials->held[denials->held_count].listener = listener;
	denials->held[denials->held_count].answer = by_filter;
	denials->held[denials->held_count++].id = id;
}

int64_t
denials_release(struct denials *denials)
{
	int64_t now = now_us();

	if (now < denials->window_us)
		return denials->held_count ? denials->window_us : INT64_MAX;
	for (uint32_t i = 0; i < denials->held_count; i++)
		answer(denials->held[i].listener, denials->held[i].id, denials->held[i].answer);
	denials->held_count = 0;
	memset(denials->answered, 0, sizeof(denials->answered));
	denials->window_us = now + DENIALS_WINDOW_MS * 1000LL;
	return INT64_MAX;
}

/* ------------------------------------------------------------------------------- serving */

/* Entries are found by what identifies them; the rest is read only for a new one. The kind is its
 * index. */
static uint32_t
record(const struct denials *denials, const struct notify_call *call, uint32_t by_filter,
    int listener, int proc, struct journal *journal)
{
	struct journal_denial denial = {
		.number = call->data.nr,
		.arch = call->data.arch,
		.errnum = (int32_t)(by_filter & ANSWER_ERRNO),
		.flags = (by_filter & ANSWER_WOULD ? JOURNAL_DENIAL_WOULD : 0) |
			 (by_filter & ANSWER_BUNDLE ? JOURNAL_DENIAL_BUNDLE : 0),
	};
	char tid[16];

	(void)snprintf(tid, sizeof(tid), "%d", call->tid); /* fits */
	if (call->tid)
		read_exe(proc, tid, denial.exe);
	if (is_launching(denials, &denial))
		return JOURNAL_DENIALS;
	if (!journal_has_denial(journal, &denial)) {
		describe(&denial, proc, call);
		if (!notify_is_waiting(listener, call->id))
			return JOURNAL_DENIALS; /* what was read may be another's */
	}
	return journal_add_denial(journal, &denial);
}

static void
serve(struct denials *denials, int listener, const struct plan_filter *filter, int proc,
    struct journal *journal)
{
	struct notify_call call;
	uint32_t by_filter, kind;

	if (!notify_receive(listener, &call))
		return;
	by_filter = bpf_answer((const void *)filter->code.items, &call.data);
	if ((by_filter & ANSWER_ASK) != ANSWER_ASK)
		by_filter = ANSWER_ASK | ENOSYS; /* a listener of another filter: as without one */
	kind = record(denials, &call, by_filter, listener, proc, journal);
	hold_or_answer(denials, kind, listener, call.id, by_filter);
}

/* All processes of its filter are gone. */
static void
forget(struct denials *denials, int listener)
{
	(void)epoll_ctl(denials->events, EPOLL_CTL_DEL, listener, NULL); /* it is in */
	(void)close(listener);
}

int
denials_wait(struct denials *denials)
{
	struct epoll_event ready;

	while (epoll_wait(denials->events, &ready, 1, 0) == 1) {
		if (ready.events & EPOLLIN)
			return 1;
		forget(denials, ready.data.fd);
	}
	return 0;
}

void
denials_serve(
    struct denials *denials, const struct plan_filter *filter, int proc, struct journal *journal)
{
	struct epoll_event ready[LISTENERS];

	for (int served = 0; served < AT_ONCE;) {
		int count = epoll_wait(denials->events, ready, LISTENERS, 0);

		if (count <= 0)
			return;
		for (int i = 0; i < count; i++, served++)
			if (ready[i].events & EPOLLIN)
				serve(denials, ready[i].data.fd, filter, proc, journal);
			else
				forget(denials, ready[i].data.fd);
	}
}

int
denials_watch(struct denials *denials, int listener, struct error *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };

	if (denials->events < 0)
		denials->events = epoll_create1(EPOLL_CLOEXEC);
	if (denials->events >= 0 &&
	    epoll_ctl(denials->events, EPOLL_CTL_ADD, listener, &event) == 0)
		return 0;
	(void)error_sys(err, "watch a listener");
	(void)close(listener);
	return -1;
}
