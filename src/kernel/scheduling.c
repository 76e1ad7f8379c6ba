/* Four system calls, and what to say when they are refused. */
#include "kernel/scheduling.h"

#include "base/error.h"
#include "base/syscalls.h"

#include <errno.h>
#include <linux/ioprio.h>

#define WORD_BITS 64u

/* struct sched_attr as of Linux 3.14: glibc 2.41 and the kernel's headers both define that name. */
struct scheduling_attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

int
scheduling_set_policy(const struct plan_scheduler *scheduler, struct error *err)
{
	struct scheduling_attributes attributes = {
		.size = sizeof(attributes),
		.policy = scheduler->policy,
		.flags = scheduler->flags,
		.nice = scheduler->nice,
		.priority = scheduler->priority,
		.runtime = scheduler->runtime_ns,
		.deadline = scheduler->deadline_ns,
		.period = scheduler->period_ns,
	};

	if (!scheduler->has_policy || syscall(SYS_sched_setattr, 0, &attributes, 0) == 0)
		return 0;
	if (errno == EPERM && scheduler->priority)
		return error_sys(err,
		    "sched_setattr (realtime takes CAP_SYS_NICE, and with cgroup v1 "
		    "linux.resources.cpu.realtimeRuntime)");
	if (errno == EPERM)
		return error_sys(err,
		    "sched_setattr (SCHED_DEADLINE and more than the caller's own "
		    "priority take CAP_SYS_NICE)");
	return error_sys(err, "sched_setattr");
}

int
scheduling_set_io_priority(const struct plan_process *process, struct error *err)
{
	uint32_t value = IOPRIO_PRIO_VALUE(process->io_class, process->io_level);

	if (!process->io_class || syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, value) == 0)
		return 0;
	return error_sys(
	    err, "ioprio_set%s", errno == EPERM ? " (IOPRIO_CLASS_RT takes CAP_SYS_NICE)" : "");
}

int
scheduling_set_memory_policy(const struct plan_memory_policy *policy, struct error *err)
{
	/* one more than there are: the kernel takes one off (set_mempolicy(2), BUGS of getting) */
	unsigned long bits = policy->nodes.count ? policy->nodes.count * WORD_BITS + 1 : 0;

	if (!policy->has_mode || syscall(SYS_set_mempolicy, policy->mode | policy->flags,
				     policy->nodes.items, bits) == 0)
		return 0;
	if (errno == EINVAL)
		return error_sys(
		    err, "set_mempolicy (are the nodes there, and in the cgroup's cpuset.mems?)");
	return error_sys(err, "set_mempolicy");
}

int
scheduling_set_cpus(const plan_bits *cpus)
{
	if (cpus->count == 0)
		return 0;
	return syscall(SYS_sched_setaffinity, 0, cpus->count * sizeof(uint64_t), cpus->items) < 0
		   ? errno
		   : 0;
}

int
scheduling_exchange_cpus(const plan_bits *cpus, struct scheduling_cpus *before)
{
	long size;

	*before = (struct scheduling_cpus) { 0 };
	if (cpus->count == 0)
		return 0;
	size = syscall(SYS_sched_getaffinity, 0, sizeof(before->words), before->words);
	if (size < 0)
		return errno;
	before->bits.items = before->words;
	before->bits.count = (uint64_t)size / sizeof(uint64_t);
	return scheduling_set_cpus(cpus);
}
