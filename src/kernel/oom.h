/* Processes that the kernel has killed in a cgroup for want of memory: the line oom_kill of v2's
 * memory.events and of v1's memory.oom_control (cgroups(7); v1: Linux 4.13). */
#ifndef OSLESS_KERNEL_OOM_H
#define OSLESS_KERNEL_OOM_H

#include "plan/plan.h"

#include <stdint.h>

/* Opens the file of the plan's cgroup, while the host's cgroups are in sight. The fd is the
 * caller's; -1: there is none. */
int oom_open(const struct plan_cgroup *cgroup);

/* So many till now; 0 where fd is -1, or the file has no such line. */
uint64_t oom_kills(int fd);

#endif
