/* A compilation of limits that is under way: shared by cgroup_limits.c (single values) and
 * cgroup_limits_lists.c. Pure; for these alone. */
#ifndef OSLESS_KERNEL_CGROUP_LIMITS_JOB_H
#define OSLESS_KERNEL_CGROUP_LIMITS_JOB_H

#include "kernel/cgroup_limits.h"

#define CGROUP_BIT(controller) (1u << (controller))

/* Why a limit is not applied, where more than one says it. */
#define CGROUP_NO_V2 "cgroup v2 has nothing like it"
#define CGROUP_NO_RIGHTS \
	"the caller may not make a cgroup of its controller: have one delegated, or run as root"
#define CGROUP_NO_LEAF_WEIGHT "leaf weights left the kernel with the CFQ scheduler (5.0)"

struct cgroup_job {
	const struct plan_resources *resources;
	const struct cgroup_layout *layout;
	enum cgroup_limits_when when;
	struct arena *arena;
	const struct cgroup_write **last_write; /* where the lists end */
	const struct cgroup_not_applied **last_not_applied;
	const struct cgroup_device_program **devices;
	struct error *err;
};

/* Returns -1, as all below do on failure, with job->err filled. */
int cgroup_job_no_memory(struct cgroup_job *job);

int cgroup_job_not_applied(struct cgroup_job *job, const char *key, const char *reason);

/* A copy of write goes to the end of the list. file or text NULL = memory was exhausted when they
 * were made. */
int cgroup_job_write(struct cgroup_job *job, const struct cgroup_write *write);

/* A write like another, for its .instead. NULL when memory is exhausted: then there is none. */
struct cgroup_write *cgroup_job_copy(
    struct cgroup_job *job, const struct cgroup_write *write, const char *file, const char *text);

/* 1, 2, or 0: the controller is nowhere. */
uint32_t cgroup_job_version(const struct cgroup_job *job, enum cgroup_controller controller);

/* For a limit whose controller is nowhere: an error, save with v2 alone where v2 never has it, and
 * where the caller's rights are what lacks. */
int cgroup_job_miss(struct cgroup_job *job, const char *key, enum cgroup_controller controller);

/* blockIO weights: the config and bfq count 10..1000, io.weight 1..10000. device is "" or "8:0 ".
 * NULL when memory is exhausted. */
const char *cgroup_job_io_weight(struct cgroup_job *job, const char *device, uint32_t weight);
int cgroup_job_check_io_weight(struct cgroup_job *job, const char *key, uint32_t weight);

/* cgroup_limits_lists.c: whatever has many items. unified comes last, as it wins. */
int cgroup_job_add_lists(struct cgroup_job *job);
int cgroup_job_has_block_devices(const struct plan_resources *resources);

#endif
