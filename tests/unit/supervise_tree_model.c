/* supervisor.erl in C; see the header. Supervisors are coroutines (makecontext(3)): run_supervisor
 * is the process' code, wait_a_while is where it blocks, and model_run schedules. Names are those
 * of supervisor.erl where there is one. */
#include "supervise_tree_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK_BYTES ((size_t)64 * 1024)
#define LETTERS_MAX 64
#define RESTARTS_MAX 256

enum kid_state {
	KID_UNDEFINED,  /* its specification is there, no process */
	KID_UP,         /* also: being started */
	KID_RESTARTING, /* at due_ms; WORLD_NEVER: a letter says when */
	KID_REMOVED,
};

struct kid {
	uint32_t child;
	enum kid_state state;
	int64_t due_ms;
	int64_t started_ms;
	uint32_t failures; /* 0: none that is remembered */
};

#define NEVER_UP (-1) /* status in the letter of a supervisor whose own start has failed */

enum letter_kind { LETTER_STARTED, LETTER_ENDED, LETTER_TRY_AGAIN };

struct letter {
	enum letter_kind kind;
	uint32_t child;
	int32_t status;
};

struct supervisor {
	struct model *model;
	uint32_t self;
	ucontext_t context;
	void *stack;
	int runnable;
	int idle; /* waits for letters, and none of its children will be started by itself */
	int told_to_stop;
	int over;
	int64_t wake_ms;
	int kids;
	struct kid kid[WORLD_CHILDREN_MAX];
	int letters;
	struct letter mailbox[LETTERS_MAX];
	int restarts;
	int64_t restart_ms[RESTARTS_MAX];
};

/* Whose code begins with the next switch to it: makecontext(3) passes no pointers. */
static struct supervisor *born;

struct model {
	struct world *world;
	struct supervisor *supervisors[WORLD_CHILDREN_MAX];
	ucontext_t scheduler;
	int32_t last_end;  /* the last failing status, in the order of ends */
	int32_t last_turn; /* ... in the order in which supervisors came to them */
	int32_t main_end;
	int32_t main_any; /* a failed start of main included */
	int root_stopped; /* it was told to, before it gave up */
	int root_ending;
	int32_t
	    own_end[WORLD_CHILDREN_MAX]; /* how each worker's last life ended by itself; else 0 */
	int own_order[WORLD_CHILDREN_MAX];
	int ends;
};

enum result { RESULT_OK, RESULT_FAILED, RESULT_INTERRUPTED };

static const struct plan_child *
plan_of(const struct model *model, uint32_t child)
{
	return &model->world->plan->children.items[child];
}

/* ------------------------------------------------------------------------ processes, letters */

static void
post(struct model *model, uint32_t to, struct letter letter)
{
	struct supervisor *supervisor = model->supervisors[to];

	if (!supervisor || supervisor->letters == LETTERS_MAX) {
		world_complain(model->world, "model: a letter could not be delivered", to);
		return;
	}
	supervisor->mailbox[supervisor->letters++] = letter;
	supervisor->runnable = 1;
}

static int
find_letter(const struct supervisor *s, enum letter_kind kind, uint32_t child)
{
	for (int i = 0; i < s->letters; i++)
		if (s->mailbox[i].kind == kind && s->mailbox[i].child == child)
			return i;
	return -1;
}

static struct letter
take_letter(struct supervisor *s, int index)
{
	struct letter letter = s->mailbox[index];

	s->letters--;
	memmove(s->mailbox + index, s->mailbox + index + 1,
	    (size_t)(s->letters - index) * sizeof(letter));
	return letter;
}

static void
wait_a_while(struct supervisor *s, int64_t until_ms)
{
	s->wake_ms = until_ms;
	s->runnable = 0;
	(void)swapcontext(&s->context, &s->model->scheduler);
	s->wake_ms = WORLD_NEVER;
}

static void run_supervisor(void);

