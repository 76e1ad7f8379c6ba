/* A container's limits as properties of its systemd unit (systemd.resource-control(5)), and what
 * else the unit is started with. Pure: the cgroup's own files are written as well
 * (cgroup_limits.h), since there are limits that systemd knows no property for; but what it knows
 * it must be told, or it would write its own defaults over them (`systemctl daemon-reload`). */
#ifndef OSLESS_KERNEL_UNIT_LIMITS_H
#define OSLESS_KERNEL_UNIT_LIMITS_H

#include "plan/plan.h"

#include <stdint.h>
#include <sys/types.h>

struct arena;
struct error;

struct unit_facts {
	uint32_t version;         /* systemd's */
	uint32_t is_v2;           /* 1: cgroup v2 alone; in a hybrid systemd sets v1's */
	const char *devices_text; /* of /proc/devices */
};

struct unit_properties {
	PLAN_LIST(struct plan_unit_property) list;
};

/* Of a new unit, with pid in it. The annotations' properties come before those of the limits, which
 * so win. out is in the arena. -1: err. */
int unit_limits_create(const struct plan *plan, const struct unit_facts *facts, pid_t pid,
    struct arena *arena, struct unit_properties *out, struct error *err);

/* Of the limits that are given, with the values that all have by then; devices stay. */
int unit_limits_update(const struct plan_resources *given, const struct plan_resources *whole,
    const struct unit_facts *facts, struct arena *arena, struct unit_properties *out,
    struct error *err);

#endif
