/* Namespaces pass as config.json has them; one is required. Whether a path leads to the host's own
 * namespace cannot be known here: who opens it looks. Pure. */
#include "policy/pass.h"

#include "base/error.h"

#include <string.h>

/* An ordinary user, and root of another user namespace, has no right over the host's. */
static int
pass_net_devices(struct compile *c, struct error *err)
{
	const __typeof__(c->spec->net_devices) *from = &c->spec->net_devices;

	if (from->count && (c->facts->euid != 0 || c->facts->in_userns))
		return error_set(err,
		    "linux.netDevices: only the host's root may move network devices: run osless "
		    "as root, or leave them out");
	c->plan->net_devices.items = from->items;
	c->plan->net_devices.count = from->count;
	return 0;
}

int
pass_namespaces(struct compile *c, struct error *err)
{
	const struct spec *spec = c->spec;
	struct plan *plan = c->plan;

	if (spec->namespaces[PLAN_NS_MNT].mode == PLAN_NS_HOST)
		return error_set(err,
		    "linux.namespaces: a container needs a mount namespace, or its mounts would "
		    "be the host's: add {\"type\": \"mount\"}");
	memcpy(plan->namespaces, spec->namespaces, sizeof(plan->namespaces));
	plan->uid_map = spec->uid_map;
	plan->gid_map = spec->gid_map;
	plan->time_offsets.items = spec->time_offsets.items;
	plan->time_offsets.count = spec->time_offsets.count;
	return pass_net_devices(c, err);
}
