/* Random trees, deaths, failed starts and slow stops under an invented clock: what tree.c has done
 * to the invented processes must be what the model of OTP's supervisor does to them.
 *
 *     supervise_tree_property            all seeds
 *     supervise_tree_property SEED       this one, with everything that happened
 *
 * Compared is, for each supervisor, what is done to its own workers, told to the journal, and when;
 * supervisors that work at the same moment may take turns in any order. */
#include "tap.h"

#include "supervise_tree_model.h"

#include "supervise/tree.h"

#include <stdlib.h>

#define SEEDS 4000
#define ACTIONS_AT_ONCE_MAX 2000

enum draw {
	DRAW_SIZE,
	DRAW_PARENT,
	DRAW_KIND,
	DRAW_RESTART,
	DRAW_SHUTDOWN,
	DRAW_STRATEGY,
	DRAW_INTENSITY,
	DRAW_PERIOD,
	DRAW_BACKOFF,
	DRAW_MODE,
	DRAW_SCRIPT,
	DRAW_MAIN,
	DRAW_DEPTH,
};

struct sample {
	uint64_t seed;
	struct plan_tree plan;
	struct plan_child children[WORLD_CHILDREN_MAX];
	char ids[WORLD_CHILDREN_MAX][8];
	struct script script;
};

/* The tree under test in its world, and what it has told. */
struct subject {
	struct world world;
	struct tree *tree;
	int64_t restarts[WORLD_CHILDREN_MAX][1024]; /* by supervisor, since it was started */
	int counts[WORLD_CHILDREN_MAX];
	int outdated[WORLD_CHILDREN_MAX]; /* it gave up, or is about to be stopped with a group */
};

/* ------------------------------------------------------------------------------ a random tree */

static uint32_t
draw(const struct sample *sample, enum draw what, uint32_t child, uint32_t below)
{
	return (uint32_t)(world_random(sample->seed, what, child, 7777) % below);
}

static void
fill_supervisor(struct sample *sample, uint32_t i)
{
	static const uint32_t backoffs[] = { 0, 0, 1, 2, 5 };
	struct plan_child *child = &sample->children[i];
	uint32_t backoff = backoffs[draw(sample, DRAW_BACKOFF, i, 5)];

	child->kind = PLAN_SUPERVISOR;
	child->shutdown_ms = PLAN_SHUTDOWN_INFINITY;
	child->strategy = draw(sample, DRAW_STRATEGY, i, 3);
	child->intensity = draw(sample, DRAW_INTENSITY, i, 6);
	child->period_ms = WORLD_TICK_MS * (1 + draw(sample, DRAW_PERIOD, i, 40));
	child->backoff_first_ms = backoff * WORLD_TICK_MS;
	child->backoff_max_ms = child->backoff_first_ms * (1 + 3 * (i % 3));
	if (backoff)
		child->period_ms += 1; /* so that "not failed for period_ms" has no boundary */
}

static void
fill_child(struct sample *sample, uint32_t i, uint32_t parent)
{
	static const uint32_t shutdowns[] = { PLAN_SHUTDOWN_KILL, PLAN_SHUTDOWN_INFINITY,
		WORLD_TICK_MS, 3 * WORLD_TICK_MS, 10 * WORLD_TICK_MS };
	struct plan_child *child = &sample->children[i];

	*child = (struct plan_child) { .id = sample->ids[i], .parent = parent };
	child->restart = draw(sample, DRAW_RESTART, i, 5);
	if (child->restart > PLAN_PERMANENT)
		child->restart = PLAN_PERMANENT;
	child->kind = PLAN_WORKER;
	child->stop_signal = 15;
	child->shutdown_ms = shutdowns[draw(sample, DRAW_SHUTDOWN, i, 5)];
}

