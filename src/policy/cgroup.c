/* Which cgroup manager, and whether the path is one that it understands. Pure. */
#include "policy/pass.h"

#include "base/error.h"
#include "policy/unit.h"
#include "spec/words.h"

#include <linux/mount.h>
#include <string.h>

#define CGROUPFS_CURE \
	"use cgroupfs: SystemdCgroup = false (containerd), cgroup_manager = \"cgroupfs\" " \
	"(podman, " \
	"CRI-O), native.cgroupdriver=cgroupfs (docker)"

/* Init's are one, or with a guard two. */
int64_t
policy_pids_limit(const struct plan *plan, int64_t asked)
{
	int64_t own = plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW ? 1 : 2;

	if (asked <= 0 || plan->supervision_mode == PLAN_MODE_OFF || asked > INT64_MAX - own)
		return asked;
	return asked + own;
}

/* Whether the container sees its cgroup as a root of its own, which it may write to. */
static int
sees_own_root(const struct plan *plan)
{
	if (plan->namespaces[PLAN_NS_CGROUP].mode != PLAN_NS_NEW ||
	    plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_NEW)
		return 0;
	for (uint64_t i = 0; i < plan->mounts.count; i++)
		if ((plan->mounts.items[i].flags & PLAN_MOUNT_CGROUP) &&
		    !(plan->mounts.items[i].attr_set & MOUNT_ATTR_RDONLY))
			return 1;
	return 0;
}

/* The host's uid that the program runs as; 0, which owns it already, where none can be told. */
static uint32_t
find_owner(const struct plan *plan)
{
	uint32_t uid = plan->process.uid;

	for (uint64_t i = 0; sees_own_root(plan) && i < plan->uid_map.count; i++) {
		const struct plan_idmap *map = &plan->uid_map.items[i];

		if (uid >= map->container_id && uid - map->container_id < map->size)
			return map->host_id + (uid - map->container_id);
	}
	return 0;
}

int
pass_cgroup(struct compile *c, struct error *err)
{
	const char *path = c->spec->cgroups_path;
	uint32_t manager = c->facts->cgroup_manager;
	int64_t *pids_limit = &c->plan->cgroup.resources.pids_limit;

	c->plan->cgroup.manager = manager;
	c->plan->cgroup.path = path;
	c->plan->cgroup.owner = find_owner(c->plan);
	*pids_limit = policy_pids_limit(c->plan, *pids_limit);
	if (manager == PLAN_CGROUP_CGROUPFS && path && unit_is_path(path))
		return error_set(err,
		    "linux.cgroupsPath: %s is in systemd's form: give --systemd-cgroup, "
		    "or " CGROUPFS_CURE,
		    words_quote(path, c->arena));
	if (manager != PLAN_CGROUP_SYSTEMD)
		return 0;
	if (!c->facts->has_systemd)
		return error_set(err, "this osless is built without the systemd cgroup manager: "
				      "install libsystemd-dev "
				      "and configure it --with-systemd, or " CGROUPFS_CURE);
	return unit_compile(c, err);
}
