/* The names and their order are runc's (types/events.go); what it leaves out when it is 0 is left
 * out here, too. */
#include "container/stats_json.h"

static void
numbers(struct json *json, const char *key, const struct cgroup_numbers *list)
{
	if (list->count == 0)
		return;
	json_open(json, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_number(json, NULL, list->items[i]);
	json_close(json, ']');
}

static void
average(struct json *json, const char *key, double percent)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%g", percent); /* fits; at most 100.00 */
	json_verbatim(json, key, text);
}

static void
pressure_line(struct json *json, const char *key, const struct cgroup_pressure *line)
{
	json_open(json, key, '{');
	average(json, "avg10", line->avg10);
	average(json, "avg60", line->avg60);
	average(json, "avg300", line->avg300);
	json_number(json, "total", line->total_us);
	json_close(json, '}');
}

static void
pressure(struct json *json, const struct cgroup_stats *stats, enum cgroup_pressure_of of)
{
	const struct cgroup_pressure *lines = stats->pressure[of];

	if (!lines[CGROUP_PRESSURE_SOME].has)
		return;
	json_open(json, "psi", '{');
	pressure_line(json, "some", &lines[CGROUP_PRESSURE_SOME]);
	pressure_line(json, "full", &lines[CGROUP_PRESSURE_FULL]);
	json_close(json, '}');
}

static void
cpu(struct json *json, const struct cgroup_stats *stats)
{
	json_open(json, "cpu", '{');
	json_open(json, "usage", '{');
	json_number_if(json, "total", stats->cpu_ns);
	numbers(json, "percpu", &stats->percpu_ns);
	numbers(json, "percpu_kernel", &stats->percpu_kernel_ns);
	numbers(json, "percpu_user", &stats->percpu_user_ns);
	json_number(json, "kernel", stats->cpu_kernel_ns);
	json_number(json, "user", stats->cpu_user_ns);
	json_close(json, '}');
	json_open(json, "throttling", '{');
	json_number_if(json, "periods", stats->periods);
	json_number_if(json, "throttledPeriods", stats->throttled_periods);
	json_number_if(json, "throttledTime", stats->throttled_ns);
	json_close(json, '}');
	pressure(json, stats, CGROUP_PRESSURE_CPU);
	json_close(json, '}');
}

static void
cpuset(struct json *json, const struct cgroup_cpuset *from)
{
	json_open(json, "cpuset", '{');
	numbers(json, "cpus", &from->cpus);
	json_number(json, "cpu_exclusive", from->cpu_exclusive);
	numbers(json, "mems", &from->mems);
	json_number(json, "mem_hardwall", from->mem_hardwall);
	json_number(json, "mem_exclusive", from->mem_exclusive);
	json_number(json, "memory_migrate", from->memory_migrate);
	json_number(json, "memory_spread_page", from->memory_spread_page);
	json_number(json, "memory_spread_slab", from->memory_spread_slab);
	json_number(json, "memory_pressure", from->memory_pressure);
	json_number(json, "sched_load_balance", from->sched_load_balance);
	json_signed(json, "sched_relax_domain_level", from->sched_relax_domain_level);
	json_close(json, '}');
}

static void
usage(struct json *json, const char *key, const struct cgroup_usage *entry)
{
	json_open(json, key, '{');
	json_number(json, "limit", entry->limit);
	json_number_if(json, "usage", entry->usage);
	json_number_if(json, "max", entry->max);
	json_number(json, "failcnt", entry->failed);
	json_close(json, '}');
}

static void
memory(struct json *json, const struct cgroup_stats *stats)
{
	json_open(json, "memory", '{');
	json_number_if(json, "cache", stats->cache);
	usage(json, "usage", &stats->memory);
	usage(json, "swap", &stats->swap);
	usage(json, "kernel", &stats->kernel);
	usage(json, "kernelTCP", &stats->kernel_tcp);
	if (stats->memory_stat.count) {
		json_open(json, "raw", '{');
		for (size_t i = 0; i < stats->memory_stat.count; i++)
			json_number(json, stats->memory_stat.items[i].key,
			    stats->memory_stat.items[i].value);
		json_close(json, '}');
	}
	pressure(json, stats, CGROUP_PRESSURE_MEMORY);
	json_close(json, '}');
}

static void
ios(struct json *json, const char *key, const struct cgroup_ios *list)
{
	if (list->count == 0)
		return;
	json_open(json, key, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_open(json, NULL, '{');
		json_number_if(json, "major", list->items[i].major);
		json_number_if(json, "minor", list->items[i].minor);
		json_text(json, "op", list->items[i].op);
		json_number_if(json, "value", list->items[i].value);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
huge(struct json *json, const struct cgroup_stats *stats)
{
	json_open(json, "hugetlb", '{');
	for (size_t i = 0; i < stats->huge_count; i++) {
		const struct cgroup_usage *entry = &stats->huge[i].usage;

		json_open(json, stats->huge[i].size, '{');
		json_number_if(json, "usage", entry->usage);
		json_number_if(json, "max", entry->max);
		json_number(json, "failcnt", entry->failed);
		json_close(json, '}');
	}
	json_close(json, '}');
}

void
stats_json(struct json *json, const char *key, const struct cgroup_stats *stats)
{
	json_open(json, key, '{');
	cpu(json, stats);
	cpuset(json, &stats->cpuset);
	memory(json, stats);
	json_open(json, "pids", '{');
	json_number_if(json, "current", stats->pids);
	json_number_if(json, "limit", stats->pids_limit);
	json_close(json, '}');
	json_open(json, "blkio", '{');
	ios(json, "ioServiceBytesRecursive", &stats->io_bytes);
	ios(json, "ioServicedRecursive", &stats->io_count);
	pressure(json, stats, CGROUP_PRESSURE_IO);
	json_close(json, '}');
	huge(json, stats);
	json_open(json, "intel_rdt", '{');
	json_close(json, '}');
	json_verbatim(json, "network_interfaces", "null"); /* runc has none either */
	json_close(json, '}');
}
