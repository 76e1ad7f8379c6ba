/* Which cgroup manager, and whether the path is one that it understands. Pure. */
#include "policy/pass.h"

#include "base/error.h"
#include "spec/words.h"

#include <string.h>

#define CGROUPFS_CURE \
	"use cgroupfs: SystemdCgroup = false (containerd), cgroup_manager = \"cgroupfs\" " \
	"(podman, " \
	"CRI-O), native.cgroupdriver=cgroupfs (docker)"

/* "slice:prefix:name" */
static int
is_systemd_path(const char *path)
{
	const char *first = strchr(path, ':');
	const char *second = first ? strchr(first + 1, ':') : NULL;

	return second && !strchr(second + 1, ':') && !strchr(path, '/');
}

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

	if (manager == PLAN_CGROUP_SYSTEMD)
		return error_set(
		    err, "the systemd cgroup manager is not supported: " CGROUPFS_CURE);
	if (manager == PLAN_CGROUP_CGROUPFS && path && is_systemd_path(path))
		return error_set(err,
		    "linux.cgroupsPath: %s is in systemd's form, which is not "
		    "supported: " CGROUPFS_CURE,
		    words_quote(path, c->arena));
	c->plan->cgroup.manager = manager;
	c->plan->cgroup.path = path;
	*pids_limit = policy_pids_limit(c->plan, *pids_limit);
	return 0;
}
