/* One filter for two: what it answers against what the kernel makes of both (seccomp(2): the
 * strictest action, and of equal ones that of the filter loaded last), over every number and many
 * arguments, for profiles as engines send them and for random ones. */
#include "profile/merge.h"

#include "plan/answer.h"
#include "tests/unit/profile_bpf.h"
#include "tests/unit/tap.h"

#include <errno.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NUMBERS 520
#define LENGTH 60
#define PROGRAMS 300

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#define FOREIGN AUDIT_ARCH_I386
#else
#define NATIVE AUDIT_ARCH_AARCH64
#define FOREIGN AUDIT_ARCH_ARM
#endif

/* The kernel's order, strictest first: the actions as signed numbers, smallest first. */
static uint32_t
both(uint32_t ours, uint32_t bundles)
{
	int32_t a = (int32_t)(ours & SECCOMP_RET_ACTION_FULL);
	int32_t b = (int32_t)(bundles & SECCOMP_RET_ACTION_FULL);

	return a < b ? ours : bundles;
}

static int
is_errno(uint32_t answer)
{
	return (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

/* What is told must be said of the right one, and what is probed must not be told. */
static int
is_told_rightly(uint32_t merged, uint32_t ours, uint32_t bundles, const struct seccomp_data *data)
{
	int quiet = data->arch == NATIVE &&
		    profile_class_of((unsigned)data->nr, PROFILE_GVISOR) == PROFILE_DENY_QUIET;

	if (bundles == SECCOMP_RET_ERRNO)
		return merged == bundles;
	if (is_errno(bundles))
		return quiet ? is_errno(merged)
			     : (merged & (ANSWER_ASK | ANSWER_BUNDLE | ANSWER_WOULD)) ==
				   (ANSWER_ASK | ANSWER_BUNDLE);
	if (answer_plain(ours) == SECCOMP_RET_ALLOW)
		return merged == bundles;
	return merged == ours || answer_plain(merged) == bundles;
}

struct pair {
	const struct profile_filter *builtin;
	const struct bundle_filter *bundle;
	const struct merged_filter *merged;
	unsigned wrong, untold;
};

static void
try_data(struct pair *pair, const struct seccomp_data *data)
{
	uint32_t ours = bpf_run(pair->builtin->code, pair->builtin->length, data, NULL);
	uint32_t bundles = bpf_run(pair->bundle->code, pair->bundle->length, data, NULL);
	uint32_t merged = bpf_run(pair->merged->code, pair->merged->length, data, NULL);

	if (answer_plain(merged) != both(answer_plain(ours), bundles) && pair->wrong++ < 5)
		printf("# number %d arch %x: ours %x bundle's %x merged %x\n", data->nr, data->arch,
		    ours, bundles, merged);
	if (!is_told_rightly(merged, ours, bundles, data) && pair->untold++ < 5)
		printf("# told wrongly: number %d arch %x: ours %x bundle's %x merged %x\n",
		    data->nr, data->arch, ours, bundles, merged);
}

static void
try_all(struct pair *pair)
{
	static const uint64_t values[] = { 0, 1, 2, 3, 0x5401, 0x541b, 0x10000011, 0x20008, 19 };

	for (int number = 0; number < NUMBERS; number++)
		for (size_t i = 0; i < COUNT(values); i++) {
			struct seccomp_data data = { .nr = number,
				.arch = NATIVE,
				.args = { values[i], values[COUNT(values) - 1 - i], values[i] } };

			try_data(pair, &data);
			data.arch = FOREIGN;
			try_data(pair, &data);
			data.arch = NATIVE;
			data.nr |= 0x40000000;
			try_data(pair, &data);
		}
}

static void
check(const struct bundle_filter *bundle, enum profile_tier tier, enum profile_mode mode,
    const char *text, int quietly)
{
	struct merged_filter merged;
	struct error err;
	struct pair pair = { profile_builtin(tier, mode, PROFILE_ONE_ID), bundle, &merged, 0, 0 };

	if (merge_filters(pair.builtin, bundle, &merged, &err) < 0 || !merged.code) {
		OK(0, text);
		printf("# %s\n", merged.why_not);
		return;
	}
	try_all(&pair);
	if (!quietly || pair.wrong || pair.untold) {
		EQ_INT(pair.wrong, 0, text);
		EQ_INT(pair.untold, 0, text);
		printf("# %u and %u instructions become %u\n", (unsigned)bundle->length,
		    (unsigned)pair.builtin->length, (unsigned)merged.length);
	}
	free(merged.code);
}

/* ----------------------------------------------------------------- profiles as they are sent */

#define LAUNCH "sendmsg", "execve", "exit", "exit_group"

static const char *const allowed[] = { LAUNCH, "read", "write", "openat", "ioctl", "setuid",
	"mount", "unshare", "statx", "futex", "prctl" };
static const char *const refused[] = { "reboot", "clone3", "keyctl", "ioctl", "setuid" };
static const struct bundle_arg zero[] = { { .index = 0, .value = 0, .op = "SCMP_CMP_EQ" } };
static const char *const by_argument[] = { "personality", "unshare" };

static const struct bundle_rule list[] = {
	{ .names = allowed, .names_count = COUNT(allowed), .action = "SCMP_ACT_ALLOW" },
	{ .names = by_argument,
	    .names_count = 1,
	    .action = "SCMP_ACT_ALLOW",
	    .args = zero,
	    .args_count = 1 },
};
static const struct bundle_rule refusals[] = {
	{ .names = refused,
	    .names_count = COUNT(refused),
	    .action = "SCMP_ACT_ERRNO",
	    .has_errno = 1,
	    .errnum = EACCES },
	{ .names = by_argument,
	    .names_count = 2,
	    .action = "SCMP_ACT_KILL_PROCESS",
	    .args = zero,
	    .args_count = 1 },
};

static const struct profile {
	const char *name, *action;
	const struct bundle_rule *rules;
	size_t count;
} profiles[] = {
	{ "a list, else EPERM", "SCMP_ACT_ERRNO", list, COUNT(list) },
	{ "a list, else killed", "SCMP_ACT_KILL", list, COUNT(list) },
	{ "a list, else trapped", "SCMP_ACT_TRAP", list, COUNT(list) },
	{ "a list, else logged", "SCMP_ACT_LOG", list, COUNT(list) },
	{ "a list, else traced", "SCMP_ACT_TRACE", list, COUNT(list) },
	{ "refusals, else allowed", "SCMP_ACT_ALLOW", refusals, COUNT(refusals) },
	{ "refusals, else logged", "SCMP_ACT_LOG", refusals, COUNT(refusals) },
};

static void
test_profiles(void)
{
	for (size_t i = 0; i < COUNT(profiles); i++) {
		struct bundle_seccomp seccomp = {
			.foreign = BUNDLE_FOREIGN_REFUSED,
			.default_action = profiles[i].action,
			.rules = profiles[i].rules,
			.rules_count = profiles[i].count,
		};
		struct bundle_filter bundle;
		struct error err = { 0 };

		if (bundle_seccomp_compile(&seccomp, &bundle, &err) < 0) {
			OK(0, err.text);
			continue;
		}
		check(&bundle, PROFILE_GVISOR, PROFILE_ENFORCE, profiles[i].name, 0);
		check(&bundle, PROFILE_MINIMAL, PROFILE_ENFORCE, profiles[i].name, 0);
		check(&bundle, PROFILE_GVISOR, PROFILE_AUDIT, profiles[i].name, 0);
		bundle_filter_free(&bundle);
	}
}

/* ---------------------------------------------------------------------------- random ones */

static const uint32_t answers[] = { SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
	SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ERRNO | ENOSYS, SECCOMP_RET_ERRNO, SECCOMP_RET_LOG,
	SECCOMP_RET_TRACE | 9, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_KILL_THREAD };

static struct sock_filter
random_instruction(unsigned left)
{
	unsigned reach = left < 1 ? 1 : left;

	if (left == 0 || rand() % 6 == 0)
		return (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, answers[(size_t)rand() % COUNT(answers)]);
	if (rand() % 3 == 0)
		return (struct sock_filter)BPF_STMT(
		    BPF_LD | BPF_W | BPF_ABS, (uint32_t)(rand() % 6) * 4);
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)rand() % NUMBERS,
	    (uint8_t)((uint32_t)rand() % reach), (uint8_t)((uint32_t)rand() % reach));
}