/* Children of a supervisor at this depth, depth first. */
static void
grow(struct sample *sample, uint32_t supervisor, uint32_t depth, uint32_t size)
{
	uint32_t wanted = 1 + draw(sample, DRAW_SIZE, supervisor, depth == 0 ? 7 : 4);
	uint64_t *count = &sample->plan.children.count;

	fill_supervisor(sample, supervisor);
	for (uint32_t n = 0; n < wanted && (n == 0 || *count < size); n++) {
		uint32_t i = (uint32_t)(*count)++;
		int nested = depth < 3 && *count < size && draw(sample, DRAW_KIND, i, 3) == 0;

		(void)snprintf(
		    sample->ids[i], sizeof(sample->ids[i]), "%c%u", nested ? 's' : 'w', i);
		fill_child(sample, i, supervisor);
		if (nested)
			grow(sample, i, depth + 1, size);
	}
}

static void
fill_script(struct sample *sample)
{
	static const uint32_t no_starts[] = { 0, 0, 5, 20 };
	static const uint32_t lives[] = { 4, 12, 40, 100 };
	static const uint32_t stops[] = { 0, 1, 4, 15 };

	sample->script = (struct script) {
		.seed = sample->seed,
		.failing_percent = 30 + 70 * (uint32_t)(sample->seed % 2),
		.no_start_percent = no_starts[draw(sample, DRAW_SCRIPT, 1, 4)],
		.lives_ticks = lives[draw(sample, DRAW_SCRIPT, 2, 4)],
		.stops_ticks = stops[draw(sample, DRAW_SCRIPT, 3, 4)],
		.ignoring_percent = 20,
		.may_not_percent = draw(sample, DRAW_SCRIPT, 4, 4) == 0 ? 30 : 0,
		.stop_ms = WORLD_TICK_MS * (int64_t)draw(sample, DRAW_SCRIPT, 5, 400) + 63,
	};
}

static void
make_sample(struct sample *sample, uint64_t seed)
{
	static const uint32_t modes[] = { PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE,
		PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, PLAN_MODE_AUDIT,
		PLAN_MODE_OFF };
	struct plan_tree *plan = &sample->plan;

	memset(sample, 0, sizeof(*sample));
	sample->seed = seed;
	plan->children.items = sample->children;
	plan->children.count = 1;
	plan->declared = 1;
	plan->rules.restarts = modes[draw(sample, DRAW_MODE, 0, 8)];
	fill_child(sample, 0, 0);
	(void)snprintf(sample->ids[0], sizeof(sample->ids[0]), "root");
	grow(sample, 0, 0, 2 + draw(sample, DRAW_SIZE, 999, 24));
	plan->main = draw(sample, DRAW_MAIN, 0, (uint32_t)plan->children.count);
	while (plan->children.items[plan->main].kind != PLAN_WORKER)
		plan->main = (plan->main + 1) % (uint32_t)plan->children.count;
	fill_script(sample);
}

/* -------------------------------------------------------------------------- what must hold */

static int
is_below(const struct plan_tree *plan, uint32_t child, uint32_t top)
{
	while (child != top && child != 0)
		child = plan->children.items[child].parent;
	return child == top;
}

/* A child's later siblings have nothing alive. */
static int
later_are_down(const struct subject *subject, uint32_t child)
{
	const struct plan_tree *plan = subject->world.plan;

	for (uint32_t i = child + 1; i < plan->children.count; i++)
		if (plan->children.items[i].parent == plan->children.items[child].parent &&
		    world_below(&subject->world, i))
			return 0;
	return 1;
}

static void
check_start(struct subject *subject, uint32_t child)
{
	const struct plan_tree *plan = subject->world.plan;
	uint32_t parent = plan->children.items[child].parent;

	if (!world_may_start(&subject->world, subject->world.now_ms))
		world_complain(&subject->world, "started while nothing may be", child);
	if (parent == 0 && subject->world.now_ms >= subject->world.script->stop_ms)
		world_complain(&subject->world, "started after the order to stop", child);
	if (plan->children.items[child].restart == PLAN_TEMPORARY && parent == 0 &&
	    subject->world.process[child].lives > 0)
		world_complain(&subject->world, "a temporary one started again", child);
	if (plan->children.items[parent].strategy != PLAN_ONE_FOR_ONE &&
	    !later_are_down(subject, child))
		world_complain(&subject->world, "started while a later one lives", child);
}

