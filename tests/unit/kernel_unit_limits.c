/* Limits to properties of a unit. */
#include "kernel/unit_limits.h"

#include "base/arena.h"
#include "base/error.h"
#include "tests/unit/tap.h"

#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LIST(...) \
	{ \
		__VA_ARGS__ \
	}
#define DEVICES \
	"Character devices:\n  1 mem\n136 pts\n\nBlock devices:\n  8 sd\n253 device-mapper\n"

static const struct unit_facts v2 = { 252, 1, DEVICES };
static const struct unit_facts v1 = { 252, 0, DEVICES };
static const struct unit_facts old = { 239, 1, DEVICES };

/* "Name type word ..." a line. */
static const char *
render(const struct unit_properties *properties, struct arena *arena)
{
	const char *text = "";

	for (uint64_t i = 0; i < properties->list.count; i++) {
		const struct plan_unit_property *property = &properties->list.items[i];

		text = arena_printf(arena, "%s%s %s", text, property->name, property->type);
		for (uint64_t k = 0; k < property->words.count; k++)
			text = arena_printf(arena, "%s %s", text, property->words.items[k]);
		text = arena_printf(arena, "%s\n", text);
	}
	return text;
}

static struct plan_pair unified[] = {
	{ "memory.high", "1048576" },
	{ "memory.max", "max" },
	{ "cpu.max", "20000 50000" },
	{ "cpu.weight", "77" },
	{ "cpuset.cpus", "1" },
	{ "pids.max", "9" },
	{ "io.max", "8:0 rbps=1" },
	{ "memory.low", "nonsense" },
};
static struct plan_pair unified_max[] = { { "cpu.max", "max 50000" } };
static struct plan_pair unified_alone[] = { { "cpu.max", "20000" } };

#define MAX "18446744073709551615"

static const struct sample {
	const char *name;
	struct plan_resources given;
	const struct unit_facts *facts;
	const char *want;
} samples[] = {
	{ "nothing", { 0 }, &v2, "" },
	{ "memory", { .memory_limit = 100, .memory_reservation = 50, .memory_swap = 150 }, &v2,
	    "MemoryMax t 100\nMemoryLow t 50\nMemorySwapMax t 50\n" },
	{ "no swap besides", { .memory_limit = 100, .memory_swap = 100 }, &v2,
	    "MemoryMax t 100\nMemorySwapMax t 0\n" },
	{ "unlimited", { .memory_limit = -1, .memory_swap = -1, .pids_limit = -1 }, &v2,
	    "MemoryMax t " MAX "\nMemorySwapMax t " MAX "\nTasksMax t " MAX "\n" },
	{ "memory on v1", { .memory_limit = 100, .memory_swap = 150 }, &v1, "MemoryLimit t 100\n" },
	{ "shares", { .cpu_shares = 1024 }, &v2, "CPUWeight t 100\n" },
	{ "shares on v1", { .cpu_shares = 1024 }, &v1, "CPUShares t 1024\n" },
	{ "idle", { .has_cpu_idle = 1, .cpu_idle = 1, .cpu_shares = 2 }, &v2, "CPUWeight t 0\n" },
	{ "idle before it was known", { .has_cpu_idle = 1, .cpu_idle = 1 }, &old, "" },
	{ "not idle", { .has_cpu_idle = 1, .cpu_shares = 2 }, &v2, "CPUWeight t 1\n" },
	{ "quota", { .cpu_quota = 25000 }, &v2, "CPUQuotaPerSecUSec t 250000\n" },
	{ "quota and period", { .cpu_quota = 20000, .cpu_period = 50000 }, &v2,
	    "CPUQuotaPeriodUSec t 50000\nCPUQuotaPerSecUSec t 400000\n" },
	{ "rounded up", { .cpu_quota = 10001, .cpu_period = 30000 }, &v2,
	    "CPUQuotaPeriodUSec t 30000\nCPUQuotaPerSecUSec t 340000\n" },
	{ "a period before it was known", { .cpu_quota = 20000, .cpu_period = 50000 }, &old,
	    "CPUQuotaPerSecUSec t 400000\n" },
	{ "a period alone", { .cpu_period = 50000 }, &v1,
	    "CPUQuotaPeriodUSec t 50000\nCPUQuotaPerSecUSec t " MAX "\n" },
	{ "no quota", { .cpu_quota = -1 }, &v2, "CPUQuotaPerSecUSec t " MAX "\n" },
	{ "more than can be", { .cpu_quota = INT64_MAX }, &v2, "error: " },
	{ "cpusets", { .cpuset_cpus = "0-2,9", .cpuset_mems = "0" }, &v2,
	    "AllowedCPUs ay 2 7 2\nAllowedMemoryNodes ay 1 1\n" },
	{ "cpusets before they were known", { .cpuset_cpus = "0-2" }, &old, "" },
	{ "cpusets on v1", { .cpuset_cpus = "0-2" }, &v1, "" },
	{ "cpusets of nonsense", { .cpuset_cpus = "x" }, &v2, "" },
	{ "pids", { .pids_limit = 51 }, &v2, "TasksMax t 51\n" },
	{ "weight", { .blkio_weight = 1000 }, &v2, "IOWeight t 10000\n" },
	{ "weight on v1", { .blkio_weight = 500 }, &v1, "BlockIOWeight t 500\n" },
	{ "weight out of bounds", { .blkio_weight = 5 }, &v2, "" },
	{ "unified", { .unified = { unified, COUNT(unified) } }, &v2,
	    "MemoryHigh t 1048576\nMemoryMax t " MAX
	    "\nCPUQuotaPeriodUSec t 50000\nCPUQuotaPerSecUSec t 400000\nCPUWeight t 77\n"
	    "AllowedCPUs ay 1 2\nTasksMax t 9\n" },
	{ "unified, no quota", { .unified = { unified_max, 1 } }, &v2,
	    "CPUQuotaPeriodUSec t 50000\nCPUQuotaPerSecUSec t " MAX "\n" },
	{ "unified, a quota alone", { .unified = { unified_alone, 1 } }, &v2,
	    "CPUQuotaPerSecUSec t 200000\n" },
	{ "unified on v1", { .unified = { unified, COUNT(unified) } }, &v1, "" },
};

