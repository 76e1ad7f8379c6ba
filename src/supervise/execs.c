/* The pidfd that comes along names the process; its pid here is what procfs says of that
 * descriptor. */
#include "supervise/execs.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/wire.h"
#include "kernel/procfs.h"
#include "plan/exchange.h"
#include "supervise/parents.h"
#include "supervise/walk.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* "Pid:" in /proc/PID/fdinfo/FD (pidfd_open(2)): 0 of another PID namespace, -1 when reaped, which
 * is no number here. */
static pid_t
pid_of(int proc, int pidfd)
{
	char self[32], path[96], text[512];
	ssize_t length = readlinkat(proc, "self", self, sizeof(self) - 1);
	AUTO_FD int fd = -1;

	if (length < 0)
		return 0;
	self[length] = '\0';
	(void)snprintf(path, sizeof(path), "%s/fdinfo/%d", self, pidfd); /* fits */
	fd = path_open_plain(proc, path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	return (pid_t)procfs_number(text, "Pid:");
}

static void
note(struct journal *journal, enum journal_kind kind, const struct seen *seen)
{
	struct journal_event event = { .kind = kind, .child = JOURNAL_NO_CHILD, .pid = seen->pid };

	memcpy(event.comm, seen->comm, sizeof(event.comm));
	journal_add(journal, &event);
}

static int
adopt(struct execs *execs, const struct wire_message *message, int proc, struct parents *parents,
    struct journal *journal, struct error *err)
{
	struct seen *seen = &execs->known[execs->count];
	pid_t pid;

	if (execs->count == EXECS_MAX)
		return error_set(err, "%d processes have come in by exec already", EXECS_MAX);
	pid = pid_of(proc, message->fd);
	if (pid <= 0 || walk_look(proc, pid, seen) < 0)
		return error_set(err, "no process of this container");
	(void)snprintf(seen->comm, sizeof(seen->comm), "%.15s", message->text); /* as comm is */
	execs->count++;
	journal_count(journal, JOURNAL_COUNT_EXECS, 1);
	note(journal, JOURNAL_EXEC_BEGUN, seen);
	return parents_add(parents, pid, message->fd, err);
}

static void
answer(int connection, const struct error *failed)
{
	struct wire_message message = WIRE_MESSAGE(failed ? MSG_FAILED : MSG_ADOPTED);
	struct error ignored;

	if (failed)
		(void)snprintf(
		    message.text, sizeof(message.text), "%s", failed->text); /* as long */
	(void)wire_send(connection, &message, &ignored); /* it goes on without */
}

void
execs_adopt(struct execs *execs, int connection, const struct wire_message *request, int proc,
    struct parents *parents, struct journal *journal)
{
	struct error err;
	int failed = adopt(execs, request, proc, parents, journal, &err) < 0;

	answer(connection, failed ? &err : NULL);
}

void
execs_forget_dead(struct execs *execs, int proc, struct journal *journal)
{
	int kept = 0;

	for (int i = 0; i < execs->count; i++) {
		struct seen now;

		if (walk_look(proc, execs->known[i].pid, &now) == 0 &&
		    now.started == execs->known[i].started && (now.state != 'Z' || !now.alone))
			execs->known[kept++] = execs->known[i];
		else
			note(journal, JOURNAL_EXEC_ENDED, &execs->known[i]);
	}
	execs->count = kept;
}

void
execs_walk(const struct execs *execs, struct walk *walk)
{
	for (int i = 0; i < execs->count; i++)
		walk_add(execs->known[i].pid, walk);
}
