/* Device rules of a container, as the cgroup v1 devices controller can hold them. Pure. (For v2:
 * cgroup_device_program.h.)
 *
 * OCI says that later rules win. The kernel does not work so: it keeps one default and a list of
 * exceptions, and a rule that goes back to the default only takes away an exception of exactly its
 * type and numbers. So `allow c 1:3 rwm, deny c *:* w`, written in order, would leave 1:3 writable.
 * Hence the rules are first played through here, and what is left is written.
 * (Linux Documentation/admin-guide/cgroup-v1/devices.rst, security/device_cgroup.c.) */
#ifndef OSLESS_KERNEL_CGROUP_DEVICES_H
#define OSLESS_KERNEL_CGROUP_DEVICES_H

#include "base/arena.h"
#include "base/error.h"
#include "plan/resources.h"

enum cgroup_devices_default {
	CGROUP_DEVICES_INHERIT, /* no rule is about all devices: the parent's stay, entries are in
				   the order of the rules */
	CGROUP_DEVICES_DENY,    /* all but the entries are denied */
	CGROUP_DEVICES_ALLOW,   /* all but the entries are allowed */
};

struct cgroup_devices {
	enum cgroup_devices_default initial;
	PLAN_LIST(struct plan_device_rule) entries;
};

/* The index after the last rule about all devices, which makes everything before it void; 0 where
 * there is none. *initial is what that rule says. */
uint64_t
cgroup_devices_start(const struct plan_resources *resources, enum cgroup_devices_default *initial);

/* What is left of the rules of resources: out is in the arena. Returns -1 where a rule takes back a
 * part of an earlier one that numbers alone cannot express (deny c 1:3 after allow c 1:*). */
int cgroup_devices_settle(const struct plan_resources *resources, struct arena *arena,
    struct cgroup_devices *out, struct error *err);

/* "c 1:3 rwm", as devices.allow and devices.deny take it. NULL when memory is exhausted. */
const char *cgroup_devices_text(const struct plan_device_rule *rule, struct arena *arena);

#endif
