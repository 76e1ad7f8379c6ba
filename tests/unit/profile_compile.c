/* The compiled filters against the table: every number and every argument rule, in every variant of
 * both architectures, run through the BPF interpreter. */
#include "profile/compile.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "plan/answer.h"
#include "tests/unit/profile_bpf.h"
#include "tests/unit/profile_facts.h"
#include "tests/unit/profile_judge.h"
#include "tests/unit/tap.h"

#define NUMBERS 600
#define VARIANTS (PROFILE_ARCHES * PROFILE_TIERS * PROFILE_MODES * PROFILE_IDS)

static const uint32_t arch_marks[PROFILE_ARCHES] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64 };

/* What the table says of a call, an outcome that is no look. */
static struct profile_outcome
judge(const struct compile_variant *variant, const struct seccomp_data *data)
{
	uint64_t args[6];

	if (data->arch != arch_marks[variant->arch])
		return (struct profile_outcome) { PROFILE_REFUSE, .errnum = ENOSYS };
	memcpy(args, data->args, sizeof(args));
	return judge_call(judge_call_of(variant->arch, (unsigned)data->nr),
	    variant->tier == PROFILE_MINIMAL, variant->ids, args);
}

static uint32_t
expected(const struct compile_variant *variant, const struct seccomp_data *data)
{
	struct profile_outcome outcome = judge(variant, data);
	uint32_t errnum = (uint32_t)outcome.errnum;

	if (outcome.verdict == PROFILE_ACCEPT)
		return SECCOMP_RET_ALLOW;
	if (variant->mode == PROFILE_AUDIT && outcome.verdict == PROFILE_REFUSE_QUIET)
		return SECCOMP_RET_ALLOW;
	if (variant->mode == PROFILE_AUDIT ||
	    (variant->ids == PROFILE_TOLD_IDS && outcome.verdict == PROFILE_REFUSE && errnum == 0))
		return ANSWER_ASK | ANSWER_WOULD | errnum;
	if (outcome.verdict == PROFILE_REFUSE_QUIET || errnum == 0)
		return SECCOMP_RET_ERRNO | errnum;
	return ANSWER_ASK | errnum;
}

/* One variant under test. */
struct trial {
	struct compile_variant variant;
	struct compile_out out;
	unsigned runs, wrong;
	unsigned steps, most_steps; /* by number alone */
	char name[64];
};

static void
try_data(struct trial *trial, const struct seccomp_data *data)
{
	unsigned steps = 0;
	uint32_t got = bpf_run(trial->out.code, trial->out.length, data, &steps);
	uint32_t want = expected(&trial->variant, data);

	trial->runs++;
	trial->steps += steps;
	if (steps > trial->most_steps)
		trial->most_steps = steps;
	if (got == want)
		return;
	if (trial->wrong++ < 5)
		printf("# %s: number %d arch %x args %llx %llx %llx: got %x want %x\n", trial->name,
		    data->nr, data->arch, (unsigned long long)data->args[0],
		    (unsigned long long)data->args[1], (unsigned long long)data->args[2], got,
		    want);
}

static void
try_number(struct trial *trial, uint32_t arch, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = arch };

	try_data(trial, &data);
}

