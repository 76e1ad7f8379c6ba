/* Limits to writes: tables of resources and of what goes to which file, on v1 and on v2. The first
 * part is what engines really send (docker, podman, containerd, its CRI, and their updates). */
#include "kernel/cgroup_limits.h"

#include "tests/unit/tap.h"

#include <errno.h>
#include <stdlib.h>

#define ALL ((1u << CGROUP_CONTROLLERS) - 1)
#define ONLY_V1 ((1u << CGROUP_NET_CLS) | (1u << CGROUP_NET_PRIO) | (1u << CGROUP_DEVICES))
#define LIST(...) \
	{ \
		__VA_ARGS__ \
	}

static const struct cgroup_layout v1 = { .v1 = ALL };
static const struct cgroup_layout v2 = { .v2 = ALL & ~ONLY_V1, .has_v2 = 1 };

/* One line a write: "file=text", '|' before an alternative, '?' optional; "+devices" for a program;
 * then "-key" for what is not applied. */
static const char *
render(const struct plan_resources *resources, const struct cgroup_layout *layout,
    enum cgroup_limits_when when, struct arena *arena)
{
	struct cgroup_limits limits;
	struct error err = { 0 };
	const char *text = "";

	if (cgroup_limits_compile(resources, layout, when, arena, &limits, &err) < 0)
		return arena_printf(arena, "error: %s", err.text);
	for (const struct cgroup_write *w = limits.writes; w; w = w->next) {
		text = arena_printf(arena, "%s%s=%s%s", text, w->file, w->text,
		    w->flags & CGROUP_WRITE_OPTIONAL ? "?" : "");
		for (const struct cgroup_write *i = w->instead; i; i = i->instead)
			text = arena_printf(arena, "%s|%s=%s", text, i->file, i->text);
		text = arena_printf(arena, "%s\n", text);
	}
	if (limits.devices)
		text = arena_printf(arena, "%s+devices\n", text);
	for (const struct cgroup_not_applied *n = limits.not_applied; n; n = n->next)
		text = arena_printf(arena, "%s-%s\n", text, n->key);
	return text;
}

struct sample {
	const char *name;
	struct plan_resources resources;
	const char *v1;
	const char *v2;
	enum cgroup_limits_when when;
};

static struct plan_device_rule docker_devices[] = {
	{ .type = 'a', .major = -1, .minor = -1, .access = 7 },
	{ .allow = 1, .type = 'c', .major = 1, .minor = 5, .access = 7 },
	{ .type = 'c', .major = 10, .minor = 229, .access = 7 },
};
static struct plan_device_rule privileged_devices[] = {
	{ .allow = 1, .type = 'a', .major = -1, .minor = -1, .access = 7 },
};
static struct plan_weight_device weights[] = {
	{ .major = 8, .minor = 0, .weight = 1000 },
	{ .major = 8, .minor = 16, .leaf_weight = 10 },
};
static struct plan_throttle_device slow[] = {
	{ .major = 8, .minor = 0, .rate = 1048576 },
};
static struct plan_hugepage_limit hugepages[] = { { "2MB", 4194304 } };
static struct plan_hugepage_limit bad_hugepages[] = { { "../x", 1 } };
static struct plan_priority priorities[] = { { "eth0", 500 } };
static struct plan_rdma_limit rdma[] = {
	{ .device = "mlx5_1", .has_handles = 1, .handles = 3, .has_objects = 1, .objects = 10000 },
	{ .device = "mlx4_0", .has_objects = 1, .objects = 1000 },
	{ .device = "rxe3" },
};
static struct plan_pair unified[] = {
	{ "memory.high", "1048576" },
	{ "io.max", "8:0 rbps=1\n8:16 wbps=2\n" },
	{ "cgroup.max.depth", "3" },
};
static struct plan_pair slashed[] = { { "../x.y", "1" } };
static struct plan_pair dotless[] = { { "tasks", "1" } };
static struct plan_pair procs[] = { { "cgroup.procs", "1" } };

