/* dev.osless.* annotations: attacker's input, since an image's labels can reach them. They may
 * tighten what the host's policy says; to loosen it they need the host's leave, key by key
 * (DESIGN 7). Pure. */
#include "policy/annotations.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/words.h"
#include "policy/pass.h"
#include "spec/tree_words.h"
#include "spec/words.h"

#include <string.h>

#define PREFIX "dev.osless."

enum annotation_effect {
	ANNOTATION_LAXER_ABOVE, /* a word; larger values of the policy's field are laxer */
	ANNOTATION_LAXER_BELOW, /* a word; smaller ones are */
	ANNOTATION_WITHIN,      /* a duration; longer ones are laxer */
	ANNOTATION_ONE,         /* "1", and another pass asks whether it is there */
	ANNOTATION_TREE,        /* pass_tree reads it (tree.c, tree_forms.c) */
};

/* Each row's field is a uint32_t of struct host_policy. */
static const struct annotation {
	const char *key;
	enum annotation_effect effect;
	enum field_as words;
	size_t field;
} annotations[] = {
	{ PREFIX "identity", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, identity_mode) },
	{ PREFIX "syscalls", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, syscalls_mode) },
	{ PREFIX "supervision", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, supervision_mode) },
	{ PREFIX "tier", ANNOTATION_LAXER_BELOW, FIELD_AS_TIER,
	    offsetof(struct host_policy, tier) },
	{ PREFIX "rule.restarts", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, rules.restarts) },
	{ PREFIX "rule.orphans", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, rules.orphans) },
	{ PREFIX "rule.unwaited", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, rules.unwaited) },
	{ PREFIX "rule.zombies", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, rules.zombies) },
	{ PREFIX "rule.stopped", ANNOTATION_LAXER_ABOVE, FIELD_AS_MODE,
	    offsetof(struct host_policy, rules.stopped) },
	{ .key = PREFIX "handle-within",
	    .effect = ANNOTATION_WITHIN,
	    .field = offsetof(struct host_policy, rules.handle_within_ms) },
	{ .key = PREFIX "zombie-within",
	    .effect = ANNOTATION_WITHIN,
	    .field = offsetof(struct host_policy, rules.zombie_within_ms) },
	{ .key = PREFIX "tree", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "restart", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "intensity", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "period", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "backoff", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "shutdown", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "stop-signal", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "signals", .effect = ANNOTATION_TREE },
	{ .key = PREFIX "processes", .effect = ANNOTATION_ONE },
};

#define ANNOTATIONS (sizeof(annotations) / sizeof(annotations[0]))

const char *
policy_annotation_key(size_t index)
{
	return index < ANNOTATIONS ? annotations[index].key : NULL;
}

const char *
policy_annotation(const struct spec *spec, const char *key)
{
	for (uint64_t i = 0; i < spec->annotations.count; i++) {
		if (strcmp(spec->annotations.items[i].key, key) == 0)
			return spec->annotations.items[i].value;
	}
	return NULL;
}

static const struct annotation *
find(const char *key)
{
	for (size_t i = 0; i < ANNOTATIONS; i++) {
		if (strcmp(annotations[i].key, key) == 0)
			return &annotations[i];
	}
	return NULL;
}

/* What follows the prefix is compared: it alone says how near a key is. Always -1. */
static int
refuse_unknown(struct compile *c, const char *where, const char *key, struct error *err)
{
	const char *names[ANNOTATIONS];
	const char *nearest;

	for (size_t i = 0; i < ANNOTATIONS; i++)
		names[i] = annotations[i].key + strlen(PREFIX);
	nearest = words_nearest(key + strlen(PREFIX), names, ANNOTATIONS);
	if (nearest)
		return error_set(err, "%s: %s is not known: did you mean " PREFIX "%s?", where,
		    words_quote(key, c->arena), nearest);
	return error_set(err,
	    "%s: %s is not known: see `osless features` for those that are, such as %s", where,
	    words_quote(key, c->arena), annotations[0].key);
}

/* Keys under annotations.mayLoosen: they begin with this prefix or systemd's, as spec has checked.
 */
static int
check_loosening(struct compile *c, struct error *err)
{
	const char *where =
	    arena_printf(c->arena, "%s: annotations.mayLoosen", pass_policy_name(c));

	if (!where)
		return pass_no_memory(err);
	for (uint64_t i = 0; i < c->policy.loosening.count; i++) {
		const char *key = c->policy.loosening.items[i];
		const struct annotation *annotation = find(key);

		if (strncmp(key, PREFIX, strlen(PREFIX)) != 0)
			continue; /* names of properties are systemd's */
		if (!annotation)
			return refuse_unknown(c, where, key, err);
		if (annotation->effect == ANNOTATION_ONE || annotation->effect == ANNOTATION_TREE)
			return error_set(err, "%s: %s loosens nothing: leave it out", where, key);
	}
	return 0;
}

