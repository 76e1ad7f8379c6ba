/* One more process for a container that is there: the payload's passes, with the container's plan
 * in the place of the host's policy. Pure.
 *
 * An engine can ask for more than the container has (`docker exec --privileged`). It gets what the
 * container's process could have, and is told: what a container may do was decided once. */
#include "policy/policy.h"

#include "base/arena.h"
#include "base/error.h"
#include "policy/pass.h"

#include <inttypes.h>
#include <string.h>

typedef int pass(struct compile *c, struct error *err);

/* clang-format off: one row a line */
static pass *const passes[] = {
	pass_environment,
	pass_identity,
	pass_capabilities, /* after identity: how they are held depends on the uid */
	pass_no_new_privs,
	pass_terminal_request,
	pass_tree, /* a plain one: the process and what it starts */
	pass_unsupported,
};
/* clang-format on */

/* The rules that the container was compiled by. Its bounding set is all that can be kept, so that
 * what the host's policy had added needs no second look. */
static struct host_policy
policy_of(const struct plan *container)
{
	return (struct host_policy) {
		.identity_mode = container->identity_mode,
		.syscalls_mode = container->syscalls_mode,
		.supervision_mode = container->supervision_mode,
		.identity = container->identity,
		.uid = container->process.uid,
		.gid = container->process.gid,
		.tier = container->tier,
		.extra_caps = container->process.caps.bounding,
		.rules = container->tree.rules,
	};
}

/* Without capabilities of its own: those of the container's process, for root and for the same
 * user. To another one its ambient set was not given. */
static struct plan_caps
inherited_caps(const struct spec_process *process, const struct plan_process *container)
{
	struct plan_caps caps = container->caps;

	if (process->uid != container->uid)
		caps.inheritable = caps.ambient = 0;
	if (process->uid == 0)
		caps.permitted = caps.effective = caps.bounding;
	return caps;
}

/* Each as a whole: parts of two would make a third. */
static void
inherit_scheduling(struct spec_process *process, const struct plan_process *container)
{
	if (!process->scheduler.has_policy)
		process->scheduler = container->scheduler;
	if (!process->io_class) {
		process->io_class = container->io_class;
		process->io_level = container->io_level;
	}
	if (!process->exec_cpus_initial.count && !process->exec_cpus_final.count) {
		process->exec_cpus_initial = container->exec_cpus_initial;
		process->exec_cpus_final = container->exec_cpus_final;
	}
}

static void
inherit(struct spec_process *process, const struct plan_process *container)
{
	if (!process->has_caps)
		process->caps = inherited_caps(process, container);
	process->has_caps = 1;
	if (process->rlimits.count == 0) {
		process->rlimits.items = container->rlimits.items;
		process->rlimits.count = container->rlimits.count;
	}
	if (!process->has_umask) {
		process->has_umask = container->has_umask;
		process->umask = container->umask;
	}
	if (!process->has_oom_score_adj) {
		process->has_oom_score_adj = container->has_oom_score_adj;
		process->oom_score_adj = container->oom_score_adj;
	}
	process->no_new_privs |= container->no_new_privs;
	inherit_scheduling(process, container);
	if (!process->apparmor_profile)
		process->apparmor_profile = container->apparmor_profile;
	if (!process->selinux_label)
		process->selinux_label = container->selinux_label;
}

static uint64_t
all_of(const struct plan_caps *caps)
{
	return caps->bounding | caps->permitted | caps->effective | caps->inheritable |
	       caps->ambient;
}

static struct plan_caps
within(struct plan_caps caps, uint64_t limit)
{
	caps.bounding &= limit;
	caps.permitted &= limit;
	caps.effective &= limit;
	caps.inheritable &= limit;
	caps.ambient &= limit;
	return caps;
}

/* With the identity stripped, most of what engines ask for goes anyway, as for the payload. */
static int
limit_caps(struct compile *c, struct spec_process *process, struct error *err)
{
	uint64_t limit = c->plan->process.caps.bounding;
	uint64_t beyond = all_of(&process->caps) & ~limit;
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = "process.capabilities",
		.why = "an exec'd process has no capability that the container's own lacks",
		.warn = c->policy.identity_mode == PLAN_MODE_OFF,
	};

	process->caps = within(process->caps, limit);
	if (!beyond)
		return 0;
	entry.from = arena_printf(c->arena, "0x%" PRIx64, beyond);
	return entry.from ? pass_note(c, &entry, err) : pass_no_memory(err);
}

static int
keep_label(
    struct compile *c, const char *what, const char *own, const char **label, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_CHANGED,
		.what = what,
		.from = *label,
		.to = own,
		.why = "an exec'd process is confined as its container is",
		.warn = c->policy.identity_mode == PLAN_MODE_OFF,
	};

	if (!own || strcmp(own, *label) == 0)
		return 0;
	*label = own;
	return pass_note(c, &entry, err);
}

/* Which of two is the stricter one cannot be seen from here. */
static int
limit_labels(struct compile *c, const struct plan_process *container, struct spec_process *process,
    struct error *err)
{
	if (keep_label(c, "process.apparmorProfile", container->apparmor_profile,
		&process->apparmor_profile, err) < 0)
		return -1;
	return keep_label(
	    c, "process.selinuxLabel", container->selinux_label, &process->selinux_label, err);
}

/* What it shares with the container, and nothing that only a first process needs. */
static void
copy_container(const struct plan *container, const struct policy_facts *facts, struct plan *plan)
{
	*plan = (struct plan) {
		.exec = 1,
		.oci_version = container->oci_version,
		.id = container->id,
		.bundle = container->bundle,
		.identity_mode = container->identity_mode,
		.syscalls_mode = container->syscalls_mode,
		.supervision_mode = container->supervision_mode,
		.tier = container->tier,
		.identity = container->identity,
		.in_userns = facts->in_userns,
		.uid_map = container->uid_map,
		.gid_map = container->gid_map,
		.rootfs = container->rootfs,
		.new_keyring = container->new_keyring,
		.has_personality = container->has_personality,
		.personality = container->personality,
		.memory_policy = container->memory_policy,
		.process.caps.bounding = container->process.caps.bounding,
		.preserve_fds = facts->preserve_fds,
		.listen_fds = facts->listen_fds,
		.cgroup = container->cgroup,
	};
	for (int i = 0; i < PLAN_NS_COUNT; i++)
		plan->namespaces[i] = container->namespaces[i];
	for (int i = 0; i < PLAN_FILTERS; i++)
		plan->filters[i] = container->filters[i];
	plan->denials = container->denials;
	plan->listener_path = container->listener_path;
	plan->listener_metadata = container->listener_metadata;
}

int
policy_compile_exec(const struct spec *spec, const struct plan *container,
    const struct policy_facts *facts, struct arena *arena, struct plan *plan, struct report *report,
    struct error *err)
{
	struct spec wanted = {
		.process = spec->process,
		.uid_map = container->uid_map,
		.gid_map = container->gid_map,
		.unsupported = { spec->unsupported.items, spec->unsupported.count },
	};
	struct compile c = {
		.spec = &wanted,
		.facts = facts,
		.policy = policy_of(container),
		.arena = arena,
		.plan = plan,
		.report = report,
	};

	copy_container(container, facts, plan);
	inherit(&wanted.process, &container->process);
	if (limit_caps(&c, &wanted.process, err) < 0 ||
	    limit_labels(&c, &container->process, &wanted.process, err) < 0)
		return -1;
	pass_process(&wanted.process, &plan->process);
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		if (passes[i](&c, err) < 0)
			return -1;
	}
	return 0;
}
