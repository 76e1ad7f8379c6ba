/* Where and how soon a process runs and finds its memory: sched_setattr(2), ioprio_set(2),
 * set_mempolicy(2), sched_setaffinity(2). All are about the calling thread and what it starts.
 * System calls only: a vfork child can call them. */
#ifndef OSLESS_KERNEL_SCHEDULING_H
#define OSLESS_KERNEL_SCHEDULING_H

#include "plan/plan.h"

struct error;

/* What is not given is kept. -1: err, with the right or the limit that is probably lacking. */
int scheduling_set_policy(const struct plan_scheduler *scheduler, struct error *err);
int scheduling_set_io_priority(const struct plan_process *process, struct error *err);
int scheduling_set_memory_policy(const struct plan_memory_policy *policy, struct error *err);

/* Without bits: nothing is done. Returns 0 or an errno; EINVAL where none of the CPUs is there, or
 * the cpuset has none of them. */
int scheduling_set_cpus(const plan_bits *cpus);

/* The same, and *before gets what there was, for setting it back; it stays empty without bits. */
#define SCHEDULING_CPU_WORDS 128 /* 8192 CPUs */
struct scheduling_cpus {
	uint64_t words[SCHEDULING_CPU_WORDS];
	plan_bits bits; /* of words */
};
int scheduling_exchange_cpus(const plan_bits *cpus, struct scheduling_cpus *before);

#endif
