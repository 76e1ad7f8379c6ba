/* Namespaces pass as config.json has them; one is required. Whether a path leads to the host's own
 * namespace cannot be known here: who opens it looks. Pure. */
#include "policy/pass.h"

#include "base/error.h"

#include <string.h>

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
	return 0;
}
