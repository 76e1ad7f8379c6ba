/* A table of what is being watched: zombies by when they were first seen, stopped processes by how
 * often. A look marks who is still there; the others are forgotten. */
#include "supervise/rules.h"

#include <string.h>

enum { RULE_UNWAITED = 3, RULE_ZOMBIES, RULE_STOPPED };
enum { JUDGED_UNWAITED = 1, JUDGED_ZOMBIE = 2 };

struct look {
	struct rules *rules;
	rules_judge *judge;
	void *context;
};

void
rules_begin(struct rules *rules, const struct plan_rules *plan)
{
	rules->plan = plan;
	rules->clock_ms = 0;
	rules->count = 0;
}

static struct rules_watched *
find(struct rules *rules, const struct seen *seen)
{
	for (int i = 0; i < rules->count; i++) {
		struct rules_watched *watched = &rules->watched[i];

		if (watched->pid == seen->pid && watched->started == seen->started)
			return watched;
	}
	return NULL;
}

/* NULL: there is no room, and it will be seen again. */
static struct rules_watched *
watch(struct rules *rules, const struct seen *seen)
{
	struct rules_watched *watched = find(rules, seen);

	if (!watched && rules->count < RULES_WATCHED_MAX) {
		watched = &rules->watched[rules->count++];
		*watched = (struct rules_watched) {
			.pid = seen->pid,
			.started = seen->started,
			.since_ms = rules->clock_ms,
		};
	}
	if (watched)
		watched->present = 1;
	return watched;
}

static void
decide(struct look *look, const struct rules_verdict *verdict, const struct seen *seen)
{
	look->judge(look->context, verdict, seen);
}

/* ------------------------------------------------------------------------------------ zombies */

static void
judge_zombie(struct look *look, const struct seen *seen, struct rules_watched *watched, int rule,
    uint32_t mode, uint32_t within_ms, uint8_t judged)
{
	int64_t age_ms = look->rules->clock_ms - watched->since_ms;
	struct rules_verdict verdict = {
		.rule = rule,
		.act = RULES_KILL_PARENT,
		.audit = mode == PLAN_MODE_AUDIT,
		.number = age_ms < UINT32_MAX ? (uint32_t)age_ms : UINT32_MAX,
	};

	if (mode == PLAN_MODE_OFF || age_ms < (int64_t)within_ms || (watched->judged & judged))
		return;
	watched->judged |= judged;
	decide(look, &verdict, seen);
}

/* One that was stopped before it died begins anew. A parent that is to be killed for one rule is
 * not killed for the other as well. */
static void
look_at_zombie(struct look *look, const struct seen *seen)
{
	const struct plan_rules *plan = look->rules->plan;
	struct rules_watched *watched = watch(look->rules, seen);

	if (!watched)
		return;
	if (watched->stops) {
		watched->stops = 0;
		watched->since_ms = look->rules->clock_ms;
	}
	if (seen->status != 0)
		judge_zombie(look, seen, watched, RULE_UNWAITED, plan->unwaited,
		    plan->handle_within_ms, JUDGED_UNWAITED);
	if (!(watched->judged & JUDGED_UNWAITED) || plan->unwaited != PLAN_MODE_ENFORCE)
		judge_zombie(look, seen, watched, RULE_ZOMBIES, plan->zombies,
		    plan->zombie_within_ms, JUDGED_ZOMBIE);
}

/* ------------------------------------------------------------------------------------ stopped */

static void
look_at_stopped(struct look *look, const struct seen *seen)
{
	uint32_t mode = look->rules->plan->stopped;
	struct rules_watched *watched = watch(look->rules, seen);
	struct rules_verdict verdict = {
		.rule = RULE_STOPPED,
		.act = RULES_CONTINUE,
		.audit = mode == PLAN_MODE_AUDIT,
		.number = 1,
	};

	if (watched) {
		if (look->rules->clock_ms - watched->since_ms > RULES_STOPS_FORGET_MS)
			watched->stops = 0;
		watched->since_ms = look->rules->clock_ms;
		verdict.number = ++watched->stops;
	}
	if (verdict.audit && verdict.number > 1)
		return; /* it stays stopped: told once */
	if (verdict.number > RULES_STOPS_MAX)
		verdict.act = RULES_KILL;
	decide(look, &verdict, seen);
}

/* Who was stopped is remembered while it lives. */
static void
look_at_other(struct look *look, const struct seen *seen)
{
	struct rules_watched *watched = find(look->rules, seen);

	if (watched)
		watched->present = 1;
}

/* --------------------------------------------------------------------------------------- look */

static int
is_zombie(const struct seen *seen)
{
	return seen->state == 'Z' && seen->alone;
}

static void
forget_gone(struct rules *rules)
{
	int kept = 0;

	for (int i = 0; i < rules->count; i++) {
		if (!rules->watched[i].present)
			continue;
		rules->watched[i].present = 0;
		rules->watched[kept++] = rules->watched[i];
	}
	rules->count = kept;
}

void
rules_look(struct rules *rules, const struct seen *seen, int count, int64_t now_ms,
    rules_judge *judge, void *context)
{
	struct look look = { rules, judge, context };

	rules->clock_ms = now_ms;
	for (int i = 0; i < count; i++) {
		if (is_zombie(&seen[i]))
			look_at_zombie(&look, &seen[i]);
		else if (seen[i].state == 'T' && rules->plan->stopped != PLAN_MODE_OFF)
			look_at_stopped(&look, &seen[i]);
		else if (rules->count > 0)
			look_at_other(&look, &seen[i]);
	}
	forget_gone(rules);
}