/* The new process does not run before its parent blocks. */
static void
spawn(struct model *model, uint32_t child)
{
	struct supervisor *s = calloc(1, sizeof(*s));

	if (!s || !(s->stack = malloc(STACK_BYTES)) || getcontext(&s->context) < 0)
		abort();
	s->model = model;
	s->self = child;
	s->runnable = 1;
	s->wake_ms = WORLD_NEVER;
	s->context.uc_stack.ss_sp = s->stack;
	s->context.uc_stack.ss_size = STACK_BYTES;
	s->context.uc_link = &model->scheduler;
	for (uint32_t i = 1; i < model->world->plan->children.count; i++)
		if (plan_of(model, i)->parent == child)
			s->kid[s->kids++] = (struct kid) { .child = i, .due_ms = WORLD_NEVER };
	model->supervisors[child] = s;
	makecontext(&s->context, run_supervisor, 0);
}

/* ----------------------------------------------------------------------------- starting */

static enum result
start_worker(struct supervisor *s, struct kid *kid)
{
	struct model *model = s->model;
	int32_t status;

	while (!s->told_to_stop && !world_may_start(model->world, model->world->now_ms))
		wait_a_while(s, world_may_changes_ms(model->world));
	if (s->told_to_stop)
		return RESULT_INTERRUPTED;
	kid->started_ms = model->world->now_ms;
	status = world_start(model->world, kid->child);
	if (status == 0) {
		kid->state = KID_UP;
		return RESULT_OK;
	}
	model->last_end = status;
	model->last_turn = status;
	model->own_end[kid->child] = status;
	model->own_order[kid->child] = ++model->ends;
	if (kid->child == model->world->plan->main)
		model->main_any = status;
	return RESULT_FAILED;
}

static void
spawn_kid(struct supervisor *s, struct kid *kid)
{
	kid->state = KID_UP;
	kid->started_ms = s->model->world->now_ms;
	spawn(s->model, kid->child);
}

static enum result
start_supervisor(struct supervisor *s, struct kid *kid)
{
	int at;

	spawn_kid(s, kid);
	for (;;) {
		if (s->told_to_stop)
			return RESULT_INTERRUPTED;
		if ((at = find_letter(s, LETTER_STARTED, kid->child)) >= 0) {
			(void)take_letter(s, at);
			return RESULT_OK;
		}
		if ((at = find_letter(s, LETTER_ENDED, kid->child)) >= 0) {
			(void)take_letter(s, at);
			kid->state = KID_UNDEFINED;
			return RESULT_FAILED;
		}
		wait_a_while(s, WORLD_NEVER);
	}
}

static enum result
do_start_child(struct supervisor *s, struct kid *kid)
{
	if (s->told_to_stop)
		return RESULT_INTERRUPTED;
	if (plan_of(s->model, kid->child)->kind == PLAN_WORKER)
		return start_worker(s, kid);
	return start_supervisor(s, kid);
}

/* Those from first up to the last; *failed is the one at which it ended. */
static enum result
start_children(struct supervisor *s, int first, int last, struct kid **failed)
{
	for (int i = first; i <= last; i++) {
		enum result result;

		*failed = &s->kid[i];
		if (s->kid[i].state == KID_REMOVED)
			continue;
		result = do_start_child(s, &s->kid[i]);
		if (result != RESULT_OK)
			return result;
	}
	return RESULT_OK;
}

/* ----------------------------------------------------------------------------- stopping */

static int
has_ended(struct supervisor *s, uint32_t child)
{
	int at = find_letter(s, LETTER_ENDED, child);

	if (at < 0)
		return 0;
	(void)take_letter(s, at);
	return 1;
}

static void
stop_worker(struct supervisor *s, uint32_t child)
{
	struct world *world = s->model->world;
	uint32_t shutdown_ms = plan_of(s->model, child)->shutdown_ms;
	int64_t deadline_ms = world->now_ms + shutdown_ms;

	if (has_ended(s, child))
		return;
	if (shutdown_ms != PLAN_SHUTDOWN_KILL) {
		if (shutdown_ms == PLAN_SHUTDOWN_INFINITY)
			deadline_ms = WORLD_NEVER;
		world_signal(world, child);
		while (world->now_ms < deadline_ms) {
			wait_a_while(s, deadline_ms);
			if (has_ended(s, child))
				return;
		}
	}
	world_kill(world, child);
	while (!has_ended(s, child))
		wait_a_while(s, WORLD_NEVER);
}

static void
stop_supervisor(struct supervisor *s, uint32_t child)
{
	struct supervisor *below = s->model->supervisors[child];

	if (below && !below->over) {
		below->told_to_stop = 1;
		below->runnable = 1;
	}
	while (!has_ended(s, child))
		wait_a_while(s, WORLD_NEVER);
}

