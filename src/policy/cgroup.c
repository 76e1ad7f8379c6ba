/* Which cgroup manager, and whether the path is one that it understands. Pure. */
#include "policy/pass.h"

#include "base/error.h"
#include "policy/unit.h"
#include "spec/words.h"

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

int
pass_cgroup(struct compile *c, struct error *err)
{
	const char *path = c->spec->cgroups_path;
	uint32_t manager = c->facts->cgroup_manager;
	int64_t *pids_limit = &c->plan->cgroup.resources.pids_limit;

	c->plan->cgroup.manager = manager;
	c->plan->cgroup.path = path;
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
