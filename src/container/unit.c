/* systemd makes the unit and its cgroup; the cgroup's files are then written as without it. */
#include "container/unit.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "container/keep.h"
#include "plan/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES_TEXT_MAX 65536u

const struct plan_unit *
unit_of(const struct container *c)
{
	return c->plan && c->plan->cgroup.unit.name ? &c->plan->cgroup.unit : NULL;
}

int
unit_is_ours(const struct container *c)
{
	return !unit_of(c) || c->unit_asked || c->record.init;
}

/* Where systemd has it, from the root of all cgroups. */
static const char *
cgroup_path(struct container *c, struct error *err)
{
	const struct plan_unit *unit = unit_of(c);
	const char *below = unit_path(unit->name, unit->slice, &c->arena, err);
	const char *path = below ? arena_printf(&c->arena, "%s%s", c->systemd.cgroup, below) : NULL;

	if (below && !path)
		(void)error_num(err, ENOMEM, "unit"); /* always -1 */
	return path;
}

static int
connect_manager(struct container *c, struct error *err)
{
	int kept = keep_is_kept() ? c->dir.fd : -1;

	return unit_connect(unit_of(c), kept, &c->arena, &c->systemd, err);
}

static int
locate(struct container *c, struct plan *plan, struct error *err)
{
	const char *path = cgroup_path(c, err);

	if (!path || cgroup_locate(NULL, path, c->id, &c->arena, &plan->cgroup, err) < 0)
		return -1;
	if (plan->cgroup.unit.is_user)
		cgroup_keep_permitted(&plan->cgroup);
	return 0;
}

int
unit_find(struct container *c, struct error *err)
{
	struct plan *plan;

	if (!unit_of(c))
		return 0;
	plan = arena_alloc(&c->arena, sizeof(*plan));
	if (!plan)
		return error_num(err, ENOMEM, "plan");
	*plan = *c->plan;
	if (connect_manager(c, err) < 0 || locate(c, plan, err) < 0)
		return -1;
	c->plan = plan;
	return 0;
}

static int
learn_facts(struct container *c, struct unit_facts *facts, struct error *err)
{
	size_t length;
	AUTO_FREE char *devices =
	    file_read(AT_FDCWD, "/proc/devices", DEVICES_TEXT_MAX, &length, err);

	*facts = (struct unit_facts) {
		.version = c->systemd.version,
		.is_v2 = c->plan->cgroup.dirs.count == 1 && !*c->plan->cgroup.dirs.items[0].name,
		.devices_text = devices ? arena_strdup(&c->arena, devices) : NULL,
	};
	if (devices && !facts->devices_text)
		return error_num(err, ENOMEM, "unit");
	return devices ? 0 : -1;
}

/* Else limits would be written where nothing is. */
static int
check_place(struct container *c, const char *cgroup, struct error *err)
{
	const char *expected = cgroup_path(c, err);

	if (!expected)
		return -1;
	if (strcmp(cgroup, expected) != 0)
		return error_set(
		    err, "systemd has put the unit into cgroup %s, not into %s", cgroup, expected);
	return 0;
}

/* One that exists is not ours to stop. One that did not start in time may yet be. */
static int
start(struct container *c, const struct unit_properties *properties, const char **cgroup,
    struct error *err)
{
	int result = unit_start(&c->systemd, unit_of(c)->name, properties, &c->arena, cgroup, err);

	c->unit_asked = result == 0 || err->errnum != EEXIST;
	return result;
}

int
unit_make(struct container *c, struct error *err)
{
	struct unit_properties properties = { 0 };
	struct unit_facts facts;
	const char *cgroup;

	if (learn_facts(c, &facts, err) < 0 ||
	    unit_limits_create(c->plan, &facts, c->init.pid, &c->arena, &properties, err) < 0 ||
	    start(c, &properties, &cgroup, err) < 0 || check_place(c, cgroup, err) < 0)
		return -1;
	unit_disconnect(&c->systemd);
	return cgroup_make_around(NULL, &c->plan->cgroup, c->init.pid, &c->arena, &c->cgroup, err);
}

static int
reach(struct container *c, struct error *err)
{
	return c->systemd.pid ? 0 : connect_manager(c, err);
}

int
unit_change(struct container *c, const struct plan_resources *given,
    const struct plan_resources *whole, struct error *err)
{
	struct unit_properties properties = { 0 };
	struct unit_facts facts;

	if (reach(c, err) < 0 || learn_facts(c, &facts, err) < 0 ||
	    unit_limits_update(given, whole, &facts, &c->arena, &properties, err) < 0)
		return -1;
	if (properties.list.count == 0)
		return 0;
	return unit_set(&c->systemd, unit_of(c)->name, &properties, err);
}

/* Of a creator that was killed; in his own undo there are none yet. */
static int
drop_remains(struct container *c)
{
	struct error busy;

	if (c->init.pidfd < 0)
		(void)cgroup_remove(NULL, &c->plan->cgroup, &busy); /* another's */
	return 0;
}

int
unit_drop(struct container *c, struct error *err)
{
	if (!unit_is_ours(c))
		return drop_remains(c);
	if (reach(c, err) < 0 || unit_stop(&c->systemd, unit_of(c)->name, err) < 0)
		return -1;
	unit_disconnect(&c->systemd);
	return cgroup_remove(NULL, &c->plan->cgroup, err);
}
