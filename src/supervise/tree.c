/* A state machine a supervisor. Each is asked in turn, children before parents, until none can go
 * on: then the tree waits. What a supervisor is busy with is its phase:
 *
 *     NONE --> STARTING --> RUNNING <-----------------------------+
 *                 |           | a child failed                    |
 *                 |           +--> (one_for_one: child DELAYED) --+
 *                 |           +--> CLEARING --> PAUSING --> RESTARTING (child DELAYED till then)
 *                 |           | too many restarts                 | start failed: RUNNING again,
 *                 v           v                                   v and the child has FAILED
 *               ENDING <------+-----------------------------------+
 *                 |
 *                 v
 *               NONE, and the supervisor's own supervisor is told why */
#include "supervise/tree.h"

#include <string.h>

#define STATUS_OF(code) ((code) << 8) /* as wait(2) encodes an exit */

enum phase {
	PHASE_NONE,
	PHASE_STARTING,   /* first start, child by child */
	PHASE_RUNNING,    /* a child's failure is dealt with when it comes */
	PHASE_CLEARING,   /* a group is being stopped before its restart */
	PHASE_PAUSING,    /* it waits for its time */
	PHASE_RESTARTING, /* it is being started, child by child */
	PHASE_ENDING,     /* all children are being stopped */
};

enum ending {
	ENDING_ORDERED,
	ENDING_GAVE_UP,
	ENDING_START_FAILED,
};

struct node {
	uint32_t state; /* enum tree_state */
	uint32_t phase; /* enum phase; supervisors */
	uint32_t ending;
	uint32_t cursor; /* CLEARING: first child of the group; STARTING, RESTARTING: next child */
	uint32_t order;  /* of unexpected ends: which came first; 0 = none since its start */
	uint32_t killed; /* STOPPING: SIGKILL has been sent, or the supervisor's time is over */
	uint32_t delay_ms; /* before its last restart */
	int32_t status;    /* of its last end */
	int64_t started_ms;
	int64_t due_ms;  /* STOPPING, DELAYED, PAUSING */
	int64_t *window; /* ring of the restarts that count; intensity + 1 of them */
	uint32_t window_at;
	uint32_t window_count;
};

struct tree {
	const struct plan_tree *plan;
	tree_listener *listener;
	void *context;
	uint32_t order;  /* of the last unexpected end */
	uint32_t up;     /* the first start is complete */
	int32_t failing; /* last failing status of a worker; 0 = none */
	int32_t end_status;
	struct node nodes[];
};

#define ROOT 0

static uint32_t
count_of(const struct tree *tree)
{
	return (uint32_t)tree->plan->children.count;
}

static const struct plan_child *
plan_of(const struct tree *tree, uint32_t child)
{
	return &tree->plan->children.items[child];
}

static int
is_worker(const struct tree *tree, uint32_t child)
{
	return plan_of(tree, child)->kind == PLAN_WORKER;
}

static int
is_child_of(const struct tree *tree, uint32_t child, uint32_t supervisor)
{
	return child != ROOT && plan_of(tree, child)->parent == supervisor;
}

/* The supervisor's first child at or after from; count_of where there is none. */
static uint32_t
child_from(const struct tree *tree, uint32_t supervisor, uint32_t from)
{
	while (from < count_of(tree) && !is_child_of(tree, from, supervisor))
		from++;
	return from;
}

static void
tell(struct tree *tree, enum tree_news news, uint32_t child, int32_t status, uint32_t number)
{
	if (tree->listener)
		tree->listener(tree->context, news, child, status, number);
}

/* --------------------------------------------------------------------------- restarts counted */

static uint32_t
window_size(const struct tree *tree, uint32_t supervisor)
{
	return plan_of(tree, supervisor)->intensity + 1;
}

/* Whether a restart at then still counts: exactly a period ago it does. */
static int
counts(const struct tree *tree, uint32_t supervisor, int64_t then_ms, int64_t now_ms)
{
	return now_ms - then_ms <= (int64_t)plan_of(tree, supervisor)->period_ms;
}