/* It has ended or is about to: has it run for longer than a period? */
static void
forget_failures(const struct supervisor *s, struct kid *kid)
{
	int64_t ran_ms = s->model->world->now_ms - kid->started_ms;

	if (ran_ms > plan_of(s->model, s->self)->period_ms)
		kid->failures = 0;
}

/* What is still to be read of a child that is no more. */
static void
forget_letters(struct supervisor *s, uint32_t child)
{
	for (int i = s->letters - 1; i >= 0; i--)
		if (s->mailbox[i].child == child)
			(void)take_letter(s, i);
}

static void
terminate_children(struct supervisor *s, int first)
{
	for (int i = s->kids - 1; i >= first; i--) {
		struct kid *kid = &s->kid[i];
		const struct plan_child *plan = plan_of(s->model, kid->child);

		if (kid->state == KID_UP)
			forget_failures(s, kid);
		if (kid->state == KID_UP && plan->kind == PLAN_WORKER)
			stop_worker(s, kid->child);
		else if (kid->state == KID_UP)
			stop_supervisor(s, kid->child);
		forget_letters(s, kid->child);
		if (kid->state != KID_REMOVED)
			kid->state = plan->restart == PLAN_TEMPORARY ? KID_REMOVED : KID_UNDEFINED;
		kid->due_ms = WORLD_NEVER;
	}
}

/* ----------------------------------------------------------------------------- restarting */

/* 0: that was one too many. */
static int
add_restart(struct supervisor *s)
{
	const struct plan_child *plan = plan_of(s->model, s->self);
	int64_t now_ms = s->model->world->now_ms;
	int within = 0;

	if (s->restarts == RESTARTS_MAX)
		abort();
	s->restart_ms[s->restarts++] = now_ms;
	for (int i = 0; i < s->restarts; i++)
		within += now_ms <= s->restart_ms[i] + plan->period_ms;
	if (within <= (int)plan->intensity)
		return 1;
	world_note(s->model->world, DEED_GAVE_UP, s->self, within);
	return 0;
}

static uint32_t
delay_of(struct supervisor *s, struct kid *kid)
{
	const struct plan_child *plan = plan_of(s->model, s->self);
	uint32_t delay = plan->backoff_first_ms;

	forget_failures(s, kid);
	for (uint32_t i = 0; i < kid->failures && delay < plan->backoff_max_ms; i++)
		delay *= 2;
	kid->failures++;
	return delay < plan->backoff_max_ms ? delay : plan->backoff_max_ms;
}

/* What a failed kid takes along: from first up to last. */
static void
group_of(struct supervisor *s, struct kid *kid, int *first, int *last)
{
	uint32_t strategy = plan_of(s->model, s->self)->strategy;

	*first = strategy == PLAN_ONE_FOR_ALL ? 0 : (int)(kid - s->kid);
	*last = strategy == PLAN_ONE_FOR_ONE ? *first : s->kids - 1;
}

static void
start_again(struct supervisor *s, struct kid *kid)
{
	struct kid *failed;
	int first;
	int last;

	kid->due_ms = WORLD_NEVER;
	group_of(s, kid, &first, &last);
	if (plan_of(s->model, s->self)->strategy == PLAN_ONE_FOR_ONE &&
	    plan_of(s->model, kid->child)->kind == PLAN_SUPERVISOR) {
		spawn_kid(s, kid); /* a letter says how that went */
		return;
	}
	if (start_children(s, first, last, &failed) != RESULT_FAILED)
		return;
	failed->state = KID_RESTARTING;
	failed->due_ms = WORLD_NEVER;
	post(s->model, s->self, (struct letter) { LETTER_TRY_AGAIN, failed->child, 0 });
}

/* 0: the supervisor gives up. */
static int
restart(struct supervisor *s, struct kid *kid)
{
	int64_t now_ms = s->model->world->now_ms;
	uint32_t delay;

	kid->state = KID_UNDEFINED;
	if (!add_restart(s))
		return 0;
	delay = delay_of(s, kid);
	world_note(s->model->world, DEED_RESTART, kid->child, (int32_t)delay);
	if (plan_of(s->model, s->self)->strategy != PLAN_ONE_FOR_ONE) {
		int first;
		int last;

		group_of(s, kid, &first, &last);
		terminate_children(s, first);
	}
	kid->state = KID_RESTARTING;
	kid->due_ms = now_ms + delay;
	if (plan_of(s->model, s->self)->strategy == PLAN_ONE_FOR_ONE)
		return 1;
	while (!s->told_to_stop && s->model->world->now_ms < kid->due_ms)
		wait_a_while(s, kid->due_ms);
	if (!s->told_to_stop)
		start_again(s, kid);
	return 1;
}