/* What engines send. */
static const struct sample engines[] = {
	{ "docker, no limits: all zero", { .devices = LIST(docker_devices, 3) },
	    "devices.deny=a\ndevices.allow=c 1:5 rwm\n", "+devices\n", CGROUP_LIMITS_CREATE },
	{ "docker --memory 64m", { .memory_limit = 67108864, .memory_swap = 134217728 },
	    "memory.limit_in_bytes=67108864\nmemory.memsw.limit_in_bytes=134217728\n",
	    "memory.max=67108864\nmemory.swap.max=67108864\n", CGROUP_LIMITS_CREATE },
	{ "docker and podman update", { .memory_limit = 67108864, .memory_swap = 134217728 },
	    "memory.limit_in_bytes=67108864\nmemory.memsw.limit_in_bytes=134217728\n",
	    "memory.max=67108864\nmemory.swap.max=67108864\n", CGROUP_LIMITS_UPDATE },
	{ "docker --privileged", { .devices = LIST(privileged_devices, 1) }, "devices.allow=a\n",
	    "", CGROUP_LIMITS_CREATE },
	{ "podman", { .pids_limit = 2048 }, "pids.max=2048\n", "pids.max=2048\n",
	    CGROUP_LIMITS_CREATE },
	{ "podman --memory",
	    { .memory_limit = 67108864, .memory_swap = 134217728, .pids_limit = 2048 },
	    "memory.limit_in_bytes=67108864\nmemory.memsw.limit_in_bytes=134217728\n"
	    "pids.max=2048\n",
	    "memory.max=67108864\nmemory.swap.max=67108864\npids.max=2048\n",
	    CGROUP_LIMITS_CREATE },
	{ "buildah, ctr with a user", { 0 }, "", "", CGROUP_LIMITS_CREATE },
	{ "ctr", { .cpu_shares = 1024 }, "cpu.shares=1024\n", "cpu.weight=100\n",
	    CGROUP_LIMITS_CREATE },
	{ "ctr --memory-limit --cpus",
	    { .memory_limit = 67108864,
		.cpu_shares = 1024,
		.cpu_quota = 20000,
		.cpu_period = 100000 },
	    "memory.limit_in_bytes=67108864\ncpu.shares=1024\ncpu.cfs_period_us=100000\n"
	    "cpu.cfs_quota_us=20000\n",
	    "memory.max=67108864\ncpu.weight=100\ncpu.max=20000 100000\n", CGROUP_LIMITS_CREATE },
	{ "CRI sandbox", { .cpu_shares = 2 }, "cpu.shares=2\n", "cpu.weight=1\n",
	    CGROUP_LIMITS_CREATE },
	{ "CRI container",
	    { .memory_limit = 134217728,
		.memory_swap = 134217728,
		.cpu_shares = 512,
		.cpu_quota = 50000,
		.cpu_period = 100000 },
	    "memory.limit_in_bytes=134217728\nmemory.memsw.limit_in_bytes=134217728\n"
	    "cpu.shares=512\ncpu.cfs_period_us=100000\ncpu.cfs_quota_us=50000\n",
	    "memory.max=134217728\nmemory.swap.max=0?\ncpu.weight=59\ncpu.max=50000 100000\n",
	    CGROUP_LIMITS_CREATE },
	{ "CRI update",
	    { .memory_limit = 67108864,
		.memory_swap = 67108864,
		.cpu_shares = 256,
		.cpu_quota = 20000,
		.cpu_period = 100000,
		.cpuset_cpus = "0" },
	    "cpuset.cpus=0\nmemory.limit_in_bytes=67108864\nmemory.memsw.limit_in_bytes=67108864\n"
	    "cpu.shares=256\ncpu.cfs_period_us=100000\ncpu.cfs_quota_us=20000\n",
	    "cpuset.cpus=0\nmemory.max=67108864\nmemory.swap.max=0?\ncpu.weight=35\n"
	    "cpu.max=20000 100000\n",
	    CGROUP_LIMITS_UPDATE },
};

