/* Merging limits, by tables over struct plan_resources: a field of zeros is unset. */
#include "container/update_limits.h"

#include <errno.h>
#include <string.h>

#define DEVICE_KEY (2 * sizeof(int64_t)) /* major and minor, first in their structs */
#define STRING_KEY 0                     /* a const char *, first in its struct */

/* Bytes first..last of the struct, taken over together. */
#define FIELDS(first, last) \
	{ \
		offsetof(struct plan_resources, first), \
		    offsetof(struct plan_resources, last) + \
			sizeof(((struct plan_resources *)NULL)->last) - \
			offsetof(struct plan_resources, first) \
	}
#define FIELD(name) FIELDS(name, name)

static const struct {
	size_t offset;
	size_t size;
} fields[] = {
	FIELD(memory_limit),
	FIELD(memory_reservation),
	FIELD(memory_swap),
	FIELD(kernel_memory),
	FIELD(kernel_memory_tcp),
	FIELDS(has_swappiness, swappiness),
	FIELD(disable_oom_killer),
	FIELD(check_before_update),
	FIELD(cpu_shares),
	FIELD(cpu_quota),
	FIELD(cpu_burst),
	FIELD(cpu_period),
	FIELD(cpu_realtime_runtime),
	FIELD(cpu_realtime_period),
	FIELDS(has_cpu_idle, cpu_idle),
	FIELD(cpuset_cpus),
	FIELD(cpuset_mems),
	FIELD(pids_limit),
	FIELD(blkio_weight),
	FIELD(blkio_leaf_weight),
	FIELD(net_class_id),
};

#define LIST(name, key) \
	{ \
		offsetof(struct plan_resources, name), \
		    sizeof(*((struct plan_resources *)NULL)->name.items), key \
	}

static const struct {
	size_t offset;
	size_t size; /* of an item */
	size_t key;  /* so many bytes of it, or STRING_KEY */
} lists[] = {
	LIST(blkio_weight_devices, DEVICE_KEY),
	LIST(blkio_read_bps, DEVICE_KEY),
	LIST(blkio_write_bps, DEVICE_KEY),
	LIST(blkio_read_iops, DEVICE_KEY),
	LIST(blkio_write_iops, DEVICE_KEY),
	LIST(hugepage_limits, STRING_KEY),
	LIST(net_priorities, STRING_KEY),
	LIST(rdma, STRING_KEY),
	LIST(unified, STRING_KEY),
};

#define FIELDS_COUNT (sizeof(fields) / sizeof(fields[0]))
#define LISTS_COUNT (sizeof(lists) / sizeof(lists[0]))

typedef PLAN_LIST(unsigned char) byte_list; /* of items of any type */

static byte_list
list_of(const struct plan_resources *resources, size_t offset)
{
	byte_list list;

	memcpy(&list, (const char *)resources + offset, sizeof(list));
	return list;
}

static int
is_set(const struct plan_resources *resources, size_t field)
{
	const unsigned char *bytes = (const unsigned char *)resources + fields[field].offset;

	for (size_t i = 0; i < fields[field].size; i++)
		if (bytes[i])
			return 1;
	return 0;
}

static int
is_same(const unsigned char *a, const unsigned char *b, size_t key)
{
	const char *left, *right;

	if (key != STRING_KEY)
		return memcmp(a, b, key) == 0;
	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return strcmp(left, right) == 0;
}

/* Where item stands in list, or the place behind its end. */
static unsigned char *
find(const byte_list *list, const unsigned char *item, size_t size, size_t key)
{
	uint64_t i = 0;

	while (i < list->count && !is_same(list->items + i * size, item, key))
		i++;
	return list->items + i * size;
}

static int
merge_list(struct plan_resources *to, const struct plan_resources *from, size_t row,
    struct arena *arena, struct error *err)
{
	size_t size = lists[row].size;
	byte_list old = list_of(to, lists[row].offset);
	byte_list new = list_of(from, lists[row].offset);
	byte_list all = { NULL, old.count };

	if (new.count == 0)
		return 0;
	all.items = arena_array(arena, old.count + new.count, size);
	if (!all.items)
		return error_num(err, ENOMEM, "limits");
	if (old.count)
		memcpy(all.items, old.items, old.count * size);
	for (uint64_t i = 0; i < new.count; i++) {
		const unsigned char *item = new.items + i *size;
		unsigned char *place = find(&all, item, size, lists[row].key);

		if (place == all.items + all.count * size)
			all.count++;
		memcpy(place, item, size);
	}
	memcpy((char *)to + lists[row].offset, &all, sizeof(all));
	return 0;
}

int
update_merge(struct plan_resources *to, const struct plan_resources *from, struct arena *arena,
    struct error *err)
{
	for (size_t i = 0; i < FIELDS_COUNT; i++)
		if (is_set(from, i))
			memcpy((char *)to + fields[i].offset, (const char *)from + fields[i].offset,
			    fields[i].size);
	for (size_t i = 0; i < LISTS_COUNT; i++)
		if (merge_list(to, from, i, arena, err) < 0)
			return -1;
	return 0;
}

int
update_is_empty(const struct plan_resources *resources)
{
	for (size_t i = 0; i < FIELDS_COUNT; i++)
		if (is_set(resources, i))
			return 0;
	for (size_t i = 0; i < LISTS_COUNT; i++)
		if (list_of(resources, lists[i].offset).count)
			return 0;
	return 1;
}

/* Unlimited memory lifts the limit of both, as the kernel's driver does. */
void
update_complete(struct plan_resources *given, const struct plan_resources *has)
{
	if (given->memory_limit && !given->memory_swap)
		given->memory_swap = given->memory_limit == -1 ? -1 : has->memory_swap;
	else if (given->memory_swap && !given->memory_limit)
		given->memory_limit = has->memory_limit;
	if (given->cpu_period && !given->cpu_quota)
		given->cpu_quota = has->cpu_quota;
	if (given->has_cpu_idle && !given->cpu_idle && !given->cpu_shares)
		given->cpu_shares = has->cpu_shares; /* idle had put them aside */
	if (given->memory_limit > 0 && has->check_before_update)
		given->check_before_update = 1;
}

int
update_check(const struct plan_resources *whole, struct error *err)
{
	if (whole->memory_swap > 0 && whole->memory_limit > whole->memory_swap)
		return error_set(err,
		    "memory.limit %lld would be above memory.swap %lld, which counts memory and "
		    "swap together: change both",
		    (long long)whole->memory_limit, (long long)whole->memory_swap);
	if (whole->cpu_quota > 0 && whole->cpu_burst > (uint64_t)whole->cpu_quota)
		return error_set(err, "cpu.burst %llu would be above cpu.quota %lld",
		    (unsigned long long)whole->cpu_burst, (long long)whole->cpu_quota);
	return 0;
}