/* Looks value up among the words of the key. */
static int
read_word(struct compile *c, const struct annotation *annotation, const char *value,
    uint32_t *number, struct error *err)
{
	const struct plan_words *words = plan_words(annotation->words);
	const char *known = "";

	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->rows[i].word, value) == 0) {
			*number = (uint32_t)words->rows[i].value;
			return 0;
		}
		known = arena_printf(c->arena, "%s%s%s", known, i ? ", " : "", words->rows[i].word);
		if (!known)
			return pass_no_memory(err);
	}
	return error_set(err, "annotations: %s: %s is not known: use one of %s", annotation->key,
	    words_quote(value, c->arena), known);
}

int
policy_may_loosen(const struct compile *c, const char *key)
{
	for (uint64_t i = 0; i < c->policy.loosening.count; i++) {
		if (strcmp(c->policy.loosening.items[i], key) == 0)
			return 1;
	}
	return 0;
}

static int
is_laxer(const struct annotation *annotation, uint32_t asked, uint32_t present)
{
	return annotation->effect == ANNOTATION_LAXER_BELOW ? asked < present : asked > present;
}

/* How the host's value is written. */
static const char *
present_text(struct compile *c, const struct annotation *annotation, uint32_t present)
{
	if (annotation->effect == ANNOTATION_WITHIN)
		return tree_words_ms(present, c->arena);
	return plan_word(annotation->words, present);
}

/* Puts what is asked for into the policy, unless it is laxer. */
static int
tighten(struct compile *c, const struct annotation *annotation, const char *value, uint32_t asked,
    struct error *err)
{
	unsigned char *field = (unsigned char *)&c->policy + annotation->field;
	uint32_t present;

	memcpy(&present, field, sizeof(present));
	if (is_laxer(annotation, asked, present) && !policy_may_loosen(c, annotation->key))
		return error_set(err,
		    "annotations: %s: \"%s\" is laxer than the host's \"%s\": leave it out, or "
		    "list the key under annotations.mayLoosen in %s",
		    annotation->key, value, present_text(c, annotation, present),
		    pass_policy_name(c));
	memcpy(field, &asked, sizeof(asked));
	return 0;
}

static int
apply_word(
    struct compile *c, const struct annotation *annotation, const char *value, struct error *err)
{
	uint32_t asked = 0;

	if (read_word(c, annotation, value, &asked, err) < 0)
		return -1;
	return tighten(c, annotation, value, asked, err);
}

static int
apply_within(
    struct compile *c, const struct annotation *annotation, const char *value, struct error *err)
{
	uint32_t asked = 0;
	const char *why = tree_word_duration(value, c->arena, &asked);

	if (!why && asked < POLICY_WITHIN_LEAST_MS)
		why = "is too short: at least 100ms";
	if (why)
		return error_set(err, "annotations: %s: %s %s", annotation->key,
		    words_quote(value, c->arena), why);
	return tighten(c, annotation, value, asked, err);
}

static int
apply(struct compile *c, const struct plan_pair *pair, struct error *err)
{
	const struct annotation *annotation = find(pair->key);

	if (!annotation)
		return refuse_unknown(c, "annotations", pair->key, err);
	switch (annotation->effect) {
	case ANNOTATION_LAXER_ABOVE:
	case ANNOTATION_LAXER_BELOW:
		return apply_word(c, annotation, pair->value, err);
	case ANNOTATION_WITHIN:
		return apply_within(c, annotation, pair->value, err);
	case ANNOTATION_ONE:
		if (strcmp(pair->value, "1") != 0)
			return error_set(err,
			    "annotations: %s: %s is not possible: use 1, or leave it out",
			    pair->key, words_quote(pair->value, c->arena));
		return 0;
	case ANNOTATION_TREE:
		return 0;
	}
	return 0;
}

int
pass_annotations(struct compile *c, struct error *err)
{
	if (check_loosening(c, err) < 0)
		return -1;
	for (uint64_t i = 0; i < c->spec->annotations.count; i++) {
		const struct plan_pair *pair = &c->spec->annotations.items[i];

		if (strncmp(pair->key, PREFIX, strlen(PREFIX)) == 0 && apply(c, pair, err) < 0)
			return -1;
	}
	c->plan->identity_mode = c->policy.identity_mode;
	c->plan->syscalls_mode = c->policy.syscalls_mode;
	c->plan->supervision_mode = c->policy.supervision_mode;
	c->plan->tier = c->policy.tier;
	c->plan->identity = c->policy.identity;
	return 0;
}
