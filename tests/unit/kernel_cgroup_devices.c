/* Device rules: what the v1 controller is told must mean what the list of rules means. */
#include "kernel/cgroup_devices.h"

#include "tests/unit/tap.h"

#define RULE(allow_, type_, major_, minor_, access_) \
	{ \
		.allow = (allow_), .type = (type_), .major = (major_), .minor = (minor_), \
		.access = (access_) \
	}

enum {
	R = PLAN_DEVICE_READ,
	W = PLAN_DEVICE_WRITE,
	M = PLAN_DEVICE_MKNOD,
	RWM = R | W | M,
};

/* "deny; +c 1:3 rwm; -..." */
static const char *
settle(struct plan_device_rule *rules, uint64_t count, struct arena *arena)
{
	struct plan_resources resources = { .devices = { rules, count } };
	struct cgroup_devices devices;
	struct error err;
	const char *text;

	if (cgroup_devices_settle(&resources, arena, &devices, &err) < 0)
		return arena_printf(arena, "error: %s", err.text);
	text = devices.initial == CGROUP_DEVICES_DENY    ? "deny"
	       : devices.initial == CGROUP_DEVICES_ALLOW ? "allow"
							 : "inherit";
	for (uint64_t i = 0; i < devices.entries.count; i++)
		text = arena_printf(arena, "%s; %c%s", text,
		    devices.entries.items[i].allow ? '+' : '-',
		    cgroup_devices_text(&devices.entries.items[i], arena));
	return text;
}

#define SETTLE(want, text, ...) \
	do { \
		struct plan_device_rule rules[] = { __VA_ARGS__ }; \
		EQ_STR(settle(rules, sizeof rules / sizeof *rules, &arena), want, text); \
	} while (0)

int
main(void)
{
	struct arena arena = { 0 };

	SETTLE("deny", "podman: nothing but what policy adds", RULE(0, 'a', -1, -1, RWM));
	SETTLE("allow", "privileged", RULE(0, 'a', -1, -1, RWM), RULE(1, 'a', -1, -1, RWM));
	SETTLE("deny; +c 1:5 rwm; +c 1:3 rwm; +c *:* m; +b *:* m", "docker",
	    RULE(0, 'a', -1, -1, RWM), RULE(1, 'c', 1, 5, RWM), RULE(1, 'c', 1, 3, RWM),
	    RULE(0, 'c', 10, 229, RWM), RULE(1, 'c', -1, -1, M), RULE(1, 'b', -1, -1, M));
	SETTLE("deny; +c 136:* rwm", "a wildcard minor", RULE(0, 'a', -1, -1, RWM),
	    RULE(1, 'c', 136, -1, RWM));
	SETTLE("deny; +c 1:3 rwm", "rights of the same device add up", RULE(0, 'a', -1, -1, RWM),
	    RULE(1, 'c', 1, 3, R), RULE(1, 'c', 1, 3, W | M));
	SETTLE("deny; +c 1:3 r", "a later wildcard takes back what the kernel would leave",
	    RULE(0, 'a', -1, -1, RWM), RULE(1, 'c', 1, 3, RWM), RULE(0, 'c', -1, -1, W | M));
	SETTLE("deny", "what is taken back wholly is not written", RULE(0, 'a', -1, -1, RWM),
	    RULE(1, 'c', 1, 3, RWM), RULE(0, 'c', 1, 3, RWM));
	SETTLE("allow; -b 8:0 rw", "exceptions from everything", RULE(1, 'a', -1, -1, RWM),
	    RULE(0, 'b', 8, 0, RWM), RULE(1, 'b', 8, 0, M));
	SETTLE("deny; +b *:* r; +c *:* r", "an 'a' with fewer rights is one for each type",
	    RULE(0, 'a', -1, -1, RWM), RULE(1, 'a', -1, -1, R));
	SETTLE("inherit; +c 1:3 rwm; -c *:* w", "without a rule about all, in order",
	    RULE(1, 'c', 1, 3, RWM), RULE(0, 'c', -1, -1, W));
	HAS_STR(settle(((struct plan_device_rule[]) { RULE(0, 'a', -1, -1, RWM),
			   RULE(1, 'c', 1, -1, RWM), RULE(0, 'c', 1, 3, W) }),
		    3, &arena),
	    "device rule c 1:3", "a hole in a wildcard is refused, not dropped");

	arena_free(&arena);
	DONE();
}
