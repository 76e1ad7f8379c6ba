/* update: other limits for a container that is there. The kernel's files first, then the plan in
 * the state directory, from which later verbs know what the container has.
 *
 * Only what is asked for is written, with what the kernel takes together with it: a limit that
 * somebody else has changed meanwhile stays. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "container/unit.h"
#include "container/update_limits.h"
#include "plan/image.h"
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>

struct update {
	struct container container;
	const struct container_update_options *options;
	struct plan_resources given; /* what is to be written */
	const char *schemata;        /* and to the resctrl group; NULL: nothing */
	struct plan changed;         /* the plan as it will be */
};

/* What the document says that is not acted on. */
static void
tell_unsupported(const char *id, const struct spec *spec)
{
	for (uint64_t i = 0; i < spec->unsupported.count; i++)
		log_line(LOG_WARNING, "%s: %s is not acted on: %s", id,
		    spec->unsupported.items[i].path, spec->unsupported.items[i].why);
	if (spec->resources.devices.count)
		log_line(LOG_DEBUG, "%s: device rules are not changed by update", id);
}

/* Before the lock is taken: standard input may be slow. */
static int
gather(struct update *update, const char *id, struct error *err)
{
	const struct container_update_options *options = update->options;
	struct arena *arena = &update->container.arena;
	struct spec spec;

	if (options->resources) {
		if (spec_load_resources(options->resources, arena, &spec, err) < 0)
			return -1;
		tell_unsupported(id, &spec);
		if (update_merge(&update->given, &spec.resources, arena, err) < 0)
			return -1;
	}
	if (options->l3_cache_schema || options->mem_bw_schema) {
		update->schemata = spec_schemata(
		    NULL, options->l3_cache_schema, options->mem_bw_schema, arena, err);
		if (!update->schemata)
			return -1;
	}
	return options->limits ? update_merge(&update->given, options->limits, arena, err) : 0;
}

static int
check_status(const struct update *update, struct error *err)
{
	const struct container *c = &update->container;
	enum state_status status = state_status(&c->record, c->plan);

	if (status == STATE_CREATING)
		return error_set(err, "the container is still being created");
	if (status == STATE_STOPPED)
		return error_set(err, "cannot update a stopped container: container not running");
	if (c->plan->cgroup.dirs.count == 0)
		return error_set(err,
		    "the container has no cgroups, which would keep limits: create it without "
		    "--cgroup-manager disabled");
	if (update->schemata && !c->plan->rdt.given)
		return error_set(err,
		    "the container has no class of service, which would keep schemata: create it "
		    "with linux.intelRdt");
	return 0;
}

/* The plan as it will be; *image gets it encoded, from malloc(3). */
static int
plan_change(struct update *update, void **image, size_t *size, struct error *err)
{
	const struct plan *plan = update->container.plan;

	update->given.pids_limit = policy_pids_limit(plan, update->given.pids_limit);
	update_complete(&update->given, &plan->cgroup.resources);
	update->changed = *plan;
	if (update->schemata) {
		update->changed.rdt.schemata =
		    spec_schemata(plan->rdt.schemata, update->options->l3_cache_schema,
			update->options->mem_bw_schema, &update->container.arena, err);
		if (!update->changed.rdt.schemata)
			return -1;
	}
	if (update_merge(&update->changed.cgroup.resources, &update->given,
		&update->container.arena, err) < 0 ||
	    update_check(&update->changed.cgroup.resources, err) < 0)
		return -1;
	*image = plan_encode(&update->changed, size, err);
	return *image ? 0 : -1;
}

/* systemd rounds what it writes, so the files are written once more after it. */
static int
write_both(struct update *update, struct error *err)
{
	struct container *c = &update->container;

	if (cgroup_update(&c->cgroup, &update->given, &c->arena, err) < 0)
		return -1;
	if (!unit_of(c))
		return 0;
	if (unit_change(c, &update->given, &update->changed.cgroup.resources, err) < 0) {
		cgroup_take_back(&c->cgroup, err);
		return -1;
	}
	return cgroup_update(&c->cgroup, &update->given, &c->arena, err);
}

static int
write_limits(struct update *update, struct error *err)
{
	struct container *c = &update->container;
	int result;

	if (cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &c->cgroup, err) < 0)
		return -1;
	result = write_both(update, err);
	for (const struct cgroup_not_applied *at = c->cgroup.not_applied; result == 0 && at;
	     at = at->next)
		log_line(LOG_WARNING, "%s: linux.resources: %s is not applied: %s", c->id, at->key,
		    at->reason);
	return result;
}

/* All or nothing: where the limits are refused, the schemata are what was asked for before. */
static int
write_all(struct update *update, struct error *err)
{
	const struct plan *plan = update->container.plan;
	struct error ignored;

	if (update->schemata && resctrl_change(NULL, plan, update->schemata, err) < 0)
		return error_in(err, "linux.intelRdt");
	if (update_is_empty(&update->given) || write_limits(update, err) == 0)
		return 0;
	if (update->schemata && plan->rdt.schemata)
		(void)resctrl_change(
		    NULL, plan, plan->rdt.schemata, &ignored); /* the limits' error is told */
	return -1;
}

static int
apply(struct update *update, struct error *err)
{
	const struct state_dir *dir = &update->container.dir;
	AUTO_FREE void *image = NULL;
	size_t size = 0;

	if (check_status(update, err) < 0)
		return -1;
	if (update_is_empty(&update->given) && !update->schemata) {
		log_line(LOG_DEBUG, "%s: no limit is to be changed", update->container.id);
		return 0;
	}
	if (plan_change(update, &image, &size, err) < 0 || write_all(update, err) < 0)
		return -1;
	if (state_replace_plan(dir, image, size, err) < 0)
		return error_in(err, "the limits are changed, but not kept in the state");
	log_line(LOG_DEBUG, "%s: limits are changed", update->container.id);
	return 0;
}

int
container_update(const struct container_host *host, const char *id,
    const struct container_update_options *options, struct error *err)
{
	struct update update = { .container = CONTAINER_NONE, .options = options };
	AUTO_FREE void *image = NULL;
	int result = gather(&update, id, err);

	if (result == 0)
		result = container_open(host, id, STATE_LOCKED, &update.container, &image, err);
	if (result == 0)
		result = apply(&update, err);
	container_close(&update.container);
	return result;
}
