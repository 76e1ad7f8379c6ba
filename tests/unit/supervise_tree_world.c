/* Processes by script; see the header. */
#include "supervise_tree_world.h"

#include <stdio.h>
#include <string.h>

#define MAY_SPAN_MS (8 * WORLD_TICK_MS)

enum draw { DRAW_START, DRAW_STATUS, DRAW_WHICH, DRAW_LIVES, DRAW_EVER, DRAW_STOPS, DRAW_IGNORES };

uint64_t
world_random(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15ULL + a * 0xbf58476d1ce4e5b9ULL +
		     b * 0x94d049bb133111ebULL + c * 0xd6e8feb86659fd93ULL;

	for (int i = 0; i < 3; i++) {
		x ^= x >> 32;
		x *= 0xd6e8feb86659fd93ULL;
	}
	return x ^ (x >> 32);
}

void
world_begin(struct world *world, const struct plan_tree *plan, const struct script *script)
{
	memset(world, 0, offsetof(struct world, trace));
	world->plan = plan;
	world->script = script;
}

void
world_note(struct world *world, enum deed deed, uint32_t child, int32_t value)
{
	if (world->entries == WORLD_TRACE_MAX) {
		world_complain(world, "does too much", child);
		return;
	}
	world->trace[world->entries++] = (struct entry) { world->now_ms, deed, child, value };
}

void
world_complain(struct world *world, const char *what, uint32_t child)
{
	if (!world->complaint[0])
		(void)snprintf(world->complaint, sizeof(world->complaint), "%lld ms: %s: %s",
		    (long long)world->now_ms, world->plan->children.items[child].id, what);
}

static int
percent(const struct world *world, uint32_t child, enum draw draw, uint32_t limit)
{
	uint32_t n = world->process[child].lives;

	return world_random(world->script->seed, child, n, draw) % 100 < limit;
}

static int64_t
ticks(const struct world *world, uint32_t child, enum draw draw, uint32_t limit)
{
	uint32_t n = world->process[child].lives;

	return (int64_t)(world_random(world->script->seed, child, n, draw) % (limit + 1)) *
	       WORLD_TICK_MS;
}

static int32_t
failing_status(const struct world *world, uint32_t child)
{
	static const int32_t statuses[] = { 1 << 8, 2 << 8, 77 << 8, 255 << 8, 9, 11, 6 | 0x80 };
	uint64_t n = world->process[child].lives;

	return statuses[world_random(world->script->seed, child, n, DRAW_WHICH) % 7];
}

static struct life
draw_life(const struct world *world, uint32_t child)
{
	const struct script *script = world->script;
	const struct plan_child *plan = &world->plan->children.items[child];
	struct life life = { 0 };

	if (percent(world, child, DRAW_START, script->no_start_percent))
		life.no_start = 127 << 8;
	if (percent(world, child, DRAW_STATUS, script->failing_percent))
		life.status = failing_status(world, child);
	life.lives_ms = ticks(world, child, DRAW_LIVES, script->lives_ticks);
	if (percent(world, child, DRAW_EVER, 30))
		life.lives_ms = WORLD_NEVER;
	life.stops_ms = ticks(world, child, DRAW_STOPS, script->stops_ticks);
	if (plan->shutdown_ms != PLAN_SHUTDOWN_INFINITY &&
	    percent(world, child, DRAW_IGNORES, script->ignoring_percent))
		life.stops_ms = WORLD_NEVER;
	life.dies_ms = ticks(world, child, DRAW_STOPS, 2);
	return life;
}

/* The first moment of child's at least so much later; 0: at once. */
static int64_t
moment(const struct world *world, uint32_t child, int64_t later_ms)
{
	int64_t wanted = child + 1;
	int64_t at;

	if (later_ms == WORLD_NEVER)
		return WORLD_NEVER;
	if (later_ms == 0)
		return world->now_ms;
	at = world->now_ms + later_ms;
	return at + (wanted - at % WORLD_TICK_MS + WORLD_TICK_MS) % WORLD_TICK_MS;
}

int32_t
world_start(struct world *world, uint32_t child)
{
	struct process *process = &world->process[child];

	if (process->alive)
		world_complain(world, "started while it lives", child);
	process->life = draw_life(world, child);
	process->lives++;
	if (process->life.no_start) {
		world_note(world, DEED_NO_START, child, process->life.no_start);
		return process->life.no_start;
	}
	world_note(world, DEED_START, child, 0);
	process->alive = 1;
	process->ends_ms =
	    moment(world, child, process->life.lives_ms == 0 ? 1 : process->life.lives_ms);
	process->status = process->life.status;
	process->signalled_ms = -1;
	process->killed = 0;
	return 0;
}

