/* Reading the files. Their names begin with the controller's, so a file is taken from whichever of
 * the container's directories has it. */
#include "kernel/cgroup_stats.h"

#include "kernel/cgroup_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX 65536

struct reader {
	const struct cgroup *cgroup;
	struct arena *arena;
	char *text; /* TEXT_MAX bytes: the file read last */
	uint32_t version;
};

static int
read_any(const struct cgroup *cgroup, uint32_t version, const char *file, char *text, size_t size)
{
	for (uint32_t i = 0; i < cgroup->count; i++)
		if (cgroup->dirs[i].fd >= 0 && cgroup->dirs[i].version == version &&
		    cgroup_files_read(cgroup->dirs[i].fd, file, text, size) >= 0)
			return 0;
	return -1;
}

static int
read_file(const struct reader *reader, const char *file)
{
	return read_any(reader->cgroup, reader->version, file, reader->text, TEXT_MAX);
}

/* 0 where there is none. */
static uint64_t
read_number(const struct reader *reader, const char *file)
{
	uint64_t value = 0;

	if (read_file(reader, file) < 0 || cgroup_parse_number(reader->text, &value) < 0)
		return 0;
	return value;
}

/* In the file read last; 0 where there is none. */
static uint64_t
find(const struct reader *reader, const char *key)
{
	uint64_t value = 0;

	return cgroup_parse_find(reader->text, key, &value) == 0 ? value : 0;
}

static int
has_controller(const struct cgroup *cgroup, enum cgroup_controller controller)
{
	for (uint32_t i = 0; i < cgroup->count; i++)
		if (cgroup->dirs[i].fd >= 0 && (cgroup->dirs[i].v1 & (1u << controller)))
			return 1;
	return 0;
}

/* ----------------------------------------------------------------------------- version 1 */

static void
cpu_v1(const struct reader *reader, struct cgroup_stats *stats)
{
	const uint64_t tick_ns = 1000000000 / (uint64_t)sysconf(_SC_CLK_TCK);

	stats->cpu_ns = read_number(reader, "cpuacct.usage");
	if (read_file(reader, "cpuacct.usage_percpu") == 0)
		stats->percpu_ns = cgroup_parse_numbers(reader->text, reader->arena);
	if (read_file(reader, "cpuacct.usage_all") == 0) { /* cpu, user, system */
		stats->percpu_user_ns = cgroup_parse_column(reader->text, 1, reader->arena);
		stats->percpu_kernel_ns = cgroup_parse_column(reader->text, 2, reader->arena);
	}
	if (read_file(reader, "cpuacct.stat") == 0) {
		stats->cpu_user_ns = find(reader, "user") * tick_ns;
		stats->cpu_kernel_ns = find(reader, "system") * tick_ns;
	}
	if (read_file(reader, "cpu.stat") == 0) {
		stats->periods = find(reader, "nr_periods");
		stats->throttled_periods = find(reader, "nr_throttled");
		stats->throttled_ns = find(reader, "throttled_time");
	}
}

static void
cpuset_v1(const struct reader *reader, struct cgroup_stats *stats)
{
	struct cgroup_cpuset *cpuset = &stats->cpuset;

	if (read_file(reader, "cpuset.cpus") == 0)
		cpuset->cpus = cgroup_parse_list(reader->text, reader->arena);
	if (read_file(reader, "cpuset.mems") == 0)
		cpuset->mems = cgroup_parse_list(reader->text, reader->arena);
	cpuset->cpu_exclusive = read_number(reader, "cpuset.cpu_exclusive");
	cpuset->mem_hardwall = read_number(reader, "cpuset.mem_hardwall");
	cpuset->mem_exclusive = read_number(reader, "cpuset.mem_exclusive");
	cpuset->memory_migrate = read_number(reader, "cpuset.memory_migrate");
	cpuset->memory_spread_page = read_number(reader, "cpuset.memory_spread_page");
	cpuset->memory_spread_slab = read_number(reader, "cpuset.memory_spread_slab");
	cpuset->memory_pressure = read_number(reader, "cpuset.memory_pressure");
	cpuset->sched_load_balance = read_number(reader, "cpuset.sched_load_balance");
	if (read_file(reader, "cpuset.sched_relax_domain_level") == 0)
		cpuset->sched_relax_domain_level = strtol(reader->text, NULL, 10);
}

