/* Which filters a plan gets. */
#include "policy_help.h"

#include "plan/answer.h"
#include "profile/bundle.h"
#include "profile/profile.h"
#include "tap.h"

#include <linux/seccomp.h>

static const char *const names[] = { "reboot" };
static const struct bundle_rule refuse_rule = {
	.names = names, .names_count = 1, .action = "SCMP_ACT_ERRNO"
};
static const struct bundle_rule notify_rule = {
	.names = names, .names_count = 1, .action = "SCMP_ACT_NOTIFY"
};

static const struct row {
	const char *text;
	uint32_t syscalls, identity, tier;
	int builtin; /* expected */
	enum profile_mode mode;
	enum profile_ids ids;
	uint64_t granted; /* capabilities, to uid 0 */
} rows[] = {
	{ "enforced", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, POLICY_TIER_GVISOR, 1, PROFILE_ENFORCE,
	    PROFILE_ONE_ID, BIT(CAP_DAC_OVERRIDE) },
	{ "minimal", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, POLICY_TIER_MINIMAL, 1, PROFILE_ENFORCE,
	    PROFILE_ONE_ID, BIT(CAP_DAC_OVERRIDE) },
	{ "identity off", PLAN_MODE_ENFORCE, PLAN_MODE_OFF, POLICY_TIER_GVISOR, 1, PROFILE_ENFORCE,
	    PROFILE_REAL_IDS, BIT(CAP_DAC_OVERRIDE) },
	{ "identity audit", PLAN_MODE_ENFORCE, PLAN_MODE_AUDIT, POLICY_TIER_GVISOR, 1,
	    PROFILE_ENFORCE, PROFILE_TOLD_IDS, BIT(CAP_DAC_OVERRIDE) },
	{ "syscalls audit", PLAN_MODE_AUDIT, PLAN_MODE_ENFORCE, POLICY_TIER_GVISOR, 1,
	    PROFILE_AUDIT, PROFILE_ONE_ID, BIT(CAP_DAC_OVERRIDE) },
	{ "syscalls off", PLAN_MODE_OFF, PLAN_MODE_OFF, POLICY_TIER_GVISOR, 0, PROFILE_ENFORCE,
	    PROFILE_ONE_ID, BIT(CAP_DAC_OVERRIDE) },
	{ "root that stays root", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, POLICY_TIER_GVISOR, 1,
	    PROFILE_ENFORCE, PROFILE_ROOT_IDS, BIT(CAP_KILL) },
};

static void
grant(struct bench *b, uint64_t caps)
{
	b->spec.process.has_caps = 1;
	b->spec.process.caps = (struct plan_caps) { .bounding = caps, .permitted = caps };
}

static int
make_filters(struct bench *b, struct bundle_seccomp *seccomp)
{
	b->spec.seccomp = seccomp;
	if (!b->spec.process.has_caps)
		grant(b, BIT(CAP_DAC_OVERRIDE)); /* as engines do */
	if (bench_compile(b) < 0)
		return -1;
	return policy_filters(&b->spec, NULL, &b->arena, &b->plan, &b->report, &b->err);
}

