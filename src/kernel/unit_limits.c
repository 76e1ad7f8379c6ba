/* Limits to properties. Which there are, and since when: systemd.resource-control(5), and
 * org.freedesktop.systemd1(5) for their types. */
#include "kernel/unit_limits.h"

#include "base/arena.h"
#include "base/error.h"
#include "kernel/cgroup_devices.h"
#include "kernel/cgroup_limits.h"
#include "kernel/cgroup_parse.h"
#include "plan/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PROPERTIES_MAX 64u /* of ours; the annotations' come on top */
#define DEFAULT_PERIOD_US 100000u
#define USEC_PER_SEC 1000000u
#define QUOTA_STEP_US 10000u /* systemd keeps a quota in whole percent, and would round down */
#define INFINITE UINT64_MAX

/* The versions that brought what not all have. */
enum {
	SINCE_COLLECT_MODE = 236,
	SINCE_QUOTA_PERIOD = 242,
	SINCE_CPUSETS = 244,
	SINCE_IDLE_WEIGHT = 252,
};

struct job {
	const struct plan_resources *given; /* what is to be set */
	const struct plan_resources *whole; /* what there is with it */
	const struct unit_facts *facts;
	struct arena *arena;
	struct unit_properties *out;
	struct error *err;
};

static int
no_memory(struct job *job)
{
	return error_num(job->err, ENOMEM, "unit properties");
}

/* -------------------------------------------------------------------- one property each */

/* words: as many as count says, in the arena or for ever. */
static int
add_words(struct job *job, const char *name, const char *type, const char **words, uint64_t count)
{
	if (!words || !words[0])
		return no_memory(job);
	job->out->list.items[job->out->list.count++] = (struct plan_unit_property) {
		.name = name,
		.type = type,
		.words = { words, count },
	};
	return 0;
}

/* word NULL: memory was exhausted when it was made. */
static int
add_word(struct job *job, const char *name, const char *type, const char *word)
{
	const char **words = arena_array(job->arena, 2, sizeof(*words));

	if (words)
		words[0] = word;
	return add_words(job, name, type, words, 1);
}

static int
add_number(struct job *job, const char *name, uint64_t number)
{
	return add_word(
	    job, name, "t", arena_printf(job->arena, "%llu", (unsigned long long)number));
}

/* A list of one. */
static int
add_single(struct job *job, const char *name, const char *type, const char *word)
{
	const char **words = arena_array(job->arena, 3, sizeof(*words));

	if (!words || !word)
		return no_memory(job);
	words[0] = "1";
	words[1] = word;
	return add_words(job, name, type, words, 2);
}

/* -1 is none; 0 is not given. */
static int
add_limit(struct job *job, const char *name, int64_t limit)
{
	if (limit == 0)
		return 0;
	return add_number(job, name, limit < 0 ? INFINITE : (uint64_t)limit);
}

/* ----------------------------------------------------------------------------- limits */

/* Two in the config, swap alone in the property. */
static int
add_swap(struct job *job)
{
	int64_t memory = job->whole->memory_limit;
	int64_t swap = job->given->memory_swap;

	if (swap == 0)
		return 0;
	if (swap < 0)
		return add_number(job, "MemorySwapMax", INFINITE);
	return swap < memory ? 0 : add_number(job, "MemorySwapMax", (uint64_t)(swap - memory));
}

static int
add_memory(struct job *job)
{
	if (!job->facts->is_v2)
		return add_limit(job, "MemoryLimit", job->given->memory_limit);
	if (add_limit(job, "MemoryMax", job->given->memory_limit) < 0 ||
	    add_limit(job, "MemoryLow", job->given->memory_reservation) < 0)
		return -1;
	return add_swap(job);
}

static int
add_weight(struct job *job)
{
	const struct plan_resources *given = job->given;

	if (!job->facts->is_v2)
		return given->cpu_shares ? add_number(job, "CPUShares", given->cpu_shares) : 0;
	if (given->has_cpu_idle && given->cpu_idle == 1)
		return job->facts->version >= SINCE_IDLE_WEIGHT ? add_number(job, "CPUWeight", 0)
								: 0;
	return given->cpu_shares
		   ? add_number(job, "CPUWeight", cgroup_limits_weight(given->cpu_shares))
		   : 0;
}

