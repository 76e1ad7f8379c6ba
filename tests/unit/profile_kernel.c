/* The built-in filters in the kernel: each loads in a child that tries a few calls. */
#include "profile/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "plan/answer.h"
#include "tests/unit/tap.h"

#define LOADS 21

#if defined(__x86_64__)
#define X32_GETPID (0x40000000 | __NR_getpid)
#endif

/* Results of calls made under a filter: >= 0, or -errno. */
enum probe {
	PROBE_LOAD,
	PROBE_GETPID,
	PROBE_SETUID,
	PROBE_UID_KEPT,
	PROBE_CHOWN,
	PROBE_TERMINAL,
	PROBE_STOP_SELF,
	PROBE_CONTINUE_SELF,
	PROBE_UNSHARE,
	PROBE_CLONE3,
	PROBE_SUBREAPER,
	PROBE_SECOND_FILTER,
	PROBE_FUTURE,
	PROBE_I386,
	PROBE_X32,
	PROBE_SETSID,
	PROBE_COUNT,
};

static long
answer(long result)
{
	return result < 0 ? -errno : result;
}

/* With plain answers: nobody listens here. */
static long
load(const struct profile_filter *filter)
{
	static struct sock_filter code[4096];
	struct sock_fprog program = { .len = filter->length, .filter = code };

	for (unsigned i = 0; i < filter->length; i++) {
		code[i] = filter->code[i];
		if (code[i].code == (BPF_RET | BPF_K))
			code[i].k = answer_plain(code[i].k);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return answer(syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static long
load_second(void)
{
	static const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	static const struct profile_filter second = { &allow, 1 };

	return load(&second);
}

#if defined(__x86_64__)
static long
i386_getpid(void)
{
	long result = 20; /* __NR_getpid of i386 */

	__asm__ volatile("int $0x80" : "+a"(result) : : "r8", "r9", "r10", "r11", "memory");
	return result;
}

static long
x32_getpid(void)
{
	return answer(syscall(X32_GETPID));
}
#else
static long
i386_getpid(void)
{
	return -ENOSYS; /* no such entry point */
}

static long
x32_getpid(void)
{
	return -ENOSYS;
}
#endif

static void
run_probes(const struct profile_filter *filter, long *result)
{
	struct termios settings;
	uid_t uid = getuid();

	result[PROBE_LOAD] = load(filter);
	result[PROBE_GETPID] = answer(syscall(__NR_getpid)) > 0;
	result[PROBE_CHOWN] = answer(fchown(0, 12345, 12345));
	result[PROBE_SETUID] = answer(syscall(__NR_setuid, 65534));
	result[PROBE_UID_KEPT] = getuid() == uid;
	result[PROBE_TERMINAL] = answer(ioctl(0, TCGETS, &settings));
	result[PROBE_CONTINUE_SELF] = answer(kill(getpid(), SIGCONT));
	result[PROBE_UNSHARE] = answer(syscall(__NR_unshare, 0));
	result[PROBE_CLONE3] = answer(syscall(__NR_clone3, NULL, 0));
	result[PROBE_SUBREAPER] = answer(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	result[PROBE_FUTURE] = answer(syscall(599));
	result[PROBE_I386] = i386_getpid();
	result[PROBE_X32] = x32_getpid();
	result[PROBE_SETSID] = answer(setsid()) > 0;
	result[PROBE_SECOND_FILTER] = load_second();
}

/* Stops itself where nothing hinders it: for the filters that do. */
static void
run_stop_probe(long *result)
{
	result[PROBE_STOP_SELF] = answer(kill(getpid(), SIGSTOP));
}

/* A child under the filter; its results in *result, all LONG_MIN where it died. */
static void
try_filter(const struct profile_filter *filter, enum profile_mode mode, long *result)
{
	int channel[2], status = 0;
	pid_t child;

	memset(result, 0x80, PROBE_COUNT * sizeof(*result));
	if (pipe(channel) < 0)
		return;
	child = fork();
	if (child == 0) {
		run_probes(filter, result);
		if (mode == PROFILE_ENFORCE)
			run_stop_probe(result);
		(void)!write(channel[1], result, PROBE_COUNT * sizeof(*result));
		_exit(0);
	}
	(void)close(channel[1]);
	(void)!read(channel[0], result, PROBE_COUNT * sizeof(*result));
	(void)close(channel[0]);
	(void)waitpid(child, &status, WUNTRACED);
	OK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child lives to its end");
}

static void
check_enforced(enum profile_tier tier, enum profile_ids ids)
{
	long result[PROBE_COUNT];

	printf("# enforce, tier %d, ids %d\n", (int)tier, (int)ids);
	try_filter(profile_builtin(tier, PROFILE_ENFORCE, ids), PROFILE_ENFORCE, result);
	EQ_INT(result[PROBE_LOAD], 0, "the kernel takes the filter");
	EQ_INT(result[PROBE_GETPID], 1, "getpid works");
	EQ_INT(result[PROBE_TERMINAL], -ENOTTY, "nothing is a terminal");
	EQ_INT(result[PROBE_STOP_SELF], -EPERM, "kill(self, SIGSTOP)");
	EQ_INT(result[PROBE_CONTINUE_SELF], 0, "kill(self, SIGCONT)");
	EQ_INT(result[PROBE_UNSHARE], -EPERM, "unshare");
	EQ_INT(result[PROBE_CLONE3], -ENOSYS, "clone3");
	EQ_INT(result[PROBE_SUBREAPER], -EPERM, "PR_SET_CHILD_SUBREAPER");
	EQ_INT(result[PROBE_FUTURE], -ENOSYS, "a call of the future");
	EQ_INT(result[PROBE_I386], -ENOSYS, "the i386 entry point");
	EQ_INT(result[PROBE_X32], -ENOSYS, "an x32 number");
	EQ_INT(result[PROBE_SECOND_FILTER], 0, "a second filter on top");
	EQ_INT(result[PROBE_SETSID], tier == PROFILE_GVISOR, "setsid in tier gvisor only");
	if (ids != PROFILE_ONE_ID)
		return;
	EQ_INT(result[PROBE_SETUID], 0, "setuid pretends");
	EQ_INT(result[PROBE_UID_KEPT], 1, "and the uid stays");
	EQ_INT(result[PROBE_CHOWN], 0, "fchown pretends");
}

/* As root only: real set*id need a privilege. */
static void
check_real_ids(enum profile_tier tier, enum profile_mode mode)
{
	long result[PROBE_COUNT];

	if (getuid() != 0) {
		SKIP("real set*id need root");
		return;
	}
	try_filter(profile_builtin(tier, mode, PROFILE_REAL_IDS), mode, result);
	EQ_INT(result[PROBE_SETUID], 0, "real ids: setuid works");
	EQ_INT(result[PROBE_UID_KEPT], 0, "and the uid changes");
}

static void
check_audit(enum profile_tier tier, enum profile_ids ids)
{
	long result[PROBE_COUNT];

	printf("# audit, tier %d, ids %d\n", (int)tier, (int)ids);
	try_filter(profile_builtin(tier, PROFILE_AUDIT, ids), PROFILE_AUDIT, result);
	EQ_INT(result[PROBE_LOAD], 0, "the kernel takes the filter");
	EQ_INT(result[PROBE_UNSHARE], 0, "unshare executes");
	EQ_INT(result[PROBE_CLONE3], -EINVAL, "clone3 executes");
	EQ_INT(result[PROBE_SUBREAPER], 0, "PR_SET_CHILD_SUBREAPER executes");
	EQ_INT(result[PROBE_FUTURE], -ENOSYS, "a call of the future is the kernel's to refuse");
	EQ_INT(result[PROBE_SETSID], 1, "setsid executes");
}

static double
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* One load each in a fresh child; the median in µs. */
static void
print_load_time(const struct profile_filter *filter)
{
	double took[LOADS] = { 0 };

	for (int i = 0; i < LOADS; i++) {
		int channel[2];
		pid_t child;

		if (pipe(channel) < 0)
			return;
		child = fork();
		if (child == 0) {
			double start = now_us(), took_us;

			(void)load(filter);
			took_us = now_us() - start;
			(void)!write(channel[1], &took_us, sizeof(took_us));
			_exit(0);
		}
		(void)!read(channel[0], &took[i], sizeof(took[i]));
		(void)close(channel[0]);
		(void)close(channel[1]);
		(void)waitpid(child, NULL, 0);
	}
	qsort(took, LOADS, sizeof(took[0]), compare_doubles);
	printf("# %u instructions load in %.0f us (median of %d, no_new_privs included)\n",
	    (unsigned)filter->length, took[LOADS / 2], LOADS);
}

int
main(void)
{
	(void)fflush(stdout);
	setvbuf(stdout, NULL, _IOLBF, 0); /* children share it */
	for (int tier = 0; tier < PROFILE_TIERS; tier++) {
		for (int ids = 0; ids < PROFILE_IDS; ids++) {
			check_enforced((enum profile_tier)tier, (enum profile_ids)ids);
			check_audit((enum profile_tier)tier, (enum profile_ids)ids);
		}
		for (int mode = 0; mode < PROFILE_MODES; mode++)
			check_real_ids((enum profile_tier)tier, (enum profile_mode)mode);
	}
	print_load_time(profile_builtin(PROFILE_GVISOR, PROFILE_ENFORCE, PROFILE_ONE_ID));
	print_load_time(profile_builtin(PROFILE_MINIMAL, PROFILE_ENFORCE, PROFILE_ONE_ID));
	DONE();
}
