/* spec -> plan, as a table of passes: each decides one part, in this order. */
#include "policy/policy.h"

#include "base/error.h"
#include "policy/pass.h"

static const struct {
	const char *name;
	int (*act)(struct compile *c, struct error *err);
} passes[] = {
	{ "annotations", pass_annotations },     /* first: they tighten the modes that all ask for */
	{ "common", pass_common },               /* what passes through; later passes refine it */
	{ "namespaces", pass_namespaces },       /* identity and sysctls ask whose they are */
	{ "identity", pass_identity },           /* before capabilities: how they are held */
	{ "capabilities", pass_capabilities },
	{ "no_new_privs", pass_no_new_privs },
	{ "mounts", pass_mounts },
	{ "mqueue", pass_mqueue },
	{ "devices", pass_devices },
	{ "device rules", pass_device_rules },
	{ "terminal", pass_terminal },           /* after mounts, devices, rules: takes out of all */
	{ "sysctls", pass_sysctls },
	{ "cgroup", pass_cgroup },
	{ "unsupported", pass_unsupported },
};

int
policy_compile(const struct spec *spec, const struct host_policy *policy,
    const struct policy_facts *facts, const char *id, struct arena *arena, struct plan *plan,
    struct report *report, struct error *err)
{
	struct compile c = {
		.spec = spec,
		.facts = facts,
		.policy = *policy,
		.arena = arena,
		.plan = plan,
		.report = report,
	};

	*plan = (struct plan) { .id = id };
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		if (passes[i].act(&c, err) < 0)
			return -1;
	}
	return 0;
}