/* Rounded up: what systemd writes when it loads its units anew is then never less than asked. */
static int
add_quota(struct job *job, int64_t quota, uint64_t period)
{
	uint64_t per_sec;

	if (period && job->facts->version >= SINCE_QUOTA_PERIOD &&
	    add_number(job, "CPUQuotaPeriodUSec", period) < 0)
		return -1;
	if (quota <= 0)
		return add_number(job, "CPUQuotaPerSecUSec", INFINITE);
	if (!period)
		period = DEFAULT_PERIOD_US;
	if ((uint64_t)quota > INFINITE / USEC_PER_SEC - period)
		return error_set(
		    job->err, "linux.resources: cpu.quota %lld is too large", (long long)quota);
	per_sec = ((uint64_t)quota * USEC_PER_SEC + period - 1) / period;
	per_sec = (per_sec + QUOTA_STEP_US - 1) / QUOTA_STEP_US * QUOTA_STEP_US;
	return add_number(job, "CPUQuotaPerSecUSec", per_sec);
}

/* "0-2,5" as the bits of bytes, lowest first. */
static int
add_set(struct job *job, const char *name, const char *list)
{
	struct cgroup_numbers numbers;
	unsigned char bits[CGROUP_LIST_MAX / 8] = { 0 };
	const char **words = arena_array(job->arena, sizeof(bits) + 2, sizeof(*words));
	uint64_t bytes = 0;

	if (!list || !*list || !job->facts->is_v2 || job->facts->version < SINCE_CPUSETS)
		return 0;
	numbers = cgroup_parse_list(list, job->arena);
	if (!words)
		return no_memory(job);
	for (size_t i = 0; i < numbers.count; i++) {
		uint64_t number = numbers.items[i];

		if (number >= CGROUP_LIST_MAX)
			continue; /* the kernel refuses it by the cgroup's file */
		bits[number / 8] = (unsigned char)(bits[number / 8] | 1u << number % 8);
		if (number / 8 + 1 > bytes)
			bytes = number / 8 + 1;
	}
	words[0] = arena_printf(job->arena, "%llu", (unsigned long long)bytes);
	for (uint64_t i = 0; i < bytes; i++) {
		words[i + 1] = arena_printf(job->arena, "%u", bits[i]);
		if (!words[i + 1])
			return no_memory(job);
	}
	return bytes ? add_words(job, name, "ay", words, bytes + 1) : 0;
}

static int
add_cpu(struct job *job)
{
	const struct plan_resources *given = job->given;

	if (add_weight(job) < 0)
		return -1;
	if ((given->cpu_quota || given->cpu_period) &&
	    add_quota(job, job->whole->cpu_quota, job->whole->cpu_period) < 0)
		return -1;
	if (add_set(job, "AllowedCPUs", given->cpuset_cpus) < 0)
		return -1;
	return add_set(job, "AllowedMemoryNodes", given->cpuset_mems);
}

/* The config counts 10..1000, io.weight 1..10000. */
static int
add_io(struct job *job)
{
	uint64_t weight = job->given->blkio_weight;

	if (weight < 10 || weight > 1000)
		return 0; /* not given; or the cgroup's file says what is wrong */
	return job->facts->is_v2 ? add_number(job, "IOWeight", 1 + (weight - 10) * 9999 / 990)
				 : add_number(job, "BlockIOWeight", weight);
}

/* ---------------------------------------------------------------------------- unified */

static int
add_unified_number(struct job *job, const char *name, const char *text)
{
	uint64_t number;

	if (cgroup_parse_number(text, &number) < 0)
		return 0; /* the kernel refuses it by the cgroup's file */
	return add_number(job, name, number);
}

static int
add_unified_cpus(struct job *job, const char *name, const char *text)
{
	return add_set(job, name, text);
}

/* "QUOTA PERIOD", or "max PERIOD"; the period may be left out. */
static int
add_unified_quota(struct job *job, const char *name, const char *text)
{
	long long quota = -1;
	unsigned long long period = 0;

	(void)name; /* two of them */
	if (sscanf(text, "max %llu", &period) != 1 && strncmp(text, "max", 3) != 0 &&
	    sscanf(text, "%lld %llu", &quota, &period) < 1)
		return 0; /* as above */
	return add_quota(job, quota, period);
}