static void
window_forget(struct tree *tree, uint32_t supervisor, int64_t now_ms)
{
	struct node *node = &tree->nodes[supervisor];

	while (node->window_count > 0 &&
	       !counts(tree, supervisor, node->window[node->window_at], now_ms)) {
		node->window_at = (node->window_at + 1) % window_size(tree, supervisor);
		node->window_count--;
	}
}

/* Returns how many there are with this one. There is room for one too many, and then the supervisor
 * gives up. */
static uint32_t
window_add(struct tree *tree, uint32_t supervisor, int64_t now_ms)
{
	struct node *node = &tree->nodes[supervisor];
	uint32_t size = window_size(tree, supervisor);

	window_forget(tree, supervisor, now_ms);
	node->window[(node->window_at + node->window_count) % size] = now_ms;
	return ++node->window_count;
}

/* ---------------------------------------------------------------------------- begin and start */

/* As new: nothing started, nothing counted. What the main worker ended with last is kept. */
static void
reset(struct tree *tree, uint32_t child)
{
	struct node *node = &tree->nodes[child];
	int64_t *window = node->window;
	int32_t status = node->status;

	*node = (struct node) {
		.state = TREE_DOWN, .status = status, .due_ms = TREE_NEVER, .window = window
	};
}

/* All that is below a supervisor stands right behind it. */
static int
is_below(const struct tree *tree, uint32_t child, uint32_t supervisor)
{
	return child < count_of(tree) && plan_of(tree, child)->parent >= supervisor;
}

static void
begin_supervisor(struct tree *tree, uint32_t supervisor, int64_t now_ms)
{
	struct node *node = &tree->nodes[supervisor];

	for (uint32_t i = supervisor + 1; is_below(tree, i, supervisor); i++)
		reset(tree, i);
	node->window_count = 0;
	node->state = TREE_UP;
	node->phase = PHASE_STARTING;
	node->cursor = supervisor + 1;
	node->started_ms = now_ms;
	node->due_ms = TREE_NEVER;
	node->killed = 0;
}

static struct tree_action
start_worker(struct tree *tree, uint32_t worker, int64_t now_ms)
{
	struct node *node = &tree->nodes[worker];

	node->state = TREE_UP;
	node->order = 0;
	node->killed = 0;
	node->started_ms = now_ms;
	node->due_ms = TREE_NEVER;
	return (struct tree_action) { .act = TREE_START, .child = worker };
}

/* -------------------------------------------------------------------------------------- ends */

static void
mark_failed(struct tree *tree, uint32_t child, int32_t status)
{
	struct node *node = &tree->nodes[child];

	node->state = TREE_FAILED;
	node->due_ms = TREE_NEVER;
	node->status = status;
	node->order = ++tree->order;
}

/* A start that failed fails the operation that it was part of. */
static void
start_has_failed(struct tree *tree, uint32_t child, int32_t status)
{
	struct node *parent = &tree->nodes[plan_of(tree, child)->parent];

	mark_failed(tree, child, status);
	if (parent->phase == PHASE_STARTING) {
		parent->phase = PHASE_ENDING;
		parent->ending = ENDING_START_FAILED;
	} else if (parent->phase == PHASE_RESTARTING) {
		parent->phase = PHASE_RUNNING;
	}
}

static int
is_to_be_restarted(const struct tree *tree, uint32_t child, int32_t status)
{
	uint32_t restart = plan_of(tree, child)->restart;

	return restart == PLAN_PERMANENT || (restart == PLAN_TRANSIENT && status != 0);
}

