/* The ids that the runtime's own user namespace has. */
#ifndef OSLESS_KERNEL_IDMAP_OWN_H
#define OSLESS_KERNEL_IDMAP_OWN_H

#include "plan/plan.h"

struct arena;
struct error;

/* /proc/self/uid_map and gid_map, in the arena. */
int idmap_own(plan_idmaps *uids, plan_idmaps *gids, struct arena *arena, struct error *err);

#endif
