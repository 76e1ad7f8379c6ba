/* features: what this runtime supports. */
#include "cli/verbs.h"

#include "base/auto.h"
#include "cli/version.h"
#include "spec/features.h"

#include <stdio.h>

int
cmd_features(const struct command *command, struct error *err)
{
	const struct plan_pair annotations[] = {
		{ .key = "dev.osless.version", .value = version_number },
		{ .key = "dev.osless.commit", .value = version_commit },
	};
	const struct features_facts facts = {
		.annotations = annotations,
		.annotations_count = sizeof(annotations) / sizeof(annotations[0]),
	};
	AUTO_FREE char *text = features_write(&facts, err);

	(void)command; /* the same everywhere */
	if (!text)
		return -1;
	(void)fputs(text, stdout); /* checked when cli.c flushes */
	return 0;
}
