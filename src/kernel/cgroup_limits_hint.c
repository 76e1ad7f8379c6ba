/* Why the kernel refused a limit, in words. Pure. */
#include "kernel/cgroup_limits.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *start; /* of the file's name */
	int errnum;
	const char *hint;
} hints[] = {
	{ "memory.limit_in_bytes", EBUSY,
	    CGROUP_MEMORY_TOO_LOW ", or more is in use and cannot be reclaimed" },
	{ "memory.limit_in_bytes", EINVAL,
	    "memory limit could be too low, or above the limit of memory and swap" },
	{ "memory.max", EBUSY, CGROUP_MEMORY_TOO_LOW },
	{ "memory.memsw.", EBUSY,
	    "memory limit could be too low: more memory and swap are in use" },
	{ "memory.memsw.", EINVAL, "it must not be below memory.limit" },
	{ "memory.memsw.", ENOENT,
	    "this kernel does not account swap: boot with swapaccount=1, or leave out "
	    "memory.swap" },
	{ "memory.swap.max", ENOENT, "this kernel does not account swap: leave out memory.swap" },
	{ "cpuset.", EACCES, "not all of these are in the parent cgroup" },
	{ "cpuset.", EINVAL, "not a list like \"0-3,5\", or the machine has none of these" },
	{ "cpuset.", ERANGE, "not a list like \"0-3,5\", or the machine has none of these" },
	{ "cpuset.", ENOSPC, "processes in it would be left without any" },
	{ "cpu.cfs_burst_us", ENOENT, "needs Linux 5.14" },
	{ "cpu.cfs_", EINVAL,
	    "1000 to 1000000 microseconds, and no more than the parent cgroup has" },
	{ "cpu.max", EINVAL, "1000 to 1000000 microseconds" },
	{ "cpu.idle", ENOENT, "needs Linux 5.15" },
	{ "cpu.rt_", ENOENT, "this kernel has no realtime groups (CONFIG_RT_GROUP_SCHED)" },
	{ "cpu.rt_", EINVAL, "the parent cgroup must have as much realtime time to give" },
	{ "blkio.weight", ENOENT, "weights need the bfq scheduler: load the module bfq" },
	{ "io.weight", ENOENT, "weights need io.cost or the bfq scheduler: load the module bfq" },
	{ "blkio.", ENODEV, "no such block device" },
	{ "io.", ENODEV, "no such block device" },
	{ "hugetlb.", ENOENT, "this machine has no huge pages of that size" },
	{ "rdma.max", ENODEV, "no such rdma device" },
	{ "net_prio.", ENODEV, "no such network interface" },
	{ "devices.", EPERM, "the parent cgroup allows fewer devices" },
};

const char *
cgroup_limits_hint(const struct cgroup_write *write, int errnum)
{
	if (write->controller == CGROUP_UNIFIED && errnum == ENOENT)
		return "this kernel has no such file";
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].errnum == errnum &&
		    strncmp(write->file, hints[i].start, strlen(hints[i].start)) == 0)
			return hints[i].hint;
	return NULL;
}
