/* Annotations to numbers. Pure. */
#include "policy/tree_forms.h"

#include "base/arena.h"
#include "base/error.h"
#include "policy/annotations.h"
#include "spec/tree.h"
#include "spec/tree_words.h"
#include "spec/words.h"

#include <string.h>

#define PREFIX "dev.osless."
#define BETWEEN ".." /* first..max of a backoff */

static int
refuse(struct compile *c, const char *key, const char *value, const char *why, struct error *err)
{
	return error_set(err, "annotations: %s: %s %s", key, words_quote(value, c->arena), why);
}

/* "100ms..5s" */
static int
read_backoff(struct compile *c, struct tree_forms *forms, struct error *err)
{
	static const char key[] = PREFIX "backoff";
	const char *value = policy_annotation(c->spec, key);
	const char *between = value ? strstr(value, BETWEEN) : NULL;
	struct plan_child *to = &forms->supervisor;
	const char *why = NULL;
	char *first;

	if (!value)
		return 0;
	if (!between)
		return refuse(
		    c, key, value, "has no two ends: write first..max, such as 100ms..5s", err);
	first = arena_printf(c->arena, "%.*s", (int)(between - value), value);
	if (!first)
		return pass_no_memory(err);
	why = tree_word_duration(first, c->arena, &to->backoff_first_ms);
	if (!why)
		why = tree_word_duration(between + strlen(BETWEEN), c->arena, &to->backoff_max_ms);
	if (!why && to->backoff_first_ms > to->backoff_max_ms)
		why = "has its first end above its second: write first..max";
	return why ? refuse(c, key, value, why, err) : 0;
}

/* Those that are one word each. */
static int
read_words(struct compile *c, struct tree_forms *forms, struct error *err)
{
	const struct {
		const char *key;
		tree_word *read;
		uint32_t *value;
	} rows[] = {
		{ PREFIX "restart", tree_word_restart, &forms->worker.restart },
		{ PREFIX "shutdown", tree_word_shutdown, &forms->worker.shutdown_ms },
		{ PREFIX "intensity", tree_word_intensity, &forms->supervisor.intensity },
		{ PREFIX "period", tree_word_duration, &forms->supervisor.period_ms },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value = policy_annotation(c->spec, rows[i].key);
		const char *why = value ? rows[i].read(value, c->arena, rows[i].value) : NULL;

		if (why)
			return refuse(c, rows[i].key, value, why, err);
	}
	return 0;
}

static const char *
first_key(const struct spec *spec)
{
	static const char *const keys[] = {
		PREFIX "restart",
		PREFIX "intensity",
		PREFIX "period",
		PREFIX "backoff",
		PREFIX "shutdown",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (policy_annotation(spec, keys[i]))
			return keys[i];
	}
	return NULL;
}

int
tree_forms_read(struct compile *c, struct tree_forms *forms, struct error *err)
{
	*forms = (struct tree_forms) {
		.key = first_key(c->spec),
		.restart = policy_annotation(c->spec, PREFIX "restart"),
		.supervisor = { .intensity = SPEC_TREE_INTENSITY,
		    .period_ms = SPEC_TREE_PERIOD_MS },
		.worker = { .shutdown_ms = SPEC_TREE_SHUTDOWN_MS },
	};
	if (read_words(c, forms, err) < 0 || read_backoff(c, forms, err) < 0)
		return -1;
	if (forms->supervisor.intensity > 0 && forms->supervisor.period_ms == 0)
		return error_set(err,
		    "annotations: " PREFIX "period: 0 would never count a restart: give the time "
		    "within which too many restarts are counted, or " PREFIX "intensity 0");
	return 0;
}
