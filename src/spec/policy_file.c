/* The host's policy file: its own tables for libocispec's reader, then words to numbers. Unlike
 * config.json, which anybody's engine writes, this is the host's own file: an unknown key in it is
 * a mistake. */
#include "spec/policy_file.h"

#include "spec/convert.h"
#include "spec/document.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "libocispec/tables.h"

#include <ctype.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define POLICY_FILE_MAX (64u << 10) /* bytes */
#define SHOWN_KEY 40
#define PREFIX "dev.osless."

/* ---- the document */

struct policy_modes {
	const char *identity;
	const char *syscalls;
	const char *supervision;
};

struct policy_annotations {
	ocispec_strings may_loosen;
};

struct policy_document {
	const struct policy_modes *modes;
	const char *identity;
	const char *tier;
	ocispec_strings capabilities;
	const struct policy_annotations *annotations;
};

#define NAME(object, member, json) \
	.name = (json), .name_length = sizeof(json) - 1, .offset = offsetof(struct object, member)
#define STRING(object, member, json) \
	{ \
		NAME(object, member, json), .kind = KIND_STRING \
	}
#define STRINGS(object, member, json) \
	{ \
		NAME(object, member, json), .kind = KIND_LIST, .item = KIND_STRING \
	}
#define OBJECT(object, member, json, of) \
	{ \
		NAME(object, member, json), .kind = KIND_OBJECT, .table = (of) \
	}
#define TABLE(object, rows) \
	{ \
		.size = sizeof(struct object), .count = LENGTH(rows), .fields = (rows) \
	}

static const struct ocispec_field modes_fields[] = {
	STRING(policy_modes, identity, "identity"),
	STRING(policy_modes, syscalls, "syscalls"),
	STRING(policy_modes, supervision, "supervision"),
};
static const struct ocispec_table modes_table = TABLE(policy_modes, modes_fields);

static const struct ocispec_field annotations_fields[] = {
	STRINGS(policy_annotations, may_loosen, "mayLoosen"),
};
static const struct ocispec_table annotations_table = TABLE(policy_annotations, annotations_fields);

static const struct ocispec_field policy_fields[] = {
	OBJECT(policy_document, modes, "modes", &modes_table),
	STRING(policy_document, identity, "identity"),
	STRING(policy_document, tier, "tier"),
	STRINGS(policy_document, capabilities, "capabilities"),
	OBJECT(policy_document, annotations, "annotations", &annotations_table),
};
static const struct ocispec_table policy_table = TABLE(policy_document, policy_fields);

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

		if (strncmp(key, PREFIX, strlen(PREFIX)) != 0)
			return convert_refuse(c,
			    "annotations.mayLoosen[%zu]: %s is not osless's: its keys begin with "
			    "\"" PREFIX "\"",
			    i, convert_quote(c, key));
	}
	return CONVERT_STRINGS(c, &from->may_loosen, &to->loosening);
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
	return convert_loosening(c, from->annotations, to);
}

/* ---- reading it */

/* Room for the sentence about an unknown key. */
struct unknown_key {
	char sentence[160];
};

/* "modes, identity, tier": all fit. */
static void
list_keys(const char *const *known, size_t count, char *list, size_t size)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(list + used, size - used, "%s%s", i ? ", " : "", known[i]);
}

static const char *
refuse_unknown(void *context, const struct ocispec_table *table, const char *key, size_t length)
{
	struct unknown_key *unknown = context;
	const char *known[OCISPEC_FIELDS_MAX];
	char name[SHOWN_KEY + 1];
	char list[80];
	const char *nearest;

	for (size_t i = 0; i < table->count; i++)
		known[i] = table->fields[i].name;
	(void)snprintf(name, sizeof(name), "%.*s", (int)length, key); /* cut: it is shown, only */
	for (char *at = name; *at; at++)
		*at = iscntrl((unsigned char)*at) ? '?' : *at;
	list_keys(known, table->count, list, sizeof(list));
	nearest = words_nearest(name, known, table->count);
	if (nearest)
		(void)snprintf(unknown->sentence, sizeof(unknown->sentence),
		    "unknown key \"%s\": did you mean \"%s\"?", name, nearest); /* fits */
	else
		(void)snprintf(unknown->sentence, sizeof(unknown->sentence),
		    "unknown key \"%s\": there are %s", name, list); /* fits */
	return unknown->sentence;
}

int
host_policy_parse(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct host_policy *policy, struct error *err)
{
	struct convert c = { .name = name, .arena = arena, .err = err };
	struct unknown_key sentence;
	const struct ocispec_unknown unknown = { refuse_unknown, &sentence };
	struct ocispec_memory memory = document_memory(arena);
	struct policy_document document;
	struct ocispec_error why;

	host_policy_default(policy);
	policy->path = name;
	if (ocispec_read_table(
		text, length, &policy_table, &unknown, NULL, &memory, &document, &why) < 0)
		return error_set(err, "%s: %s", name, why.text);
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
	};
}

/* Whoever can write the file decides what containers may do. */
static int
check_owner(const char *path, const struct stat *status, struct error *err)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
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
	if (check_owner(path, &status, err) < 0)
		return -1;
	text = file_read_fd(fd, path, POLICY_FILE_MAX, &length, err);
	if (!text)
		return -1;
	name = arena_strdup(arena, path);
	if (!name)
		return error_set(err, "%s: out of memory", path);
	return host_policy_parse(name, text, length, arena, policy, err);
}