/* By brute force, from what was told: restarts of a supervisor in its period up to now. */
static uint32_t
told_restarts(const struct subject *subject, uint32_t supervisor)
{
	int64_t since_ms =
	    subject->world.now_ms - subject->world.plan->children.items[supervisor].period_ms;
	uint32_t count = 0;

	for (int i = 0; i < subject->counts[supervisor]; i++)
		count += subject->restarts[supervisor][i] >= since_ms;
	return count;
}

static void
check_windows(struct subject *subject)
{
	const struct plan_tree *plan = subject->world.plan;

	for (uint32_t i = 0; i < plan->children.count; i++) {
		uint32_t told = told_restarts(subject, i);

		if (plan->children.items[i].kind != PLAN_SUPERVISOR || subject->outdated[i])
			continue;
		if (told > plan->children.items[i].intensity)
			world_complain(&subject->world, "restarts more than its intensity", i);
		if (tree_state(subject->tree, i) == TREE_UP &&
		    tree_restarts(subject->tree, i, subject->world.now_ms) != told)
			world_complain(&subject->world, "tree_restarts is not what was told", i);
	}
}

/* child is to be restarted: supervisors below it, or below its group, will be new ones. */
static void
forget_below(struct subject *subject, uint32_t child)
{
	const struct plan_tree *plan = subject->world.plan;
	uint32_t parent = plan->children.items[child].parent;

	for (uint32_t i = 1; i < plan->children.count; i++) {
		if (is_below(plan, i, child))
			subject->counts[i] = 0;
		else if (i != parent && is_below(plan, i, parent) &&
			 plan->children.items[parent].strategy != PLAN_ONE_FOR_ONE)
			subject->outdated[i] = 1;
	}
}

static void
forget_stopped(struct subject *subject)
{
	for (uint32_t i = 0; i < subject->world.plan->children.count; i++)
		if (tree_state(subject->tree, i) != TREE_UP)
			subject->counts[i] = subject->outdated[i] = 0;
}

static void
listen_to(void *context, enum tree_news news, uint32_t child, int32_t status, uint32_t number)
{
	static const enum deed deeds[] = {
		[TREE_NEWS_RESTART] = DEED_RESTART,
		[TREE_NEWS_WOULD] = DEED_WOULD,
		[TREE_NEWS_GAVE_UP] = DEED_GAVE_UP,
		[TREE_NEWS_SHUTDOWN] = DEED_SHUTDOWN,
	};
	struct subject *subject = context;
	uint32_t parent = subject->world.plan->children.items[child].parent;
	int counted = news == TREE_NEWS_RESTART || news == TREE_NEWS_GAVE_UP;

	(void)status;
	world_note(&subject->world, deeds[news], child, counted ? (int32_t)number : 0);
	if (news == TREE_NEWS_GAVE_UP)
		subject->outdated[parent = child] = 1;
	else if (news == TREE_NEWS_RESTART)
		forget_below(subject, child);
	else
		return;
	if (subject->counts[parent] < 1024)
		subject->restarts[parent][subject->counts[parent]++] = subject->world.now_ms;
}

/* ---------------------------------------------------------------------- the tree in its world */

static void
act(struct subject *subject, const struct tree_action *action)
{
	struct world *world = &subject->world;
	int32_t status;

	forget_stopped(subject);
	if (action->child >= world->plan->children.count ||
	    world->plan->children.items[action->child].kind != PLAN_WORKER) {
		world_complain(world, "an action on what is no worker", 0);
		return;
	}
	if (action->act == TREE_START) {
		check_start(subject, action->child);
		status = world_start(world, action->child);
		if (status)
			tree_start_failed(subject->tree, action->child, status, world->now_ms);
		return;
	}
	if (!later_are_down(subject, action->child))
		world_complain(world, "stopped before a later one", action->child);
	if (action->act == TREE_SIGNAL)
		world_signal(world, action->child);
	else
		world_kill(world, action->child);
}

static void
deliver(struct subject *subject)
{
	struct world *world = &subject->world;
	struct ended ended;

	while (world_reap(world, &ended))
		tree_exited(subject->tree, ended.child, ended.status, world->now_ms);
}

