/* linux.resources, checked and in kernel units: what `create` sets before anything runs, and what
 * `update` changes.
 *
 * Zero means unset in every field without a has_ flag, as engines send zeros for "not given"
 * (docker: memory.limit 0, cpu.shares 0). -1 means unlimited where the OCI text says so (memory,
 * swap, quota, pids). */
#ifndef OSLESS_PLAN_RESOURCES_H
#define OSLESS_PLAN_RESOURCES_H

#include <stdint.h>

/* A counted array. Where the elements are strings, a NULL follows the last one, so that items can
 * be given to execve. */
#define PLAN_LIST(type) \
	struct { \
		type *items; \
		uint64_t count; \
	}

/* One rule of linux.resources.devices; later rules win. type is 'a', 'b' or 'c'; major and minor -1
 * are wildcards. */
struct plan_device_rule {
	uint32_t allow; /* 0 or 1 */
	uint32_t type;
	int64_t major;
	int64_t minor;
	uint32_t access; /* PLAN_DEVICE_* */
};

enum {
	PLAN_DEVICE_READ = 1,
	PLAN_DEVICE_WRITE = 2,
	PLAN_DEVICE_MKNOD = 4,
};

struct plan_weight_device {
	int64_t major;
	int64_t minor;
	uint32_t weight;      /* 0 = unset */
	uint32_t leaf_weight; /* v1 only; 0 = unset */
};

struct plan_throttle_device {
	int64_t major;
	int64_t minor;
	uint64_t rate; /* bytes or operations a second */
};

struct plan_hugepage_limit {
	const char *page_size; /* as in the file name: "2MB", "1GB" */
	uint64_t limit;        /* bytes */
};

struct plan_priority {
	const char *name; /* interface */
	uint32_t priority;
};

struct plan_rdma_limit {
	const char *device;
	uint32_t has_handles;
	uint32_t has_objects;
	uint32_t handles;
	uint32_t objects;
};

struct plan_pair {
	const char *key;
	const char *value;
};

struct plan_resources {
	/* memory, bytes */
	int64_t memory_limit;
	int64_t memory_reservation;
	int64_t memory_swap; /* memory + swap, as the OCI text (and v1) count */
	int64_t kernel_memory;
	int64_t kernel_memory_tcp;
	uint32_t has_swappiness;
	uint32_t swappiness;
	uint32_t disable_oom_killer;
	uint32_t
	    check_before_update; /* refuse a limit below present use ("rejecting memory limit") */

	/* cpu; times in microseconds */
	uint64_t cpu_shares;
	int64_t cpu_quota;
	uint64_t cpu_burst;
	uint64_t cpu_period;
	int64_t cpu_realtime_runtime;
	uint64_t cpu_realtime_period;
	uint32_t has_cpu_idle;
	int64_t cpu_idle;
	const char *cpuset_cpus; /* NULL = unset, as below */
	const char *cpuset_mems;

	int64_t pids_limit;

	uint32_t blkio_weight;
	uint32_t blkio_leaf_weight;
	PLAN_LIST(struct plan_weight_device) blkio_weight_devices;
	PLAN_LIST(struct plan_throttle_device) blkio_read_bps;
	PLAN_LIST(struct plan_throttle_device) blkio_write_bps;
	PLAN_LIST(struct plan_throttle_device) blkio_read_iops;
	PLAN_LIST(struct plan_throttle_device) blkio_write_iops;

	PLAN_LIST(struct plan_hugepage_limit) hugepage_limits;
	uint32_t net_class_id;
	PLAN_LIST(struct plan_priority) net_priorities;
	PLAN_LIST(struct plan_rdma_limit) rdma;
	PLAN_LIST(struct plan_pair) unified; /* cgroup v2 file name -> text */

	PLAN_LIST(struct plan_device_rule) devices;
};

#endif