static void
test_limits(struct arena *arena)
{
	for (size_t i = 0; i < COUNT(samples); i++) {
		const struct sample *sample = &samples[i];
		struct unit_properties properties;
		struct error err = { 0 };
		int result = unit_limits_update(
		    &sample->given, &sample->given, sample->facts, arena, &properties, &err);

		EQ_STR(result < 0 ? "error: " : render(&properties, arena), sample->want,
		    sample->name);
	}
}

/* What is given counts together with what is there. */
static void
test_whole(struct arena *arena)
{
	const struct plan_resources given = { .cpu_quota = 20000, .memory_swap = 150 };
	const struct plan_resources whole = {
		.cpu_quota = 20000, .cpu_period = 50000, .memory_limit = 100, .memory_swap = 150
	};
	struct unit_properties properties;
	struct error err = { 0 };

	EQ_INT(unit_limits_update(&given, &whole, &v2, arena, &properties, &err), 0, "update");
	EQ_STR(render(&properties, arena),
	    "MemorySwapMax t 50\nCPUQuotaPeriodUSec t 50000\nCPUQuotaPerSecUSec t 400000\n",
	    "with the period and the memory that there are");
}

static struct plan_device_rule allowed[] = {
	{ .type = 'a', .major = -1, .minor = -1, .access = 7 },
	{ .allow = 1, .type = 'c', .major = 1, .minor = 5, .access = 3 },
	{ .allow = 1, .type = 'c', .major = 136, .minor = -1, .access = 7 },
	{ .allow = 1, .type = 'b', .major = 8, .minor = -1, .access = 1 },
	{ .allow = 1, .type = 'b', .major = -1, .minor = -1, .access = 4 },
};
static struct plan_device_rule nameless[] = {
	{ .type = 'a', .major = -1, .minor = -1, .access = 7 },
	{ .allow = 1,
	    .type = 'c',
	    .major = 8,
	    .minor = -1,
	    .access = 3 }, /* sd is a block device */
	{ .allow = 1, .type = 'c', .major = 1, .minor = 3, .access = 2 },
};
static struct plan_device_rule all[] = {
	{ .allow = 1, .type = 'a', .major = -1, .minor = -1, .access = 7 },
};

