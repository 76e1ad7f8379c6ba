/* The systemd unit that a container's cgroup is of, from linux.cgroupsPath, and its properties from
 * annotations org.systemd.property.NAME. Pure; inside this folder only. */
#ifndef OSLESS_POLICY_UNIT_H
#define OSLESS_POLICY_UNIT_H

#include "policy/pass.h"

/* "slice:prefix:name", where each of the first two may be empty. */
int unit_is_path(const char *path);

/* Fills plan->cgroup.unit. -1: err. */
int unit_compile(struct compile *c, struct error *err);

#endif
