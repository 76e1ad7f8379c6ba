/* Between the tree and the kernel. */
#include "supervise/workers.h"

#include "supervise/clock.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define STATUS_NOT_STARTED (127 << 8) /* as a shell would exit */

struct worker {
	pid_t pid; /* 0: there is none */
	uint32_t starts;
	uint32_t exits;
	uint32_t announced;    /* 1: its own end is why it is started again */
	uint32_t start_failed; /* 1: it ended by not starting */
	int32_t last_status;
	int64_t started_wall_ns;
	int64_t exited_wall_ns;
};

static uint32_t
count_of(const struct workers *w)
{
	return (uint32_t)w->plan->children.count;
}

static void
tell(struct workers *w, const struct journal_event *event)
{
	journal_add(w->journal, event);
	w->changed = 1;
}

/* ------------------------------------------------------------------------------------ what is told
 */

static enum journal_counter
reason_of(const struct worker *worker, int32_t status)
{
	if (worker->start_failed)
		return JOURNAL_COUNT_RESTARTS_START;
	if (WIFSIGNALED(status))
		return JOURNAL_COUNT_RESTARTS_SIGNAL;
	return status == 0 ? JOURNAL_COUNT_RESTARTS_EXIT : JOURNAL_COUNT_RESTARTS_ERROR;
}

static void
take_restart(struct workers *w, uint32_t child, int32_t status, uint32_t delay_ms)
{
	journal_count(w->journal, reason_of(&w->table[child], status), 1);
	w->table[child].announced = 1;
	tell(
	    w, &(struct journal_event) {
		   .kind = JOURNAL_RESTART, .child = child, .status = status, .number = delay_ms });
}

static void
listen(void *context, enum tree_news news, uint32_t child, int32_t status, uint32_t number)
{
	struct workers *w = context;

	switch (news) {
	case TREE_NEWS_RESTART:
		take_restart(w, child, status, number);
		break;
	case TREE_NEWS_WOULD:
		tell(w, &(struct journal_event) { .kind = JOURNAL_RESTART,
			    .action = JOURNAL_WOULD,
			    .child = child,
			    .status = status });
		break;
	case TREE_NEWS_GAVE_UP:
		journal_count(w->journal, JOURNAL_COUNT_ESCALATIONS, 1);
		tell(w, &(struct journal_event) { .kind = JOURNAL_GAVE_UP,
			    .child = child,
			    .status = status,
			    .number = number });
		break;
	case TREE_NEWS_SHUTDOWN: /* told with the signal that asked for it */
		break;
	}
}

static int64_t
due_wall_ns(const struct workers *w, uint32_t child)
{
	int64_t due_ms = tree_due_ms(w->tree, child);

	return due_ms == TREE_NEVER ? 0 : wall_ns() + (due_ms - now_ms()) * 1000000;
}

static void
publish(struct workers *w, uint32_t child)
{
	const struct worker *worker = &w->table[child];
	struct journal_child entry = {
		.state = tree_state(w->tree, child),
		.pid = worker->pid,
		.starts = worker->starts,
		.restarts = tree_restarts(w->tree, child, now_ms()),
		.last_status = worker->last_status,
		.exits = worker->exits,
		.started_wall_ns = worker->started_wall_ns,
		.exited_wall_ns = worker->exited_wall_ns,
		.due_wall_ns = due_wall_ns(w, child),
	};

	journal_set_child(w->journal, child, &entry);
}

static int
counts_restarts(const struct workers *w)
{
	for (uint32_t i = 0; i < count_of(w); i++)
		if (tree_restarts(w->tree, i, now_ms()) > 0)
			return 1;
	return 0;
}

/* Counts are written once more when they have fallen to none. */
void
workers_publish(struct workers *w)
{
	uint32_t counting = (uint32_t)counts_restarts(w);

	if (!w->journal->head || (!w->changed && !counting))
		return;
	for (uint32_t i = 0; i < count_of(w); i++)
		publish(w, i);
	w->changed = counting;
}

/* ------------------------------------------------------------------------------- what is decided
 */

int
workers_begin(struct workers *w, struct error *err)
{
	size_t tree_bytes = (tree_size(w->plan) + 15) / 16 * 16;
	size_t size = tree_bytes + count_of(w) * sizeof(struct worker);
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return error_sys(err, "make room for the tree");
	w->tree = tree_begin(memory, w->plan, listen, w);
	w->table = (struct worker *)(memory + tree_bytes);
	w->due_ms = TREE_NEVER;
	return 0;
}

