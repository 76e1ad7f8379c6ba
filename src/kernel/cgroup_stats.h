/* What a container's cgroups have used so far: of v1 and v2 files, as runc's `events` tells it. A
 * file that is not there leaves zeros. */
#ifndef OSLESS_KERNEL_CGROUP_STATS_H
#define OSLESS_KERNEL_CGROUP_STATS_H

#include "kernel/cgroup.h"
#include "kernel/cgroup_parse.h"

struct cgroup_usage {
	uint64_t limit; /* CGROUP_NO_LIMIT: none */
	uint64_t usage;
	uint64_t max;
	uint64_t failed; /* how often the limit was hit */
};

struct cgroup_huge {
	const char *size; /* "2MB" */
	struct cgroup_usage usage;
};

/* Of v1's cpuset, whose files bear these names; on v2 all is 0, as runc has it. */
struct cgroup_cpuset {
	struct cgroup_numbers cpus;
	struct cgroup_numbers mems;
	uint64_t cpu_exclusive;
	uint64_t mem_hardwall;
	uint64_t mem_exclusive;
	uint64_t memory_migrate;
	uint64_t memory_spread_page;
	uint64_t memory_spread_slab;
	uint64_t memory_pressure;
	uint64_t sched_load_balance;
	int64_t sched_relax_domain_level; /* -1: the system's */
};

enum cgroup_pressure_of {
	CGROUP_PRESSURE_CPU,
	CGROUP_PRESSURE_MEMORY,
	CGROUP_PRESSURE_IO,
	CGROUP_PRESSURE_OF,
};

struct cgroup_stats {
	uint64_t cpu_ns;
	uint64_t cpu_kernel_ns;
	uint64_t cpu_user_ns;
	struct cgroup_numbers percpu_ns; /* v1 only, as the next two */
	struct cgroup_numbers percpu_kernel_ns;
	struct cgroup_numbers percpu_user_ns;
	struct cgroup_cpuset cpuset;
	uint64_t periods;
	uint64_t throttled_periods;
	uint64_t throttled_ns;
	struct cgroup_usage memory;
	struct cgroup_usage swap; /* memory and swap together */
	struct cgroup_usage kernel;
	struct cgroup_usage kernel_tcp;
	uint64_t cache;
	struct cgroup_pairs memory_stat;
	uint64_t pids;
	uint64_t pids_limit; /* 0: none */
	struct cgroup_ios io_bytes;
	struct cgroup_ios io_count;
	struct cgroup_huge *huge;
	size_t huge_count;
	/* Of v2 alone, as runc has it: in a hybrid there is none here. */
	struct cgroup_pressure pressure[CGROUP_PRESSURE_OF][CGROUP_PRESSURE_KINDS];
};

/* All of it lies in the arena. */
void
cgroup_stats_read(const struct cgroup *cgroup, struct arena *arena, struct cgroup_stats *stats);

/* Processes that the kernel has killed for want of memory. 0; -1: no controller tells. */
int cgroup_stats_oom_kills(const struct cgroup *cgroup, uint64_t *kills);

/* Of a v2 directory (v1 has none). What is not there has .has 0. */
void cgroup_stats_pressure(const struct cgroup *cgroup, enum cgroup_pressure_of of,
    struct cgroup_pressure lines[CGROUP_PRESSURE_KINDS]);

#endif
