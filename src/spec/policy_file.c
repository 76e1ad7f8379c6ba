/* The host's policy file: its own tables for libocispec's reader, then words to numbers. */
#include "spec/policy_file.h"

#include "spec/convert.h"
#include "spec/document.h"
#include "spec/own_document.h"
#include "spec/tree_words.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "base/userns.h"
#include "plan/unit.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define POLICY_FILE_MAX (64u << 10) /* bytes */
#define NOT_MAPPED 65534u           /* how the kernel shows such an owner */
#define PREFIX "dev.osless."
#define HANDLE_WITHIN_MS 10000
#define ZOMBIE_WITHIN_MS 60000

/* ---- the document */

struct policy_modes {
	const char *identity;
	const char *syscalls;
	const char *supervision;
};

struct policy_annotations {
	ocispec_strings may_loosen;
};

struct policy_rules {
	const char *restarts;
	const char *orphans;
	const char *unwaited;
	const char *zombies;
	const char *stopped;
	const char *handle_within;
	const char *zombie_within;
};

struct policy_tree {
	OCISPEC_OPTIONAL(uint32_t, intensity);
	OCISPEC_OPTIONAL(uint32_t, children);
	const char *period;
};

struct policy_document {
	const struct policy_modes *modes;
	const char *identity;
	const char *tier;
	ocispec_strings capabilities;
	const struct policy_annotations *annotations;
	const struct policy_rules *rules;
	const struct policy_tree *tree;
};

static const struct ocispec_field modes_fields[] = {
	OWN_STRING(policy_modes, identity, "identity"),
	OWN_STRING(policy_modes, syscalls, "syscalls"),
	OWN_STRING(policy_modes, supervision, "supervision"),
};
static const struct ocispec_table modes_table = OWN_TABLE(policy_modes, modes_fields);

static const struct ocispec_field annotations_fields[] = {
	OWN_STRINGS(policy_annotations, may_loosen, "mayLoosen"),
};
static const struct ocispec_table annotations_table =
    OWN_TABLE(policy_annotations, annotations_fields);

static const struct ocispec_field rules_fields[] = {
	OWN_STRING(policy_rules, restarts, "restarts"),
	OWN_STRING(policy_rules, orphans, "orphans"),
	OWN_STRING(policy_rules, unwaited, "unwaited"),
	OWN_STRING(policy_rules, zombies, "zombies"),
	OWN_STRING(policy_rules, stopped, "stopped"),
	OWN_WORD(policy_rules, handle_within, "handleWithin"),
	OWN_WORD(policy_rules, zombie_within, "zombieWithin"),
};
static const struct ocispec_table rules_table = OWN_TABLE(policy_rules, rules_fields);

static const struct ocispec_field tree_fields[] = {
	OWN_NUMBER(policy_tree, intensity, "intensity"),
	OWN_WORD(policy_tree, period, "period"),
	OWN_NUMBER(policy_tree, children, "children"),
};
static const struct ocispec_table tree_table = OWN_TABLE(policy_tree, tree_fields);

static const struct ocispec_field policy_fields[] = {
	OWN_OBJECT(policy_document, modes, "modes", &modes_table),
	OWN_STRING(policy_document, identity, "identity"),
	OWN_STRING(policy_document, tier, "tier"),
	OWN_STRINGS(policy_document, capabilities, "capabilities"),
	OWN_OBJECT(policy_document, annotations, "annotations", &annotations_table),
	OWN_OBJECT(policy_document, rules, "rules", &rules_table),
	OWN_OBJECT(policy_document, tree, "tree", &tree_table),
};
static const struct ocispec_table policy_table = OWN_TABLE(policy_document, policy_fields);

/* ---- its words */

static const struct word mode_rows[] = {
	{ "enforce", PLAN_MODE_ENFORCE },
	{ "audit", PLAN_MODE_AUDIT },
	{ "off", PLAN_MODE_OFF },
};
static const struct words mode_words = { mode_rows, LENGTH(mode_rows) };

static const struct word tier_rows[] = {
	{ "gvisor", POLICY_TIER_GVISOR },
	{ "minimal", POLICY_TIER_MINIMAL },
};
static const struct words tier_words = { tier_rows, LENGTH(tier_rows) };

static const struct word identity_rows[] = {
	{ "strip", POLICY_IDENTITY_STRIP },
	{ "keep", POLICY_IDENTITY_KEEP },
};
static const struct words identity_words = { identity_rows, LENGTH(identity_rows) };

static int
convert_word(struct convert *c, const char *path, const struct words *known, const char *word,
    uint32_t *number)
{
	uint64_t found;

	if (!word)
		return 0; /* the default stands */
	if (words_find(known, word, &found) < 0)
		return convert_refuse_word(c, path, "the word", word, known);
	*number = (uint32_t)found;
	return 0;
}

