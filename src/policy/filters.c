/* The seccomp filters: the built-in one by tier, mode and identity, then the bundle's own, then the
 * one that forbids a second process. Pure but
 * for libseccomp's memory file (profile/bundle.h). */
#include "policy/policy.h"

#include "base/arena.h"
#include "base/error.h"
#include "policy/annotations.h"
#include "profile/bundle.h"
#include "profile/processes.h"
#include "profile/profile.h"

#include <errno.h>
#include <linux/seccomp.h>
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

static int
add_builtin(struct arena *arena, struct plan *plan, struct error *err)
{
	const struct profile_filter *builtin =
	    profile_builtin((enum profile_tier)plan->tier, (enum profile_mode)plan->syscalls_mode,
		plan->identity_mode == PLAN_MODE_ENFORCE ? PROFILE_ONE_ID : PROFILE_REAL_IDS);

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

/* The fd that seccomp(2) gives for a notifying filter has nobody to go to. Without one the kernel
 * answers ENOSYS to what the profile leaves to it. */
static int
drop_listener(const struct bundle_seccomp *seccomp, struct plan_filter *filter,
    struct report *report, struct error *err)
{
	if (!seccomp->listener_path && !(filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return 0;
	filter->flags &=
	    ~(uint32_t)(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	return note(report, REPORT_UNSUPPORTED, "linux.seccomp.listenerPath",
	    "nobody listens: system calls left to a listener answer ENOSYS", err);
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
	struct plan_filter *filter = &plan->filters[PLAN_FILTER_BUNDLE];
	struct bundle_filter compiled = { 0 };
	int result;

	if (compile_bundle(compiler, seccomp, &compiled, err) < 0)
		return -1; /* err names linux.seccomp */
	result = set_code(arena, compiled.code, compiled.length, filter, err);
	filter->flags = compiled.flags;
	bundle_filter_free(&compiled);
	return result < 0 ? -1 : drop_listener(seccomp, filter, report, err);
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
	if (!spec->seccomp || allows_everything(spec->seccomp))
		return 0;
	return add_bundle(spec->seccomp, compiler, arena, plan, report, err);
}
