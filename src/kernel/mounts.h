/* One mount of the plan: made detached, given its attributes, attached by fd. Nothing is ever
 * visible half-configured, and the target is resolved once, inside the root (base/path.h).
 * mount_setattr(2), move_mount(2), fsopen(2): Linux 5.12. */
#ifndef OSLESS_KERNEL_MOUNTS_H
#define OSLESS_KERNEL_MOUNTS_H

#include "plan/plan.h"

struct error;

/* Whether the host has to open this mount, since init lacks the right: idmapped ones need
 * CAP_SYS_ADMIN over the file system itself, and in a user namespace the path to a bind's source
 * may be closed to the mapped root (an ordinary user's are open to that: it is he). Init finds
 * these fds after the preserved ones, in the plan's order. */
int mount_is_host_made(const struct plan *plan, const struct plan_mount *mount);

/* The detached mount (host side): a copy of a bind's source with what is below it, which gives
 * nothing back to the source unless the whole root does, or a new file system; idmapped where
 * userns, a user namespace with the maps, is not -1. Attributes are set by mount_attach. Returns an
 * fd or -1. */
int
mount_make(const struct plan *plan, const struct plan_mount *mount, int userns, struct error *err);

/* Makes (unless made >= 0 is given: the host's fd, which stays the caller's) and attaches one mount
 * below root. cgroups: where PLAN_MOUNT_CGROUP takes its directories from. kept: gets an fd of the
 * mount, the caller's; NULL = not wanted. -1: err names the destination. */
int mount_attach(int root, const struct plan_mount *mount, int made,
    const struct plan_cgroup *cgroups, int *kept, struct error *err);

/* Read-only /dev is set when the devices are there: mount_attach leaves the attribute out, this
 * puts it in. */
int mount_is_dev(const struct plan_mount *mount);
int mount_seal_dev(int root, struct error *err);

#endif