static int
convert_modes(struct convert *c, const struct policy_modes *from, struct host_policy *to)
{
	if (!from)
		return 0;
	if (convert_word(c, "modes.identity", &mode_words, from->identity, &to->identity_mode) < 0)
		return -1;
	if (convert_word(c, "modes.syscalls", &mode_words, from->syscalls, &to->syscalls_mode) < 0)
		return -1;
	return convert_word(
	    c, "modes.supervision", &mode_words, from->supervision, &to->supervision_mode);
}

/* Digits up to end, as an id. The last id of 32 bits means "none" to the kernel. Returns what
 * follows end, NULL where it is no id. */
static const char *
parse_id(const char *text, char end, uint32_t *id)
{
	uint64_t value = 0;

	if (!isdigit((unsigned char)*text))
		return NULL;
	while (isdigit((unsigned char)*text) && value < UINT32_MAX)
		value = value * 10 + (uint64_t)(*text++ - '0');
	*id = (uint32_t)value;
	return value < UINT32_MAX && *text == end ? text + 1 : NULL;
}

static int
convert_identity(struct convert *c, const char *word, struct host_policy *to)
{
	const char *gid;

	if (!word || !isdigit((unsigned char)word[0]))
		return convert_word(c, "identity", &identity_words, word, &to->identity);
	gid = parse_id(word, ':', &to->uid);
	if (!gid || !parse_id(gid, '\0', &to->gid))
		return convert_refuse(c,
		    "identity: %s is no identity: use strip, keep or UID:GID with numbers",
		    convert_quote(c, word));
	to->identity = POLICY_IDENTITY_FIXED;
	return 0;
}

static const char *
nearest_capability(const char *word, struct arena *arena)
{
	const char *known[CAP_LAST_CAP + 1];
	size_t count = 0;

	for (int number = 0; number <= CAP_LAST_CAP; number++) {
		known[count] = words_capability(number, arena);
		count += known[count] != NULL;
	}
	return words_nearest(word, known, count);
}

static int
convert_capability(struct convert *c, size_t index, const char *word, uint64_t *bits)
{
	int number = words_find_capability(word);
	const char *nearest;

	if (number >= 0) {
		*bits |= UINT64_C(1) << number;
		return 0;
	}
	nearest = nearest_capability(word, c->arena);
	if (nearest)
		return convert_refuse(c, "capabilities[%zu]: %s is not known: did you mean %s?",
		    index, convert_quote(c, word), nearest);
	return convert_refuse(c,
	    "capabilities[%zu]: %s is not known: use names of capabilities(7), from CAP_CHOWN to "
	    "%s",
	    index, convert_quote(c, word), words_capability(CAP_LAST_CAP, c->arena));
}

static int
convert_loosening(struct convert *c, const struct policy_annotations *from, struct host_policy *to)
{
	if (!from)
		return 0;
	for (size_t i = 0; i < from->may_loosen.count; i++) {
		const char *key = from->may_loosen.items[i];

		if (strncmp(key, PREFIX, strlen(PREFIX)) != 0 &&
		    strncmp(key, UNIT_ANNOTATION, strlen(UNIT_ANNOTATION)) != 0)
			return convert_refuse(c,
			    "annotations.mayLoosen[%zu]: %s is not osless's: its keys begin with "
			    "\"" PREFIX
			    "\", and those of systemd's properties with \"" UNIT_ANNOTATION "\"",
			    i, convert_quote(c, key));
	}
	return CONVERT_STRINGS(c, &from->may_loosen, &to->loosening);
}

/* A duration of at least least_ms. */
static int
convert_duration(
    struct convert *c, const char *path, const char *word, uint32_t least_ms, uint32_t *ms)
{
	const char *why = word ? tree_word_duration(word, c->arena, ms) : NULL;

	if (why)
		return convert_refuse(c, "%s: %s %s", path, convert_quote(c, word), why);
	if (word && *ms < least_ms)
		return convert_refuse(c, "%s: %s is too short: at least %" PRIu32 " ms", path,
		    convert_quote(c, word), least_ms);
	return 0;
}

static int
convert_rules(struct convert *c, const struct policy_rules *from, struct plan_rules *to)
{
	const struct {
		const char *path;
		const char *word;
		uint32_t *mode;
	} rows[] = {
		{ "rules.restarts", from->restarts, &to->restarts },
		{ "rules.orphans", from->orphans, &to->orphans },
		{ "rules.unwaited", from->unwaited, &to->unwaited },
		{ "rules.zombies", from->zombies, &to->zombies },
		{ "rules.stopped", from->stopped, &to->stopped },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (convert_word(c, rows[i].path, &mode_words, rows[i].word, rows[i].mode) < 0)
			return -1;
	}
	if (convert_duration(c, "rules.handleWithin", from->handle_within, POLICY_WITHIN_LEAST_MS,
		&to->handle_within_ms) < 0)
		return -1;
	return convert_duration(c, "rules.zombieWithin", from->zombie_within,
	    POLICY_WITHIN_LEAST_MS, &to->zombie_within_ms);
}

