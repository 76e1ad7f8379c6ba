/* The seccomp filters: the built-in one by tier, mode and identity, the bundle's own, as one with
 * it or after it, and the one that forbids a second process; and who listens. Pure but for
 * libseccomp's memory file (profile/bundle.h). */
#include "policy/policy.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "policy/annotations.h"
#include "plan/answer.h"
#include "profile/bundle.h"
#include "profile/merge.h"
#include "profile/processes.h"
#include "profile/profile.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct sock_filter) == sizeof(uint64_t), "plan_filter holds instructions");
_Static_assert((int)POLICY_TIER_MINIMAL == (int)PROFILE_MINIMAL, "a tier has one number");
_Static_assert((int)PLAN_MODE_AUDIT == (int)PROFILE_AUDIT, "a mode has one number");

static int
set_code(struct arena *arena, const struct sock_filter *code, size_t length,
    struct plan_filter *filter, struct error *err)
{
	filter->code.items = arena_array(arena, length, sizeof(*code));
	if (!filter->code.items)
		return error_num(err, ENOMEM, "system-call filter");
	memcpy(filter->code.items, code, length * sizeof(*code));
	filter->code.count = length;
	return 0;
}

/* Uid 0, which stays for want of CAP_DAC_OVERRIDE or because the host's policy keeps it, has no
 * power to change: CAP_SETUID and CAP_SETGID are not among what it has, unless by the host's
 * policy, and then that is pretended all the same. */
static enum profile_ids
ids_of(const struct plan *plan)
{
	const uint64_t power = UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID;

	if (plan->identity_mode != PLAN_MODE_ENFORCE)
		return plan->identity_mode == PLAN_MODE_AUDIT ? PROFILE_TOLD_IDS : PROFILE_REAL_IDS;
	if (plan->process.uid == 0 && !(plan->process.caps.bounding & power))
		return PROFILE_ROOT_IDS;
	return PROFILE_ONE_ID;
}

static const struct profile_filter *
builtin_of(const struct plan *plan)
{
	return profile_builtin(
	    (enum profile_tier)plan->tier, (enum profile_mode)plan->syscalls_mode, ids_of(plan));
}

static int
add_builtin(struct arena *arena, struct plan *plan, struct error *err)
{
	const struct profile_filter *builtin = builtin_of(plan);

	return set_code(
	    arena, builtin->code, builtin->length, &plan->filters[PLAN_FILTER_BUILTIN], err);
}

static int
allows_everything(const struct bundle_seccomp *seccomp)
{
	return seccomp->rules_count == 0 && seccomp->default_action &&
	       strcmp(seccomp->default_action, "SCMP_ACT_ALLOW") == 0;
}

static int
note(struct report *report, enum report_kind kind, const char *what, const char *why,
    struct error *err)
{
	if (report_add(report, kind, what, NULL, NULL, why) < 0)
		return error_num(err, ENOMEM, "policy");
	return 0;
}

/* In place of the built-in filter, which it contains. *merged: whether it could be done. */
static int
merge_bundle(const struct bundle_filter *bundle, struct arena *arena, struct plan *plan,
    struct report *report, int *merged, struct error *err)
{
	struct plan_filter *filter = &plan->filters[PLAN_FILTER_BUILTIN];
	struct merged_filter out;
	int result;

	*merged = 0;
	if (plan->syscalls_mode == PLAN_MODE_OFF)
		return 0;
	if (merge_filters(builtin_of(plan), bundle, &out, err) < 0)
		return -1;
	if (!out.code)
		return note(
		    report, REPORT_KEPT, "linux.seccomp as a filter of its own", out.why_not, err);
	result = set_code(arena, out.code, out.length, filter, err);
	filter->flags = bundle->flags & SECCOMP_FILTER_FLAG_LOG; /* the rest loosens */
	*merged = result == 0;
	free(out.code);
	return result;
}

/* Notifications go to the agent at listenerPath. Who restarts workers could not reach it: it is
 * another mount namespace's. */
