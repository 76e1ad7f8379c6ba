/* What both parts of the compilation of limits do, and the names of controllers. Pure. */
#include "kernel/cgroup_limits_job.h"

#include <string.h>

static const struct {
	const char *v1;
	const char *v2; /* NULL = v2 never has it */
} controllers[CGROUP_CONTROLLERS] = {
	[CGROUP_CPUSET] = { "cpuset", "cpuset" },
	[CGROUP_CPU] = { "cpu", "cpu" },
	[CGROUP_MEMORY] = { "memory", "memory" },
	[CGROUP_PIDS] = { "pids", "pids" },
	[CGROUP_BLKIO] = { "blkio", "io" },
	[CGROUP_HUGETLB] = { "hugetlb", "hugetlb" },
	[CGROUP_RDMA] = { "rdma", "rdma" },
	[CGROUP_NET_CLS] = { "net_cls", NULL },
	[CGROUP_NET_PRIO] = { "net_prio", NULL },
	[CGROUP_DEVICES] = { "devices", NULL },
	[CGROUP_FREEZER] = { "freezer", NULL },
	[CGROUP_MISC] = { "misc", "misc" },
};

int
cgroup_job_no_memory(struct cgroup_job *job)
{
	return error_set(job->err, "limits: out of memory");
}

int
cgroup_job_not_applied(struct cgroup_job *job, const char *key, const char *reason)
{
	struct cgroup_not_applied *item = arena_alloc(job->arena, sizeof *item);

	if (!item)
		return cgroup_job_no_memory(job);
	*item = (struct cgroup_not_applied) { .key = key, .reason = reason };
	*job->last_not_applied = item;
	job->last_not_applied = &item->next;
	return 0;
}

int
cgroup_job_write(struct cgroup_job *job, const struct cgroup_write *write)
{
	struct cgroup_write *item = arena_alloc(job->arena, sizeof *item);

	if (!item || !write->text || !write->file)
		return cgroup_job_no_memory(job);
	*item = *write;
	*job->last_write = item;
	job->last_write = &item->next;
	return 0;
}

struct cgroup_write *
cgroup_job_copy(
    struct cgroup_job *job, const struct cgroup_write *write, const char *file, const char *text)
{
	struct cgroup_write *item = arena_alloc(job->arena, sizeof *item);

	if (!item)
		return NULL;
	*item = *write;
	item->file = file;
	item->text = text;
	return item;
}

uint32_t
cgroup_job_version(const struct cgroup_job *job, enum cgroup_controller controller)
{
	if (job->layout->v1 & CGROUP_BIT(controller))
		return 1;
	return (job->layout->v2 & CGROUP_BIT(controller)) ? 2 : 0;
}

int
cgroup_job_miss(struct cgroup_job *job, const char *key, enum cgroup_controller controller)
{
	if (job->layout->rights_lacking)
		return cgroup_job_not_applied(job, key, CGROUP_NO_RIGHTS);
	if (!job->layout->v1 && !controllers[controller].v2)
		return cgroup_job_not_applied(job, key, CGROUP_NO_V2);
	if (job->layout->blocked)
		return error_set(job->err,
		    "%s limit asked (linux.resources.%s), but cgroup %s has processes of its own, "
		    "and so cannot hand controllers down (cgroups(7), \"no internal processes\"): "
		    "choose another linux.cgroupsPath, or move them into a cgroup below it",
		    controllers[controller].v1, key, job->layout->blocked);
	return error_set(job->err,
	    "%s limit asked (linux.resources.%s), but the %s controller is not mounted%s",
	    controllers[controller].v1, key, controllers[controller].v1,
	    job->layout->has_v2 ? ", or not handed down to the container's cgroup" : "");
}

const char *
cgroup_job_io_weight(struct cgroup_job *job, const char *device, uint32_t weight)
{
	return arena_printf(job->arena, "%s%u", device, 1 + (weight - 10) * 9999 / 990);
}

int
cgroup_job_check_io_weight(struct cgroup_job *job, const char *key, uint32_t weight)
{
	if (weight < 10 || weight > 1000)
		return error_set(job->err, "%s %u is not within 10..1000", key, weight);
	return 0;
}

uint32_t
cgroup_limits_controller(const char *name, size_t length)
{
	for (size_t i = 0; i < CGROUP_CONTROLLERS; i++) {
		const char *v1 = controllers[i].v1;
		const char *v2 = controllers[i].v2;

		if ((strlen(v1) == length && memcmp(v1, name, length) == 0) ||
		    (v2 && strlen(v2) == length && memcmp(v2, name, length) == 0))
			return CGROUP_BIT(i);
	}
	return 0;
}