static void
check_numbers(struct trial *trial)
{
	static const uint32_t odd[] = { 0x40000000, 0x7fffffff, 0x80000000, 0xffffffff, 1000 };
	static const uint32_t foreign[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_X86_64,
		AUDIT_ARCH_AARCH64, 0, 0xffffffff };
	uint32_t own = arch_marks[trial->variant.arch];

	for (uint32_t number = 0; number < NUMBERS; number++)
		try_number(trial, own, number);
	printf("# %s: %u instructions, a number takes %u steps, at most %u\n", trial->name,
	    (unsigned)trial->out.length, trial->steps / trial->runs, trial->most_steps);
	for (uint32_t number = 0; number < NUMBERS; number++) {
		try_number(trial, own, 0x40000000u | number);
		for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
			try_number(trial, foreign[i], number);
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		try_number(trial, own, odd[i]);
}

/* A call with a rule, in one variant. */
struct ruled {
	struct trial *trial;
	struct seccomp_data data;
};

static void
try_args(void *context, const uint64_t *args)
{
	struct ruled *ruled = context;

	memcpy(ruled->data.args, args, sizeof(ruled->data.args));
	try_data(ruled->trial, &ruled->data);
}

static void
check_rules(struct trial *trial)
{
	for (size_t i = 0; i < profile_calls_count; i++) {
		const struct profile_call *call = &profile_calls[i];
		struct judge_values values = { 0 };
		struct ruled ruled = { trial, {
						  .nr = call->number[trial->variant.arch],
						  .arch = arch_marks[trial->variant.arch],
					      } };
		uint64_t args[6] = { 0 };

		if (!call->rule || ruled.data.nr < 0)
			continue;
		judge_collect(&values, call->rule);
		if (values.overflow)
			OK(0, "room for the rule's values");
		judge_each(&values, args, 0, try_args, &ruled);
	}
}

/* Calls that programs make all the time. The kernel answers them from its cache, without running
 * the filter, if it finds by itself that a call's number alone decides. */
static void
check_hot_calls(const struct trial *trial)
{
	static const char *const hot[] = { "read", "write", "readv", "writev", "pread64",
		"pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "lseek", "futex",
		"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "ppoll", "pselect6",
		"sendto", "sendmsg", "sendmmsg", "sendfile", "recvfrom", "recvmsg", "recvmmsg",
		"accept", "accept4", "connect", "shutdown", "getsockopt", "setsockopt", "mmap",
		"mprotect", "munmap", "mremap", "madvise", "brk", "clock_gettime", "clock_getres",
		"clock_nanosleep", "nanosleep", "gettimeofday", "timerfd_settime", "openat",
		"close", "fstat", "newfstatat", "statx", "faccessat", "faccessat2", "readlinkat",
		"getdents64", "fsync", "fdatasync", "ftruncate", "flock", "getpid", "gettid",
		"getppid", "getuid", "geteuid", "getrandom", "getcpu", "sched_yield",
		"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "restart_syscall", "execve",
		"exit", "exit_group", "wait4", "waitid", "membarrier", "eventfd2", "seccomp",
		/* x86_64 alone */
		"open", "stat", "lstat", "access", "poll", "select", "epoll_wait", "fork", "vfork",
		"time", "pipe" };
	unsigned slow = 0;

	for (size_t i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		const struct profile_call *call = facts_call(hot[i]);
		int number = call ? call->number[trial->variant.arch] : 0;

		if (!call)
			OK(0, hot[i]);
		if (!call || number == PROFILE_NO_NUMBER ||
		    bpf_is_constant_allow(trial->out.code, trial->out.length,
			arch_marks[trial->variant.arch], (uint32_t)number))
			continue;
		printf("# %s: %s is not allowed by its number alone\n", trial->name, hot[i]);
		slow++;
	}
	EQ_INT(slow, 0, "hot calls are allowed by number alone");
}

static const char *const ids_words[PROFILE_IDS] = {
	[PROFILE_ONE_ID] = "one id",
	[PROFILE_REAL_IDS] = "real ids",
	[PROFILE_TOLD_IDS] = "told ids",
	[PROFILE_ROOT_IDS] = "root ids",
};

static int
compile_trial(struct trial *trial, unsigned index)
{
	struct compile_variant *variant = &trial->variant;
	struct error err;

	variant->mode = (enum profile_mode)(index & 1);
	variant->tier = (enum profile_tier)(index >> 1 & 1);
	variant->arch = (enum profile_arch)(index >> 2 & 1);
	variant->ids = (enum profile_ids)(index >> 3);
	snprintf(trial->name, sizeof(trial->name), "%s %s %s %s",
	    variant->arch == PROFILE_AARCH64 ? "aarch64" : "x86_64",
	    variant->tier == PROFILE_MINIMAL ? "minimal" : "gvisor",
	    variant->mode == PROFILE_AUDIT ? "audit" : "enforce", ids_words[variant->ids]);
	if (compile_table(profile_calls, profile_calls_count, variant, &trial->out, &err) == 0)
		return 0;
	printf("# %s\n", err.text);
	OK(0, trial->name);
	return -1;
}

/* What the build embedded is what the compiler makes. */
static void
check_embedded(const struct trial *trial)
{
	const struct compile_variant *variant = &trial->variant;
	const struct profile_filter *filter =
	    profile_builtin(variant->tier, variant->mode, variant->ids);

	if (variant->arch != JUDGE_NATIVE)
		return;
	OK(filter->length == trial->out.length &&
		memcmp(filter->code, trial->out.code, trial->out.length * sizeof(*filter->code)) ==
		    0,
	    "the embedded filter is this one");
}

static void
check_variants(void)
{
	for (unsigned index = 0; index < VARIANTS; index++) {
		struct trial trial = { 0 };

		if (compile_trial(&trial, index) < 0)
			continue;
		check_numbers(&trial);
		check_rules(&trial);
		check_hot_calls(&trial);
		EQ_INT(trial.wrong, 0, trial.name);
		OK(trial.out.length <= 300, "at most 300 instructions");
		check_embedded(&trial);
		free(trial.out.code);
	}
}

/* The filter that sorts, which merging rests on. */
static void
check_quiet(void)
{
	const struct profile_filter *filter = profile_quiet();
	unsigned wrong = 0;

	for (int number = 0; number < NUMBERS; number++) {
		struct seccomp_data data = { .nr = number, .arch = arch_marks[JUDGE_NATIVE] };
		uint32_t got = bpf_run(filter->code, filter->length, &data, NULL);
		int quiet =
		    profile_class_of((unsigned)number, PROFILE_GVISOR) == PROFILE_DENY_QUIET;

		wrong += ((got & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO) != quiet;
	}
	EQ_INT(wrong, 0, "the quiet calls, and no others");
	printf("# the quiet filter: %u instructions\n", (unsigned)filter->length);
}

/* By hand, so that table and test cannot err together: gvisor tier, enforced, one id; told or not.
 */
static const struct {
	const char *name;
	uint64_t args[4];
	int want; /* -1 = allowed, else the errno */
} expectations[] = {
	{ "read", { 0 }, -1 }, { "setuid", { 0 }, 0 }, { "setgroups", { 0 }, 0 },
	{ "fchownat", { 0 }, 0 }, { "clone3", { 0 }, ENOSYS }, { "unshare", { 0x10000000 }, EPERM },
	{ "setns", { 0 }, EPERM }, { "ptrace", { 0 }, EPERM }, { "chroot", { 0 }, EPERM },
	{ "mount", { 0 }, EPERM }, { "bpf", { 0 }, EPERM }, { "keyctl", { 0 }, EPERM },
	{ "add_key", { 0 }, EACCES }, { "userfaultfd", { 0 }, ENOSYS },
	{ "io_uring_setup", { 0 }, ENOSYS }, { "perf_event_open", { 0 }, ENODEV },
	{ "vmsplice", { 0 }, ENOSYS }, { "seccomp", { 1, 8 }, -1 },
	{ "ioctl", { 1, 0x5401 }, ENOTTY },                 /* TCGETS: isatty */
	{ "ioctl", { 1, 0x5401 | JUDGE_GARBAGE }, ENOTTY }, /* no way round */
	{ "ioctl", { 1, 0x5412 }, ENOTTY },                 /* TIOCSTI: CVE-2016-7545 and kin */
	{ "ioctl", { 1, 0x5412 | JUDGE_GARBAGE }, ENOTTY }, /* CVE-2019-10063 */
	{ "ioctl", { 1, 0x541c }, ENOTTY },                 /* TIOCLINUX */
	{ "ioctl", { 1, 0x540e }, ENOTTY },                 /* TIOCSCTTY */
	{ "ioctl", { 1, 0x5413 }, ENOTTY },                 /* TIOCGWINSZ */
	{ "ioctl", { 1, 0x80045430 }, ENOTTY },             /* TIOCGPTN */
	{ "ioctl", { 1, 0x541b }, -1 },                     /* FIONREAD */
	{ "ioctl", { 1, 0x5411 }, -1 },                     /* SIOCOUTQ */
	{ "ioctl", { 1, 0x5421 | JUDGE_GARBAGE }, -1 },     /* FIONBIO */
	{ "ioctl", { 1, 0x8914 }, ENOTTY },                 /* SIOCSIFFLAGS */
	{ "ioctl", { 1, 0x8933 }, -1 },                     /* SIOCGIFINDEX */
	{ "ioctl", { 1, 0x40049409 }, EOPNOTSUPP },         /* FICLONE */
	{ "ioctl", { 1, 0xb701 }, ENOTTY },                 /* NS_GET_USERNS */
	{ "fcntl", { 0, 3 }, -1 }, { "fcntl", { 0, 1030 }, -1 }, { "fcntl", { 0, 10, 29 }, -1 },
	{ "fcntl", { 0, 10, 19 }, EPERM },
	{ "fcntl", { 0, 10 | JUDGE_GARBAGE, 22 | JUDGE_GARBAGE }, EPERM },
	{ "fcntl", { 0, 1024 }, EINVAL }, { "fcntl", { 0, 12 }, EINVAL },
	{ "prctl", { PR_SET_NAME }, -1 }, { "prctl", { PR_SET_SECCOMP, 2 }, -1 },
	{ "prctl", { PR_SET_NO_NEW_PRIVS, 1 }, -1 }, { "prctl", { PR_SET_PDEATHSIG, 9 }, -1 },
	{ "prctl", { PR_SET_PDEATHSIG, 20 }, EPERM },
	{ "prctl", { PR_SET_CHILD_SUBREAPER, 1 }, EPERM },
	{ "prctl", { PR_SET_CHILD_SUBREAPER | JUDGE_GARBAGE, 1 }, EPERM },
	{ "prctl", { PR_SET_MM }, EINVAL }, { "prctl", { 0x59616d61 }, -1 },
	{ "prctl", { 31 }, EINVAL }, { "clone", { 17 }, -1 }, /* fork */
	{ "clone", { 0x3d0f00 }, -1 },                        /* pthread_create */
	{ "clone", { 0x4111 }, -1 },                          /* posix_spawn */
	{ "clone", { 19 }, EPERM }, { "clone", { 22 | JUDGE_GARBAGE }, EPERM },
	{ "clone", { 0x8011 }, EPERM },     /* CLONE_PARENT */
	{ "clone", { 0x10000011 }, EPERM }, /* CLONE_NEWUSER */
	{ "clone", { 0x10000011 | JUDGE_GARBAGE }, EPERM },
	{ "clone", { 0x20011 }, EPERM },         /* CLONE_NEWNS */
	{ "clone", { 0x2000011 }, EPERM },       /* CLONE_NEWCGROUP */
	{ "clone", { 17 | JUDGE_GARBAGE }, -1 }, /* the kernel drops the high word */
	{ "kill", { 1, 9 }, -1 }, { "kill", { 1, 18 }, -1 }, { "kill", { 1, 19 }, EPERM },
	{ "kill", { 1, 23 }, -1 }, { "tkill", { 1, 20 }, EPERM }, { "tgkill", { 19, 21, 9 }, -1 },
	{ "tgkill", { 1, 1, 21 | JUDGE_GARBAGE }, EPERM }, { "rt_sigqueueinfo", { 1, 22 }, EPERM },
	{ "rt_tgsigqueueinfo", { 1, 1, 22 }, EPERM }, { "pidfd_send_signal", { 3, 19 }, EPERM },
	{ "pidfd_send_signal", { 19, 15 }, -1 }, { "socket", { AF_UNIX, SOCK_SEQPACKET }, -1 },
	{ "socket", { AF_INET, SOCK_STREAM | 0x80800, 6 }, -1 },
	{ "socket", { AF_INET6, SOCK_DGRAM, 17 }, -1 },
	{ "socket", { AF_INET, SOCK_STREAM, 262 }, EPROTONOSUPPORT }, /* MPTCP */
	{ "socket", { AF_INET, SOCK_STREAM, 132 }, EPROTONOSUPPORT }, /* SCTP */
	{ "socket", { AF_INET, 6 }, ESOCKTNOSUPPORT },                /* DCCP: CVE-2017-6074 */
	{ "socket", { AF_INET, SOCK_SEQPACKET }, ESOCKTNOSUPPORT },
	{ "socket", { AF_NETLINK, SOCK_RAW, 0 }, -1 },
	{ "socket", { AF_NETLINK, SOCK_RAW, 12 }, EPROTONOSUPPORT }, /* NETFILTER */
	{ "socket", { AF_PACKET, SOCK_RAW }, -1 },
	{ "socket", { 38, SOCK_SEQPACKET }, EAFNOSUPPORT }, /* ALG */
	{ "socket", { 40, SOCK_STREAM }, EAFNOSUPPORT },    /* VSOCK */
	{ "socket", { 38 | JUDGE_GARBAGE, SOCK_SEQPACKET }, EAFNOSUPPORT },
	{ "socketpair", { AF_UNIX, SOCK_STREAM }, -1 },
	{ "socketpair", { AF_INET, SOCK_STREAM }, EAFNOSUPPORT },
	{ "personality", { 0xffffffff }, -1 }, { "personality", { 0 }, -1 },
	{ "personality", { 0x40000 }, EINVAL }, { "setrlimit", { 7 }, -1 },
	{ "setrlimit", { 13 }, EPERM }, { "prlimit64", { 0, 3, 0 }, -1 },
	{ "prlimit64", { 0, 7, 0x1000 }, -1 }, { "prlimit64", { 0, 12, 0 }, -1 },
	{ "prlimit64", { 0, 12, 0x1000 }, EPERM },
	{ "prlimit64", { 0, 12, 0x7f0000000000 }, EPERM }, /* the low word is 0 */
	{ "sched_setscheduler", { 0, 0 }, -1 }, { "sched_setscheduler", { 0, 1 }, EINVAL },
	{ "rseq", { 0, 32, 0 }, -1 }, { "rseq", { 0, 32, 2 }, EINVAL },
	{ "pipe2", { 0, 0x80800 }, -1 },
	{ "pipe2", { 0, 0x80 }, EINVAL }, /* O_NOTIFICATION_PIPE: CVE-2022-0995 */
#if defined(__x86_64__)
	{ "arch_prctl", { 0x1002 }, -1 },
	{ "arch_prctl", { 0x3001 }, EINVAL }, /* CET_STATUS: ld.so */
#endif
};

static int
native_number(const char *name)
{
	for (unsigned number = 0; number < NUMBERS; number++) {
		const char *known = profile_syscall_name(number);

		if (known && strcmp(known, name) == 0)
			return (int)number;
	}
	return -1;
}

static void
check_expectations(void)
{
	const struct profile_filter *filter =
	    profile_builtin(PROFILE_GVISOR, PROFILE_ENFORCE, PROFILE_ONE_ID);
	char text[100];

	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
		struct seccomp_data data = { .nr = native_number(expectations[i].name),
			.arch = arch_marks[JUDGE_NATIVE] };
		uint32_t want = expectations[i].want < 0
				    ? SECCOMP_RET_ALLOW
				    : SECCOMP_RET_ERRNO | (uint32_t)expectations[i].want;

		memcpy(data.args, expectations[i].args, sizeof(expectations[i].args));
		snprintf(text, sizeof(text), "%s(%#llx, %#llx, %#llx)", expectations[i].name,
		    (unsigned long long)data.args[0], (unsigned long long)data.args[1],
		    (unsigned long long)data.args[2]);
		EQ_INT(
		    answer_plain(bpf_run(filter->code, filter->length, &data, NULL)), want, text);
	}
}

/* Invented tables, alternating and random, as long as the compiler takes: far jumps. */
static void
check_invented(unsigned seed)
{
	static struct profile_call calls[500];
	struct compile_variant variant = { 0 };
	struct compile_out out;
	struct error err = { 0 };
	unsigned wrong = 0;

	srand(seed);
	for (int i = 0; i < 500; i++)
		calls[i] = (struct profile_call) {
			.name = "invented",
			.number = { i, i },
			.class = PROFILE_DENY,
			.errnum = seed ? 1 + rand() % 40 : 1 + i % 40,
		};
	OK(compile_table(calls, 500, &variant, &out, &err) == 0, "an invented table compiles");
	for (int i = 0; i < 500; i++) {
		struct seccomp_data data = { .nr = i, .arch = AUDIT_ARCH_X86_64 };

		wrong += bpf_run(out.code, out.length, &data, NULL) !=
			 (ANSWER_ASK | (unsigned)calls[i].errnum);
	}
	printf("# %u instructions\n", (unsigned)out.length);
	EQ_INT(wrong, 0, "every number of an invented table");
	free(out.code);
}

static void
check_bad_tables(void)
{
	static const struct profile_case overlapping[] = { { 5, 9, { 0 }, "" },
		{ 7, 8, { 0 }, "" } };
	static const struct profile_look bad_look = { .count = 2, .cases = overlapping };
	static const struct profile_call twice[] = {
		{ .name = "one", .number = { 1, 1 }, .reason = "" },
		{ .name = "other", .number = { 1, 1 }, .class = PROFILE_DENY, .reason = "" },
	};
	static const struct profile_call ruled[] = {
		{ .name = "one", .number = { 1, 1 }, .class = PROFILE_ALLOW_IF, .rule = &bad_look },
	};
	struct compile_variant variant = { 0 };
	struct compile_out out;
	struct error err = { 0 };

	EQ_INT(compile_table(twice, 2, &variant, &out, &err), -1, "two calls of one number");
	HAS_STR(err.text, "share a number", "says so");
	EQ_INT(compile_table(ruled, 1, &variant, &out, &err), -1, "overlapping cases");
	HAS_STR(err.text, "overlap", "says so");
}

int
main(void)
{
	check_variants();
	check_quiet();
	check_expectations();
	for (unsigned seed = 0; seed < 4; seed++)
		check_invented(seed);
	check_bad_tables();
	DONE();
}
