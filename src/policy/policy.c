/* spec -> plan, as a table of passes: each decides one part, in this order. */
#include "policy/policy.h"

#include "base/error.h"
#include "policy/pass.h"

typedef int pass(struct compile *c, struct error *err);

/* clang-format off: one row a line */
static pass *const passes[] = {
	pass_annotations, /* first: they tighten the modes that all ask for */
	pass_common,      /* what passes through; later passes refine it */
	pass_environment,
	pass_namespaces,
	pass_identity,
	pass_capabilities, /* after identity: how they are held depends on the uid */
	pass_no_new_privs,
	pass_mounts,
	pass_mqueue,
	pass_devices, /* after mounts: one of them may be a /dev with content */
	pass_device_rules,
	pass_terminal, /* after mounts, devices and rules: takes out of all three */
	pass_sysctls,  /* after namespaces: only those of own ones */
	pass_cgroup,
	pass_tree, /* after environment: workers' own variables are merged into it */
	pass_unsupported,
};
/* clang-format on */

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
		if (passes[i](&c, err) < 0)
			return -1;
	}
	return 0;
}
