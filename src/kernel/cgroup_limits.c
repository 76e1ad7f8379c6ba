/* Limits to file names and texts: one table for all that is one number or word. Pure. */
#include "kernel/cgroup_limits.h"

#include "kernel/cgroup_limits_job.h"

#include <math.h>
#include <string.h>

enum kind {
	KIND_WORD,   /* const char *; NULL = unset */
	KIND_SIGNED, /* int64_t; 0 = unset, -1 = unlimited */
	KIND_U64,    /* 0 = unset */
	KIND_U32,
	KIND_FLAG, /* uint32_t; 1 or unset */
	KIND_SWAP, /* memory.swap, which follows an unlimited memory.limit */
};

struct limit {
	const char *key;
	enum cgroup_controller controller;
	enum kind kind;
	size_t offset;       /* in struct plan_resources */
	size_t has;          /* offset of the has_ flag; 0 = none, zero is unset */
	const char *file[2]; /* v1's, v2's; NULL = there is none */
	const char *lacking; /* why there is none */
	uint32_t flags;
	/* Where the text is not just the value: adds the writes itself. */
	int (*add)(struct cgroup_job *job, const struct limit *limit, uint32_t version);
};

static int add_swap(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_swappiness(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_shares(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_period(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_quota(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_pids(struct cgroup_job *job, const struct limit *limit, uint32_t version);
static int add_io_weight(struct cgroup_job *job, const struct limit *limit, uint32_t version);

#define AT(field) offsetof(struct plan_resources, field)
#define NO_KMEM "the kernel counts its own memory in memory.limit; a limit apart is gone (5.16)"

/* Written from top to bottom. RETRY: each is checked against its neighbours, and only the kernel
 * knows the present ones: quota against burst, memory against swap. */
static const struct limit limits[] = {
	{ .key = "cpu.cpus",
	    .controller = CGROUP_CPUSET,
	    .kind = KIND_WORD,
	    .offset = AT(cpuset_cpus),
	    .file = { "cpuset.cpus", "cpuset.cpus" } },
	{ .key = "cpu.mems",
	    .controller = CGROUP_CPUSET,
	    .kind = KIND_WORD,
	    .offset = AT(cpuset_mems),
	    .file = { "cpuset.mems", "cpuset.mems" } },
	{ .key = "memory.limit",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_SIGNED,
	    .offset = AT(memory_limit),
	    .file = { "memory.limit_in_bytes", "memory.max" },
	    .flags = CGROUP_WRITE_RETRY },
	{ .key = "memory.swap",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_SWAP,
	    .offset = AT(memory_swap),
	    .file = { "memory.memsw.limit_in_bytes", "memory.swap.max" },
	    .flags = CGROUP_WRITE_RETRY,
	    .add = add_swap },
	{ .key = "memory.reservation",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_SIGNED,
	    .offset = AT(memory_reservation),
	    .file = { "memory.soft_limit_in_bytes", "memory.low" } },
	{ .key = "memory.kernel",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_SIGNED,
	    .offset = AT(kernel_memory),
	    .lacking = NO_KMEM },
	{ .key = "memory.kernelTCP",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_SIGNED,
	    .offset = AT(kernel_memory_tcp),
	    .file = { "memory.kmem.tcp.limit_in_bytes", NULL },
	    .lacking = CGROUP_NO_V2 },
	{ .key = "memory.swappiness",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_U32,
	    .offset = AT(swappiness),
	    .has = AT(has_swappiness),
	    .file = { "memory.swappiness", NULL },
	    .lacking = CGROUP_NO_V2,
	    .add = add_swappiness },
	{ .key = "memory.disableOOMKiller",
	    .controller = CGROUP_MEMORY,
	    .kind = KIND_FLAG,
	    .offset = AT(disable_oom_killer),
	    .file = { "memory.oom_control", NULL },
	    .lacking = CGROUP_NO_V2 },
	{ .key = "cpu.idle",
	    .controller = CGROUP_CPU,
	    .kind = KIND_SIGNED,
	    .offset = AT(cpu_idle),
	    .has = AT(has_cpu_idle),
	    .file = { "cpu.idle", "cpu.idle" } },
	{ .key = "cpu.shares",
	    .controller = CGROUP_CPU,
	    .kind = KIND_U64,
	    .offset = AT(cpu_shares),
	    .file = { "cpu.shares", "cpu.weight" },
	    .add = add_shares },
	{ .key = "cpu.period",
	    .controller = CGROUP_CPU,
	    .kind = KIND_U64,
	    .offset = AT(cpu_period),
	    .file = { "cpu.cfs_period_us", "cpu.max" },
	    .flags = CGROUP_WRITE_RETRY,
	    .add = add_period },
	{ .key = "cpu.quota",
	    .controller = CGROUP_CPU,
	    .kind = KIND_SIGNED,
	    .offset = AT(cpu_quota),
	    .file = { "cpu.cfs_quota_us", "cpu.max" },
	    .flags = CGROUP_WRITE_RETRY,
	    .add = add_quota },
	{ .key = "cpu.burst",
	    .controller = CGROUP_CPU,
	    .kind = KIND_U64,
	    .offset = AT(cpu_burst),
	    .file = { "cpu.cfs_burst_us", "cpu.max.burst" },
	    .flags = CGROUP_WRITE_RETRY },
	{ .key = "cpu.realtimePeriod",
	    .controller = CGROUP_CPU,
	    .kind = KIND_U64,
	    .offset = AT(cpu_realtime_period),
	    .file = { "cpu.rt_period_us", NULL },
	    .lacking = CGROUP_NO_V2,
	    .flags = CGROUP_WRITE_RETRY },
	{ .key = "cpu.realtimeRuntime",
	    .controller = CGROUP_CPU,
	    .kind = KIND_SIGNED,
	    .offset = AT(cpu_realtime_runtime),
	    .file = { "cpu.rt_runtime_us", NULL },
	    .lacking = CGROUP_NO_V2,
	    .flags = CGROUP_WRITE_RETRY },
	{ .key = "pids.limit",
	    .controller = CGROUP_PIDS,
	    .kind = KIND_SIGNED,
	    .offset = AT(pids_limit),
	    .file = { "pids.max", "pids.max" },
	    .add = add_pids },
	{ .key = "blockIO.weight",
	    .controller = CGROUP_BLKIO,
	    .kind = KIND_U32,
	    .offset = AT(blkio_weight),
	    .file = { "blkio.bfq.weight", "io.bfq.weight" },
	    .add = add_io_weight },
	{ .key = "blockIO.leafWeight",
	    .controller = CGROUP_BLKIO,
	    .kind = KIND_U32,
	    .offset = AT(blkio_leaf_weight),
	    .lacking = CGROUP_NO_LEAF_WEIGHT },
	{ .key = "network.classID",
	    .controller = CGROUP_NET_CLS,
	    .kind = KIND_U32,
	    .offset = AT(net_class_id),
	    .file = { "net_cls.classid", NULL },
	    .lacking = CGROUP_NO_V2 },
};

static struct cgroup_write
start_write(const struct limit *limit, uint32_t version, const char *text)
{
	return (struct cgroup_write) {
		.controller = limit->controller,
		.version = version,
		.flags = limit->flags,
		.key = limit->key,
		.file = limit->file[version - 1],
		.text = text,
	};
}

static int
add_text(struct cgroup_job *job, const struct limit *limit, uint32_t version, const char *text)
{
	struct cgroup_write write = start_write(limit, version, text);

	return cgroup_job_write(job, &write);
}

/* values */

static int64_t
effective_swap(const struct plan_resources *resources)
{
	/* Unlimited memory under an old limit of memory and swap would not be unlimited. */
	if (!resources->memory_swap && resources->memory_limit == -1)
		return -1;
	return resources->memory_swap;
}

static int64_t
read_number(const struct limit *limit, const struct plan_resources *resources)
{
	const char *field = (const char *)resources + limit->offset;
	uint32_t small = 0;
	int64_t big = 0;

	switch (limit->kind) {
	case KIND_U32:
	case KIND_FLAG:
		memcpy(&small, field, sizeof small);
		return small;
	case KIND_SWAP:
		return effective_swap(resources);
	case KIND_SIGNED:
	case KIND_U64:
		memcpy(&big, field, sizeof big);
		return big;
	case KIND_WORD:
	default:
		return 0;
	}
}

static const char *
read_word(const struct limit *limit, const struct plan_resources *resources)
{
	const char *word;

	memcpy(&word, (const char *)resources + limit->offset, sizeof word);
	return word && *word ? word : NULL;
}

static int
is_set(const struct limit *limit, const struct plan_resources *resources)
{
	uint32_t has;

	if (limit->kind == KIND_WORD)
		return read_word(limit, resources) != NULL;
	if (!limit->has)
		return read_number(limit, resources) != 0;
	memcpy(&has, (const char *)resources + limit->has, sizeof has);
	return has != 0;
}

static const char *
limit_text(const struct cgroup_job *job, int64_t number, uint32_t version)
{
	if (number == -1)
		return version == 2 ? "max" : "-1";
	return arena_printf(job->arena, "%lld", (long long)number);
}

static const char *
value_text(const struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	int64_t number = read_number(limit, job->resources);

	switch (limit->kind) {
	case KIND_WORD:
		return read_word(limit, job->resources);
	case KIND_U64:
		return arena_printf(job->arena, "%llu", (unsigned long long)number);
	case KIND_SIGNED:
	case KIND_SWAP:
	case KIND_U32:
	case KIND_FLAG:
	default:
		return limit_text(job, number, version);
	}
}

/* limits that need more than their value */

uint64_t
cgroup_limits_weight(uint64_t shares)
{
	double l;

	if (shares == 0)
		return 0;
	if (shares <= 2)
		return 1;
	if (shares >= 262144)
		return 10000;
	/* A parabola in log-log space through (2, 1), (1024, 100) and (262144, 10000). */
	l = log2((double)shares);
	return (uint64_t)ceil(pow(10, (l * l + 125 * l) / 612.0 - 7.0 / 34.0));
}

static int
check_swap(const struct cgroup_job *job, int64_t swap)
{
	int64_t memory = job->resources->memory_limit;

	if (swap == -1)
		return 0;
	if (memory == -1)
		return error_set(job->err,
		    "memory.swap is limited, but memory.limit is not: memory.swap "
		    "counts memory and swap together");
	if (memory > swap)
		return error_set(job->err,
		    "memory.swap %lld is below memory.limit %lld: it counts memory and swap "
		    "together",
		    (long long)swap, (long long)memory);
	return 0;
}

static int
add_swap(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	int64_t swap = effective_swap(job->resources);
	struct cgroup_write write = start_write(limit, version, NULL);

	if (check_swap(job, swap) < 0)
		return -1;
	if (swap != -1 && !job->resources->memory_limit &&
	    (version == 2 || job->when == CGROUP_LIMITS_CREATE))
		return error_set(job->err, "memory.swap is given without memory.limit");
	if (version == 2 && swap != -1)
		swap -= job->resources->memory_limit;
	/* A kernel that does not account swap has nothing to set free. */
	if (swap == -1 || (version == 2 && swap == 0))
		write.flags |= CGROUP_WRITE_OPTIONAL;
	write.text = limit_text(job, swap, version);
	return cgroup_job_write(job, &write);
}

static int
add_swappiness(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	if (job->resources->swappiness > 100)
		return error_set(job->err, "memory.swappiness %u is not within 0..100",
		    job->resources->swappiness);
	return add_text(job, limit, version, value_text(job, limit, version));
}

static int
add_shares(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	uint64_t shares = job->resources->cpu_shares;

	if (job->resources->has_cpu_idle && job->resources->cpu_idle == 1)
		return cgroup_job_not_applied(
		    job, limit->key, "an idle cgroup (cpu.idle) has no weight");
	if (version == 2)
		return add_text(job, limit, version,
		    arena_printf(
			job->arena, "%llu", (unsigned long long)cgroup_limits_weight(shares)));
	/* The kernel would silently take the nearest that it allows. */
	if (shares < 2 || shares > 262144)
		return error_set(job->err, "cpu.shares %llu is not within 2..262144",
		    (unsigned long long)shares);
	return add_text(job, limit, version, value_text(job, limit, version));
}

static int
add_period(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	if (version == 1)
		return add_text(job, limit, version, value_text(job, limit, version));
	if (job->resources->cpu_quota)
		return 0; /* cpu.max holds both: the quota's row writes it; an update has the old
			     one */
	return add_text(job, limit, version,
	    arena_printf(job->arena, "max %llu", (unsigned long long)job->resources->cpu_period));
}

static int
add_quota(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	const char *quota = limit_text(job, job->resources->cpu_quota, version);

	if (version == 1 || !job->resources->cpu_period || !quota)
		return add_text(job, limit, version, quota);
	return add_text(job, limit, version,
	    arena_printf(
		job->arena, "%s %llu", quota, (unsigned long long)job->resources->cpu_period));
}

static int
add_pids(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	return add_text(job, limit, version, limit_text(job, job->resources->pids_limit, 2));
}

static int
add_io_weight(struct cgroup_job *job, const struct limit *limit, uint32_t version)
{
	struct cgroup_write write = start_write(limit, version, value_text(job, limit, version));
	uint32_t weight = job->resources->blkio_weight;

	if (cgroup_job_check_io_weight(job, limit->key, weight) < 0)
		return -1;
	write.instead = version == 1 ? cgroup_job_copy(job, &write, "blkio.weight", write.text)
				     : cgroup_job_copy(job, &write, "io.weight",
					   cgroup_job_io_weight(job, "", weight));
	return cgroup_job_write(job, &write);
}

/* the table */

static int
add_limit(struct cgroup_job *job, const struct limit *limit)
{
	uint32_t version;

	if (!is_set(limit, job->resources))
		return 0;
	if (!limit->file[0] && !limit->file[1])
		return cgroup_job_not_applied(job, limit->key, limit->lacking);
	version = cgroup_job_version(job, limit->controller);
	if (!version)
		return cgroup_job_miss(job, limit->key, limit->controller);
	if (!limit->file[version - 1])
		return cgroup_job_not_applied(job, limit->key, limit->lacking);
	if (limit->kind == KIND_SIGNED && read_number(limit, job->resources) < -1)
		return error_set(job->err, "%s %lld is neither a limit nor -1 (unlimited)",
		    limit->key, (long long)read_number(limit, job->resources));
	if (limit->add)
		return limit->add(job, limit, version);
	return add_text(job, limit, version, value_text(job, limit, version));
}

static int
add_limits(struct cgroup_job *job)
{
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (add_limit(job, &limits[i]) < 0)
			return -1;
	return 0;
}

/* the whole */

int
cgroup_limits_compile(const struct plan_resources *resources, const struct cgroup_layout *layout,
    enum cgroup_limits_when when, struct arena *arena, struct cgroup_limits *out, struct error *err)
{
	struct cgroup_job job = {
		.resources = resources,
		.layout = layout,
		.when = when,
		.arena = arena,
		.last_write = &out->writes,
		.last_not_applied = &out->not_applied,
		.devices = &out->devices,
		.err = err,
	};

	*out = (struct cgroup_limits) { 0 };
	if (add_limits(&job) < 0 || cgroup_job_add_lists(&job) < 0)
		return error_in(err, "linux.resources");
	return 0;
}

uint32_t
cgroup_limits_needs(const struct plan_resources *resources)
{
	uint32_t needs = 0;

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (is_set(&limits[i], resources))
			needs |= CGROUP_BIT(limits[i].controller);
	for (uint64_t i = 0; i < resources->unified.count; i++) {
		const char *key = resources->unified.items[i].key;

		needs |= cgroup_limits_controller(key, strcspn(key, "."));
	}
	if (cgroup_job_has_block_devices(resources))
		needs |= CGROUP_BIT(CGROUP_BLKIO);
	if (resources->hugepage_limits.count)
		needs |= CGROUP_BIT(CGROUP_HUGETLB);
	if (resources->net_priorities.count)
		needs |= CGROUP_BIT(CGROUP_NET_PRIO);
	if (resources->rdma.count)
		needs |= CGROUP_BIT(CGROUP_RDMA);
	if (resources->devices.count)
		needs |= CGROUP_BIT(CGROUP_DEVICES);
	return needs;
}
