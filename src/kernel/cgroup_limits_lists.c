/* Limits that come as lists, to files and texts. Pure. */
#include "kernel/cgroup_limits_job.h"

#include "kernel/cgroup_devices.h"

#include <string.h>

/* block devices */

static int
add_weight_device(struct cgroup_job *job, const struct plan_weight_device *device, uint32_t version)
{
	static const char key[] = "blockIO.weightDevice";
	const char *numbers = arena_printf(
	    job->arena, "%lld:%lld ", (long long)device->major, (long long)device->minor);
	struct cgroup_write write = { .controller = CGROUP_BLKIO, .version = version, .key = key };

	if (device->leaf_weight && cgroup_job_not_applied(job, key, CGROUP_NO_LEAF_WEIGHT) < 0)
		return -1;
	if (!device->weight)
		return 0;
	if (!numbers)
		return cgroup_job_no_memory(job);
	if (cgroup_job_check_io_weight(job, key, device->weight) < 0)
		return -1;
	write.file = version == 1 ? "blkio.bfq.weight_device" : "io.bfq.weight";
	write.text = arena_printf(job->arena, "%s%u", numbers, device->weight);
	write.instead = version == 1
			    ? cgroup_job_copy(job, &write, "blkio.weight_device", write.text)
			    : cgroup_job_copy(job, &write, "io.weight",
				  cgroup_job_io_weight(job, numbers, device->weight));
	return cgroup_job_write(job, &write);
}

static int
add_throttle(struct cgroup_job *job, const char *const names[3],
    const struct plan_throttle_device *device, uint32_t version)
{
	struct cgroup_write write = {
		.controller = CGROUP_BLKIO,
		.version = version,
		.key = names[0],
		.file = version == 1 ? names[1] : "io.max",
	};

	write.text = arena_printf(job->arena, "%lld:%lld %s%llu", (long long)device->major,
	    (long long)device->minor, version == 1 ? "" : names[2],
	    (unsigned long long)device->rate);
	return cgroup_job_write(job, &write);
}

