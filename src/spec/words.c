/* The tables, and looking things up in them. They have at most 20 rows: a linear search is as fast
 * as anything. */
#include "spec/words.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "plan/plan.h"

#include <ctype.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define QUOTE_MAX 64u

static const struct word namespaces[] = {
	{ "pid", PLAN_NS_PID },
	{ "network", PLAN_NS_NET },
	{ "mount", PLAN_NS_MNT },
	{ "ipc", PLAN_NS_IPC },
	{ "uts", PLAN_NS_UTS },
	{ "user", PLAN_NS_USER },
	{ "cgroup", PLAN_NS_CGROUP },
	{ "time", PLAN_NS_TIME },
};

static const struct word propagations[] = {
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "shared", MS_SHARED },
	{ "rshared", MS_SHARED | MS_REC },
	{ "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};

static const struct word rlimits[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE", RLIMIT_NICE },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME", RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK", RLIMIT_STACK },
};

static const struct word device_types[] = {
	{ "c", S_IFCHR },
	{ "b", S_IFBLK },
	{ "u", S_IFCHR }, /* unbuffered character device: mknod(1)'s other word for c */
	{ "p", S_IFIFO },
};

static const struct word rule_types[] = { { "a", 'a' }, { "b", 'b' }, { "c", 'c' } };

static const struct word personalities[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
};

static const struct word time_clocks[] = {
	{ "monotonic", CLOCK_MONOTONIC },
	{ "boottime", CLOCK_BOOTTIME },
};

static const struct word sched_policies[] = {
	{ "SCHED_OTHER", SCHED_NORMAL },
	{ "SCHED_FIFO", SCHED_FIFO },
	{ "SCHED_RR", SCHED_RR },
	{ "SCHED_BATCH", SCHED_BATCH },
	{ "SCHED_IDLE", SCHED_IDLE },
	{ "SCHED_DEADLINE", SCHED_DEADLINE },
};

#define SAME(name) \
	{ \
		.word = #name, .number = (name) \
	}
static const struct word sched_flags[] = {
	SAME(SCHED_FLAG_RESET_ON_FORK),
	SAME(SCHED_FLAG_RECLAIM),
	SAME(SCHED_FLAG_DL_OVERRUN),
	SAME(SCHED_FLAG_KEEP_POLICY),
	SAME(SCHED_FLAG_KEEP_PARAMS),
	SAME(SCHED_FLAG_UTIL_CLAMP_MIN),
	SAME(SCHED_FLAG_UTIL_CLAMP_MAX),
};

static const struct word io_classes[] = {
	SAME(IOPRIO_CLASS_RT),
	SAME(IOPRIO_CLASS_BE),
	SAME(IOPRIO_CLASS_IDLE),
};

static const struct word memory_modes[] = {
	SAME(MPOL_DEFAULT),
	SAME(MPOL_BIND),
	SAME(MPOL_INTERLEAVE),
	{ "MPOL_WEIGHTED_INTERLEAVE", PLAN_MPOL_WEIGHTED_INTERLEAVE },
	SAME(MPOL_PREFERRED),
	{ "MPOL_PREFERRED_MANY", PLAN_MPOL_PREFERRED_MANY },
	SAME(MPOL_LOCAL),
};

static const struct word memory_flags[] = {
	SAME(MPOL_F_NUMA_BALANCING),
	SAME(MPOL_F_RELATIVE_NODES),
	SAME(MPOL_F_STATIC_NODES),
};

const struct words words_namespaces = { namespaces, LENGTH(namespaces) };
const struct words words_propagations = { propagations, LENGTH(propagations) };
const struct words words_rlimits = { rlimits, LENGTH(rlimits) };
const struct words words_device_types = { device_types, LENGTH(device_types) };
const struct words words_rule_types = { rule_types, LENGTH(rule_types) };
const struct words words_personalities = { personalities, LENGTH(personalities) };
const struct words words_time_clocks = { time_clocks, LENGTH(time_clocks) };
const struct words words_sched_policies = { sched_policies, LENGTH(sched_policies) };
const struct words words_sched_flags = { sched_flags, LENGTH(sched_flags) };
const struct words words_io_classes = { io_classes, LENGTH(io_classes) };
const struct words words_memory_modes = { memory_modes, LENGTH(memory_modes) };
const struct words words_memory_flags = { memory_flags, LENGTH(memory_flags) };

int
words_find(const struct words *words, const char *word, uint64_t *number)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->rows[i].word, word) == 0) {
			*number = words->rows[i].number;
			return 0;
		}
	}
	return -1;
}

const char *
words_list(const struct words *words, struct arena *arena)
{
	const char *list = words->rows[0].word;

	for (size_t i = 1; i < words->count && list; i++) {
		const char *glue = i + 1 < words->count ? ", " : " or ";

		list = arena_printf(arena, "%s%s%s", list, glue, words->rows[i].word);
	}
	return list;
}

const char *
words_nearest(const char *word, const char *const *known, size_t count)
{
	struct nearest nearest;

	nearest_start(&nearest, word, strlen(word));
	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, known[i]);
	return nearest.best;
}

int
words_find_capability(const char *name)
{
	cap_value_t number;

	/* cap_from_name also takes numbers, lower case, and text after the name. */
	if (strncmp(name, "CAP_", 4) != 0 || name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")])
		return -1;
	return cap_from_name(name, &number) == 0 && number < 64 ? number : -1;
}

const char *
words_capability(int number, struct arena *arena)
{
	char *libcaps = cap_to_name(number);
	char *name = libcaps ? arena_strdup(arena, libcaps) : NULL;

	(void)cap_free(libcaps); /* fails only for what libcap did not allocate */
	if (!name || !isalpha((unsigned char)name[0]))
		return NULL; /* libcap writes digits for what it cannot name */
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return name;
}

const char *
words_quote(const char *text, struct arena *arena)
{
	size_t length = strlen(text);
	char *quoted;

	if (length > QUOTE_MAX)
		quoted = arena_printf(arena, "\"%.*s...\"", (int)QUOTE_MAX, text);
	else
		quoted = arena_printf(arena, "\"%s\"", text);
	for (char *c = quoted; c && *c; c++) {
		if (iscntrl((unsigned char)*c))
			*c = '?';
	}
	return quoted ? quoted : "";
}
