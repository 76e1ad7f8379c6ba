/* An annotation can come from an image, and a property of a unit can reach far beyond its container
 * (Conflicts= stops other units): so those alone pass that end or tighten the container, and the
 * rest need the host's leave. */
#include "policy/unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/unit.h"
#include "policy/annotations.h"
#include "policy/unit_value.h"
#include "spec/words.h"

#include <string.h>

#define DEFAULT_PREFIX "osless"
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char *const harmless[] = {
	"CPUQuotaPerSecUSec",
	"CollectMode",
	"FinalKillSignal",
	"KillSignal",
	"MemoryHigh",
	"MemoryMax",
	"MemorySwapMax",
	"RuntimeMaxUSec",
	"SendSIGHUP",
	"TasksMax",
	"TimeoutStopUSec",
};

int
unit_is_path(const char *path)
{
	const char *first = strchr(path, ':');
	const char *second = first ? strchr(first + 1, ':') : NULL;

	return second && !strchr(second + 1, ':') && !strchr(path, '/');
}

/* ------------------------------------------------------------------------------ names */

/* A name that is a slice's stands for itself. */
static const char *
join_name(struct compile *c, const char *prefix, size_t length, const char *name)
{
	if (unit_is_slice(name))
		return name;
	return arena_printf(c->arena, "%.*s-%s.scope", (int)length, prefix, name);
}

static int
split_path(struct compile *c, const char *path, struct plan_unit *unit, struct error *err)
{
	size_t slice = strcspn(path, ":");
	const char *prefix = path + slice + 1;
	size_t length = strcspn(prefix, ":");
	const char *name = prefix + length + 1;

	if (!*name)
		return error_set(err, "linux.cgroupsPath: %s has no name after its last colon",
		    words_quote(path, c->arena));
	unit->name = join_name(c, prefix, length, name);
	if (slice)
		unit->slice = arena_printf(c->arena, "%.*s", (int)slice, path);
	return unit->name && unit->slice ? 0 : pass_no_memory(err);
}

static int
compile_names(struct compile *c, struct plan_unit *unit, struct error *err)
{
	const char *path = c->spec->cgroups_path;

	if (path && *path && !unit_is_path(path))
		return error_set(err,
		    "linux.cgroupsPath: %s: the systemd cgroup manager takes slice:prefix:name, as "
		    "in "
		    "system.slice:osless:%s",
		    words_quote(path, c->arena), c->plan->id);
	unit->is_user = c->facts->user_units;
	unit->slice = unit->is_user ? "user.slice" : "system.slice";
	if (path && *path)
		return split_path(c, path, unit, err);
	unit->name = join_name(c, DEFAULT_PREFIX, strlen(DEFAULT_PREFIX), c->plan->id);
	return unit->name ? 0 : pass_no_memory(err);
}

static int
check_names(struct compile *c, struct plan_unit *unit, struct error *err)
{
	if (unit_check_name(unit->name, err) < 0)
		return error_in(err, "linux.cgroupsPath");
	if (unit_is_slice(unit->name)) {
		unit->slice = unit_slice_parent(unit->name, c->arena, err);
		if (!unit->slice)
			return error_in(err, "linux.cgroupsPath");
	}
	return unit_slice_path(unit->slice, c->arena, err) ? 0 : error_in(err, "linux.cgroupsPath");
}

/* ------------------------------------------------------------------------- properties */

static int
is_harmless(const char *name)
{
	for (size_t i = 0; i < LENGTH(harmless); i++)
		if (strcmp(harmless[i], name) == 0)
			return 1;
	return 0;
}

static int
check_property(struct compile *c, const char *key, const char *name, struct error *err)
{
	size_t letters = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	if (letters < 3 || name[letters])
		return error_set(
		    err, "annotations: %s: no property has that name", words_quote(key, c->arena));
	if (is_harmless(name) || policy_may_loosen(c, key))
		return 0;
	return error_set(err,
	    "annotations: %s reaches beyond the container: leave it out, or list the key under "
	    "annotations.mayLoosen in %s",
	    key, pass_policy_name(c));
}

static int
add_property(struct compile *c, const struct plan_pair *pair, struct error *err)
{
	struct plan_unit *unit = &c->plan->cgroup.unit;
	struct plan_unit_property *property = &unit->properties.items[unit->properties.count];
	const char *why;

	property->name = pair->key + strlen(UNIT_ANNOTATION);
	why = unit_value_parse(pair->value, c->arena, property);
	if (!why)
		why = unit_value_seconds(c->arena, property);
	if (why)
		return error_set(err, "annotations: %s: %s %s", words_quote(pair->key, c->arena),
		    words_quote(pair->value, c->arena), why);
	unit->properties.count++;
	return check_property(c, pair->key, property->name, err);
}

static int
compile_properties(struct compile *c, struct plan_unit *unit, struct error *err)
{
	unit->properties.items =
	    arena_array(c->arena, c->spec->annotations.count + 1, sizeof(*unit->properties.items));
	if (!unit->properties.items)
		return pass_no_memory(err);
	for (uint64_t i = 0; i < c->spec->annotations.count; i++) {
		const struct plan_pair *pair = &c->spec->annotations.items[i];

		if (strncmp(pair->key, UNIT_ANNOTATION, strlen(UNIT_ANNOTATION)) == 0 &&
		    add_property(c, pair, err) < 0)
			return -1;
	}
	return 0;
}

int
unit_compile(struct compile *c, struct error *err)
{
	struct plan_unit *unit = &c->plan->cgroup.unit;

	if (compile_names(c, unit, err) < 0 || check_names(c, unit, err) < 0)
		return -1;
	return compile_properties(c, unit, err);
}
