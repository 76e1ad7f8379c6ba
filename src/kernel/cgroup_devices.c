/* Plays OCI device rules through to a default and a list of exceptions. Pure. */
#include "kernel/cgroup_devices.h"

enum {
	ALL_ACCESS = PLAN_DEVICE_READ | PLAN_DEVICE_WRITE | PLAN_DEVICE_MKNOD,
};

/* The kernel takes any 'a' for everything; here only one that says so does. */
static int
is_about_all(const struct plan_device_rule *rule)
{
	return rule->type == 'a' && rule->major == -1 && rule->minor == -1 &&
	       rule->access == ALL_ACCESS;
}

static int
overlaps(int64_t a, int64_t b)
{
	return a == -1 || b == -1 || a == b;
}

static int
covers(int64_t wide, int64_t narrow)
{
	return wide == -1 || wide == narrow;
}

static void
add_exception(struct cgroup_devices *out, const struct plan_device_rule *rule)
{
	for (uint64_t i = 0; i < out->entries.count; i++) {
		struct plan_device_rule *entry = &out->entries.items[i];

		if (entry->type == rule->type && entry->major == rule->major &&
		    entry->minor == rule->minor) {
			entry->access |= rule->access;
			return;
		}
	}
	out->entries.items[out->entries.count++] = *rule;
}

static int
take_exception(struct cgroup_devices *out, const struct plan_device_rule *rule, struct error *err)
{
	for (uint64_t i = 0; i < out->entries.count; i++) {
		struct plan_device_rule *entry = &out->entries.items[i];

		if (entry->type != rule->type || !(entry->access & rule->access) ||
		    !overlaps(entry->major, rule->major) || !overlaps(entry->minor, rule->minor))
			continue;
		if (!covers(rule->major, entry->major) || !covers(rule->minor, entry->minor))
			return error_set(err,
			    "device rule %c %lld:%lld takes back a part of an earlier, wider one: "
			    "cgroup v1 cannot hold that; put the wider rule after it",
			    (char)rule->type, (long long)rule->major, (long long)rule->minor);
		entry->access &= ~rule->access;
	}
	return 0;
}

static int
play_rule(struct cgroup_devices *out, const struct plan_device_rule *rule, struct error *err)
{
	switch (out->initial) {
	case CGROUP_DEVICES_INHERIT:
		out->entries.items[out->entries.count++] = *rule;
		return 0;
	case CGROUP_DEVICES_DENY:
	case CGROUP_DEVICES_ALLOW:
	default:
		if (rule->allow == (out->initial == CGROUP_DEVICES_DENY)) {
			add_exception(out, rule);
			return 0;
		}
		return take_exception(out, rule, err);
	}
}

/* A rule of type 'a' with numbers or fewer rights is one for each type. */
static int
play_types(struct cgroup_devices *out, const struct plan_device_rule *rule, struct error *err)
{
	struct plan_device_rule one = *rule;

	if (rule->type != 'a')
		return play_rule(out, rule, err);
	one.type = 'b';
	if (play_rule(out, &one, err) < 0)
		return -1;
	one.type = 'c';
	return play_rule(out, &one, err);
}

static void
drop_empty(struct cgroup_devices *out)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < out->entries.count; i++)
		if (out->entries.items[i].access)
			out->entries.items[kept++] = out->entries.items[i];
	out->entries.count = kept;
}

uint64_t
cgroup_devices_start(const struct plan_resources *resources, enum cgroup_devices_default *initial)
{
	*initial = CGROUP_DEVICES_INHERIT;
	for (uint64_t i = resources->devices.count; i > 0; i--) {
		const struct plan_device_rule *rule = &resources->devices.items[i - 1];

		if (is_about_all(rule)) {
			*initial = rule->allow ? CGROUP_DEVICES_ALLOW : CGROUP_DEVICES_DENY;
			return i;
		}
	}
	return 0;
}

int
cgroup_devices_settle(const struct plan_resources *resources, struct arena *arena,
    struct cgroup_devices *out, struct error *err)
{
	uint64_t start;

	*out = (struct cgroup_devices) { .entries = { NULL, 0 } };
	start = cgroup_devices_start(resources, &out->initial);
	if (start == resources->devices.count)
		return 0;
	out->entries.items =
	    arena_array(arena, 2 * (resources->devices.count - start), sizeof *out->entries.items);
	if (!out->entries.items)
		return error_set(err, "device rules: out of memory");
	for (uint64_t i = start; i < resources->devices.count; i++)
		if (play_types(out, &resources->devices.items[i], err) < 0)
			return -1;
	drop_empty(out);
	return 0;
}

static const char *
number_text(int64_t number, struct arena *arena)
{
	return number == -1 ? "*" : arena_printf(arena, "%lld", (long long)number);
}

const char *
cgroup_devices_text(const struct plan_device_rule *rule, struct arena *arena)
{
	const char *major = number_text(rule->major, arena);
	const char *minor = number_text(rule->minor, arena);

	if (!major || !minor)
		return NULL;
	return arena_printf(arena, "%c %s:%s %s%s%s", (char)rule->type, major, minor,
	    rule->access & PLAN_DEVICE_READ ? "r" : "", rule->access & PLAN_DEVICE_WRITE ? "w" : "",
	    rule->access & PLAN_DEVICE_MKNOD ? "m" : "");
}
