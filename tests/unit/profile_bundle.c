/* The bundle's own profile: what docker and podman send, in part, every action, operator and flag,
 * and bad input. */
#include "profile/bundle.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/profile_bpf.h"
#include "tests/unit/tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAMES(...) \
	.names = (const char *const[]) { __VA_ARGS__ }, \
	.names_count = COUNT(((const char *const[]) { __VA_ARGS__ }))
#define ARGS(...) \
	.args = (const struct bundle_arg[]) { __VA_ARGS__ }, \
	.args_count = COUNT(((const struct bundle_arg[]) { __VA_ARGS__ }))

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#define NATIVE_WORD "SCMP_ARCH_X86_64"
#define FOREIGN AUDIT_ARCH_I386
#else
#define NATIVE AUDIT_ARCH_AARCH64
#define NATIVE_WORD "SCMP_ARCH_AARCH64"
#define FOREIGN AUDIT_ARCH_ARM
#endif

/* The shape of docker's: default EPERM, a list, personality by value, clone by mask, clone3 ENOSYS.
 */
static const struct bundle_rule docker_rules[] = {
	{ .action = "SCMP_ACT_ALLOW",
	    NAMES("read", "write", "close", "exit_group", "openat", "fstat", "no_such_call",
		"getrandom", "clock_gettime64", "prctl", "seccomp", "wait4", "getpid", "statx",
		"faccessat2", "futex", "kill", "rt_sigreturn", "brk", "mmap", "munmap", "io_setup",
		"madvise", "sigaltstack", "ioctl", "lseek", "epoll_pwait2") },
	{ .action = "SCMP_ACT_ALLOW",
	    NAMES("personality"),
	    ARGS({ .index = 0, .value = 0, .op = "SCMP_CMP_EQ" }) },
	{ .action = "SCMP_ACT_ALLOW",
	    NAMES("personality"),
	    ARGS({ .index = 0, .value = 0x20008, .op = "SCMP_CMP_EQ" }) },
	{ .action = "SCMP_ACT_ALLOW",
	    NAMES("clone"),
	    ARGS({ .index = 0, .value = 2114060288, .op = "SCMP_CMP_MASKED_EQ" }) },
	{ .action = "SCMP_ACT_ERRNO", .has_errno = 1, .errnum = ENOSYS, NAMES("clone3") },
};

