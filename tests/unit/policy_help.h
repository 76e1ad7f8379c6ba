/* A bench for the passes of policy: the smallest spec that compiles, to be changed by each test. */
#ifndef OSLESS_TESTS_POLICY_HELP_H
#define OSLESS_TESTS_POLICY_HELP_H

#include "base/arena.h"
#include "base/error.h"
#include "policy/policy.h"

#include <dirent.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#define BIT(capability) (UINT64_C(1) << (capability))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIST_OF(array) \
	{ \
		array, COUNT(array) \
	}

/* The spec's list has this one item. */
#define BENCH_ONE(list, item) \
	do { \
		(list)->items = (item); \
		(list)->count = 1; \
	} while (0)

struct bench {
	struct arena arena;
	struct spec spec;
	struct host_policy policy;
	struct policy_facts facts;
	struct plan plan;
	struct report report;
	struct error err;
};

static inline void
bench_start(struct bench *b)
{
	static const char *args[] = { "true", NULL };
	static const char *env[] = { "PATH=/bin", NULL };

	memset(b, 0, sizeof(*b));
	host_policy_default(&b->policy);
	b->report.arena = &b->arena;
	b->spec.oci_version = "1.2.0";
	b->spec.bundle = "/bundle";
	b->spec.rootfs = "/bundle/rootfs";
	b->spec.has_process = 1;
	b->spec.process.args.items = args;
	b->spec.process.args.count = 1;
	b->spec.process.env.items = env;
	b->spec.process.env.count = 1;
	b->spec.process.cwd = "/";
	for (int i = 0; i < PLAN_NS_COUNT; i++)
		b->spec.namespaces[i].mode = i == PLAN_NS_USER ? PLAN_NS_HOST : PLAN_NS_NEW;
}

static inline int
bench_compile(struct bench *b)
{
	b->err.text[0] = '\0';
	return policy_compile(
	    &b->spec, &b->policy, &b->facts, "web", &b->arena, &b->plan, &b->report, &b->err);
}

static inline void
bench_end(struct bench *b)
{
	arena_free(&b->arena);
}

/* The entry about what; NULL where there is none. */
static inline const struct report_entry *
bench_entry(const struct bench *b, const char *what)
{
	for (uint64_t i = 0; i < b->report.entries.count; i++) {
		if (strcmp(b->report.entries.items[i].what, what) == 0)
			return &b->report.entries.items[i];
	}
	return NULL;
}

/* The kind of the entry about what, as its word; NULL where there is none. */
static inline const char *
bench_kind(const struct bench *b, const char *what)
{
	const struct report_entry *entry = bench_entry(b, what);

	return entry ? report_kind_word((enum report_kind)entry->kind) : NULL;
}

/* Calls each with every sample whose name ends in suffix. Returns how many there are. */
static inline unsigned
bench_samples(const char *suffix, void (*each)(const char *directory, const char *name))
{
	const char *given = getenv("OSLESS_SAMPLES");
	const char *directory = given ? given : "tests/samples";
	DIR *samples = opendir(directory);
	const struct dirent *entry;
	unsigned count = 0;

	while (samples && (entry = readdir(samples))) {
		size_t length = strlen(entry->d_name);

		if (length <= strlen(suffix) ||
		    strcmp(entry->d_name + length - strlen(suffix), suffix) != 0)
			continue;
		each(directory, entry->d_name);
		count++;
	}
	if (samples)
		(void)closedir(samples); /* only read */
	return count;
}

#endif
