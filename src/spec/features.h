/* The features document (features.md, features-linux.md): what this runtime supports. Every list
 * comes from the table that does the work, so that none can promise more than the code does. */
#ifndef OSLESS_SPEC_FEATURES_H
#define OSLESS_SPEC_FEATURES_H

#include "plan/resources.h"

#include <stddef.h>

struct error;

/* What layers above know; all of it the caller's. */
struct features_facts {
	const struct plan_pair *annotations; /* "dev.osless.version" -> "0.1.0" ... */
	size_t annotations_count;
	const char *const *config_annotations; /* dev.osless.* keys that change what config.json
						  means */
	size_t config_annotations_count;
	uint32_t has_systemd; /* 1: built with the systemd cgroup manager */
};

/* The document, indented, newline at the end, in memory from malloc(3) that the caller frees.
 * NULL: err says why. */
char *features_write(const struct features_facts *facts, struct error *err);

#endif