static void
stop_when_due(struct subject *subject)
{
	if (subject->world.now_ms == subject->world.script->stop_ms)
		tree_stop(subject->tree, subject->world.now_ms);
}

/* Everything that is to be done now. */
static struct tree_action
act_now(struct subject *subject)
{
	struct world *world = &subject->world;
	struct tree_action action = { .act = TREE_END };

	for (int i = 0; !world->complaint[0]; i++) {
		action = tree_next(subject->tree, world->now_ms,
		    world_may_start(world, world->now_ms) ? TREE_MAY_START : TREE_MAY_NOT_START);
		if (action.act == TREE_WAIT || action.act == TREE_END)
			break;
		act(subject, &action);
		deliver(subject);
		if (i == ACTIONS_AT_ONCE_MAX)
			world_complain(world, "acts without end", action.child);
	}
	return action;
}

static void
move_clock(struct subject *subject, int64_t until_ms)
{
	struct world *world = &subject->world;
	int64_t next = world_next_ms(world);

	if (until_ms <= world->now_ms)
		world_complain(world, "waits for what has been", 0);
	if (world->now_ms < world->script->stop_ms && world->script->stop_ms < next)
		next = world->script->stop_ms;
	if (until_ms < next)
		next = until_ms;
	if (next > WORLD_LATE_MS)
		world_complain(world, "waits for nothing", 0);
	else
		world->now_ms = next;
}

static void
check_end(struct subject *subject, const struct tree_action *end)
{
	struct world *world = &subject->world;
	struct tree_action again;

	world_note(world, DEED_END, 0, end->status);
	if (world_lives(world))
		world_complain(world, "the end, and something lives", 0);
	again = tree_next(subject->tree, world->now_ms + 1000, TREE_MAY_START);
	if (again.act != TREE_END || again.status != end->status)
		world_complain(world, "the end is not said again", 0);
}

static void
run_subject(struct subject *subject, const struct sample *sample)
{
	struct world *world = &subject->world;
	void *memory = malloc(tree_size(&sample->plan));
	struct tree_action action;

	world_begin(world, &sample->plan, &sample->script);
	memset(subject->counts, 0, sizeof(subject->counts));
	memset(subject->outdated, 0, sizeof(subject->outdated));
	if (!memory)
		abort();
	subject->tree = tree_begin(memory, &sample->plan, listen_to, subject);
	for (;;) {
		action = act_now(subject);
		check_windows(subject);
		if (action.act == TREE_END || world->complaint[0])
			break;
		move_clock(subject, action.until_ms);
		deliver(subject);
		stop_when_due(subject);
	}
	if (!world->complaint[0])
		check_end(subject, &action);
	free(memory);
}

/* ------------------------------------------------------------------------------ comparison */

/* The next entry from *at on that belongs to supervisor; NULL: no more. */
static const struct entry *
next_of(const struct world *world, uint32_t supervisor, int *at)
{
	while (*at < world->entries) {
		const struct entry *entry = &world->trace[(*at)++];
		uint32_t owner = world->plan->children.items[entry->child].parent;

		if (entry->deed == DEED_GAVE_UP)
			owner = entry->child;
		if (owner == supervisor && entry->deed != DEED_END && entry->deed != DEED_WOULD)
			return entry;
	}
	return NULL;
}

static int
same_entry(const struct entry *a, const struct entry *b)
{
	return a->at_ms == b->at_ms && a->deed == b->deed && a->child == b->child &&
	       a->value == b->value;
}

static int
same_for(struct world *got, const struct world *want, uint32_t supervisor)
{
	int got_at = 0;
	int want_at = 0;
	const struct entry *a;
	const struct entry *b;
	char text[128];

	do {
		a = next_of(got, supervisor, &got_at);
		b = next_of(want, supervisor, &want_at);
	} while (a && b && same_entry(a, b));
	if (!a && !b)
		return 1;
	(void)snprintf(got->complaint, sizeof(got->complaint),
	    "supervisor %s:", got->plan->children.items[supervisor].id);
	for (int i = 0; i < 2; i++) {
		const struct entry *entry = i ? b : a;
		size_t used = strlen(got->complaint);

		(void)snprintf(got->complaint + used, sizeof(got->complaint) - used, " %s %s;",
		    i ? "want" : "got",
		    entry ? world_entry_text(got->plan, entry, text, sizeof(text)) : "nothing");
	}
	return 0;
}