static int
convert_bound(
    struct convert *c, const char *path, bool given, uint32_t from, uint32_t most, uint32_t *to)
{
	if (given && from > most)
		return convert_refuse(
		    c, "%s: %" PRIu32 " is too many: at most %" PRIu32, path, from, most);
	if (given)
		*to = from;
	return 0;
}

static int
convert_bounds(struct convert *c, const struct policy_tree *from, struct policy_bounds *to)
{
	if (convert_bound(c, "tree.intensity", from->has_intensity, from->intensity,
		PLAN_INTENSITY_MAX, &to->intensity) < 0)
		return -1;
	if (convert_bound(c, "tree.children", from->has_children, from->children,
		PLAN_CHILDREN_MAX - 1, &to->children) < 0)
		return -1;
	return convert_duration(c, "tree.period", from->period, 0, &to->period_ms);
}

static int
convert_policy(struct convert *c, const struct policy_document *from, struct host_policy *to)
{
	if (convert_modes(c, from->modes, to) < 0)
		return -1;
	if (convert_identity(c, from->identity, to) < 0)
		return -1;
	if (convert_word(c, "tier", &tier_words, from->tier, &to->tier) < 0)
		return -1;
	for (size_t i = 0; i < from->capabilities.count; i++) {
		if (convert_capability(c, i, from->capabilities.items[i], &to->extra_caps) < 0)
			return -1;
	}
	if (from->rules && convert_rules(c, from->rules, &to->rules) < 0)
		return -1;
	if (from->tree && convert_bounds(c, from->tree, &to->bounds) < 0)
		return -1;
	return convert_loosening(c, from->annotations, to);
}

/* ---- reading it */

int
host_policy_parse(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct host_policy *policy, struct error *err)
{
	struct convert c = { .name = name, .arena = arena, .err = err };
	struct policy_document document;

	host_policy_default(policy);
	policy->path = name;
	if (own_document_read(name, text, length, &policy_table, arena, &document, err) < 0)
		return -1;
	return convert_policy(&c, &document, policy);
}

void
host_policy_default(struct host_policy *policy)
{
	*policy = (struct host_policy) {
		.identity_mode = PLAN_MODE_ENFORCE,
		.syscalls_mode = PLAN_MODE_ENFORCE,
		.supervision_mode = PLAN_MODE_ENFORCE,
		.identity = POLICY_IDENTITY_STRIP,
		.tier = POLICY_TIER_GVISOR,
		.rules = { .handle_within_ms = HANDLE_WITHIN_MS,
		    .zombie_within_ms = ZOMBIE_WITHIN_MS }, /* modes: enforce */
		.bounds = { .intensity = 100, .period_ms = 1000, .children = 64 },
	};
}

/* Whether the owner is not mapped in this user namespace. To the podman of an ordinary user the
 * host's root is not, and its files seem to be NOT_MAPPED's, who may be mapped, too. What only
 * an owner may do, the namespace's root may do to all files but these. */
static bool
owner_is_outside(int fd, const struct stat *status)
{
	return geteuid() == 0 && status->st_uid == NOT_MAPPED && !userns_is_host() &&
	       fcntl(fd, F_SETFL, O_NOATIME) < 0 && errno == EPERM;
}

/* Whoever can write the file decides what containers may do. */
static int
check_owner(int fd, const char *path, const struct stat *status, struct error *err)
{
	if (status->st_uid != 0 && status->st_uid != geteuid() && !owner_is_outside(fd, status))
		return error_set(err,
		    "%s: belongs to user %u, who could change what containers may do: chown root "
		    "it",
		    path, (unsigned)status->st_uid);
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err,
		    "%s: others than its owner can write it (mode %03o): chmod go-w it", path,
		    (unsigned)status->st_mode & 0777);
	return 0;
}

int
host_policy_load(const char *path, enum policy_need need, struct arena *arena,
    struct host_policy *policy, struct error *err)
{
	struct stat status;
	AUTO_FD int fd = document_open(AT_FDCWD, path, path, &status, err);
	AUTO_FREE char *text = NULL;
	size_t length;
	char *name;

	host_policy_default(policy);
	if (fd < 0)
		return need == POLICY_OPTIONAL && err->errnum == ENOENT ? 0 : -1;
	if (check_owner(fd, path, &status, err) < 0)
		return -1;
	text = file_read_fd(fd, path, POLICY_FILE_MAX, &length, err);
	if (!text)
		return -1;
	name = arena_strdup(arena, path);
	if (!name)
		return error_set(err, "%s: out of memory", path);
	return host_policy_parse(name, text, length, arena, policy, err);
}