/* A worker or a supervisor has ended by itself. */
static void
has_ended(struct tree *tree, uint32_t child, int32_t status)
{
	uint32_t supervisor = plan_of(tree, child)->parent;

	mark_failed(tree, child, status);
	if (is_to_be_restarted(tree, child, status)) {
		if (tree->plan->rules.restarts == PLAN_MODE_ENFORCE)
			return;
		if (tree->plan->rules.restarts == PLAN_MODE_AUDIT &&
		    tree->nodes[supervisor].phase != PHASE_ENDING)
			tell(tree, TREE_NEWS_WOULD, child, status, 0);
	}
	tree->nodes[child].state = TREE_DONE;
}

static int32_t
failing_status(const struct tree *tree)
{
	return tree->failing ? tree->failing : STATUS_OF(1);
}

/* With intensity 0 root is no supervisor that has failed: it passes on what its worker said, 0 too.
 */
static int32_t
root_status(const struct tree *tree)
{
	if (tree->nodes[ROOT].ending == ENDING_ORDERED)
		return tree->nodes[tree->plan->main].status;
	if (tree->failing == 0 && plan_of(tree, ROOT)->intensity == 0)
		return 0;
	return failing_status(tree);
}

/* All of the supervisor's children are at rest. */
static void
supervisor_has_ended(struct tree *tree, uint32_t supervisor)
{
	struct node *node = &tree->nodes[supervisor];
	int told = node->state == TREE_STOPPING;

	node->phase = PHASE_NONE;
	node->state = TREE_DOWN;
	node->due_ms = TREE_NEVER;
	if (supervisor == ROOT)
		tree->end_status = root_status(tree);
	else if (!told && node->ending == ENDING_START_FAILED)
		start_has_failed(tree, supervisor, failing_status(tree));
	else if (!told)
		has_ended(tree, supervisor, failing_status(tree));
}

/* ----------------------------------------------------------------------------------- stopping */

enum progress {
	STUCK,    /* nothing to be done before something happens */
	PROGRESS, /* ask again */
	ACT,      /* the action is to be done now */
};

static int64_t
deadline(uint32_t shutdown_ms, int64_t now_ms)
{
	return shutdown_ms == PLAN_SHUTDOWN_INFINITY ? TREE_NEVER : now_ms + shutdown_ms;
}

/* A delay is forgotten once the child has run for longer than a period, however that ends. */
static void
forget_delay(struct tree *tree, uint32_t child, int64_t now_ms)
{
	struct node *node = &tree->nodes[child];

	if (now_ms - node->started_ms >
	    (int64_t)plan_of(tree, plan_of(tree, child)->parent)->period_ms)
		node->delay_ms = 0;
}

static enum progress
stop_worker(struct tree *tree, uint32_t worker, int64_t now_ms, struct tree_action *action)
{
	struct node *node = &tree->nodes[worker];
	uint32_t shutdown_ms = plan_of(tree, worker)->shutdown_ms;

	node->state = TREE_STOPPING;
	node->killed = shutdown_ms == PLAN_SHUTDOWN_KILL;
	node->due_ms = node->killed ? TREE_NEVER : deadline(shutdown_ms, now_ms);
	*action = (struct tree_action) {
		.act = node->killed ? TREE_KILL : TREE_SIGNAL,
		.child = worker,
	};
	return ACT;
}

static enum progress
stop_supervisor(struct tree *tree, uint32_t supervisor, int64_t now_ms)
{
	struct node *node = &tree->nodes[supervisor];

	node->state = TREE_STOPPING;
	node->phase = PHASE_ENDING;
	node->ending = ENDING_ORDERED;
	node->due_ms = deadline(plan_of(tree, supervisor)->shutdown_ms, now_ms);
	return PROGRESS;
}

/* Stops the supervisor's children from first on, the last one first, each only when those after it
 * are at rest. STUCK: one is still stopping; *all 1: all are at rest. */
static enum progress
stop_children(struct tree *tree, uint32_t supervisor, uint32_t first, int64_t now_ms,
    struct tree_action *action, int *all)
{
	int ending = tree->nodes[supervisor].phase == PHASE_ENDING;

