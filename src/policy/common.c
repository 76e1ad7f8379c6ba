/* What passes from spec to plan as it is, and what the command line says. Pure. */
#include "policy/pass.h"

#include "base/error.h"

void
pass_process(const struct spec_process *from, struct plan_process *to)
{
	*to = (struct plan_process) {
		.args = { from->args.items, from->args.count },
		.env = { from->env.items, from->env.count },
		.cwd = from->cwd,
		.uid = from->uid,
		.gid = from->gid,
		.groups = { from->groups.items, from->groups.count },
		.has_umask = from->has_umask,
		.umask = from->umask,
		.no_new_privs = from->no_new_privs,
		.has_oom_score_adj = from->has_oom_score_adj,
		.oom_score_adj = from->oom_score_adj,
		.rlimits = { from->rlimits.items, from->rlimits.count },
		.scheduler = from->scheduler,
		.io_class = from->io_class,
		.io_level = from->io_level,
		.exec_cpus_initial = from->exec_cpus_initial,
		.exec_cpus_final = from->exec_cpus_final,
		.apparmor_profile = from->apparmor_profile,
		.selinux_label = from->selinux_label,
		.stdio_owner = 1,
	};
	if (from->has_caps)
		to->caps = from->caps; /* without the block: none at all, bounding included */
}

static void
copy_hooks(const struct spec *spec, struct plan *plan)
{
	plan->hooks_prestart = spec->hooks_prestart;
	plan->hooks_create_runtime = spec->hooks_create_runtime;
	plan->hooks_create_container = spec->hooks_create_container;
	plan->hooks_start_container = spec->hooks_start_container;
	plan->hooks_poststart = spec->hooks_poststart;
	plan->hooks_poststop = spec->hooks_poststop;
}

static void
copy_rootfs(const struct spec *spec, struct plan *plan)
{
	plan->rootfs = spec->rootfs;
	plan->rootfs_readonly = spec->rootfs_readonly;
	plan->rootfs_propagation = spec->rootfs_propagation;
	plan->mount_label = spec->mount_label;
	plan->masked_paths.items = spec->masked_paths.items;
	plan->masked_paths.count = spec->masked_paths.count;
	plan->readonly_paths.items = spec->readonly_paths.items;
	plan->readonly_paths.count = spec->readonly_paths.count;
}

static void
copy_facts(const struct policy_facts *facts, struct plan *plan)
{
	plan->no_pivot = facts->no_pivot;
	plan->in_userns = facts->in_userns;
	plan->binds_inside = facts->euid != 0; /* open_tree(2) needs CAP_SYS_ADMIN */
	plan->new_keyring = !facts->no_new_keyring;
	plan->preserve_fds = facts->preserve_fds;
	plan->listen_fds = facts->listen_fds;
}

/* Without a name of its own the class of service has the container's, and is its alone. */
static void
copy_rdt(const struct spec *spec, struct plan *plan)
{
	plan->rdt = spec->rdt;
	if (!spec->rdt.given || spec->rdt.group)
		return;
	plan->rdt.own = 1;
	plan->rdt.group = plan->id;
}

int
pass_common(struct compile *c, struct error *err)
{
	const struct spec *spec = c->spec;
	struct plan *plan = c->plan;

	if (!spec->has_process || spec->process.args.count == 0)
		return error_set(err,
		    "%s/config.json: process: missing: name a program to run in process.args",
		    spec->bundle);
	plan->oci_version = spec->oci_version;
	plan->bundle = spec->bundle;
	plan->annotations.items = spec->annotations.items;
	plan->annotations.count = spec->annotations.count;
	plan->hostname = spec->hostname;
	plan->domainname = spec->domainname;
	plan->has_personality = spec->has_personality;
	plan->personality = spec->personality;
	plan->memory_policy = spec->memory_policy;
	pass_process(&spec->process, &plan->process);
	copy_hooks(spec, plan);
	copy_rootfs(spec, plan);
	copy_rdt(spec, plan);
	copy_facts(c->facts, plan);
	return 0;
}

int
pass_unsupported(struct compile *c, struct error *err)
{
	for (uint64_t i = 0; i < c->spec->unsupported.count; i++) {
		const struct spec_unsupported *field = &c->spec->unsupported.items[i];
		struct report_entry entry = {
			.kind = REPORT_UNSUPPORTED,
			.what = field->path,
			.why = field->why,
		};

		if (pass_note(c, &entry, err) < 0)
			return -1;
	}
	return 0;
}
