/* linux.resources, also as a document of its own (update): words into numbers, and a check of all
 * that becomes part of a cgroup file's name or of a line in one. Whether the kernel can keep a
 * limit is the cgroup driver's question. */
#include "spec/convert.h"

#include "base/auto.h"
#include "base/file.h"
#include "spec/document.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT "linux.resources."
#define SWAPPINESS_MAX 100u

/* An amount that may be -1 for "no limit" and 0 for "unset". */
static int
check_amount(struct convert *c, const char *path, int64_t amount)
{
	if (amount >= -1)
		return 0;
	return convert_refuse(c,
	    AT "%s: %" PRId64 " is no limit: use -1 for none, 0 for unset, or the amount", path,
	    amount);
}

/* Whether text can stand as one word on a line of a cgroup file. */
static int
is_one_word(const char *text)
{
	for (const char *at = text; *at; at++) {
		if (isspace((unsigned char)*at) || iscntrl((unsigned char)*at))
			return 0;
	}
	return *text != '\0';
}

/* ---- devices */

static int
convert_access(struct convert *c, size_t index, const char *access, uint32_t *bits)
{
	for (const char *at = access ? access : ""; *at; at++) {
		if (!strchr("rwm", *at))
			return convert_refuse(c,
			    AT "devices[%zu].access: %s is not known: use some of r, w and m",
			    index, convert_quote(c, access));
		*bits |= *at == 'r' ? PLAN_DEVICE_READ : 0;
		*bits |= *at == 'w' ? PLAN_DEVICE_WRITE : 0;
		*bits |= *at == 'm' ? PLAN_DEVICE_MKNOD : 0;
	}
	if (*bits == 0)
		return convert_refuse(
		    c, AT "devices[%zu].access: empty: use some of r, w and m", index);
	return 0;
}

static int
check_rule_number(struct convert *c, size_t index, const char *which, int64_t number)
{
	if (number >= -1 && number <= UINT32_MAX)
		return 0;
	return convert_refuse(c,
	    AT "devices[%zu].%s: %" PRId64 " is no device number: use -1 for all, or 0 and more",
	    index, which, number);
}

static int
convert_device_rule(struct convert *c, size_t index, const struct ocispec_device_rule *from,
    struct plan_device_rule *to)
{
	const char *word = from->type && *from->type ? from->type : "a";
	uint64_t type;

	if (words_find(&words_rule_types, word, &type) < 0)
		return convert_refuse_word(c, convert_path(c, AT "devices[%zu].type", index),
		    "device type", word, &words_rule_types);
	to->allow = from->allow;
	to->type = (uint32_t)type;
	to->major = from->has_major ? from->major : -1;
	to->minor = from->has_minor ? from->minor : -1;
	if (check_rule_number(c, index, "major", to->major) < 0 ||
	    check_rule_number(c, index, "minor", to->minor) < 0)
		return -1;
	return convert_access(c, index, from->access, &to->access);
}

static int
convert_device_rules(struct convert *c, const struct ocispec_resources *from)
{
	__typeof__(c->spec->resources.devices) *to = &c->spec->resources.devices;

	if (CONVERT_LIST(c, to, from->devices.count) < 0)
		return -1;
	for (size_t i = 0; i < from->devices.count; i++) {
		if (convert_device_rule(c, i, &from->devices.items[i], &to->items[i]) < 0)
			return -1;
	}
	return 0;
}

/* ---- memory, cpu, pids */

static int
check_memory(struct convert *c, const struct ocispec_memory_limits *from)
{
	const struct {
		const char *path;
		int64_t amount;
	} amounts[] = {
		{ "memory.limit", from->limit },
		{ "memory.reservation", from->reservation },
		{ "memory.swap", from->swap },
		{ "memory.kernel", from->kernel },
		{ "memory.kernelTCP", from->kernel_tcp },
	};

	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		if (check_amount(c, amounts[i].path, amounts[i].amount) < 0)
			return -1;
	}
	return 0;
}

/* UINT64_MAX is the -1 that docker's older versions send for "not given". */
static int
convert_swappiness(struct convert *c, const struct ocispec_memory_limits *from)
{
	if (!from->has_swappiness || from->swappiness == UINT64_MAX)
		return 0;
	if (from->swappiness > SWAPPINESS_MAX)
		return convert_refuse(c,
		    AT "memory.swappiness: %" PRIu64 " is not a percentage: use 0 to 100",
		    from->swappiness);
	c->spec->resources.has_swappiness = 1;
	c->spec->resources.swappiness = (uint32_t)from->swappiness;
	return 0;
}