	for (uint32_t i = count_of(tree); i-- > first;) {
		struct node *node = &tree->nodes[i];

		if (!is_child_of(tree, i, supervisor))
			continue;
		if (node->state == TREE_UP || node->state == TREE_FAILED)
			forget_delay(tree, i, now_ms);
		if (node->state == TREE_UP)
			return is_worker(tree, i) ? stop_worker(tree, i, now_ms, action)
						  : stop_supervisor(tree, i, now_ms);
		if (node->state == TREE_STOPPING)
			return STUCK;
		if (node->state == TREE_FAILED || (node->state == TREE_DELAYED && ending)) {
			node->state = TREE_DOWN;
			node->due_ms = TREE_NEVER;
		}
	}
	*all = 1;
	return PROGRESS;
}

/* What is over its time is killed: itself, or with a supervisor above it. */
static int
time_is_over(struct tree *tree, uint32_t child, int64_t now_ms)
{
	for (uint32_t i = child;; i = plan_of(tree, i)->parent) {
		struct node *node = &tree->nodes[i];

		if (node->state == TREE_STOPPING && node->due_ms <= now_ms) {
			node->killed = i != child;
			node->due_ms = TREE_NEVER;
			return 1;
		}
		if (node->state == TREE_STOPPING && node->killed && i != child)
			return 1;
		if (i == ROOT)
			return 0;
	}
}

static enum progress
kill_late_worker(struct tree *tree, uint32_t worker, int64_t now_ms, struct tree_action *action)
{
	struct node *node = &tree->nodes[worker];

	if (node->state != TREE_UP && (node->state != TREE_STOPPING || node->killed))
		return STUCK;
	if (!time_is_over(tree, worker, now_ms))
		return STUCK;
	node->state = TREE_STOPPING;
	node->killed = 1;
	node->due_ms = TREE_NEVER;
	*action = (struct tree_action) { .act = TREE_KILL, .child = worker };
	return ACT;
}

/* --------------------------------------------------------------------------- a child that failed
 */

/* The delay before a child's restart. */
static uint32_t
next_delay(struct tree *tree, uint32_t supervisor, uint32_t child, int64_t now_ms)
{
	const struct plan_child *plan = plan_of(tree, supervisor);
	struct node *node = &tree->nodes[child];
	uint32_t most = plan->backoff_max_ms > plan->backoff_first_ms ? plan->backoff_max_ms
								      : plan->backoff_first_ms;

	forget_delay(tree, child, now_ms);
	if (node->delay_ms == 0)
		node->delay_ms = plan->backoff_first_ms;
	else
		node->delay_ms = node->delay_ms > most / 2 ? most : node->delay_ms * 2;
	return node->delay_ms;
}

static void
give_up(struct tree *tree, uint32_t supervisor, uint32_t restarts)
{
	struct node *node = &tree->nodes[supervisor];

	tell(tree, TREE_NEWS_GAVE_UP, supervisor, failing_status(tree), restarts);
	node->phase = PHASE_ENDING;
	node->ending = ENDING_GAVE_UP;
}

/* Restarts a child that has failed, or the group that goes with it. */
static void
restart(struct tree *tree, uint32_t supervisor, uint32_t child, int64_t now_ms)
{
	struct node *node = &tree->nodes[supervisor];
	struct node *failed = &tree->nodes[child];
	uint32_t strategy = plan_of(tree, supervisor)->strategy;
	uint32_t restarts = window_add(tree, supervisor, now_ms);
	uint32_t delay_ms;

	failed->state = TREE_DOWN;
	if (restarts > plan_of(tree, supervisor)->intensity) {
		give_up(tree, supervisor, restarts);
		return;
	}
	delay_ms = next_delay(tree, supervisor, child, now_ms);
	tell(tree, TREE_NEWS_RESTART, child, failed->status, delay_ms);
	failed->state = TREE_DELAYED;
	failed->due_ms = now_ms + delay_ms;
	if (strategy == PLAN_ONE_FOR_ONE)
		return;
	node->phase = PHASE_CLEARING;
	node->cursor = strategy == PLAN_ONE_FOR_ALL ? supervisor + 1 : child;
	node->due_ms = now_ms + delay_ms;
}