static int
set_agent(const struct bundle_seccomp *seccomp, struct plan *plan, struct error *err)
{
	if (plan->tree.declared)
		return error_set(err,
		    "linux.seccomp: a rule with SCMP_ACT_NOTIFY gives its listener to an agent at "
		    "each start, and workers of a declared tree are started without one: leave out "
		    "the rule or the tree");
	plan->denials = PLAN_DENIALS_AGENT;
	plan->listener_path = seccomp->listener_path;
	plan->listener_metadata = seccomp->listener_metadata;
	return 0;
}

static int
place_bundle(const struct bundle_seccomp *seccomp, const struct bundle_filter *compiled,
    struct arena *arena, struct plan *plan, struct report *report, struct error *err)
{
	struct plan_filter *filter = &plan->filters[PLAN_FILTER_BUNDLE];
	int merged;

	if ((compiled->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) &&
	    set_agent(seccomp, plan, err) < 0)
		return -1;
	if (merge_bundle(compiled, arena, plan, report, &merged, err) < 0)
		return -1;
	if (merged)
		return 0;
	filter->flags = compiled->flags;
	return set_code(arena, compiled->code, compiled->length, filter, err);
}

static int
compile_bundle(const struct policy_compiler *compiler, const struct bundle_seccomp *seccomp,
    struct bundle_filter *out, struct error *err)
{
	if (compiler)
		return compiler->compile(compiler->context, seccomp, out, err);
	return bundle_seccomp_compile(seccomp, out, err);
}

static int
add_bundle(const struct bundle_seccomp *seccomp, const struct policy_compiler *compiler,
    struct arena *arena, struct plan *plan, struct report *report, struct error *err)
{
	struct bundle_filter compiled = { 0 };
	int result;

	if (compile_bundle(compiler, seccomp, &compiled, err) < 0)
		return -1; /* err names linux.seccomp */
	result = place_bundle(seccomp, &compiled, arena, plan, report, err);
	bundle_filter_free(&compiled);
	return result;
}

/* Init listens where there is an init, and a filter of ours, unless the bundle has its own agent:
 * then its refusals are as under any runtime, and ours plain errnos. */
static void
choose_listener(struct plan *plan)
{
	struct plan_filter *filter = &plan->filters[PLAN_FILTER_BUILTIN];

	if (plan->denials == PLAN_DENIALS_UNTOLD && plan->syscalls_mode != PLAN_MODE_OFF &&
	    plan->supervision_mode != PLAN_MODE_OFF)
		plan->denials = PLAN_DENIALS_INIT;
	if (plan->denials == PLAN_DENIALS_INIT)
		filter->flags |=
		    SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	else
		answer_make_plain(
		    (struct sock_filter *)(void *)filter->code.items, filter->code.count);
}

/* The annotation's value has been checked (policy/annotations.c). */
static int
add_processes(const struct spec *spec, struct arena *arena, struct plan *plan, struct error *err)
{
	struct sock_filter code[PROCESSES_FILTER_MAX];
	unsigned short length;

	if (!policy_annotation(spec, "dev.osless.processes"))
		return 0;
	length = processes_filter(processes_native(), code);
	return set_code(arena, code, length, &plan->filters[PLAN_FILTER_PROCESSES], err);
}

/* One identity rests on the filter's pretending. */
static int
warn_of_no_pretending(const struct plan *plan, struct report *report, struct error *err)
{
	if (plan->identity_mode != PLAN_MODE_ENFORCE || plan->syscalls_mode != PLAN_MODE_OFF)
		return 0;
	return note(report, REPORT_WARNING, "syscalls off, identity enforce",
	    "set*id and chown fail with EPERM, as only the system-call filter can answer 0 to "
	    "them",
	    err);
}

int
policy_filters(const struct spec *spec, const struct policy_compiler *compiler, struct arena *arena,
    struct plan *plan, struct report *report, struct error *err)
{
	if (plan->syscalls_mode != PLAN_MODE_OFF && add_builtin(arena, plan, err) < 0)
		return -1;
	if (warn_of_no_pretending(plan, report, err) < 0)
		return -1;
	if (add_processes(spec, arena, plan, err) < 0)
		return -1;
	if (spec->seccomp && !allows_everything(spec->seccomp) &&
	    add_bundle(spec->seccomp, compiler, arena, plan, report, err) < 0)
		return -1;
	choose_listener(plan);
	return 0;
}