#if defined(__x86_64__)
static const char *const arches[] = { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32" };
#else
static const char *const arches[] = { "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM" };
#endif

static const struct bundle_seccomp docker = {
	.default_action = "SCMP_ACT_ERRNO",
	.architectures = arches,
	.architectures_count = COUNT(arches),
	.rules = docker_rules,
	.rules_count = COUNT(docker_rules),
};

static uint32_t
ask_number(const struct bundle_filter *filter, uint32_t arch, uint32_t number, uint64_t arg0,
    uint64_t arg1)
{
	struct seccomp_data data = { .nr = (int)number, .arch = arch, .args = { arg0, arg1 } };

	return bpf_run(filter->code, filter->length, &data, NULL);
}

static uint32_t
ask(const struct bundle_filter *filter, const char *name, uint64_t arg0, uint64_t arg1)
{
	int number = seccomp_syscall_resolve_name(name);

	return ask_number(filter, NATIVE, (uint32_t)number, arg0, arg1);
}

static void
check_docker(void)
{
	struct bundle_filter filter;
	struct error err = { 0 };

	EQ_INT(bundle_seccomp_compile(&docker, &filter, &err), 0, "docker's shape compiles");
	printf("# %u instructions %s\n", (unsigned)filter.length, err.text);
	EQ_INT(filter.flags, 0, "no flags");
	EQ_INT(filter.unknown_count, 1, "one unknown name");
	EQ_STR(filter.unknown ? filter.unknown[0] : NULL, "no_such_call", "which one");
	EQ_INT(ask(&filter, "read", 0, 0), SECCOMP_RET_ALLOW, "a listed call");
	EQ_INT(ask(&filter, "ptrace", 0, 0), SECCOMP_RET_ERRNO | EPERM, "an absent errno is EPERM");
	EQ_INT(ask(&filter, "clone3", 0, 0), SECCOMP_RET_ERRNO | ENOSYS, "a rule's own errno");
	EQ_INT(ask(&filter, "personality", 0, 0), SECCOMP_RET_ALLOW, "a value");
	EQ_INT(ask(&filter, "personality", 0x20008, 0), SECCOMP_RET_ALLOW, "another value");
	EQ_INT(ask(&filter, "personality", 8, 0), SECCOMP_RET_ERRNO | EPERM, "neither");
	EQ_INT(ask(&filter, "clone", 17, 0), SECCOMP_RET_ALLOW, "fork");
	EQ_INT(ask(&filter, "clone", 0x10000011, 0), SECCOMP_RET_ERRNO | EPERM, "CLONE_NEWUSER");
	EQ_INT(ask_number(&filter, NATIVE, 441, 0, 0), SECCOMP_RET_ALLOW, "the newest named");
	EQ_INT(ask_number(&filter, NATIVE, 442, 0, 0), SECCOMP_RET_ERRNO | ENOSYS,
	    "newer than all named: ENOSYS");
	EQ_INT(ask_number(&filter, AUDIT_ARCH_S390X, 3, 0, 0), SECCOMP_RET_KILL_THREAD,
	    "an architecture that is not listed");
#if defined(__x86_64__)
	EQ_INT(ask_number(&filter, AUDIT_ARCH_I386, 20, 0, 0), SECCOMP_RET_ALLOW, "i386 getpid");
	EQ_INT(ask_number(&filter, AUDIT_ARCH_I386, 26, 0, 0), SECCOMP_RET_ERRNO | EPERM,
	    "i386 ptrace");
	EQ_INT(ask_number(&filter, AUDIT_ARCH_I386, 450, 0, 0), SECCOMP_RET_ERRNO | ENOSYS,
	    "i386, newer");
	EQ_INT(
	    ask_number(&filter, NATIVE, 0x40000000u | 39, 0, 0), SECCOMP_RET_ALLOW, "x32 getpid");
	EQ_INT(ask_number(&filter, NATIVE, 0x40000000u | 101, 0, 0), SECCOMP_RET_ERRNO | EPERM,
	    "x32 ptrace");
#endif
	bundle_filter_free(&filter);
	OK(filter.code == NULL, "freed is empty");
}

/* Loaded beside a built-in filter. */
static void
check_foreign_refused(void)
{
	static const char *const own[] = { NATIVE_WORD };
	struct bundle_seccomp seccomp = docker;
	struct bundle_filter filter;
	struct error err = { 0 };

	seccomp.foreign = BUNDLE_FOREIGN_REFUSED;
	EQ_INT(bundle_seccomp_compile(&seccomp, &filter, &err), 0, "without foreign entry points");
	printf("# %u instructions\n", (unsigned)filter.length);
	EQ_INT(ask(&filter, "read", 0, 0), SECCOMP_RET_ALLOW, "a listed call");
	EQ_INT(ask(&filter, "ptrace", 0, 0), SECCOMP_RET_ERRNO | EPERM, "another");
	EQ_INT(ask_number(&filter, FOREIGN, 26, 0, 0), SECCOMP_RET_ALLOW,
	    "a listed architecture is left to the built-in filter");
	bundle_filter_free(&filter);
	seccomp.architectures = own;
	seccomp.architectures_count = 1;
	EQ_INT(bundle_seccomp_compile(&seccomp, &filter, &err), 0, "none listed");
	EQ_INT(ask_number(&filter, FOREIGN, 26, 0, 0), SECCOMP_RET_KILL_THREAD,
	    "an architecture that is not listed kills");
	bundle_filter_free(&filter);
}

static int
compile_rules(const struct bundle_rule *rules, size_t count, const char *default_action,
    struct bundle_filter *filter, struct error *err)
{
	struct bundle_seccomp seccomp = {
		.default_action = default_action,
		.rules = rules,
		.rules_count = count,
		.listener_path = "/run/agent.sock",
	};

	return bundle_seccomp_compile(&seccomp, filter, err);
}

static void
check_actions(void)
{
	static const struct {
		const char *word;
		int has_errno;
		uint32_t errnum;
		uint32_t want;
	} cases[] = {
		{ "SCMP_ACT_KILL", 0, 0, SECCOMP_RET_KILL_THREAD },
		{ "SCMP_ACT_KILL_THREAD", 0, 0, SECCOMP_RET_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", 0, 0, SECCOMP_RET_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", 0, 0, SECCOMP_RET_TRAP },
		{ "SCMP_ACT_ERRNO", 0, 0, SECCOMP_RET_ERRNO | EPERM },
		{ "SCMP_ACT_ERRNO", 1, ENOENT, SECCOMP_RET_ERRNO | ENOENT },
		{ "SCMP_ACT_ERRNO", 1, 0, SECCOMP_RET_ERRNO },
		{ "SCMP_ACT_TRACE", 0, 0, SECCOMP_RET_TRACE | EPERM },
		{ "SCMP_ACT_TRACE", 1, 7, SECCOMP_RET_TRACE | 7 },
		{ "SCMP_ACT_LOG", 0, 0, SECCOMP_RET_LOG },
		{ "SCMP_ACT_NOTIFY", 0, 0, SECCOMP_RET_USER_NOTIF },
		{ "SCMP_ACT_ALLOW", 0, 0, SECCOMP_RET_ALLOW },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bundle_rule rule = { .action = cases[i].word,
			.has_errno = cases[i].has_errno,
			.errnum = cases[i].errnum,
			NAMES("sync") };
		struct bundle_filter filter;
		struct error err = { 0 };

		EQ_INT(compile_rules(&rule, 1, "SCMP_ACT_ALLOW", &filter, &err), 0, cases[i].word);
		EQ_INT(ask(&filter, "sync", 0, 0), cases[i].want, "answers");
		EQ_INT(ask(&filter, "getpid", 0, 0), SECCOMP_RET_ALLOW, "others do not");
		EQ_INT(filter.flags,
		    cases[i].want == SECCOMP_RET_USER_NOTIF ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0,
		    "a listener only to notify");
		bundle_filter_free(&filter);
	}
}

static void
check_operators(void)
{
	static const struct {
		struct bundle_arg arg;
		uint64_t hit, miss;
	} cases[] = {
		{ { 0, 5, 0, "SCMP_CMP_NE" }, 6, 5 },
		{ { 0, 5, 0, "SCMP_CMP_LT" }, 4, 5 },
		{ { 0, 5, 0, "SCMP_CMP_LE" }, 5, 6 },
		{ { 0, 5, 0, "SCMP_CMP_EQ" }, 5, 5 | 1ull << 32 },
		{ { 0, 5, 0, "SCMP_CMP_GE" }, 5, 4 },
		{ { 0, 5, 0, "SCMP_CMP_GT" }, 1ull << 32, 5 },
		{ { 0, 0xf0, 0x30, "SCMP_CMP_MASKED_EQ" }, 0x3f, 0x4f },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bundle_rule rule = { .action = "SCMP_ACT_ERRNO",
			NAMES("getpgid"),
			.args = &cases[i].arg,
			.args_count = 1 };
		struct bundle_filter filter;
		struct error err = { 0 };

		EQ_INT(
		    compile_rules(&rule, 1, "SCMP_ACT_ALLOW", &filter, &err), 0, cases[i].arg.op);
		EQ_INT(ask(&filter, "getpgid", cases[i].hit, 0), SECCOMP_RET_ERRNO | EPERM, "hit");
		EQ_INT(ask(&filter, "getpgid", cases[i].miss, 0), SECCOMP_RET_ALLOW, "miss");
		bundle_filter_free(&filter);
	}
}

static void
check_several_conditions(void)
{
	const struct bundle_rule both[] = { { .action = "SCMP_ACT_ERRNO",
	    NAMES("setpgid"),
	    ARGS({ 0, 1, 0, "SCMP_CMP_EQ" }, { 1, 2, 0, "SCMP_CMP_EQ" }) } };
	const struct bundle_rule either[] = { { .action = "SCMP_ACT_ERRNO",
	    NAMES("setpgid"),
	    ARGS({ 0, 1, 0, "SCMP_CMP_EQ" }, { 0, 9, 0, "SCMP_CMP_EQ" }) } };
	struct bundle_filter filter;
	struct error err = { 0 };

	EQ_INT(compile_rules(both, 1, "SCMP_ACT_ALLOW", &filter, &err), 0, "two arguments");
	EQ_INT(ask(&filter, "setpgid", 1, 2), SECCOMP_RET_ERRNO | EPERM, "both hold");
	EQ_INT(ask(&filter, "setpgid", 1, 3), SECCOMP_RET_ALLOW, "one holds");
	bundle_filter_free(&filter);
	EQ_INT(compile_rules(either, 1, "SCMP_ACT_ALLOW", &filter, &err), 0, "one argument twice");
	EQ_INT(ask(&filter, "setpgid", 1, 0), SECCOMP_RET_ERRNO | EPERM, "the first value");
	EQ_INT(ask(&filter, "setpgid", 9, 0), SECCOMP_RET_ERRNO | EPERM, "the second value");
	EQ_INT(ask(&filter, "setpgid", 2, 0), SECCOMP_RET_ALLOW, "neither value");
	bundle_filter_free(&filter);
}

static void
check_newer_calls(void)
{
	const struct bundle_rule rules[] = { { .action = "SCMP_ACT_ALLOW",
	    NAMES("getpid", "close_range") } };
	static const struct {
		const char *word;
		uint32_t want; /* for a call newer than close_range */
	} cases[] = {
		{ "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO | ENOSYS },
		{ "SCMP_ACT_KILL", SECCOMP_RET_ERRNO | ENOSYS },
		{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_ERRNO | ENOSYS },
		{ "SCMP_ACT_TRAP", SECCOMP_RET_ERRNO | ENOSYS },
		{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },
		{ "SCMP_ACT_LOG", SECCOMP_RET_LOG },
		{ "SCMP_ACT_TRACE", SECCOMP_RET_TRACE | EPERM },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bundle_filter filter;
		struct error err = { 0 };

		EQ_INT(compile_rules(rules, 1, cases[i].word, &filter, &err), 0, cases[i].word);
		EQ_INT(ask_number(&filter, NATIVE, 437, 0, 0), cases[i].want, "a newer call");
		EQ_INT(ask(&filter, "close_range", 0, 0), SECCOMP_RET_ALLOW, "the newest named");
		bundle_filter_free(&filter);
	}
}

static void
check_flags(void)
{
	static const char *const words[] = { "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
		"SECCOMP_FILTER_FLAG_SPEC_ALLOW" };
	static const char *const killable[] = { "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" };
	const struct bundle_rule notify[] = { { .action = "SCMP_ACT_NOTIFY",
	    NAMES("mkdir", "mkdirat") } };
	struct bundle_seccomp seccomp = docker;
	struct bundle_filter filter;
	struct error err = { 0 };

	seccomp.flags = words;
	seccomp.flags_count = COUNT(words);
	EQ_INT(bundle_seccomp_compile(&seccomp, &filter, &err), 0, "flags");
	EQ_INT(filter.flags, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	    "their bits; TSYNC is dropped");
	bundle_filter_free(&filter);
	seccomp = (struct bundle_seccomp) { .default_action = "SCMP_ACT_ALLOW",
		.rules = notify,
		.rules_count = 1,
		.flags = killable,
		.flags_count = 1,
		.listener_path = "/run/agent.sock" };
	EQ_INT(bundle_seccomp_compile(&seccomp, &filter, &err), 0, "WAIT_KILLABLE_RECV");
	EQ_INT(filter.flags, 1 << 5 | SECCOMP_FILTER_FLAG_NEW_LISTENER, "with a listener");
	bundle_filter_free(&filter);
	seccomp.rules_count = 0;
	EQ_INT(bundle_seccomp_compile(&seccomp, &filter, &err), -1, "without");
	HAS_STR(err.text, "needs a rule with SCMP_ACT_NOTIFY", "says so");
}

static void
expect_error(const struct bundle_seccomp *seccomp, const char *part)
{
	struct bundle_filter filter;
	struct error err = { 0 };

	EQ_INT(bundle_seccomp_compile(seccomp, &filter, &err), -1, part);
	HAS_STR(err.text, part, "says so");
	OK(!filter.code && !filter.unknown, "leaves nothing");
	printf("# %s\n", err.text);
}

static void
check_bad_words(void)
{
	const struct bundle_rule no_action[] = { { NAMES("read") } };
	const struct bundle_rule bad_operator[] = {
		{ .action = "SCMP_ACT_ALLOW", NAMES("read"), ARGS({ 0, 0, 0, "SCMP_CMP_MAYBE" }) }
	};
	static const char *const bad_arch[] = { "SCMP_ARCH_Z80" };
	static const char *const other_endian[] = { "SCMP_ARCH_S390X" };
	static const char *const bad_flag[] = { "SECCOMP_FILTER_FLAG_FAST" };
	struct bundle_seccomp seccomp = { .default_action = "SCMP_ACT_PANIC" };

	expect_error(&seccomp, "unknown action \"SCMP_ACT_PANIC\": known are SCMP_ACT_KILL, ");
	seccomp.default_action = NULL;
	expect_error(&seccomp, "linux.seccomp: defaultAction: action is missing");
	seccomp.default_action = "SCMP_ACT_NOTIFY";
	expect_error(&seccomp, "SCMP_ACT_NOTIFY cannot be used as defaultAction");
	seccomp.default_action = "SCMP_ACT_ERRNO";
	seccomp.rules = no_action;
	seccomp.rules_count = 1;
	expect_error(&seccomp, "syscalls[0]: action is missing");
	seccomp.rules = bad_operator;
	expect_error(&seccomp, "syscalls[0]: args[0]: unknown operator \"SCMP_CMP_MAYBE\"");
	seccomp.rules_count = 0;
	seccomp.architectures_count = 1;
	seccomp.architectures = bad_arch;
	expect_error(&seccomp, "architectures[0]: unknown architecture \"SCMP_ARCH_Z80\"");
	seccomp.architectures = other_endian;
	expect_error(&seccomp, "SCMP_ARCH_S390X cannot be filtered on this machine");
	seccomp.architectures_count = 0;
	seccomp.flags = bad_flag;
	seccomp.flags_count = 1;
	expect_error(&seccomp, "flags[0]: unknown flag \"SECCOMP_FILTER_FLAG_FAST\"");
}

static void
check_bad_rules(void)
{
	const struct bundle_rule bad_errno[] = {
		{ .action = "SCMP_ACT_ERRNO", .has_errno = 1, .errnum = 4096, NAMES("read") }
	};
	const struct bundle_rule bad_index[] = {
		{ .action = "SCMP_ACT_ALLOW", NAMES("read"), ARGS({ 6, 0, 0, "SCMP_CMP_EQ" }) }
	};
	const struct bundle_rule notify_write[] = { { .action = "SCMP_ACT_NOTIFY",
	    NAMES("mkdirat", "write") } };
	const struct bundle_rule notify[] = { { .action = "SCMP_ACT_NOTIFY", NAMES("mkdirat") } };
	const struct bundle_rule contradiction[] = {
		{ .action = "SCMP_ACT_ALLOW", NAMES("read"), ARGS({ 0, 1, 0, "SCMP_CMP_EQ" }) },
		{ .action = "SCMP_ACT_KILL", NAMES("read"), ARGS({ 0, 1, 0, "SCMP_CMP_EQ" }) },
	};
	struct bundle_seccomp seccomp = { .default_action = "SCMP_ACT_ERRNO", .rules_count = 1 };

	seccomp.rules = bad_errno;
	expect_error(&seccomp, "errno 4096 is beyond 4095");
	seccomp.rules = bad_index;
	expect_error(&seccomp, "index 6 is beyond 5");
	seccomp.rules = notify;
	expect_error(&seccomp, "give linux.seccomp.listenerPath");
	seccomp.rules = notify_write;
	seccomp.listener_path = "/run/agent.sock";
	expect_error(&seccomp, "SCMP_ACT_NOTIFY cannot be used for the write syscall");
	seccomp.rules = contradiction;
	seccomp.rules_count = 2;
	expect_error(&seccomp, "another rule gives the same arguments another action");
}

static void
check_words(void)
{
	EQ_STR(bundle_known_word(BUNDLE_ACTIONS, 0), "SCMP_ACT_KILL", "the first action");
	EQ_STR(bundle_known_word(BUNDLE_OPERATORS, 6), "SCMP_CMP_MASKED_EQ", "the last operator");
	OK(bundle_known_word(BUNDLE_OPERATORS, 7) == NULL, "and no more");
	OK(bundle_known_word(BUNDLE_FLAGS, 99) == NULL, "nor far beyond the end");
}

/* The kernel takes the filter and it works there. */
static void
check_kernel(void)
{
	struct bundle_filter filter;
	struct error err = { 0 };
	int status = 0;
	pid_t child;

	EQ_INT(bundle_seccomp_compile(&docker, &filter, &err), 0, "compile for the kernel");
	child = fork();
	if (child == 0) {
		struct sock_fprog program = { .len = filter.length, .filter = filter.code };

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, filter.flags, &program) < 0)
			_exit(1);
		if (syscall(__NR_getppid) != -1 || errno != EPERM)
			_exit(2);
		_exit(syscall(__NR_getpid) > 0 ? 0 : 3);
	}
	(void)waitpid(child, &status, 0);
	EQ_INT(status, 0, "the kernel takes the filter and obeys it");
	bundle_filter_free(&filter);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* a child shares it */
	check_docker();
	check_foreign_refused();
	check_actions();
	check_operators();
	check_several_conditions();
	check_newer_calls();
	check_flags();
	check_bad_words();
	check_bad_rules();
	check_words();
	check_kernel();
	DONE();
}