/* 0: the supervisor gives up. */
static int
do_restart(struct supervisor *s, struct kid *kid, const struct letter *letter)
{
	const struct plan_child *plan = plan_of(s->model, kid->child);
	int failed = plan->kind == PLAN_SUPERVISOR || letter->status != 0;
	uint32_t mode = s->model->world->plan->rules.restarts;
	int wanted = plan->restart == PLAN_PERMANENT || (plan->restart == PLAN_TRANSIENT && failed);

	if (plan->kind == PLAN_WORKER && failed)
		s->model->last_turn = letter->status;
	if (wanted && mode == PLAN_MODE_ENFORCE)
		return restart(s, kid);
	if (wanted && mode == PLAN_MODE_AUDIT)
		world_note(s->model->world, DEED_WOULD, kid->child, 0);
	kid->state = plan->restart == PLAN_TEMPORARY || wanted ? KID_REMOVED : KID_UNDEFINED;
	return 1;
}

/* ------------------------------------------------------------------------------- its life */

static struct kid *
kid_of(struct supervisor *s, uint32_t child)
{
	for (int i = 0; i < s->kids; i++)
		if (s->kid[i].child == child)
			return &s->kid[i];
	abort();
}

/* The one that is due first; NULL: none has a time. */
static struct kid *
next_due(struct supervisor *s)
{
	struct kid *next = NULL;

	for (int i = 0; i < s->kids; i++)
		if (s->kid[i].state == KID_RESTARTING && s->kid[i].due_ms != WORLD_NEVER &&
		    (!next || s->kid[i].due_ms < next->due_ms))
			next = &s->kid[i];
	return next;
}

/* 0: the supervisor gives up. */
static int
handle_letter(struct supervisor *s)
{
	struct letter letter = take_letter(s, 0);
	struct kid *kid = kid_of(s, letter.child);

	if (letter.kind == LETTER_ENDED && kid->state == KID_UP && letter.status == NEVER_UP)
		return restart(s, kid);
	if (letter.kind == LETTER_ENDED && kid->state == KID_UP)
		return do_restart(s, kid, &letter);
	if (letter.kind == LETTER_TRY_AGAIN && kid->state == KID_RESTARTING)
		return restart(s, kid);
	return 1;
}

static int
may_go_on(const struct supervisor *s, const struct kid *kid)
{
	return plan_of(s->model, kid->child)->kind == PLAN_SUPERVISOR ||
	       world_may_start(s->model->world, s->model->world->now_ms);
}

static void
serve(struct supervisor *s)
{
	struct world *world = s->model->world;

	while (!s->told_to_stop) {
		struct kid *due = next_due(s);

		if (s->letters > 0) {
			if (!handle_letter(s))
				return;
		} else if (due && due->due_ms <= world->now_ms && may_go_on(s, due)) {
			start_again(s, due);
		} else {
			s->idle = !due;
			wait_a_while(s, !due ? WORLD_NEVER
					: due->due_ms > world->now_ms
					    ? due->due_ms
					    : world_may_changes_ms(world));
			s->idle = 0;
		}
	}
}

static void
run_supervisor_as(struct supervisor *s)
{
	uint32_t parent = plan_of(s->model, s->self)->parent;
	struct kid *failed;
	int32_t how = NEVER_UP;

	if (start_children(s, 0, s->kids - 1, &failed) == RESULT_OK) {
		how = 0;
		if (s->self != 0)
			post(s->model, parent, (struct letter) { LETTER_STARTED, s->self, 0 });
		serve(s);
	}
	if (s->self == 0)
		s->model->root_stopped = s->told_to_stop;
	if (s->self == 0)
		s->model->root_ending = 1;
	terminate_children(s, 0);
	s->over = 1;
	if (s->self != 0)
		post(s->model, parent, (struct letter) { LETTER_ENDED, s->self, how });
}