/* What a launch needs, then anything. */
static void
fill(struct sock_filter *code)
{
	static const uint32_t launch[] = { SYS_sendmsg, SYS_execve, SYS_exit, SYS_exit_group };
	unsigned at = 0;

	code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
	for (size_t i = 0; i < COUNT(launch); i++) {
		code[at++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, launch[i], 0, 1);
		code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	for (; at < LENGTH; at++)
		code[at] = random_instruction(LENGTH - 1 - at);
}

static void
test_random(void)
{
	srand(11);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		struct sock_filter code[LENGTH];
		struct bundle_filter bundle = { .code = code, .length = LENGTH };

		fill(code);
		check(&bundle, (enum profile_tier)(i % 2), (enum profile_mode)(i / 2 % 2),
		    "a random profile", 1);
	}
	OK(1, "random profiles");
}

/* ------------------------------------------------------------------------ what cannot be one */

static void
cannot(const struct sock_filter *code, unsigned short length, const char *why)
{
	struct bundle_filter bundle = { .code = (struct sock_filter *)(uintptr_t)code,
		.length = length };
	struct merged_filter merged;
	struct error err;

	EQ_INT(merge_filters(profile_builtin(PROFILE_GVISOR, PROFILE_ENFORCE, PROFILE_ONE_ID),
		   &bundle, &merged, &err),
	    0, "no error");
	OK(!merged.code, why);
	HAS_STR(merged.why_not, why, "says why");
}

static void
test_impossible(void)
{
	static const struct sock_filter notifies[] = { BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF) };
	static const struct sock_filter refuses[] = { BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM) };
	static const struct sock_filter by_memory[] = { BPF_STMT(BPF_LD | BPF_MEM, 0),
		BPF_STMT(BPF_RET | BPF_A, 0) };
	static const struct sock_filter sendmsg_by_argument[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	cannot(notifies, 1, "listener");
	cannot(refuses, 1, "may refuse sendmsg");
	cannot(sendmsg_by_argument, 4, "may refuse sendmsg");
	cannot(by_memory, 2, "no plain one");
}

int
main(void)
{
	test_profiles();
	test_random();
	test_impossible();
	DONE();
}
