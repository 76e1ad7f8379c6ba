/* Who the payload is, from exec to death (DESIGN 4). Pure.
 *
 * Measured reasons for nobody instead of root: official images' entrypoints test for uid 0 and then
 * change their user in a loop or refuse to run, which with set*id as no-ops ends nowhere; as
 * another uid they just run. CAP_DAC_OVERRIDE then takes the place of owning the files. */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"
#include "policy/capabilities.h"

#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>

#define NOBODY 65534u

enum identity_groups { GROUPS_KEPT, GROUPS_NONE };

struct identity {
	uint32_t uid;
	uint32_t gid;
	enum identity_groups groups;
	const char *why; /* of a departure, or of none where one could expect it; NULL = plain */
};

static int
is_mapped(const plan_idmaps *maps, uint32_t id)
{
	for (uint64_t i = 0; i < maps->count; i++) {
		const struct plan_idmap *map = &maps->items[i];

		if (id >= map->container_id && id - map->container_id < map->size)
			return 1;
	}
	return maps->count == 0; /* no user namespace, or a joined one whose maps nobody told */
}

/* Nobody, or where the user namespace lacks it the highest id that it has. */
static uint32_t
nobody_of(const plan_idmaps *maps)
{
	uint32_t highest = 0;

	if (is_mapped(maps, NOBODY))
		return NOBODY;
	for (uint64_t i = 0; i < maps->count; i++) {
		const struct plan_idmap *map = &maps->items[i];

		if (map->size > 0 && map->container_id + (map->size - 1) > highest)
			highest = map->container_id + (map->size - 1);
	}
	return highest;
}

/* The maps that hold for the payload. */
static const plan_idmaps *
uids_of(const struct compile *c)
{
	return c->plan->namespaces[PLAN_NS_USER].mode == PLAN_NS_HOST ? &c->facts->own_uids
								      : &c->spec->uid_map;
}

static const plan_idmaps *
gids_of(const struct compile *c)
{
	return c->plan->namespaces[PLAN_NS_USER].mode == PLAN_NS_HOST ? &c->facts->own_gids
								      : &c->spec->gid_map;
}

static struct identity
decide_root(const struct compile *c)
{
	const struct spec_process *process = &c->spec->process;
	struct identity identity = { 0, process->gid, GROUPS_KEPT, NULL };

	if (!(capabilities_granted(process) & UINT64_C(1) << CAP_DAC_OVERRIDE)) {
		identity.why = "without CAP_DAC_OVERRIDE, owning root's files is the access that "
			       "is meant";
		return identity;
	}
	identity = (struct identity) {
		.uid = nobody_of(uids_of(c)),
		.gid = nobody_of(gids_of(c)),
		.groups = GROUPS_NONE,
		.why = "payloads have one identity, which is not root; CAP_DAC_OVERRIDE opens "
		       "root's files to it all the same",
	};
	if (identity.uid == 0)
		identity.why = "the user namespace has no other id than 0";
	return identity;
}

static struct identity
decide(const struct compile *c)
{
	const struct spec_process *process = &c->spec->process;
	struct identity kept = { process->uid, process->gid, GROUPS_KEPT, NULL };

	if (c->policy.identity == POLICY_IDENTITY_FIXED)
		return (struct identity) { c->policy.uid, c->policy.gid, GROUPS_NONE,
			"the host's policy gives every payload this identity" };
	if (c->policy.identity == POLICY_IDENTITY_KEEP && process->uid == 0)
		kept.why = "the host's policy keeps the configured user";
	if (c->policy.identity == POLICY_IDENTITY_KEEP || process->uid != 0)
		return kept;
	return decide_root(c);
}

static int
note_user(struct compile *c, const struct identity *identity, struct error *err)
{
	const struct spec_process *process = &c->spec->process;
	const char *from =
	    arena_printf(c->arena, "%" PRIu32 ":%" PRIu32, process->uid, process->gid);
	const char *to =
	    arena_printf(c->arena, "%" PRIu32 ":%" PRIu32, identity->uid, identity->gid);
	struct report_entry entry = {
		.kind = REPORT_CHANGED,
		.what = "process.user",
		.from = from,
		.to = to,
		.why = identity->why,
	};

	if (!from || !to)
		return pass_no_memory(err);
	if (strcmp(from, to) == 0) {
		entry.kind = REPORT_KEPT;
		entry.to = NULL;
	}
	if (c->policy.identity_mode == PLAN_MODE_AUDIT && entry.kind == REPORT_CHANGED) {
		entry.kind = REPORT_KEPT;
		entry.to = NULL;
		entry.why = arena_printf(c->arena, "audit: enforced, it would be %s", to);
	}
	return entry.why ? pass_note(c, &entry, err) : pass_no_memory(err);
}

static int
note_groups(struct compile *c, struct error *err)
{
	const struct spec_process *process = &c->spec->process;
	const char *from = "";
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = "process.user.additionalGids",
		.why = "payloads have one identity without further groups",
	};

	for (uint64_t i = 0; from && i < process->groups.count; i++)
		from = arena_printf(
		    c->arena, "%s%s%" PRIu32, from, i ? " " : "", process->groups.items[i]);
	if (!from)
		return pass_no_memory(err);
	entry.from = from;
	if (c->policy.identity_mode == PLAN_MODE_AUDIT) {
		entry.kind = REPORT_KEPT;
		entry.why = "audit: enforced, there would be none";
	}
	return pass_note(c, &entry, err);
}

/* field is one of process.user; the kernel would say no more than EINVAL. */
static int
check_id(
    const plan_idmaps *maps, uint32_t id, const char *field, const char *cure, struct error *err)
{
	if (is_mapped(maps, id))
		return 0;
	return error_set(err,
	    "process.user.%s: %" PRIu32 " is not mapped into the user namespace: add it to %s",
	    field, id, cure);
}

static int
check_mapped(const struct compile *c, struct error *err)
{
	const struct plan_process *process = &c->plan->process;

	if (check_id(uids_of(c), process->uid, "uid", "linux.uidMappings or name another", err) <
		0 ||
	    check_id(gids_of(c), process->gid, "gid", "linux.gidMappings or name another", err) < 0)
		return -1;
	for (uint64_t i = 0; i < process->groups.count; i++) {
		if (check_id(gids_of(c), process->groups.items[i], "additionalGids",
			"linux.gidMappings or leave it out", err) < 0)
			return -1;
	}
	return 0;
}

static void
apply(struct compile *c, const struct identity *identity)
{
	struct plan_process *process = &c->plan->process;

	process->uid = identity->uid;
	process->gid = identity->gid;
	if (identity->groups == GROUPS_NONE)
		process->groups.count = 0;
}

int
pass_identity(struct compile *c, struct error *err)
{
	struct identity identity = decide(c);

	if (c->policy.identity_mode == PLAN_MODE_OFF)
		return check_mapped(c, err);
	if (identity.why && note_user(c, &identity, err) < 0)
		return -1;
	if (identity.groups == GROUPS_NONE && c->spec->process.groups.count > 0 &&
	    note_groups(c, err) < 0)
		return -1;
	if (c->policy.identity_mode == PLAN_MODE_ENFORCE)
		apply(c, &identity);
	return check_mapped(c, err);
}
