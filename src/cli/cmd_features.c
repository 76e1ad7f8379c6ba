/* features: what this runtime supports. */
#include "cli/verbs.h"

#include "base/auto.h"
#include "base/version.h"
#include "cli/version.h"
#include "plan/unit.h"
#include "policy/annotations.h"
#include "spec/features.h"

#include <stdio.h>

#define KEYS_MAX 64 /* policy knows far fewer */

static size_t
collect_keys(const char **keys)
{
	size_t count = 0;

	while (count < KEYS_MAX - 1 && policy_annotation_key(count)) {
		keys[count] = policy_annotation_key(count);
		count++;
	}
	keys[count++] = UNIT_ANNOTATION; /* all that begin so */
	return count;
}

int
cmd_features(const struct command *command, struct error *err)
{
	const struct plan_pair annotations[] = {
		{ .key = "dev.osless.version", .value = version_number },
		{ .key = "dev.osless.commit", .value = version_commit },
	};
	const char *keys[KEYS_MAX];
	const struct features_facts facts = {
		.annotations = annotations,
		.annotations_count = sizeof(annotations) / sizeof(annotations[0]),
		.config_annotations = keys,
		.config_annotations_count = collect_keys(keys),
		.has_systemd = OSLESS_HAS_SYSTEMD,
	};
	AUTO_FREE char *text = features_write(&facts, err);

	(void)command; /* the same everywhere */
	if (!text)
		return -1;
	(void)fputs(text, stdout); /* checked when cli.c flushes */
	return 0;
}