/* Every field, and what the OCI text says of it. */
static const struct sample fields[] = {
	{ "unlimited memory takes swap along", { .memory_limit = -1 },
	    "memory.limit_in_bytes=-1\nmemory.memsw.limit_in_bytes=-1?\n",
	    "memory.max=max\nmemory.swap.max=max?\n", CGROUP_LIMITS_UPDATE },
	{ "the rest of memory",
	    { .memory_limit = 4096,
		.memory_reservation = 2048,
		.kernel_memory = 1,
		.kernel_memory_tcp = 1024,
		.has_swappiness = 1,
		.disable_oom_killer = 1 },
	    "memory.limit_in_bytes=4096\nmemory.soft_limit_in_bytes=2048\n"
	    "memory.kmem.tcp.limit_in_bytes=1024\nmemory.swappiness=0\nmemory.oom_control=1\n"
	    "-memory.kernel\n",
	    "memory.max=4096\nmemory.low=2048\n-memory.kernel\n-memory.kernelTCP\n"
	    "-memory.swappiness\n-memory.disableOOMKiller\n",
	    CGROUP_LIMITS_CREATE },
	{ "quota without period", { .cpu_quota = -1 }, "cpu.cfs_quota_us=-1\n", "cpu.max=max\n",
	    CGROUP_LIMITS_CREATE },
	{ "period without quota", { .cpu_period = 50000 }, "cpu.cfs_period_us=50000\n",
	    "cpu.max=max 50000\n", CGROUP_LIMITS_CREATE },
	{ "an update of the period alone", { .cpu_period = 50000 }, "cpu.cfs_period_us=50000\n",
	    "cpu.max=max 50000\n", CGROUP_LIMITS_UPDATE },
	{ "burst", { .cpu_quota = 5000, .cpu_burst = 1000 },
	    "cpu.cfs_quota_us=5000\ncpu.cfs_burst_us=1000\n", "cpu.max=5000\ncpu.max.burst=1000\n",
	    CGROUP_LIMITS_CREATE },
	{ "idle has no shares", { .has_cpu_idle = 1, .cpu_idle = 1, .cpu_shares = 9 },
	    "cpu.idle=1\n-cpu.shares\n", "cpu.idle=1\n-cpu.shares\n", CGROUP_LIMITS_CREATE },
	{ "no longer idle, with shares", { .has_cpu_idle = 1, .cpu_shares = 1024 },
	    "cpu.idle=0\ncpu.shares=1024\n", "cpu.idle=0\ncpu.weight=100\n", CGROUP_LIMITS_UPDATE },
	{ "realtime", { .cpu_realtime_period = 1000000, .cpu_realtime_runtime = 950000 },
	    "cpu.rt_period_us=1000000\ncpu.rt_runtime_us=950000\n",
	    "-cpu.realtimePeriod\n-cpu.realtimeRuntime\n", CGROUP_LIMITS_CREATE },
	{ "cpuset comes first", { .pids_limit = -1, .cpuset_cpus = "0-1", .cpuset_mems = "0" },
	    "cpuset.cpus=0-1\ncpuset.mems=0\npids.max=max\n",
	    "cpuset.cpus=0-1\ncpuset.mems=0\npids.max=max\n", CGROUP_LIMITS_CREATE },
	{ "empty words are unset", { .cpuset_cpus = "" }, "", "", CGROUP_LIMITS_CREATE },
	{ "block devices",
	    { .blkio_weight = 10,
		.blkio_leaf_weight = 10,
		.blkio_weight_devices = LIST(weights, 2),
		.blkio_read_bps = LIST(slow, 1),
		.blkio_write_bps = LIST(slow, 1),
		.blkio_read_iops = LIST(slow, 1),
		.blkio_write_iops = LIST(slow, 1) },
	    "blkio.bfq.weight=10|blkio.weight=10\n"
	    "blkio.bfq.weight_device=8:0 1000|blkio.weight_device=8:0 1000\n"
	    "blkio.throttle.read_bps_device=8:0 1048576\n"
	    "blkio.throttle.write_bps_device=8:0 1048576\n"
	    "blkio.throttle.read_iops_device=8:0 1048576\n"
	    "blkio.throttle.write_iops_device=8:0 1048576\n"
	    "-blockIO.leafWeight\n-blockIO.weightDevice\n",
	    "io.bfq.weight=10|io.weight=1\n"
	    "io.bfq.weight=8:0 1000|io.weight=8:0 10000\n"
	    "io.max=8:0 rbps=1048576\nio.max=8:0 wbps=1048576\n"
	    "io.max=8:0 riops=1048576\nio.max=8:0 wiops=1048576\n"
	    "-blockIO.leafWeight\n-blockIO.weightDevice\n",
	    CGROUP_LIMITS_CREATE },
	{ "huge pages", { .hugepage_limits = LIST(hugepages, 1) },
	    "hugetlb.2MB.limit_in_bytes=4194304\nhugetlb.2MB.rsvd.limit_in_bytes=4194304?\n",
	    "hugetlb.2MB.max=4194304\nhugetlb.2MB.rsvd.max=4194304?\n", CGROUP_LIMITS_CREATE },
	{ "network", { .net_class_id = 0x100001, .net_priorities = LIST(priorities, 1) },
	    "net_cls.classid=1048577\nnet_prio.ifpriomap=eth0 500\n",
	    "-network.classID\n-network.priorities\n", CGROUP_LIMITS_CREATE },
	{ "rdma", { .rdma = LIST(rdma, 3) },
	    "rdma.max=mlx5_1 hca_handle=3 hca_object=10000\nrdma.max=mlx4_0 hca_object=1000\n",
	    "rdma.max=mlx5_1 hca_handle=3 hca_object=10000\nrdma.max=mlx4_0 hca_object=1000\n",
	    CGROUP_LIMITS_CREATE },
	{ "unified wins, a line a write", { .memory_limit = 4096, .unified = LIST(unified, 3) },
	    "error: linux.resources: invalid configuration: unified is given, but cgroup v2 is not "
	    "mounted here",
	    "memory.max=4096\nmemory.high=1048576\nio.max=8:0 rbps=1\nio.max=8:16 wbps=2\n"
	    "cgroup.max.depth=3\n",
	    CGROUP_LIMITS_CREATE },
	{ "an update leaves devices alone", { .devices = LIST(docker_devices, 3) }, "-devices\n",
	    "-devices\n", CGROUP_LIMITS_UPDATE },
};