#define SCOPE \
	"Description s osless container c1\nSlice s a.slice\nDelegate b true\nPIDs au 1 42\n" \
	"MemoryAccounting b true\nCPUAccounting b true\nTasksAccounting b true\n"
#define LIFE "DefaultDependencies b false\nCollectMode s inactive-or-failed\n"

static const char *
create(const struct plan *plan, const struct unit_facts *facts, struct arena *arena)
{
	struct unit_properties properties;
	struct error err = { 0 };

	if (unit_limits_create(plan, facts, 42, arena, &properties, &err) < 0)
		return arena_printf(arena, "error: %s", err.text);
	return render(&properties, arena);
}

static void
test_create(struct arena *arena)
{
	struct plan plan = { .id = "c1",
		.cgroup.unit = { .name = "x-c1.scope", .slice = "a.slice" } };
	struct plan_unit_property extra = { .name = "TasksMax", .type = "t" };
	const char *five[] = { "5" };

	EQ_STR(create(&plan, &v2, arena), SCOPE "IOAccounting b true\n" LIFE, "a scope");
	EQ_STR(create(&plan, &v1, arena), SCOPE "BlockIOAccounting b true\n" LIFE, "on v1");
	extra.words.items = five;
	extra.words.count = 1;
	plan.cgroup.unit.properties.items = &extra;
	plan.cgroup.unit.properties.count = 1;
	plan.cgroup.resources.pids_limit = 9;
	EQ_STR(create(&plan, &v2, arena),
	    SCOPE "IOAccounting b true\n" LIFE "TasksMax t 5\nTasksMax t 9\n",
	    "the limit comes after the annotation");
	plan.cgroup = (struct plan_cgroup) { .unit = { .name = "a-b.slice", .slice = "a.slice" } };
	HAS_STR(create(&plan, &v2, arena), "Wants as 1 a.slice\n", "a slice");
	OK(!strstr(create(&plan, &v2, arena), "PIDs"), "begins without processes");
}

static void
test_devices(struct arena *arena)
{
	struct plan plan = { .id = "c1",
		.cgroup.unit = { .name = "x-c1.scope", .slice = "a.slice" } };

	plan.cgroup.resources.devices.items = allowed;
	plan.cgroup.resources.devices.count = COUNT(allowed);
	HAS_STR(create(&plan, &v2, arena),
	    "DevicePolicy s strict\nDeviceAllow a(ss) 4 /dev/char/1:5 rw char-pts rwm block-sd r "
	    "block-* m\n",
	    "a list");
	plan.cgroup.unit.is_user = 1;
	OK(!strstr(create(&plan, &v2, arena), "Device"), "a user's manager cannot");
	plan.cgroup.unit.is_user = 0;
	plan.cgroup.resources.devices.items = nameless;
	plan.cgroup.resources.devices.count = COUNT(nameless);
	HAS_STR(create(&plan, &v2, arena), "DevicePolicy s auto\n", "one without a name, on v2");
	HAS_STR(create(&plan, &v1, arena),
	    "DevicePolicy s strict\nDeviceAllow a(ss) 1 /dev/char/1:3 w\n", "on v1");
	plan.cgroup.resources.devices.items = all;
	plan.cgroup.resources.devices.count = COUNT(all);
	HAS_STR(create(&plan, &v2, arena), "DevicePolicy s auto\n", "all");
	OK(!strstr(create(&plan, &v2, arena), "DeviceAllow"), "needs no list");
}

int
main(void)
{
	struct arena arena = { 0 };

	test_limits(&arena);
	test_whole(&arena);
	test_create(&arena);
	test_devices(&arena);
	arena_free(&arena);
	DONE();
}