static const struct unified {
	const char *key;
	const char *name;
	int (*add)(struct job *job, const char *name, const char *text);
} unified[] = {
	{ "cpu.max", NULL, add_unified_quota },
	{ "cpu.weight", "CPUWeight", add_unified_number },
	{ "cpuset.cpus", "AllowedCPUs", add_unified_cpus },
	{ "cpuset.mems", "AllowedMemoryNodes", add_unified_cpus },
	{ "memory.high", "MemoryHigh", add_unified_number },
	{ "memory.low", "MemoryLow", add_unified_number },
	{ "memory.max", "MemoryMax", add_unified_number },
	{ "memory.min", "MemoryMin", add_unified_number },
	{ "memory.swap.max", "MemorySwapMax", add_unified_number },
	{ "pids.max", "TasksMax", add_unified_number },
};

#define UNIFIED (sizeof(unified) / sizeof(unified[0]))

/* A config may say a key once; of a table that is gone through in order each adds at most two. */
static int
add_unified(struct job *job)
{
	for (uint64_t i = 0; job->facts->is_v2 && i < job->given->unified.count; i++) {
		const struct plan_pair *pair = &job->given->unified.items[i];

		for (size_t k = 0; k < UNIFIED; k++)
			if (strcmp(unified[k].key, pair->key) == 0 &&
			    unified[k].add(job, unified[k].name, pair->value) < 0)
				return -1;
	}
	return 0;
}

static int
add_limits(struct job *job)
{
	if (add_memory(job) < 0 || add_cpu(job) < 0 ||
	    add_limit(job, "TasksMax", job->given->pids_limit) < 0 || add_io(job) < 0)
		return -1;
	return add_unified(job);
}

/* ---------------------------------------------------------------------------- devices */