static int
add_throttles(struct cgroup_job *job, uint32_t version)
{
	const struct plan_resources *r = job->resources;
	const struct {
		const char *names[3]; /* key, v1 file, v2 word */
		const struct plan_throttle_device *items;
		uint64_t count;
	} lists[] = {
		{ { "blockIO.throttleReadBpsDevice", "blkio.throttle.read_bps_device", "rbps=" },
		    r->blkio_read_bps.items, r->blkio_read_bps.count },
		{ { "blockIO.throttleWriteBpsDevice", "blkio.throttle.write_bps_device", "wbps=" },
		    r->blkio_write_bps.items, r->blkio_write_bps.count },
		{ { "blockIO.throttleReadIOPSDevice", "blkio.throttle.read_iops_device", "riops=" },
		    r->blkio_read_iops.items, r->blkio_read_iops.count },
		{ { "blockIO.throttleWriteIOPSDevice", "blkio.throttle.write_iops_device",
		      "wiops=" },
		    r->blkio_write_iops.items, r->blkio_write_iops.count },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (uint64_t k = 0; k < lists[i].count; k++)
			if (add_throttle(job, lists[i].names, &lists[i].items[k], version) < 0)
				return -1;
	return 0;
}

int
cgroup_job_has_block_devices(const struct plan_resources *r)
{
	return r->blkio_weight_devices.count || r->blkio_read_bps.count ||
	       r->blkio_write_bps.count || r->blkio_read_iops.count || r->blkio_write_iops.count;
}

static int
add_block_devices(struct cgroup_job *job)
{
	uint32_t version = cgroup_job_version(job, CGROUP_BLKIO);

	if (!cgroup_job_has_block_devices(job->resources))
		return 0;
	if (!version)
		return cgroup_job_miss(job, "blockIO", CGROUP_BLKIO);
	for (uint64_t i = 0; i < job->resources->blkio_weight_devices.count; i++)
		if (add_weight_device(
			job, &job->resources->blkio_weight_devices.items[i], version) < 0)
			return -1;
	return add_throttles(job, version);
}

/* huge pages, network, rdma */

static int
add_hugepage_file(struct cgroup_job *job, const struct plan_hugepage_limit *limit,
    const char *suffix, uint32_t version, uint32_t flags)
{
	struct cgroup_write write = {
		.controller = CGROUP_HUGETLB,
		.version = version,
		.flags = flags,
		.key = "hugepageLimits",
		.file = arena_printf(job->arena, "hugetlb.%s.%s", limit->page_size, suffix),
		.text = arena_printf(job->arena, "%llu", (unsigned long long)limit->limit),
	};

	return cgroup_job_write(job, &write);
}

/* Use and reservation are limited alike; a reservation beyond the limit would end in SIGBUS. */
static int
add_hugepages(struct cgroup_job *job)
{
	uint32_t version = cgroup_job_version(job, CGROUP_HUGETLB);

	for (uint64_t i = 0; i < job->resources->hugepage_limits.count; i++) {
		const struct plan_hugepage_limit *limit = &job->resources->hugepage_limits.items[i];

		if (!version)
			return cgroup_job_miss(job, "hugepageLimits", CGROUP_HUGETLB);
		if (!limit->page_size || !*limit->page_size || strpbrk(limit->page_size, "/."))
			return error_set(job->err,
			    "hugepageLimits: \"%s\" is not a page size like \"2MB\"",
			    limit->page_size ? limit->page_size : "");
		if (add_hugepage_file(
			job, limit, version == 1 ? "limit_in_bytes" : "max", version, 0) < 0 ||
		    add_hugepage_file(job, limit, version == 1 ? "rsvd.limit_in_bytes" : "rsvd.max",
			version, CGROUP_WRITE_OPTIONAL) < 0)
			return -1;
	}
	return 0;
}

static int
add_net_priorities(struct cgroup_job *job)
{
	const struct plan_resources *resources = job->resources;

	if (!resources->net_priorities.count)
		return 0;
	if (!cgroup_job_version(job, CGROUP_NET_PRIO))
		return cgroup_job_miss(job, "network.priorities", CGROUP_NET_PRIO);
	for (uint64_t i = 0; i < resources->net_priorities.count; i++) {
		struct cgroup_write write = {
			.controller = CGROUP_NET_PRIO,
			.version = 1,
			.key = "network.priorities",
			.file = "net_prio.ifpriomap",
			.text = arena_printf(job->arena, "%s %u",
			    resources->net_priorities.items[i].name,
			    resources->net_priorities.items[i].priority),
		};

		if (cgroup_job_write(job, &write) < 0)
			return -1;
	}
	return 0;
}

static const char *
rdma_text(struct cgroup_job *job, const struct plan_rdma_limit *limit)
{
	if (limit->has_handles && limit->has_objects)
		return arena_printf(job->arena, "%s hca_handle=%u hca_object=%u", limit->device,
		    limit->handles, limit->objects);
	if (limit->has_handles)
		return arena_printf(job->arena, "%s hca_handle=%u", limit->device, limit->handles);
	return arena_printf(job->arena, "%s hca_object=%u", limit->device, limit->objects);
}

static int
add_rdma(struct cgroup_job *job)
{
	uint32_t version = cgroup_job_version(job, CGROUP_RDMA);

	for (uint64_t i = 0; i < job->resources->rdma.count; i++) {
		const struct plan_rdma_limit *limit = &job->resources->rdma.items[i];
		struct cgroup_write write = {
			.controller = CGROUP_RDMA,
			.version = version,
			.key = "rdma",
			.file = "rdma.max",
		};

		if (!limit->has_handles && !limit->has_objects)
			continue;
		if (!version)
			return cgroup_job_miss(job, "rdma", CGROUP_RDMA);
		write.text = rdma_text(job, limit);
		if (cgroup_job_write(job, &write) < 0)
			return -1;
	}
	return 0;
}

/* devices */

static int
add_device_rule(struct cgroup_job *job, int allow, const char *text)
{
	struct cgroup_write write = {
		.controller = CGROUP_DEVICES,
		.version = 1,
		.key = "devices",
		.file = allow ? "devices.allow" : "devices.deny",
		.text = text,
	};

	return cgroup_job_write(job, &write);
}

static int
write_devices(struct cgroup_job *job, const struct cgroup_devices *devices)
{
	if (devices->initial != CGROUP_DEVICES_INHERIT &&
	    add_device_rule(job, devices->initial == CGROUP_DEVICES_ALLOW, "a") < 0)
		return -1;
	for (uint64_t i = 0; i < devices->entries.count; i++) {
		const struct plan_device_rule *rule = &devices->entries.items[i];

		if (add_device_rule(job, rule->allow != 0, cgroup_devices_text(rule, job->arena)) <
		    0)
			return -1;
	}
	return 0;
}

static int
add_devices_v1(struct cgroup_job *job)
{
	struct cgroup_devices devices;

	if (cgroup_devices_settle(job->resources, job->arena, &devices, job->err) < 0)
		return -1;
	return write_devices(job, &devices);
}

static int
add_devices_v2(struct cgroup_job *job)
{
	struct cgroup_device_program *program = arena_alloc(job->arena, sizeof(*program));

	if (!program)
		return cgroup_job_no_memory(job);
	if (cgroup_device_program(job->resources, job->arena, program, job->err) < 0)
		return -1;
	if (!program->allows_all)
		*job->devices = program;
	return 0;
}

static int
add_devices(struct cgroup_job *job)
{
	if (!job->resources->devices.count)
		return 0;
	if (job->when == CGROUP_LIMITS_UPDATE)
		return cgroup_job_not_applied(
		    job, "devices", "an update leaves device rules as they are");
	if (job->layout->v1 & CGROUP_BIT(CGROUP_DEVICES))
		return add_devices_v1(job);
	if (job->layout->rights_lacking)
		return 0; /* who may not make a cgroup may not make a device either */
	if (job->layout->has_v2)
		return add_devices_v2(job);
	return cgroup_job_miss(job, "devices", CGROUP_DEVICES);
}

/* unified */

/* Files that say what the cgroup is or who is in it belong to the runtime: cgroup.procs would pull
 * any process of the host in. */
static int
check_unified(struct cgroup_job *job, const char *key)
{
	const char *dot = strchr(key, '.');
	uint32_t controller;

	if (!dot || dot == key || strchr(key, '/'))
		return error_set(
		    job->err, "unified: \"%s\" is not a cgroup file like \"memory.high\"", key);
	if (strncmp(key, "cgroup.", 7) == 0 && strncmp(key, "cgroup.max.", 11) != 0)
		return error_set(job->err, "unified: \"%s\" is the runtime's to write", key);
	controller = cgroup_limits_controller(key, (size_t)(dot - key));
	if (controller & job->layout->v1)
		return error_set(job->err,
		    "unified: \"%s\" cannot be set: the controller %.*s is cgroup v1's here", key,
		    (int)(dot - key), key);
	if (controller & ~job->layout->v2)
		return error_set(job->err,
		    "unified: \"%s\" cannot be set: the controller %.*s is not available in the "
		    "container's cgroup (see cgroup.controllers there)",
		    key, (int)(dot - key), key);
	return 0;
}

/* Files like io.max take one line a write. */
static int
add_lines(struct cgroup_job *job, const char *file, const char *text)
{
	struct cgroup_write write = {
		.controller = CGROUP_UNIFIED,
		.version = 2,
		.key = "unified",
		.file = file,
	};

	do {
		size_t length = strcspn(text, "\n");

		write.text = arena_printf(job->arena, "%.*s", (int)length, text);
		if (cgroup_job_write(job, &write) < 0)
			return -1;
		text += length;
	} while (*text++ && *text);
	return 0;
}

static int
add_unified(struct cgroup_job *job)
{
	for (uint64_t i = 0; i < job->resources->unified.count; i++) {
		const struct plan_pair *pair = &job->resources->unified.items[i];

		if (!job->layout->has_v2)
			return error_set(job->err, "invalid configuration: unified is given, but "
						   "cgroup v2 is not mounted here");
		if (check_unified(job, pair->key) < 0 ||
		    add_lines(job, pair->key, pair->value ? pair->value : "") < 0)
			return -1;
	}
	return 0;
}

int
cgroup_job_add_lists(struct cgroup_job *job)
{
	if (add_block_devices(job) < 0 || add_hugepages(job) < 0 || add_net_priorities(job) < 0 ||
	    add_rdma(job) < 0 || add_devices(job) < 0)
		return -1;
	return add_unified(job);
}