/* What makes no sense; the text is a part of the error, the same on both. */
static const struct sample refused[] = {
	{ "swap below memory", { .memory_limit = 2, .memory_swap = 1 }, "below memory.limit", NULL,
	    CGROUP_LIMITS_CREATE },
	{ "swap alone", { .memory_swap = 4096 }, "without memory.limit", NULL,
	    CGROUP_LIMITS_CREATE },
	{ "swap under unlimited memory", { .memory_limit = -1, .memory_swap = 1 },
	    "memory.limit is not", NULL, CGROUP_LIMITS_CREATE },
	{ "a negative limit", { .memory_limit = -2 }, "memory.limit -2 is neither", NULL,
	    CGROUP_LIMITS_CREATE },
	{ "a weight too small", { .blkio_weight = 9 }, "within 10..1000", NULL,
	    CGROUP_LIMITS_CREATE },
	{ "a weight too big", { .blkio_weight = 1001 }, "within 10..1000", NULL,
	    CGROUP_LIMITS_CREATE },
	{ "a page size with a path", { .hugepage_limits = LIST(bad_hugepages, 1) }, "\"../x\"",
	    NULL, CGROUP_LIMITS_CREATE },
};

static void
test_samples(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sample *s = &samples[i];
		struct arena arena = { 0 };

		EQ_STR(render(&s->resources, &v1, s->when, &arena), s->v1,
		    arena_printf(&arena, "v1: %s", s->name));
		EQ_STR(render(&s->resources, &v2, s->when, &arena), s->v2,
		    arena_printf(&arena, "v2: %s", s->name));
		arena_free(&arena);
	}
}

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const struct sample *s = &refused[i];
		struct arena arena = { 0 };

		HAS_STR(render(&s->resources, &v1, s->when, &arena), s->v1, s->name);
		HAS_STR(render(&s->resources, &v2, s->when, &arena), s->v1, s->name);
		arena_free(&arena);
	}
}

/* Only with one version, or with neither. */
static void
test_versions(struct arena *arena)
{
	static const struct cgroup_layout bare_v1 = { 0 };
	static const struct cgroup_layout no_rights = { .rights_lacking = 1 };
	static const struct cgroup_layout bare_v2 = { .has_v2 = 1 };
	static const struct cgroup_layout hybrid = {
		.v1 = 1u << CGROUP_PIDS,
		.v2 = 1u << CGROUP_HUGETLB,
		.has_v2 = 1,
	};
	struct plan_resources pids = { .pids_limit = 5 };
	struct plan_resources both = { .pids_limit = 5, .hugepage_limits = LIST(hugepages, 1) };
	struct plan_resources shares = { .cpu_shares = 1 };
	struct plan_resources class = { .net_class_id = 1 };
	struct plan_resources swap = { .memory_swap = 4096 };
	struct plan_resources swappy = { .has_swappiness = 1, .swappiness = 101 };

	EQ_STR(render(&pids, &bare_v1, CGROUP_LIMITS_CREATE, arena),
	    "error: linux.resources: pids limit asked (linux.resources.pids.limit), but the pids "
	    "controller is not mounted",
	    "v1: a missing controller is named");
	HAS_STR(render(&pids, &bare_v2, CGROUP_LIMITS_CREATE, arena), "not handed down",
	    "v2: a missing controller");
	EQ_STR(render(&pids, &no_rights, CGROUP_LIMITS_CREATE, arena), "-pids.limit\n",
	    "an ordinary user's: not applied");
	EQ_STR(render(&both, &hybrid, CGROUP_LIMITS_CREATE, arena),
	    "pids.max=5\nhugetlb.2MB.max=4194304\nhugetlb.2MB.rsvd.max=4194304?\n",
	    "hybrid: each where it is");
	HAS_STR(render(&class, &hybrid, CGROUP_LIMITS_CREATE, arena), "net_cls controller",
	    "hybrid: net_cls could be mounted");
	HAS_STR(render(&shares, &v1, CGROUP_LIMITS_CREATE, arena), "within 2..262144",
	    "v1: shares that the kernel would change");
	EQ_STR(render(&swap, &v1, CGROUP_LIMITS_UPDATE, arena),
	    "memory.memsw.limit_in_bytes=4096\n", "v1: an update of swap alone");
	HAS_STR(
	    render(&swappy, &v1, CGROUP_LIMITS_CREATE, arena), "within 0..100", "v1: swappiness");
}