static void
start_failed(struct workers *w, uint32_t child)
{
	w->table[child].start_failed = 1;
	tell(w, &(struct journal_event) { .kind = JOURNAL_START_FAILED,
		    .child = child,
		    .number = (uint32_t)w->failure.errnum });
	tree_start_failed(w->tree, child, STATUS_NOT_STARTED, now_ms());
}

static void
start(struct workers *w, uint32_t child)
{
	struct worker *worker = &w->table[child];
	pid_t pid = w->launch(w->context, child, &w->failure);

	if (worker->starts > 0 && !worker->announced)
		journal_count(w->journal, JOURNAL_COUNT_RESTARTS_SIBLING, 1);
	worker->announced = worker->start_failed = 0;
	if (pid < 0) {
		start_failed(w, child);
		return;
	}
	worker->pid = pid;
	worker->starts++;
	worker->started_wall_ns = wall_ns();
	tell(
	    w, &(struct journal_event) {
		   .kind = JOURNAL_STARTED, .child = child, .pid = pid, .number = worker->starts });
}

static void
stop(struct workers *w, uint32_t child, int number, enum journal_kind kind)
{
	pid_t pid = w->table[child].pid;

	(void)kill(pid, number); /* ended: it is about to be reaped */
	tell(w, &(struct journal_event) {
		    .kind = kind, .child = child, .pid = pid, .number = (uint32_t)number });
}

/* Returns 0 when there is nothing more to be done now. */
static int
act(struct workers *w, const struct tree_action *action)
{
	switch (action->act) {
	case TREE_START:
		start(w, action->child);
		return 1;
	case TREE_SIGNAL:
		stop(w, action->child, (int)w->plan->children.items[action->child].stop_signal,
		    JOURNAL_SIGNALLED);
		return 1;
	case TREE_KILL:
		stop(w, action->child, SIGKILL, JOURNAL_KILLED);
		return 1;
	case TREE_WAIT:
		w->due_ms = action->until_ms;
		return 0;
	case TREE_END:
		w->ended = 1;
		w->status = action->status;
		return 0;
	}
	return 0;
}

void
workers_go_on(struct workers *w, enum tree_may may)
{
	struct tree_action action;

	do
		action = tree_next(w->tree, now_ms(), may);
	while (act(w, &action));
}

/* ------------------------------------------------------------------------------- what has happened
 */

static uint32_t
find(const struct workers *w, pid_t pid)
{
	uint32_t child = 0;

	while (child < count_of(w) && w->table[child].pid != pid)
		child++;
	return child;
}

int
workers_has(const struct workers *w, pid_t pid)
{
	return find(w, pid) < count_of(w);
}

int
workers_exited(struct workers *w, pid_t pid, int32_t status)
{
	uint32_t child = find(w, pid);
	struct worker *worker;

	if (child == count_of(w))
		return 0;
	worker = &w->table[child];
	worker->pid = 0;
	worker->exits++;
	worker->last_status = status;
	worker->exited_wall_ns = wall_ns();
	tell(w, &(struct journal_event) {
		    .kind = JOURNAL_EXITED, .child = child, .pid = pid, .status = status });
	tree_exited(w->tree, child, status, now_ms());
	return 1;
}

/* ------------------------------------------------------------------------------------- signals */

static void
pass_on(const struct workers *w, int number)
{
	for (uint32_t i = 0; i < count_of(w); i++)
		if (w->table[i].pid && (i == w->plan->main || w->plan->signals == PLAN_SIGNALS_ALL))
			(void)kill(w->table[i].pid, number); /* ended: it is about to be reaped */
}

void
workers_signal(struct workers *w, int number)
{
	if (!w->plan->declared || (number != SIGTERM && number != (int)w->plan->stop_signal)) {
		pass_on(w, number);
		return;
	}
	tell(w,
	    &(struct journal_event) {
		.kind = JOURNAL_SHUTDOWN, .child = JOURNAL_NO_CHILD, .number = (uint32_t)number });
	tree_stop(w->tree, now_ms());
}

void
workers_kill(struct workers *w)
{
	for (uint32_t i = 0; i < count_of(w); i++)
		if (w->table[i].pid)
			(void)kill(w->table[i].pid, SIGKILL); /* as above */
}