static void
run_supervisor(void)
{
	run_supervisor_as(born);
}

/* -------------------------------------------------------------------------------- scheduler */

static void
bury(struct model *model, uint32_t child)
{
	free(model->supervisors[child]->stack);
	free(model->supervisors[child]);
	model->supervisors[child] = NULL;
}

/* Everyone who can run runs, until all are blocked. 0: the root has ended. */
static int
run_all(struct model *model)
{
	int ran = 1;

	while (ran) {
		ran = 0;
		for (uint32_t i = 0; i < model->world->plan->children.count; i++) {
			struct supervisor *s = model->supervisors[i];

			if (!s || !s->runnable)
				continue;
			ran = 1;
			born = s;
			(void)swapcontext(&model->scheduler, &s->context);
			if (s->over)
				bury(model, i);
		}
		if (!model->supervisors[0])
			return 0;
	}
	return 1;
}

/* No worker lives or will live again. */
static int
all_is_over(const struct model *model)
{
	for (uint32_t i = 0; i < model->world->plan->children.count; i++)
		if (model->supervisors[i] && !model->supervisors[i]->idle)
			return 0;
	return world_lives(model->world) == 0;
}

static void
move_clock(struct model *model)
{
	struct world *world = model->world;
	int64_t next = world_next_ms(world);

	if (world->now_ms < world->script->stop_ms && world->script->stop_ms < next)
		next = world->script->stop_ms;
	for (uint32_t i = 0; i < world->plan->children.count; i++)
		if (model->supervisors[i] && model->supervisors[i]->wake_ms < next)
			next = model->supervisors[i]->wake_ms;
	world->now_ms = next;
}

static void
deliver(struct model *model)
{
	struct world *world = model->world;
	struct ended ended;

	while (world_reap(world, &ended)) {
		if (ended.child == world->plan->main)
			model->main_end = model->main_any = ended.status;
		if (ended.by_itself && ended.status != 0)
			model->last_end = ended.status;
		model->own_end[ended.child] = ended.by_itself ? ended.status : 0;
		model->own_order[ended.child] = ++model->ends;
		post(model, plan_of(model, ended.child)->parent,
		    (struct letter) { LETTER_ENDED, ended.child, ended.status });
	}
	for (uint32_t i = 0; i < world->plan->children.count; i++)
		if (model->supervisors[i] && model->supervisors[i]->wake_ms <= world->now_ms)
			model->supervisors[i]->runnable = 1;
	if (world->now_ms == world->script->stop_ms && !model->root_ending) {
		world_note(world, DEED_SHUTDOWN, 0, 0);
		model->supervisors[0]->told_to_stop = 1;
		model->supervisors[0]->runnable = 1;
	}
}

static void
add_status(struct outcome *outcome, int32_t status)
{
	outcome->statuses[outcome->count++] = status;
}

/* Of the workers' last lives, the one that failed last. */
static int32_t
finished_status(const struct model *model)
{
	int last = -1;

	for (int i = 0; i < WORLD_CHILDREN_MAX; i++)
		if (model->own_end[i] && (last < 0 || model->own_order[i] > model->own_order[last]))
			last = i;
	return last < 0 ? 0 : model->own_end[last];
}

void
model_run(struct world *world, struct outcome *outcome)
{
	struct model model = { .world = world };

	spawn(&model, 0);
	while (run_all(&model) && !all_is_over(&model) && !world->complaint[0]) {
		move_clock(&model);
		if (world->now_ms > WORLD_LATE_MS)
			world_complain(world, "model: waits for nothing", 0);
		else
			deliver(&model);
	}
	for (uint32_t i = 0; i < world->plan->children.count; i++)
		if (model.supervisors[i])
			bury(&model, i);
	outcome->ended_ms = world->now_ms;
	outcome->count = 0;
	if (!model.root_ending)
		add_status(outcome, finished_status(&model));
	else if (model.root_stopped) {
		add_status(outcome, model.main_end);
		add_status(outcome, model.main_any);
	} else {
		int32_t none_failed = world->plan->children.items[0].intensity ? 1 << 8 : 0;

		add_status(outcome, model.last_end ? model.last_end : none_failed);
		add_status(outcome, model.last_turn ? model.last_turn : none_failed);
	}
}