static void
test_unified(struct arena *arena)
{
	struct plan_resources slash = { .unified = LIST(slashed, 1) };
	struct plan_resources dot = { .unified = LIST(dotless, 1) };
	struct plan_resources runtime = { .unified = LIST(procs, 1) };
	struct plan_resources high = { .unified = LIST(unified, 1) };
	struct plan_resources memory = { .memory_limit = 4096 };
	static const struct cgroup_layout memory_on_v1 = { .v1 = 1u << CGROUP_MEMORY, .has_v2 = 1 };
	static const struct cgroup_layout bare = { .has_v2 = 1 };
	static const struct cgroup_layout blocked = { .has_v2 = 1, .blocked = "busy.slice" };

	HAS_STR(render(&high, &memory_on_v1, CGROUP_LIMITS_CREATE, arena),
	    "memory is cgroup v1's here", "a controller of the other version");
	HAS_STR(render(&high, &bare, CGROUP_LIMITS_CREATE, arena),
	    "\"memory.high\" cannot be set: the controller memory is not available",
	    "a controller that is not there");
	HAS_STR(render(&memory, &blocked, CGROUP_LIMITS_CREATE, arena),
	    "cgroup busy.slice has processes of its own", "who does not hand it down");
	HAS_STR(render(&slash, &v2, CGROUP_LIMITS_CREATE, arena), "\"../x.y\"", "no paths");
	HAS_STR(render(&dot, &v2, CGROUP_LIMITS_CREATE, arena), "\"tasks\"", "no dot");
	HAS_STR(render(&runtime, &v2, CGROUP_LIMITS_CREATE, arena), "runtime's",
	    "nothing pulls processes in");
}

static void
test_weights(void)
{
	static const struct {
		uint64_t shares;
		uint64_t weight;
	} pairs[] = {
		{ 0, 0 },
		{ 1, 1 },
		{ 2, 1 },
		{ 3, 2 },
		{ 100, 17 },
		{ 256, 35 },
		{ 512, 59 },
		{ 1023, 100 },
		{ 1024, 100 },
		{ 1025, 101 },
		{ 2048, 174 },
		{ 262143, 10000 },
		{ 262144, 10000 },
		{ UINT64_MAX, 10000 },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		EQ_INT(cgroup_limits_weight(pairs[i].shares), pairs[i].weight, "shares to weight");
}

/* What is needed is what is written: else a hybrid would not look for it in v2. */
static void
test_needs(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = { 0 };
		struct cgroup_limits limits = { 0 };
		struct error err;
		uint32_t written = 0;
		uint32_t needs = cgroup_limits_needs(&samples[i].resources);

		if (cgroup_limits_compile(&samples[i].resources,
			samples[i].resources.unified.count ? &v2 : &v1, samples[i].when, &arena,
			&limits, &err) < 0)
			limits.writes = NULL;
		for (const struct cgroup_write *w = limits.writes; w; w = w->next)
			if (w->controller != CGROUP_UNIFIED)
				written |= 1u << w->controller;
		EQ_INT(written & ~needs, 0, samples[i].name);
		arena_free(&arena);
	}
}

static void
test_hints(void)
{
	static const struct cgroup_write memory = { .file = "memory.limit_in_bytes" };
	static const struct cgroup_write swap = { .file = "memory.memsw.limit_in_bytes" };
	static const struct cgroup_write any = { .file = "x", .controller = CGROUP_UNIFIED };

	HAS_STR(cgroup_limits_hint(&memory, EBUSY), "memory limit could be too low", "busy");
	HAS_STR(cgroup_limits_hint(&swap, ENOENT), "swapaccount=1", "no swap accounting");
	HAS_STR(cgroup_limits_hint(&any, ENOENT), "no such file", "unified");
	OK(!cgroup_limits_hint(&memory, EIO), "none where there is nothing to say");
}

int
main(void)
{
	struct arena arena = { 0 };

	test_samples(engines, sizeof engines / sizeof *engines);
	test_samples(fields, sizeof fields / sizeof *fields);
	test_refused();
	test_versions(&arena);
	test_unified(&arena);
	test_weights();
	test_needs(engines, sizeof engines / sizeof *engines);
	test_needs(fields, sizeof fields / sizeof *fields);
	test_hints();
	arena_free(&arena);
	DONE();
}