static struct cgroup_usage
memory_usage_v1(const struct reader *reader, const char *prefix)
{
	struct cgroup_usage usage;
	char file[64];

	(void)snprintf(file, sizeof(file), "%s.limit_in_bytes", prefix); /* these fit */
	usage.limit = read_number(reader, file);
	(void)snprintf(file, sizeof(file), "%s.usage_in_bytes", prefix);
	usage.usage = read_number(reader, file);
	(void)snprintf(file, sizeof(file), "%s.max_usage_in_bytes", prefix);
	usage.max = read_number(reader, file);
	(void)snprintf(file, sizeof(file), "%s.failcnt", prefix);
	usage.failed = read_number(reader, file);
	return usage;
}

static void
memory_v1(const struct reader *reader, struct cgroup_stats *stats)
{
	stats->memory = memory_usage_v1(reader, "memory");
	stats->swap = memory_usage_v1(reader, "memory.memsw");
	stats->kernel = memory_usage_v1(reader, "memory.kmem");
	stats->kernel_tcp = memory_usage_v1(reader, "memory.kmem.tcp");
	if (read_file(reader, "memory.stat") < 0)
		return;
	stats->cache = find(reader, "cache");
	stats->memory_stat = cgroup_parse_pairs(reader->text, reader->arena);
}

/* The io scheduler's own numbers where it keeps them, else throttling's. */
static void
io_v1(const struct reader *reader, struct cgroup_stats *stats)
{
	if (read_file(reader, "blkio.throttle.io_service_bytes_recursive") == 0)
		stats->io_bytes = cgroup_parse_io_v1(reader->text, reader->arena);
	if (read_file(reader, "blkio.throttle.io_serviced_recursive") == 0)
		stats->io_count = cgroup_parse_io_v1(reader->text, reader->arena);
}

/* ----------------------------------------------------------------------------- version 2 */

static void
cpu_v2(const struct reader *reader, struct cgroup_stats *stats)
{
	if (read_file(reader, "cpu.stat") < 0)
		return;
	stats->cpu_ns = find(reader, "usage_usec") * 1000;
	stats->cpu_user_ns = find(reader, "user_usec") * 1000;
	stats->cpu_kernel_ns = find(reader, "system_usec") * 1000;
	stats->periods = find(reader, "nr_periods");
	stats->throttled_periods = find(reader, "nr_throttled");
	stats->throttled_ns = find(reader, "throttled_usec") * 1000;
}

static void
cpuset_v2(const struct reader *reader, struct cgroup_stats *stats)
{
	(void)reader; /* has nothing of the kind to tell */
	stats->cpuset = (struct cgroup_cpuset) { .cpu_exclusive = 0 };
}

static uint64_t
add_limits(uint64_t a, uint64_t b)
{
	return a > CGROUP_NO_LIMIT - b ? CGROUP_NO_LIMIT : a + b;
}

static void
memory_v2(const struct reader *reader, struct cgroup_stats *stats)
{
	struct cgroup_usage *memory = &stats->memory, *swap = &stats->swap;

	memory->usage = read_number(reader, "memory.current");
	memory->limit = read_number(reader, "memory.max");
	memory->max = read_number(reader, "memory.peak");
	if (read_file(reader, "memory.events") == 0)
		memory->failed = find(reader, "max");
	swap->usage = memory->usage + read_number(reader, "memory.swap.current");
	swap->limit = add_limits(memory->limit, read_number(reader, "memory.swap.max"));
	if (read_file(reader, "memory.stat") < 0)
		return;
	stats->cache = find(reader, "file");
	stats->memory_stat = cgroup_parse_pairs(reader->text, reader->arena);
}

static void
io_v2(const struct reader *reader, struct cgroup_stats *stats)
{
	if (read_file(reader, "io.stat") < 0)
		return;
	stats->io_bytes = cgroup_parse_io_v2(reader->text, CGROUP_IO_BYTES, reader->arena);
	stats->io_count = cgroup_parse_io_v2(reader->text, CGROUP_IO_COUNT, reader->arena);
}

/* ------------------------------------------------------------------------- pids, hugetlb */

static void
pids(const struct reader *reader, struct cgroup_stats *stats)
{
	stats->pids = read_number(reader, "pids.current");
	stats->pids_limit = read_number(reader, "pids.max");
	if (stats->pids_limit == CGROUP_NO_LIMIT)
		stats->pids_limit = 0;
}

/* "hugepages-2048kB" -> "2MB", as the files are called. NULL: no such name. */
static const char *
huge_size(const char *name, struct arena *arena)
{
	static const char *const units[] = { "KB", "MB", "GB" };
	unsigned long size;
	int unit = 0;

	if (strncmp(name, "hugepages-", 10) != 0)
		return NULL;
	size = strtoul(name + 10, NULL, 10);
	for (; size >= 1024 && unit < 2; unit++)
		size /= 1024;
	return size ? arena_printf(arena, "%lu%s", size, units[unit]) : NULL;
}

