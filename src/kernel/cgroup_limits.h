/* linux.resources -> which text goes to which cgroup file, in which order. Pure: sees no file
 * system; cgroup.c does the writing.
 *
 * Order: cpuset (a v1 cpuset takes no process before it has cpus and mems), then the other
 * controllers, `unified` last, so that it wins. Zeros mean unset (plan/resources.h). What a file
 * takes: Linux Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst; OCI runtime-spec
 * config-linux.md. */
#ifndef OSLESS_KERNEL_CGROUP_LIMITS_H
#define OSLESS_KERNEL_CGROUP_LIMITS_H

#include "base/arena.h"
#include "base/error.h"
#include "kernel/cgroup_device_program.h"
#include "plan/resources.h"

#include <stddef.h>

/* Names are v1's; v2 calls blkio "io". */
enum cgroup_controller {
	CGROUP_CPUSET,
	CGROUP_CPU,
	CGROUP_MEMORY,
	CGROUP_PIDS,
	CGROUP_BLKIO,
	CGROUP_HUGETLB,
	CGROUP_RDMA,
	CGROUP_NET_CLS,
	CGROUP_NET_PRIO,
	CGROUP_DEVICES,
	CGROUP_FREEZER,
	CGROUP_MISC,
	CGROUP_CONTROLLERS,
	CGROUP_UNIFIED = CGROUP_CONTROLLERS, /* in writes: the v2 directory, whatever controller */
};

/* Where each controller is, as bits 1 << enum cgroup_controller. One that is in both counts as v1.
 * v1 alone: v2 = 0 and has_v2 = 0; hybrid: both; v2 alone: v1 = 0. */
struct cgroup_layout {
	uint32_t v1;
	uint32_t v2;
	uint32_t has_v2;         /* there is a cgroup2 directory, even if it has no controller */
	uint32_t rights_lacking; /* the caller could not make all: what is missing is no error */
	const char *blocked;     /* v2: the cgroup above, with processes of its own, that hands none
				    down; NULL = none */
};

enum cgroup_limits_when {
	CGROUP_LIMITS_CREATE, /* the cgroup is fresh, nothing runs in it */
	CGROUP_LIMITS_UPDATE, /* devices are left as they are: CRI's updates say "deny all" and mean
				 no change */
};

enum cgroup_write_flag {
	CGROUP_WRITE_OPTIONAL = 1, /* nothing is lost where the file does not exist */
	CGROUP_WRITE_RETRY = 2,    /* where refused (EINVAL, EBUSY), once more after the others: the
				      kernel checks it against another value that changes too */
};

struct cgroup_write {
	const struct cgroup_write *next;
	const struct cgroup_write *instead; /* where the file does not exist; NULL = none */
	uint32_t controller;                /* enum cgroup_controller, or CGROUP_UNIFIED */
	uint32_t version;                   /* 1 or 2: in which hierarchy */
	uint32_t flags;                     /* enum cgroup_write_flag */
	const char *key;                    /* in the config: "memory.limit" */
	const char *file;                   /* "memory.limit_in_bytes" */
	const char *text;
};

/* A limit that was asked for and that this kernel or cgroup version cannot keep. */
struct cgroup_not_applied {
	const struct cgroup_not_applied *next;
	const char *key;
	const char *reason;
};

struct cgroup_limits {
	const struct cgroup_write *writes;
	const struct cgroup_device_program *devices; /* for the v2 directory; NULL: none */
	const struct cgroup_not_applied *not_applied;
};

/* The controllers that resources needs, as bits, so that the caller can find out whether v2 has
 * those which v1 has not. 0 where nothing is limited. */
uint32_t cgroup_limits_needs(const struct plan_resources *resources);

/* Fills out from resources; lists are in the arena. Returns -1 where a limit makes no sense, or
 * where its controller is in neither hierarchy. */
int cgroup_limits_compile(const struct plan_resources *resources,
    const struct cgroup_layout *layout, enum cgroup_limits_when when, struct arena *arena,
    struct cgroup_limits *out, struct error *err);

/* The bit of a controller by v1's or v2's name (length bytes of it); 0 for unknown ones. */
uint32_t cgroup_limits_controller(const char *name, size_t length);

/* For whatever fails where memory is limited. 512 KiB is what a static /bin/true and osless' init
 * take together, with some to spare: v1 on 6.18 needs 320, v2 on 6.1 384 (tests/bats). */
#define CGROUP_MEMORY_TOO_LOW \
	"memory limit could be too low (the least that a small static program runs in is 512 KiB)"

/* Why the kernel refused a write with this errno, and what to do; NULL where errno says it. */
const char *cgroup_limits_hint(const struct cgroup_write *write, int errnum);

/* cpu.shares (2..262144) as cpu.weight (1..10000), so that the defaults 1024 and 100 meet. 0 -> 0.
 * The curve that runc 1.3.2 and crun 1.23 took up (runc issue 4772). */
uint64_t cgroup_limits_weight(uint64_t shares);

#endif