static int
convert_memory(struct convert *c, const struct ocispec_memory_limits *from)
{
	struct plan_resources *to = &c->spec->resources;

	if (check_memory(c, from) < 0)
		return -1;
	to->memory_limit = from->limit;
	to->memory_reservation = from->reservation;
	to->memory_swap = from->swap;
	to->kernel_memory = from->kernel;
	to->kernel_memory_tcp = from->kernel_tcp;
	to->disable_oom_killer = from->disable_oom_killer;
	to->check_before_update = from->check_before_update;
	if (from->has_use_hierarchy && !from->use_hierarchy &&
	    convert_unsupported(
		c, AT "memory.useHierarchy", "memory cgroups always count what is below them") < 0)
		return -1;
	return convert_swappiness(c, from);
}

static int
convert_cpu(struct convert *c, const struct ocispec_cpu *from)
{
	struct plan_resources *to = &c->spec->resources;

	if (check_amount(c, "cpu.quota", from->quota) < 0 ||
	    check_amount(c, "cpu.realtimeRuntime", from->realtime_runtime) < 0)
		return -1;
	if (from->idle < 0 || from->idle > 1)
		return convert_refuse(c, AT "cpu.idle: %" PRId64 " is neither 0 nor 1", from->idle);
	to->cpu_shares = from->shares;
	to->cpu_quota = from->quota;
	to->cpu_burst = from->burst;
	to->cpu_period = from->period;
	to->cpu_realtime_runtime = from->realtime_runtime;
	to->cpu_realtime_period = from->realtime_period;
	to->has_cpu_idle = from->has_idle;
	to->cpu_idle = from->idle;
	to->cpuset_cpus = convert_text(from->cpus);
	to->cpuset_mems = convert_text(from->mems);
	return 0;
}

static int
convert_pids(struct convert *c, const struct ocispec_pids *from)
{
	c->spec->resources.pids_limit = from->limit;
	return check_amount(c, "pids.limit", from->limit);
}

/* ---- block devices */

static int
check_block_device(struct convert *c, const char *list, size_t index, int64_t major, int64_t minor)
{
	if (major >= 0 && minor >= 0)
		return 0;
	return convert_refuse(c,
	    AT "blockIO.%s[%zu]: %" PRId64 ":%" PRId64 " is no device number: use 0 and more", list,
	    index, major, minor);
}

static int
convert_weights(struct convert *c, const struct ocispec_block_io *from)
{
	__typeof__(c->spec->resources.blkio_weight_devices) *to =
	    &c->spec->resources.blkio_weight_devices;

	c->spec->resources.blkio_weight = from->weight;
	c->spec->resources.blkio_leaf_weight = from->leaf_weight;
	if (CONVERT_LIST(c, to, from->weight_device.count) < 0)
		return -1;
	for (size_t i = 0; i < from->weight_device.count; i++) {
		const struct ocispec_weight_device *device = &from->weight_device.items[i];

		if (check_block_device(c, "weightDevice", i, device->major, device->minor) < 0)
			return -1;
		to->items[i] = (struct plan_weight_device) { device->major, device->minor,
			device->weight, device->leaf_weight };
	}
	return 0;
}

static int
convert_throttles(struct convert *c, const char *list, const struct ocispec_throttle_device *from,
    size_t count, struct plan_throttle_device **items, uint64_t *items_count)
{
	PLAN_LIST(struct plan_throttle_device) to;

	if (CONVERT_LIST(c, &to, count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (check_block_device(c, list, i, from[i].major, from[i].minor) < 0)
			return -1;
		to.items[i] =
		    (struct plan_throttle_device) { from[i].major, from[i].minor, from[i].rate };
	}
	*items = to.items;
	*items_count = to.count;
	return 0;
}

#define THROTTLES(c, list, from, to) \
	convert_throttles(c, list, (from)->items, (from)->count, &(to)->items, &(to)->count)

static int
convert_block_io(struct convert *c, const struct ocispec_block_io *from)
{
	struct plan_resources *to = &c->spec->resources;

	if (convert_weights(c, from) < 0)
		return -1;
	if (THROTTLES(c, "throttleReadBpsDevice", &from->throttle_read_bps_device,
		&to->blkio_read_bps) < 0 ||
	    THROTTLES(c, "throttleWriteBpsDevice", &from->throttle_write_bps_device,
		&to->blkio_write_bps) < 0)
		return -1;
	if (THROTTLES(c, "throttleReadIOPSDevice", &from->throttle_read_iops_device,
		&to->blkio_read_iops) < 0)
		return -1;
	return THROTTLES(
	    c, "throttleWriteIOPSDevice", &from->throttle_write_iops_device, &to->blkio_write_iops);
}

/* ---- what names files or words in them */

/* The kernel writes sizes so: "64KB", "2MB", "1GB". */
static int
is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;

	if (digits == 0 || digits > 9)
		return 0;
	return strcmp(unit, "KB") == 0 || strcmp(unit, "MB") == 0 || strcmp(unit, "GB") == 0;
}