static void
compare_end(struct world *got, const struct outcome *want)
{
	const struct entry *end = &got->trace[got->entries - 1];

	if (end->at_ms != want->ended_ms)
		(void)snprintf(got->complaint, sizeof(got->complaint), "ends at %lld, not %lld",
		    (long long)end->at_ms, (long long)want->ended_ms);
	for (int i = 0; i < want->count; i++)
		if (end->value == want->statuses[i])
			return;
	(void)snprintf(got->complaint, sizeof(got->complaint), "ends with %d, not %d", end->value,
	    want->statuses[0]);
}

static void
compare(struct world *got, const struct world *want, const struct outcome *outcome)
{
	for (uint32_t i = 0; i < got->plan->children.count; i++)
		if (got->plan->children.items[i].kind == PLAN_SUPERVISOR && !same_for(got, want, i))
			return;
	compare_end(got, outcome);
}

/* ---------------------------------------------------------------------------------- telling */

static void
tell_child(const struct plan_tree *plan, uint32_t i)
{
	static const char *const restarts[] = { "temporary", "transient", "permanent" };
	static const char *const strategies[] = { "one_for_one", "one_for_all", "rest_for_one" };
	const struct plan_child *child = &plan->children.items[i];

	if (child->kind == PLAN_SUPERVISOR)
		printf("#   %-5s in %-5s %s %s %u in %u ms, backoff %u..%u ms\n", child->id,
		    plan->children.items[child->parent].id, restarts[child->restart],
		    strategies[child->strategy], child->intensity, child->period_ms,
		    child->backoff_first_ms, child->backoff_max_ms);
	else
		printf("#   %-5s in %-5s %s shutdown %d%s\n", child->id,
		    plan->children.items[child->parent].id, restarts[child->restart],
		    (int)child->shutdown_ms, i == plan->main ? ", main" : "");
}

static void
tell_trace(const struct world *world, const char *name)
{
	char text[128];

	printf("# %s:\n", name);
	for (int i = 0; i < world->entries; i++)
		printf("#   %s\n",
		    world_entry_text(world->plan, &world->trace[i], text, sizeof(text)));
}

static void
tell(const struct sample *sample, const struct world *got, const struct world *want)
{
	static const char *const modes[] = { "enforce", "audit", "off" };

	printf("# seed %llu, R1 %s, stop at %lld ms, may-not %u%%\n",
	    (unsigned long long)sample->seed, modes[sample->plan.rules.restarts],
	    (long long)sample->script.stop_ms, sample->script.may_not_percent);
	for (uint32_t i = 0; i < sample->plan.children.count; i++)
		tell_child(&sample->plan, i);
	tell_trace(want, "the model");
	tell_trace(got, "the tree");
	printf("# %s\n", got->complaint[0] ? got->complaint : want->complaint);
}

enum telling { TELL_NOTHING, TELL_FAILED, TELL_ALL };

/* 1: as it should be. */
static int
try_seed(uint64_t seed, enum telling telling)
{
	static struct sample sample;
	static struct world model;
	static struct subject subject;
	struct outcome outcome;
	int good;

	make_sample(&sample, seed);
	world_begin(&model, &sample.plan, &sample.script);
	model_run(&model, &outcome);
	run_subject(&subject, &sample);
	if (!subject.world.complaint[0] && !model.complaint[0])
		compare(&subject.world, &model, &outcome);
	good = !subject.world.complaint[0] && !model.complaint[0];
	if (telling == TELL_ALL || (telling == TELL_FAILED && !good))
		tell(&sample, &subject.world, &model);
	return good;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	if (argc > 1) {
		OK(try_seed(strtoull(argv[1], NULL, 0), TELL_ALL), argv[1]);
		DONE();
	}
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		if (!try_seed(seed, failed ? TELL_NOTHING : TELL_FAILED))
			failed++;
	EQ_INT(failed, 0, "trees that do something else than the model");
	DONE();
}
