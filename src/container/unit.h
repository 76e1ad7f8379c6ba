/* A container whose cgroup is a systemd unit's: rows of create, and what later verbs do to it. For
 * this folder only. */
#ifndef OSLESS_CONTAINER_UNIT_H
#define OSLESS_CONTAINER_UNIT_H

#include "container/create.h"

/* NULL where it has none. */
const struct plan_unit *unit_of(const struct container *container);

/* Whether what is in the container's cgroups is the container's. A unit that was there before is
 * another's, and as long as there is no record, spoilt or not, only the creator knows; but then the
 * first process ends with him, and systemd forgets a scope without processes. Cgroups without a
 * unit are ours. */
int unit_is_ours(const struct container *container);

/* Connects to systemd, and completes the plan: where the unit's cgroups will be. */
int unit_find(struct container *container, struct error *err);

/* Starts the unit with the container's first process in it, which waits for that, and sets the
 * limits that systemd has no property for. The connection is not needed any more. */
int unit_make(struct container *container, struct error *err);

/* Changes the limits that are given, to what all are by then. */
int unit_change(struct container *container, const struct plan_resources *given,
    const struct plan_resources *whole, struct error *err);

/* Stops the unit, and removes what is left of the cgroups. */
int unit_drop(struct container *container, struct error *err);

#endif