static struct cgroup_usage
huge_usage(const struct reader *reader, const char *size)
{
	struct cgroup_usage usage = { .limit = CGROUP_NO_LIMIT };
	int v1 = reader->version == 1;
	char file[64];

	(void)snprintf(file, sizeof(file), "hugetlb.%s.%s", size,
	    v1 ? "usage_in_bytes" : "current"); /* these fit */
	usage.usage = read_number(reader, file);
	if (v1)
		(void)snprintf(file, sizeof(file), "hugetlb.%s.max_usage_in_bytes", size);
	if (v1)
		usage.max = read_number(reader, file);
	(void)snprintf(file, sizeof(file), "hugetlb.%s.%s", size, v1 ? "failcnt" : "events");
	if (v1)
		usage.failed = read_number(reader, file);
	else if (read_file(reader, file) == 0)
		usage.failed = find(reader, "max");
	return usage;
}

static void
hugetlb(const struct reader *reader, struct cgroup_stats *stats)
{
	enum { SIZES_MAX = 16 };
	DIR *sizes = opendir("/sys/kernel/mm/hugepages");
	struct dirent *entry;

	stats->huge = arena_array(reader->arena, SIZES_MAX, sizeof(*stats->huge));
	while (sizes && stats->huge && stats->huge_count < SIZES_MAX && (entry = readdir(sizes))) {
		const char *size = huge_size(entry->d_name, reader->arena);

		if (size)
			stats->huge[stats->huge_count++] =
			    (struct cgroup_huge) { size, huge_usage(reader, size) };
	}
	if (sizes)
		(void)closedir(sizes); /* read only */
}

/* ------------------------------------------------------------------------------- all of it */

/* In a hybrid each controller is in one of the two; cpuacct is v1's where cpu is. */
static const struct {
	enum cgroup_controller controller;
	void (*read[3])(const struct reader *reader, struct cgroup_stats *stats); /* by version */
} parts[] = {
	{ CGROUP_CPU, { NULL, cpu_v1, cpu_v2 } },
	{ CGROUP_CPUSET, { NULL, cpuset_v1, cpuset_v2 } },
	{ CGROUP_MEMORY, { NULL, memory_v1, memory_v2 } },
	{ CGROUP_PIDS, { NULL, pids, pids } },
	{ CGROUP_BLKIO, { NULL, io_v1, io_v2 } },
	{ CGROUP_HUGETLB, { NULL, hugetlb, hugetlb } },
};

void
cgroup_stats_read(const struct cgroup *cgroup, struct arena *arena, struct cgroup_stats *stats)
{
	struct reader reader = { .cgroup = cgroup, .arena = arena };

	*stats = (struct cgroup_stats) { .cpu_ns = 0 };
	reader.text = arena_alloc(arena, TEXT_MAX);
	if (!reader.text)
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		reader.version = has_controller(cgroup, parts[i].controller) ? 1 : 2;
		parts[i].read[reader.version](&reader, stats);
	}
	for (int of = 0; cgroup->count == 1 && of < CGROUP_PRESSURE_OF; of++)
		cgroup_stats_pressure(cgroup, (enum cgroup_pressure_of)of, stats->pressure[of]);
}

int
cgroup_stats_oom_kills(const struct cgroup *cgroup, uint64_t *kills)
{
	char text[4096];

	if (read_any(cgroup, 1, "memory.oom_control", text, sizeof(text)) < 0 &&
	    read_any(cgroup, 2, "memory.events", text, sizeof(text)) < 0)
		return -1;
	return cgroup_parse_find(text, "oom_kill", kills);
}

void
cgroup_stats_pressure(const struct cgroup *cgroup, enum cgroup_pressure_of of,
    struct cgroup_pressure lines[CGROUP_PRESSURE_KINDS])
{
	static const char *const files[CGROUP_PRESSURE_OF] = {
		[CGROUP_PRESSURE_CPU] = "cpu.pressure",
		[CGROUP_PRESSURE_MEMORY] = "memory.pressure",
		[CGROUP_PRESSURE_IO] = "io.pressure",
	};
	char text[1024] = "";

	(void)read_any(cgroup, 2, files[of], text, sizeof(text)); /* "": there are no lines */
	cgroup_parse_pressure(text, lines);
}
