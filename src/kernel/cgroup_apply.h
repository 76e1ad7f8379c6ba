/* Writes compiled limits into open cgroups. For cgroup.c alone. */
#ifndef OSLESS_KERNEL_CGROUP_APPLY_H
#define OSLESS_KERNEL_CGROUP_APPLY_H

#include "kernel/cgroup.h"

/* v2 in a hybrid hands down only what is needed and what v1 has not; v2 alone all that there is, as
 * stats read it. cgroup->not_applied is set. */
int cgroup_apply_limits(struct cgroup *cgroup, const struct plan_resources *resources,
    enum cgroup_limits_when when, struct arena *arena, struct error *err);

#endif
