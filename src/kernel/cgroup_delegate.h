/* A container's own cgroup into the hands of its user (OCI runtime-spec config-linux.md, "Cgroup
 * ownership"; cgroups(7), "Delegating a hierarchy to a less privileged user"). */
#ifndef OSLESS_KERNEL_CGROUP_DELEGATE_H
#define OSLESS_KERNEL_CGROUP_DELEGATE_H

#include "base/error.h"

#include <sys/types.h>

/* dir (v2) and those of its files that the kernel lists in /sys/kernel/cgroup/delegate become the
 * user's; limits stay root's. A caller who may not give files away (EPERM) keeps them. */
int cgroup_delegate(int dir, uid_t user, struct error *err);

#endif