/* The name of a driver's major number: "  5 /dev/tty" below "Character devices:". NULL: none. */
static const char *
find_group(const struct job *job, const struct plan_device_rule *rule)
{
	const char *text = job->facts->devices_text;
	const char *at = strstr(text, "Block devices:");
	const char *end = rule->type == 'c' ? at : NULL;

	if (rule->type == 'c')
		at = text;
	while (at && *at && (!end || at < end)) {
		long long major;
		char name[128];

		if (sscanf(at, " %lld %127s\n", &major, name) == 2 && major == rule->major)
			return arena_printf(job->arena, "%s", name);
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return NULL;
}

/* As DeviceAllow= names it; NULL where it has no name for that: any major, one minor. */
static const char *
device_name(const struct job *job, const struct plan_device_rule *rule)
{
	const char *kind = rule->type == 'c' ? "char" : "block";
	const char *group;

	if (rule->major != -1 && rule->minor != -1)
		return arena_printf(job->arena, "/dev/%s/%lld:%lld", kind, (long long)rule->major,
		    (long long)rule->minor);
	if (rule->major == -1)
		return rule->minor == -1 ? arena_printf(job->arena, "%s-*", kind) : NULL;
	group = find_group(job, rule);
	return group ? arena_printf(job->arena, "%s-%s", kind, group) : NULL;
}

static const char *
access_letters(const struct job *job, uint32_t access)
{
	return arena_printf(job->arena, "%s%s%s", access & PLAN_DEVICE_READ ? "r" : "",
	    access & PLAN_DEVICE_WRITE ? "w" : "", access & PLAN_DEVICE_MKNOD ? "m" : "");
}

static int
can_name_all(const struct job *job, const struct cgroup_devices *devices)
{
	for (uint64_t i = 0; i < devices->entries.count; i++)
		if (!device_name(job, &devices->entries.items[i]))
			return 0;
	return 1;
}

static int
add_allowed(struct job *job, const struct cgroup_devices *devices)
{
	uint64_t most = devices->entries.count, count = 0;
	const char **words = arena_array(job->arena, 2 * most + 2, sizeof(*words));

	if (!words)
		return no_memory(job);
	for (uint64_t i = 0; i < most; i++) {
		const struct plan_device_rule *rule = &devices->entries.items[i];
		const char *name = device_name(job, rule);

		if (!name)
			continue; /* v1, whose own list has it; no engine asks for such */
		words[1 + 2 * count] = name;
		words[2 + 2 * count] = access_letters(job, rule->access);
		if (!words[2 + 2 * count])
			return no_memory(job);
		count++;
	}
	words[0] = arena_printf(job->arena, "%llu", (unsigned long long)count);
	return add_words(job, "DeviceAllow", "a(ss)", words, 1 + 2 * count);
}

/* systemd denies all but a list. What it cannot say is left to the cgroup's own program, and on v1,
 * where systemd may write its list once more, only as far as that denies less. */
static int
add_devices(struct job *job)
{
	struct cgroup_devices devices;

	if (job->given->devices.count == 0)
		return 0;
	if (cgroup_devices_settle(job->given, job->arena, &devices, job->err) < 0)
		return -1;
	if (devices.initial != CGROUP_DEVICES_DENY ||
	    (job->facts->is_v2 && !can_name_all(job, &devices)))
		return add_word(job, "DevicePolicy", "s", "auto");
	if (add_word(job, "DevicePolicy", "s", "strict") < 0)
		return -1;
	return add_allowed(job, &devices);
}

/* ------------------------------------------------------------------------- a new unit */

/* A slice is where it is by its name, and takes no processes by itself; a scope begins with some.
 */
static int
add_place(struct job *job, const struct plan *plan, pid_t pid)
{
	const struct plan_unit *unit = &plan->cgroup.unit;

	if (add_word(job, "Description", "s",
		arena_printf(job->arena, "osless container %s", plan->id)) < 0)
		return -1;
	if (unit_is_slice(unit->name))
		return add_single(job, "Wants", "as", unit->slice);
	if (add_word(job, "Slice", "s", unit->slice) < 0 ||
	    add_word(job, "Delegate", "b", "true") < 0)
		return -1;
	return add_single(job, "PIDs", "au", arena_printf(job->arena, "%d", (int)pid));
}

/* Counted from the start: a controller that comes later does not know what was before. */
static int
add_accounting(struct job *job)
{
	static const char *const names[] = { "MemoryAccounting", "CPUAccounting",
		"TasksAccounting" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (add_word(job, names[i], "b", "true") < 0)
			return -1;
	return add_word(job, job->facts->is_v2 ? "IOAccounting" : "BlockIOAccounting", "b", "true");
}

/* Without CollectMode a unit whose process was killed for its memory would stay as "failed". */
static int
add_life(struct job *job)
{
	if (add_word(job, "DefaultDependencies", "b", "false") < 0)
		return -1;
	return job->facts->version >= SINCE_COLLECT_MODE
		   ? add_word(job, "CollectMode", "s", "inactive-or-failed")
		   : 0;
}

/* Room for all that can come. */
static int
begin(struct job *job, uint64_t extra)
{
	uint64_t most = PROPERTIES_MAX + 2 * job->given->unified.count + extra;

	*job->out = (struct unit_properties) { 0 };
	job->out->list.items = arena_array(job->arena, most, sizeof(*job->out->list.items));
	return job->out->list.items ? 0 : no_memory(job);
}

int
unit_limits_create(const struct plan *plan, const struct unit_facts *facts, pid_t pid,
    struct arena *arena, struct unit_properties *out, struct error *err)
{
	const struct plan_unit *unit = &plan->cgroup.unit;
	const struct plan_resources *limits = &plan->cgroup.resources;
	struct job job = { limits, limits, facts, arena, out, err };

	if (begin(&job, unit->properties.count) < 0 || add_place(&job, plan, pid) < 0 ||
	    add_accounting(&job) < 0 || add_life(&job) < 0)
		return -1;
	for (uint64_t i = 0; i < unit->properties.count; i++)
		out->list.items[out->list.count++] = unit->properties.items[i];
	if (add_limits(&job) < 0)
		return -1;
	return unit->is_user ? 0 : add_devices(&job); /* only root may load a device program */
}

int
unit_limits_update(const struct plan_resources *given, const struct plan_resources *whole,
    const struct unit_facts *facts, struct arena *arena, struct unit_properties *out,
    struct error *err)
{
	struct job job = { given, whole, facts, arena, out, err };

	return begin(&job, 0) < 0 ? -1 : add_limits(&job);
}