static void
test_builtin(const struct row *row)
{
	const struct profile_filter *want =
	    profile_builtin((enum profile_tier)row->tier, row->mode, row->ids);
	const struct plan_filter *got;
	struct bench b;

	bench_start(&b);
	b.policy.syscalls_mode = row->syscalls;
	b.policy.identity_mode = row->identity;
	b.policy.tier = row->tier;
	grant(&b, row->granted);
	EQ_INT(make_filters(&b, NULL), 0, row->text);
	got = &b.plan.filters[PLAN_FILTER_BUILTIN];
	EQ_INT(got->code.count, row->builtin ? want->length : 0, "length");
	OK(!row->builtin || memcmp(got->code.items, want->code, want->length * 8ul) == 0, "code");
	EQ_INT(b.plan.denials, row->builtin ? PLAN_DENIALS_INIT : PLAN_DENIALS_UNTOLD, "listener");
	EQ_INT((got->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0, row->builtin, "asked for");
	EQ_INT(b.plan.filters[PLAN_FILTER_BUNDLE].code.count, 0, "no filter of the bundle");
	bench_end(&b);
}

static void
test_bundle(void)
{
	const unsigned builtin =
	    profile_builtin(PROFILE_GVISOR, PROFILE_ENFORCE, PROFILE_ONE_ID)->length;
	struct bundle_seccomp seccomp = { .default_action = "SCMP_ACT_ALLOW" };
	struct bench b;

	bench_start(&b);
	EQ_INT(make_filters(&b, &seccomp), 0, "a profile that allows everything");
	EQ_INT(b.plan.filters[PLAN_FILTER_BUNDLE].code.count, 0, "costs nothing");
	seccomp.rules = &refuse_rule;
	seccomp.rules_count = 1;
	EQ_INT(make_filters(&b, &seccomp), 0, "a profile with a rule");
	EQ_INT(b.plan.filters[PLAN_FILTER_BUNDLE].code.count, 0, "is no filter of its own");
	OK(b.plan.filters[PLAN_FILTER_BUILTIN].code.count > builtin, "but merged with ours");
	EQ_INT(b.plan.denials, PLAN_DENIALS_INIT, "which init listens to");
	seccomp.default_action = "SCMP_ACT_NONSENSE";
	EQ_INT(make_filters(&b, &seccomp), -1, "an unknown action");
	HAS_STR(b.err.text, "linux.seccomp", "is an error");
	bench_end(&b);
}

/* How many of its answers ask init. */
static int
asks(const struct plan_filter *filter)
{
	int count = 0;

	for (uint64_t i = 0; i < filter->code.count; i++) {
		struct sock_filter at;

		memcpy(&at, &filter->code.items[i], sizeof(at));
		count += at.code == (BPF_RET | BPF_K) && answer_plain(at.k) != at.k;
	}
	return count;
}

static void
test_listener(void)
{
	struct bundle_seccomp seccomp = {
		.default_action = "SCMP_ACT_ALLOW",
		.rules = &notify_rule,
		.rules_count = 1,
		.listener_path = "/run/listener",
	};
	struct bench b;

	bench_start(&b);
	EQ_INT(make_filters(&b, &seccomp), 0, "a profile that notifies");
	EQ_INT(b.plan.denials, PLAN_DENIALS_AGENT, "has its own agent");
	EQ_STR(b.plan.listener_path, "/run/listener", "at its path");
	EQ_INT(b.plan.filters[PLAN_FILTER_BUNDLE].flags & SECCOMP_FILTER_FLAG_NEW_LISTENER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, "which gets the listener");
	EQ_INT(b.plan.filters[PLAN_FILTER_BUILTIN].flags, 0, "and not ours");
	EQ_INT(asks(&b.plan.filters[PLAN_FILTER_BUILTIN]), 0, "which asks nobody");
	bench_end(&b);
}

/* Without supervision no init is there to listen. */
static void
test_nobody(void)
{
	struct bench b;

	bench_start(&b);
	b.policy.supervision_mode = PLAN_MODE_OFF;
	EQ_INT(make_filters(&b, NULL), 0, "supervision off");
	EQ_INT(b.plan.denials, PLAN_DENIALS_UNTOLD, "nobody is told");
	EQ_INT(asks(&b.plan.filters[PLAN_FILTER_BUILTIN]), 0, "and nobody asked");
	bench_end(&b);
}

static void
test_warning(void)
{
	struct bench b;

	bench_start(&b);
	b.policy.syscalls_mode = PLAN_MODE_OFF;
	EQ_INT(make_filters(&b, NULL), 0, "one identity without a filter to pretend");
	EQ_STR(bench_kind(&b, "syscalls off, identity enforce"), "warning", "is worth a warning");
	bench_end(&b);
}

/* What a compiler other than the default makes is what the plan gets. */
static int
compile_otherwise(const void *context, const struct bundle_seccomp *seccomp,
    struct bundle_filter *out, struct error *err)
{
	const struct bundle_filter *given = context;

	if (!given)
		return error_set(err, "refused: %s", seccomp->default_action);
	*out = *given;
	out->code = malloc(sizeof(*out->code));
	if (!out->code)
		return error_sys(err, "a filter");
	*out->code = *given->code;
	return 0;
}

static void
test_compiler(void)
{
	struct bundle_seccomp seccomp = {
		.default_action = "SCMP_ACT_ALLOW", .rules = &refuse_rule, .rules_count = 1
	};
	struct sock_filter code = { 6, 0, 0, SECCOMP_RET_ERRNO | 7 };
	const struct bundle_filter given = { .code = &code, .length = 1, .flags = 2 };
	struct policy_compiler compiler = { compile_otherwise, &given };
	const struct plan_filter *got;
	struct bench b;

	bench_start(&b);
	got = &b.plan.filters[PLAN_FILTER_BUNDLE];
	EQ_INT(make_filters(&b, &seccomp), 0, "by default");
	EQ_INT(got->code.count, 0, "libseccomp's, merged with ours");
	EQ_INT(policy_filters(&b.spec, &compiler, &b.arena, &b.plan, &b.report, &b.err), 0,
	    "by another compiler");
	EQ_INT(got->code.count, 1, "its code");
	OK(memcmp(got->code.items, &code, sizeof(code)) == 0, "as it is");
	EQ_INT(got->flags, 2, "its flags");
	compiler.context = NULL;
	EQ_INT(policy_filters(&b.spec, &compiler, &b.arena, &b.plan, &b.report, &b.err), -1,
	    "it fails");
	HAS_STR(b.err.text, "refused: SCMP_ACT_ALLOW", "in its words");
	bench_end(&b);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		test_builtin(&rows[i]);
	test_bundle();
	test_listener();
	test_nobody();
	test_compiler();
	test_warning();
	DONE();
}