static void
ends_sooner(struct world *world, uint32_t child, int64_t later_ms, int32_t status)
{
	struct process *process = &world->process[child];
	int64_t at = moment(world, child, later_ms);

	if (at < process->ends_ms) {
		process->ends_ms = at;
		process->status = status;
	}
}

void
world_signal(struct world *world, uint32_t child)
{
	struct process *process = &world->process[child];

	world_note(world, DEED_SIGNAL, child, 0);
	if (!process->alive)
		world_complain(world, "signalled while it is down", child);
	if (process->signalled_ms >= 0)
		world_complain(world, "signalled twice", child);
	if (world->plan->children.items[child].shutdown_ms == PLAN_SHUTDOWN_KILL)
		world_complain(world, "signalled, though its shutdown is kill", child);
	process->signalled_ms = world->now_ms;
	ends_sooner(world, child, process->life.stops_ms, process->life.status ? 15 : 0);
}

static int64_t
kill_due_ms(const struct world *world, uint32_t child)
{
	uint32_t shutdown_ms = world->plan->children.items[child].shutdown_ms;
	int64_t signalled_ms = world->process[child].signalled_ms;

	if (shutdown_ms == PLAN_SHUTDOWN_KILL)
		return world->now_ms;
	if (shutdown_ms == PLAN_SHUTDOWN_INFINITY || signalled_ms < 0)
		return WORLD_NEVER;
	return signalled_ms + shutdown_ms;
}

void
world_kill(struct world *world, uint32_t child)
{
	struct process *process = &world->process[child];

	world_note(world, DEED_KILL, child, 0);
	if (!process->alive)
		world_complain(world, "killed while it is down", child);
	if (process->killed)
		world_complain(world, "killed twice", child);
	if (kill_due_ms(world, child) != world->now_ms)
		world_complain(world, "killed at the wrong time", child);
	process->killed = 1;
	ends_sooner(world, child, process->life.dies_ms, 9);
}

int
world_lives(const struct world *world)
{
	return world_below(world, 0);
}

static int
is_below(const struct plan_tree *plan, uint32_t child, uint32_t top)
{
	while (child != top && child != 0)
		child = plan->children.items[child].parent;
	return child == top;
}

int
world_below(const struct world *world, uint32_t child)
{
	int count = 0;

	for (uint32_t i = 0; i < world->plan->children.count; i++)
		count += world->process[i].alive && is_below(world->plan, i, child);
	return count;
}

int
world_may_start(const struct world *world, int64_t now_ms)
{
	uint64_t span = (uint64_t)(now_ms / MAY_SPAN_MS);

	return world_random(world->script->seed, span, 1000, 1000) % 100 >=
	       world->script->may_not_percent;
}

int64_t
world_may_changes_ms(const struct world *world)
{
	int64_t at = (world->now_ms / MAY_SPAN_MS + 1) * MAY_SPAN_MS;

	if (world->script->may_not_percent == 0)
		return WORLD_NEVER;
	while (world_may_start(world, at) == world_may_start(world, world->now_ms))
		at += MAY_SPAN_MS;
	return at;
}

int64_t
world_next_ms(const struct world *world)
{
	int64_t next = world_may_changes_ms(world);

	for (uint32_t i = 0; i < world->plan->children.count; i++) {
		const struct process *process = &world->process[i];

		if (process->alive && process->ends_ms < next)
			next = process->ends_ms;
	}
	return next;
}

int
world_reap(struct world *world, struct ended *ended)
{
	for (uint32_t i = 0; i < world->plan->children.count; i++) {
		struct process *process = &world->process[i];

		if (!process->alive || process->ends_ms > world->now_ms)
			continue;
		process->alive = 0;
		*ended = (struct ended) { i, process->status,
			process->signalled_ms < 0 && !process->killed };
		world_note(world, DEED_EXIT, i, process->status);
		return 1;
	}
	return 0;
}

const char *
world_entry_text(const struct plan_tree *plan, const struct entry *entry, char *out, size_t size)
{
	static const char *const words[] = {
		[DEED_START] = "start",
		[DEED_NO_START] = "start, which fails:",
		[DEED_SIGNAL] = "signal",
		[DEED_KILL] = "kill",
		[DEED_EXIT] = "   exit",
		[DEED_RESTART] = "news: restart in",
		[DEED_WOULD] = "news: would",
		[DEED_GAVE_UP] = "news: gave up:",
		[DEED_SHUTDOWN] = "news: shutdown",
		[DEED_END] = "END",
	};

	(void)snprintf(out, size, "%8lld %-6s %s %d", (long long)entry->at_ms,
	    plan->children.items[entry->child].id, words[entry->deed], entry->value);
	return out;
}
