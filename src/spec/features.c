/* Lists from the tables that do the work, flags from what this version does. */
#include "spec/features.h"

#include "spec/document.h"
#include "spec/features_calls.h"
#include "spec/mount_options.h"
#include "spec/words.h"

#include "base/arena.h"
#include "base/error.h"
#include "profile/bundle.h"

#include <linux/capability.h>
#include <string.h>

#define WORDS_MAX 256u /* of any list; NULL ends it earlier */
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char *const hooks[] = { "prestart", "createRuntime", "createContainer",
	"startContainer", "poststart", "poststop" };

static const struct ocispec_feature yes = { .enabled = true, .has_enabled = true };
static const struct ocispec_intel_rdt_features intel_rdt = {
	.enabled = true,
	.has_enabled = true,
	.schemata = true,
	.has_schemata = true,
	.monitoring = true,
	.has_monitoring = true,
};
static const struct ocispec_mount_extensions mount_extensions = { .idmap = &yes };

/* ---- lists: the index-th word of each, NULL past its end; which is enum table, enum bundle_list
 * or nothing */

typedef const char *word_at(int which, size_t index, struct arena *arena);

enum table { NAMESPACES, MEMORY_MODES, MEMORY_FLAGS };

static const struct words *const tables[] = {
	[NAMESPACES] = &words_namespaces,
	[MEMORY_MODES] = &words_memory_modes,
	[MEMORY_FLAGS] = &words_memory_flags,
};

static const char *
table_word(int which, size_t index, struct arena *arena)
{
	(void)arena; /* static words */
	return index < tables[which]->count ? tables[which]->rows[index].word : NULL;
}

static const char *
capability_word(int which, size_t index, struct arena *arena)
{
	(void)which; /* one list */
	return index <= CAP_LAST_CAP ? words_capability((int)index, arena) : NULL;
}

static const char *
mount_option_word(int which, size_t index, struct arena *arena)
{
	(void)which; /* one list */
	(void)arena; /* static words */
	return spec_mount_option_word(index);
}

static const char *
seccomp_word(int which, size_t index, struct arena *arena)
{
	(void)arena; /* static words */
	return bundle_known_word((enum bundle_list)which, index);
}

/* All lists that tables know. */
struct lists {
	ocispec_strings namespaces;
	ocispec_strings capabilities;
	ocispec_strings mount_options;
	ocispec_strings actions;
	ocispec_strings operators;
	ocispec_strings architectures;
	ocispec_strings flags;
	ocispec_strings memory_modes;
	ocispec_strings memory_flags;
};

static int
collect(word_at *at, int which, struct arena *arena, ocispec_strings *list)
{
	const char **words = arena_array(arena, WORDS_MAX, sizeof(*words));
	size_t count = 0;

	if (!words)
		return -1;
	while (count < WORDS_MAX && (words[count] = at(which, count, arena)))
		count++;
	*list = (ocispec_strings) { words, count };
	return 0;
}

static int
collect_lists(struct arena *arena, struct lists *lists)
{
	const struct {
		word_at *at;
		int which;
		ocispec_strings *list;
	} rows[] = {
		{ table_word, NAMESPACES, &lists->namespaces },
		{ table_word, MEMORY_MODES, &lists->memory_modes },
		{ table_word, MEMORY_FLAGS, &lists->memory_flags },
		{ capability_word, 0, &lists->capabilities },
		{ mount_option_word, 0, &lists->mount_options },
		{ seccomp_word, BUNDLE_ACTIONS, &lists->actions },
		{ seccomp_word, BUNDLE_OPERATORS, &lists->operators },
		{ seccomp_word, BUNDLE_ARCHITECTURES, &lists->architectures },
		{ seccomp_word, BUNDLE_FLAGS, &lists->flags },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (collect(rows[i].at, rows[i].which, arena, rows[i].list) < 0)
			return -1;
	}
	return 0;
}

static int
list_annotations(const struct features_facts *facts, struct arena *arena, ocispec_map *map)
{
	size_t count = facts->annotations_count;
	struct ocispec_pair *pairs =
	    arena_array(arena, count + FEATURES_CALLS_PAIRS, sizeof(*pairs));

	if (!pairs)
		return -1;
	for (size_t i = 0; i < count; i++)
		pairs[i] = (struct ocispec_pair) { facts->annotations[i].key,
			facts->annotations[i].value };
	*map = (ocispec_map) { pairs, count + FEATURES_CALLS_PAIRS };
	return features_calls(pairs + count, arena);
}

/* ---- the document around them */

static char *
write_document(const struct features_facts *facts, const struct lists *lists,
    const ocispec_map *annotations, struct error *err)
{
	const struct ocispec_seccomp_features seccomp = {
		.enabled = true,
		.has_enabled = true,
		.actions = lists->actions,
		.operators = lists->operators,
		.archs = lists->architectures,
		.known_flags = lists->flags,
		.supported_flags = lists->flags,
	};
	const struct ocispec_memory_policy_features memory_policy = {
		.modes = lists->memory_modes,
		.flags = lists->memory_flags,
	};
	const struct ocispec_cgroup_features cgroup = {
		.v1 = true,
		.has_v1 = true,
		.v2 = true,
		.has_v2 = true,
		.systemd = facts->has_systemd,
		.has_systemd = true,
		.systemd_user = facts->has_systemd,
		.has_systemd_user = true,
		.rdma = true,
		.has_rdma = true,
	};
	const struct ocispec_linux_features section = {
		.namespaces = lists->namespaces,
		.capabilities = lists->capabilities,
		.cgroup = &cgroup,
		.seccomp = &seccomp,
		.apparmor = &yes,
		.selinux = &yes,
		.memory_policy = &memory_policy,
		.intel_rdt = &intel_rdt,
		.mount_extensions = &mount_extensions,
		.net_devices = &yes,
	};
	const struct ocispec_features features = {
		.oci_version_min = "1.0.0",
		.oci_version_max = "1.3.0",
		.hooks = { hooks, LENGTH(hooks) },
		.mount_options = lists->mount_options,
		.linux = &section,
		.annotations = *annotations,
		.potentially_unsafe_config_annotations = { facts->config_annotations,
		    facts->config_annotations_count },
	};

	return document_write(&features, OCISPEC_FEATURES, OCISPEC_PRETTY, NULL, err);
}

static char *
write_features(const struct features_facts *facts, struct arena *arena, struct error *err)
{
	ocispec_map annotations;
	struct lists lists;

	if (collect_lists(arena, &lists) < 0 || list_annotations(facts, arena, &annotations) < 0) {
		(void)error_set(err, "list the features: out of memory"); /* always -1 */
		return NULL;
	}
	return write_document(facts, &lists, &annotations, err);
}

char *
features_write(const struct features_facts *facts, struct error *err)
{
	struct arena arena = { 0 };
	char *text = write_features(facts, &arena, err);

	arena_free(&arena);
	return text;
}