/* Of two in the same state: by their time (equal where they only failed), then by when they failed.
 */
static int
comes_before(const struct tree *tree, uint32_t child, uint32_t other)
{
	const struct node *a = &tree->nodes[child], *b = &tree->nodes[other];

	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

/* The child in state that comes first; count_of where there is none. */
static uint32_t
first_in(const struct tree *tree, uint32_t supervisor, enum tree_state state)
{
	uint32_t first = count_of(tree);

	for (uint32_t i = child_from(tree, supervisor, supervisor + 1); i < count_of(tree);
	     i = child_from(tree, supervisor, i + 1)) {
		if (tree->nodes[i].state == (uint32_t)state &&
		    (first == count_of(tree) || comes_before(tree, i, first)))
			first = i;
	}
	return first;
}

/* ------------------------------------------------------------------------------------- phases */

/* Starts one child. */
static enum progress
start_child(struct tree *tree, uint32_t child, int64_t now_ms, enum tree_may may,
    struct tree_action *action)
{
	if (!is_worker(tree, child)) {
		begin_supervisor(tree, child, now_ms);
		return PROGRESS;
	}
	if (may == TREE_MAY_NOT_START)
		return STUCK;
	*action = start_worker(tree, child, now_ms);
	return ACT;
}

static int
is_startable(const struct tree *tree, uint32_t child)
{
	return tree->nodes[child].state == TREE_DOWN ||
	       (tree->nodes[child].state == TREE_DONE &&
		   plan_of(tree, child)->restart != PLAN_TEMPORARY);
}

/* A supervisor whose start goes on, or has failed and is being taken back. */
static int
is_starting(const struct node *node)
{
	return node->phase == PHASE_STARTING ||
	       (node->phase == PHASE_ENDING && node->ending == ENDING_START_FAILED);
}

/* STARTING and RESTARTING: the child at the cursor, then on. */
static enum progress
go_on_starting(struct tree *tree, uint32_t supervisor, int64_t now_ms, enum tree_may may,
    struct tree_action *action)
{
	struct node *node = &tree->nodes[supervisor];
	uint32_t child = child_from(tree, supervisor, node->cursor);
	enum progress progress;

	node->cursor = child;
	if (child == count_of(tree)) {
		node->phase = PHASE_RUNNING;
		tree->up |= supervisor == ROOT;
		return PROGRESS;
	}
	if (!is_startable(tree, child)) {
		if (!is_worker(tree, child) && is_starting(&tree->nodes[child]))
			return STUCK;
		node->cursor++;
		return PROGRESS;
	}
	progress = start_child(tree, child, now_ms, may, action);
	if (progress == ACT)
		node->cursor++;
	return progress;
}

static enum progress
run(struct tree *tree, uint32_t supervisor, int64_t now_ms, enum tree_may may,
    struct tree_action *action)
{
	uint32_t child = first_in(tree, supervisor, TREE_DELAYED);
	enum progress progress = STUCK;

	if (child < count_of(tree) && tree->nodes[child].due_ms <= now_ms)
		progress = start_child(tree, child, now_ms, may, action);
	if (progress != STUCK)
		return progress;
	child = first_in(tree, supervisor, TREE_FAILED);
	if (child == count_of(tree))
		return STUCK;
	restart(tree, supervisor, child, now_ms);
	return PROGRESS;
}

/* Temporary children that were stopped with a group are not started again. */
static void
group_is_clear(struct tree *tree, uint32_t supervisor)
{
	struct node *node = &tree->nodes[supervisor];

	for (uint32_t i = node->cursor; i < count_of(tree); i++)
		if (is_child_of(tree, i, supervisor) && plan_of(tree, i)->restart == PLAN_TEMPORARY)
			tree->nodes[i].state = TREE_DONE;
	node->phase = PHASE_PAUSING;
}

/* The failed child is from now on one of its group. */
static void
delay_is_over(struct tree *tree, uint32_t supervisor)
{
	uint32_t child = first_in(tree, supervisor, TREE_DELAYED);

	if (child == count_of(tree))
		return;
	tree->nodes[child].state = TREE_DOWN;
	tree->nodes[child].due_ms = TREE_NEVER;
}

static enum progress
go_on_stopping(struct tree *tree, uint32_t supervisor, int64_t now_ms, struct tree_action *action)
{
	struct node *node = &tree->nodes[supervisor];
	int ending = node->phase == PHASE_ENDING, all = 0;
	enum progress progress = stop_children(
	    tree, supervisor, ending ? supervisor + 1 : node->cursor, now_ms, action, &all);

	if (all && ending)
		supervisor_has_ended(tree, supervisor);
	else if (all)
		group_is_clear(tree, supervisor);
	return progress;
}

static enum progress
advance(struct tree *tree, uint32_t supervisor, int64_t now_ms, enum tree_may may,
    struct tree_action *action)
{
	struct node *node = &tree->nodes[supervisor];

	switch ((enum phase)node->phase) {
	case PHASE_STARTING:
	case PHASE_RESTARTING:
		return go_on_starting(tree, supervisor, now_ms, may, action);
	case PHASE_RUNNING:
		return run(tree, supervisor, now_ms, may, action);
	case PHASE_CLEARING:
	case PHASE_ENDING:
		return go_on_stopping(tree, supervisor, now_ms, action);
	case PHASE_PAUSING:
		if (node->due_ms > now_ms)
			return STUCK;
		delay_is_over(tree, supervisor);
		node->phase = PHASE_RESTARTING;
		return PROGRESS;
	case PHASE_NONE:
		break;
	}
	return STUCK;
}

/* ------------------------------------------------------------------------------------- the end */

/* Whether no worker lives or will. */
static int
is_finished(const struct tree *tree)
{
	for (uint32_t i = 0; i < count_of(tree); i++) {
		const struct node *node = &tree->nodes[i];

		if (is_worker(tree, i)
			? node->state != TREE_DONE && node->state != TREE_DOWN
			: node->phase != PHASE_RUNNING &&
			      (node->phase != PHASE_NONE || node->state == TREE_FAILED ||
				  node->state == TREE_DELAYED))
			return 0;
	}
	return 1;
}

/* Of the worker that ended last and failed. */
static int32_t
finished_status(const struct tree *tree)
{
	uint32_t last = 0;
	int32_t status = 0;

	for (uint32_t i = 0; i < count_of(tree); i++) {
		const struct node *node = &tree->nodes[i];

		if (is_worker(tree, i) && node->status != 0 && node->order > last) {
			last = node->order;
			status = node->status;
		}
	}
	return status;
}

static int
is_timed(const struct node *node)
{
	return node->state == TREE_STOPPING || node->state == TREE_DELAYED ||
	       node->phase == PHASE_PAUSING;
}

/* What is due by now and has not been done waits for leave to start. */
static struct tree_action
wait_or_end(struct tree *tree, int64_t now_ms)
{
	struct tree_action action = { .act = TREE_WAIT, .until_ms = TREE_NEVER };

	if (tree->nodes[ROOT].phase != PHASE_NONE && is_finished(tree)) {
		tree->nodes[ROOT].phase = PHASE_NONE;
		tree->nodes[ROOT].state = TREE_DOWN;
		tree->end_status = finished_status(tree);
	}
	if (tree->nodes[ROOT].phase == PHASE_NONE)
		return (struct tree_action) { .act = TREE_END, .status = tree->end_status };
	for (uint32_t i = 0; i < count_of(tree); i++) {
		int64_t due_ms = is_timed(&tree->nodes[i]) ? tree->nodes[i].due_ms : TREE_NEVER;

		if (due_ms > now_ms && due_ms < action.until_ms)
			action.until_ms = due_ms;
	}
	return action;
}

/* ----------------------------------------------------------------------------------- interface */

size_t
tree_size(const struct plan_tree *plan)
{
	size_t size = sizeof(struct tree) + plan->children.count * sizeof(struct node);

	for (uint64_t i = 0; i < plan->children.count; i++)
		if (plan->children.items[i].kind == PLAN_SUPERVISOR)
			size += ((size_t)plan->children.items[i].intensity + 1) * sizeof(int64_t);
	return size;
}

struct tree *
tree_begin(void *memory, const struct plan_tree *plan, tree_listener *listener, void *context)
{
	struct tree *tree = memory;
	int64_t *windows = (int64_t *)&tree->nodes[plan->children.count];

	*tree = (struct tree) { .plan = plan, .listener = listener, .context = context };
	for (uint32_t i = 0; i < count_of(tree); i++) {
		tree->nodes[i] = (struct node) { .window = windows };
		reset(tree, i);
		if (!is_worker(tree, i))
			windows += window_size(tree, i);
	}
	begin_supervisor(tree, ROOT, 0);
	return tree;
}

struct tree_action
tree_next(struct tree *tree, int64_t now_ms, enum tree_may may)
{
	struct tree_action action;
	int progressed;

	do {
		progressed = 0;
		for (uint32_t i = count_of(tree); i-- > 0;) {
			enum progress progress = is_worker(tree, i)
						     ? kill_late_worker(tree, i, now_ms, &action)
						     : advance(tree, i, now_ms, may, &action);

			if (progress == ACT)
				return action;
			progressed |= progress == PROGRESS;
		}
	} while (progressed);
	return wait_or_end(tree, now_ms);
}

void
tree_start_failed(struct tree *tree, uint32_t child, int32_t status, int64_t now_ms)
{
	(void)now_ms; /* the supervisor deals with it when it is asked next */
	tree->failing = status;
	start_has_failed(tree, child, status);
}

void
tree_exited(struct tree *tree, uint32_t child, int32_t status, int64_t now_ms)
{
	struct node *node = &tree->nodes[child];

	(void)now_ms; /* as above */
	if (node->state == TREE_STOPPING) {
		node->state = TREE_DOWN;
		node->status = status;
		node->due_ms = TREE_NEVER;
		return;
	}
	if (status != 0)
		tree->failing = status;
	has_ended(tree, child, status);
}

void
tree_stop(struct tree *tree, int64_t now_ms)
{
	struct node *root = &tree->nodes[ROOT];

	if (root->phase == PHASE_NONE || root->phase == PHASE_ENDING)
		return;
	tell(tree, TREE_NEWS_SHUTDOWN, ROOT, 0, 0);
	(void)stop_supervisor(tree, ROOT, now_ms); /* always on its way */
	root->due_ms = TREE_NEVER;                 /* each worker has its own time */
}

int
tree_is_up(const struct tree *tree)
{
	return tree->up != 0;
}

enum tree_state
tree_state(const struct tree *tree, uint32_t child)
{
	return (enum tree_state)tree->nodes[child].state;
}

uint32_t
tree_restarts(const struct tree *tree, uint32_t child, int64_t now_ms)
{
	const struct node *node = &tree->nodes[child];
	uint32_t restarts = 0;

	if (is_worker(tree, child))
		return 0;
	for (uint32_t i = 0; i < node->window_count; i++) {
		uint32_t at = (node->window_at + i) % window_size(tree, child);

		restarts += (uint32_t)counts(tree, child, node->window[at], now_ms);
	}
	return restarts;
}

int64_t
tree_due_ms(const struct tree *tree, uint32_t child)
{
	const struct node *node = &tree->nodes[child];

	return node->state == TREE_STOPPING || node->state == TREE_DELAYED ? node->due_ms
									   : TREE_NEVER;
}