static int
convert_hugepages(struct convert *c, const struct ocispec_resources *from)
{
	__typeof__(c->spec->resources.hugepage_limits) *to = &c->spec->resources.hugepage_limits;

	if (CONVERT_LIST(c, to, from->hugepage_limits.count) < 0)
		return -1;
	for (size_t i = 0; i < from->hugepage_limits.count; i++) {
		const struct ocispec_hugepage_limit *limit = &from->hugepage_limits.items[i];

		if (!is_page_size(limit->page_size))
			return convert_refuse(c,
			    AT "hugepageLimits[%zu].pageSize: %s is no page size: write a number "
			       "and KB, MB or GB",
			    i, convert_quote(c, limit->page_size));
		to->items[i] = (struct plan_hugepage_limit) { limit->page_size, limit->limit };
	}
	return 0;
}

static int
convert_network(struct convert *c, const struct ocispec_network *from)
{
	__typeof__(c->spec->resources.net_priorities) *to = &c->spec->resources.net_priorities;

	c->spec->resources.net_class_id = from->class_id;
	if (CONVERT_LIST(c, to, from->priorities.count) < 0)
		return -1;
	for (size_t i = 0; i < from->priorities.count; i++) {
		const struct ocispec_interface_priority *one = &from->priorities.items[i];

		if (!is_one_word(one->name))
			return convert_refuse(c,
			    AT "network.priorities[%zu].name: %s is no interface's name", i,
			    convert_quote(c, one->name));
		to->items[i] = (struct plan_priority) { one->name, one->priority };
	}
	return 0;
}

static int
convert_rdma(struct convert *c, const struct ocispec_resources *from)
{
	__typeof__(c->spec->resources.rdma) *to = &c->spec->resources.rdma;

	if (CONVERT_LIST(c, to, from->rdma.count) < 0)
		return -1;
	for (size_t i = 0; i < from->rdma.count; i++) {
		const struct ocispec_rdma *limit = &from->rdma.items[i];

		if (!is_one_word(limit->key))
			return convert_refuse(
			    c, AT "rdma: %s is no device's name", convert_quote(c, limit->key));
		to->items[i] = (struct plan_rdma_limit) {
			.device = limit->key,
			.has_handles = limit->has_hca_handles,
			.has_objects = limit->has_hca_objects,
			.handles = limit->hca_handles,
			.objects = limit->hca_objects,
		};
	}
	return 0;
}

/* The key is opened as a file of the container's cgroup: it must not lead elsewhere. */
static int
convert_unified(struct convert *c, const ocispec_map *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const char *key = from->items[i].key;

		if (strchr(key, '/') || !is_one_word(key))
			return convert_refuse(c, AT "unified: %s must be a file name (no slashes)",
			    convert_quote(c, key));
		if (key[0] == '.' || !strchr(key, '.'))
			return convert_refuse(c,
			    AT "unified: %s must be in the form CONTROLLER.PARAMETER",
			    convert_quote(c, key));
	}
	return CONVERT_PAIRS(c, from, &c->spec->resources.unified);
}

int
convert_resources(struct convert *c, const struct ocispec_resources *from)
{
	if (convert_device_rules(c, from) < 0)
		return -1;
	if (from->memory && convert_memory(c, from->memory) < 0)
		return -1;
	if (from->cpu && convert_cpu(c, from->cpu) < 0)
		return -1;
	if (from->pids && convert_pids(c, from->pids) < 0)
		return -1;
	if (from->block_io && convert_block_io(c, from->block_io) < 0)
		return -1;
	if (convert_hugepages(c, from) < 0 || convert_rdma(c, from) < 0)
		return -1;
	if (from->network && convert_network(c, from->network) < 0)
		return -1;
	return convert_unified(c, &from->unified);
}

/* ---- the document of its own */

int
spec_parse_resources(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec *spec, struct error *err)
{
	struct convert c = { .name = name, .arena = arena, .spec = spec, .err = err };
	struct ocispec_resources resources;

	*spec = (struct spec) { 0 };
	if (document_read(name, text, length, OCISPEC_RESOURCES, arena, &resources, err) < 0)
		return -1;
	return convert_resources(&c, &resources);
}

int
spec_load_resources(const char *path, struct arena *arena, struct spec *spec, struct error *err)
{
	int from_stdin = strcmp(path, "-") == 0;
	const char *name = from_stdin ? "standard input" : path;
	AUTO_FREE char *text = NULL;
	AUTO_FD int opened = -1;
	struct stat status;
	size_t length;

	if (!from_stdin) {
		opened = document_open(AT_FDCWD, path, path, &status, err);
		if (opened < 0)
			return -1;
	}
	text = file_read_fd(from_stdin ? STDIN_FILENO : opened, name, DOCUMENT_MAX, &length, err);
	return text ? spec_parse_resources(name, text, length, arena, spec, err) : -1;
}
