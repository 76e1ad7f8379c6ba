/* spec -> plan: what is stripped, kept and why (DESIGN 1, 4, 5, 7). Pure: no system calls, no
 * files; what must be known of the host comes in as struct policy_facts. */
#ifndef OSLESS_POLICY_POLICY_H
#define OSLESS_POLICY_POLICY_H

#include "plan/plan.h"
#include "policy/report.h"
#include "spec/policy_file.h"
#include "spec/spec.h"

struct arena;
struct bundle_filter;
struct bundle_seccomp;
struct error;

struct policy_facts {
	uint32_t euid;
	uint32_t in_userns;   /* 1: the runtime runs in a user namespace that is not the host's, */
	plan_idmaps own_uids; /* which has these ids; count 0 = all */
	plan_idmaps own_gids;
	uint32_t no_pivot;       /* --no-pivot */
	uint32_t no_new_keyring; /* --no-new-keyring */
	uint32_t preserve_fds;   /* --preserve-fds plus LISTEN_FDS */
	uint32_t listen_fds;     /* LISTEN_FDS */
	uint32_t cgroup_manager; /* enum plan_cgroup_manager */
	uint32_t has_systemd;    /* 1: osless is built with the systemd cgroup manager */
	uint32_t user_units;     /* 1: units are to be the caller's own manager's */
	uint32_t console_socket; /* 1: --console-socket was given, which is refused */
};

/* Makes *plan from *spec. Strings of spec and policy are shared, so both must outlive the plan; new
 * ones come from arena. report gets every departure from what config.json asks. -1: the config
 * cannot run here as asked (err names the cure). The seccomp filters stay empty (policy_filters
 * fills them): they cost libseccomp's time. */
int policy_compile(const struct spec *spec, const struct host_policy *policy,
    const struct policy_facts *facts, const char *id, struct arena *arena, struct plan *plan,
    struct report *report, struct error *err);

/* The limit of processes that the container's cgroup gets where asked is what the payload may have
 * (0: unset, -1: none): init's own processes do not count as the payload's. */
int64_t policy_pids_limit(const struct plan *plan, int64_t asked);

/* Makes *plan for one more process of a container, from spec->process (the rest of spec is not
 * looked at) and the container's own plan, which must outlive it: modes, identity's rules,
 * namespaces and filters are the container's, its capabilities the limit. What the process leaves
 * out (capabilities, limits, umask, oom score) is as the container's process has it. */
int policy_compile_exec(const struct spec *spec, const struct plan *container,
    const struct policy_facts *facts, struct arena *arena, struct plan *plan, struct report *report,
    struct error *err);

/* Who makes a filter of the bundle's own profile; the contract is that of bundle_seccomp_compile
 * (profile/bundle.h). */
struct policy_compiler {
	int (*compile)(const void *context, const struct bundle_seccomp *seccomp,
	    struct bundle_filter *out, struct error *err);
	const void *context;
};

/* Fills plan->filters from the built-in table, by the plan's own modes and tier, and from the
 * bundle's own profile, and from the annotation dev.osless.processes. compiler NULL:
 * bundle_seccomp_compile. */
int policy_filters(const struct spec *spec, const struct policy_compiler *compiler,
    struct arena *arena, struct plan *plan, struct report *report, struct error *err);

#endif
