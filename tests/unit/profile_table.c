/* The system-call table against gVisor's, against the calls that gVisor lacks, and against
 * libseccomp's numbers. Reads tests/data (or OSLESS_TESTS_DATA). */
#include "profile/profile.h"

#include <errno.h>
#include <limits.h>
#include <seccomp.h>
#include <stdlib.h>

#include "tests/unit/tap.h"

#define COLUMNS 8

static const struct {
	const char *word;
	int value;
} errno_words[] = {
	{ "ENOSYS", ENOSYS },
	{ "EPERM", EPERM },
	{ "EACCES", EACCES },
	{ "EOPNOTSUPP", EOPNOTSUPP },
	{ "ENODEV", ENODEV },
};

static const struct profile_call *
find_call(const char *name)
{
	if (strcmp(name, "sysctl") == 0)
		name = "_sysctl";
	for (size_t i = 0; i < profile_calls_count; i++)
		if (strcmp(profile_calls[i].name, name) == 0)
			return &profile_calls[i];
	return NULL;
}

static int
number_of(const char *text)
{
	return strcmp(text, "-") == 0 ? PROFILE_NO_NUMBER : atoi(text);
}

static int
is_allowed(const struct profile_call *call)
{
	return call->class == PROFILE_ALLOW || call->class == PROFILE_ALLOW_IF;
}

static int
has_errno_of(const struct profile_call *call, const char *text)
{
	for (size_t i = 0; i < sizeof(errno_words) / sizeof(errno_words[0]); i++)
		if (strncmp(text, errno_words[i].word, strlen(errno_words[i].word)) == 0)
			return call->errnum == errno_words[i].value;
	return 0;
}

/* Departures by what gVisor has: a refusal of what it supports gives a reason; more than it
 * supports says so; and where both refuse, the errno is the same. */
static void
check_gvisor_row(char *const *column)
{
	const struct profile_call *call = find_call(column[0]);
	int supported = strcmp(column[3], "supported") == 0 || strcmp(column[3], "partial") == 0;
	char text[200];

	snprintf(text, sizeof(text), "%s: classified", column[0]);
	OK(call != NULL, text);
	if (!call)
		return;
	snprintf(text, sizeof(text), "%s: number on x86_64", column[0]);
	EQ_INT(call->number[PROFILE_X86_64], number_of(column[1]), text);
	if (strcmp(column[0], "kexec_file_load") != 0) { /* gVisor lacks it on arm64 */
		snprintf(text, sizeof(text), "%s: number on aarch64", column[0]);
		EQ_INT(call->number[PROFILE_AARCH64], number_of(column[2]), text);
	}
	if (supported && !is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: refused with a reason", column[0]);
		OK(call->reason[0] != '\0', text);
		printf("# departs: %s: %s\n", call->name, call->reason);
	} else if (!supported && is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: allowed with a reason", column[0]);
		HAS_STR(call->reason, "beyond gVisor", text);
	} else if (!supported && call->class != PROFILE_PRETEND) {
		snprintf(text, sizeof(text), "%s: gVisor's errno", column[0]);
		OK(has_errno_of(call, column[4]), text);
	}
}

static void
check_kernel_row(char *const *column)
{
	const struct profile_call *call = find_call(column[0]);
	char text[200];

	snprintf(text, sizeof(text), "%s: classified", column[0]);
	OK(call != NULL, text);
	if (!call)
		return;
	snprintf(text, sizeof(text), "%s: numbers", column[0]);
	OK(call->number[PROFILE_X86_64] == number_of(column[1]) &&
		call->number[PROFILE_AARCH64] == number_of(column[2]),
	    text);
	if (is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: allowed with a reason", column[0]);
		HAS_STR(call->reason, "beyond gVisor", text);
	}
}

static int
split(char *line, char **column)
{
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *cell = strsep(&line, "\t"); cell && count < COLUMNS; cell = strsep(&line, "\t"))
		column[count++] = cell;
	return count;
}

static void
check_file(const char *name, int columns, void (*check)(char *const *column))
{
	const char *folder = getenv("OSLESS_TESTS_DATA");
	char path[PATH_MAX], line[512];
	char *column[COLUMNS];
	int rows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "tests/data", name);
	file = fopen(path, "re");
	OK(file != NULL, path);
	if (!file)
		return;
	(void)!fgets(line, sizeof(line), file); /* the heading */
	for (; fgets(line, sizeof(line), file); rows++)
		if (split(line, column) >= columns)
			check(column);
	(void)fclose(file); /* only read */
	OK(rows > 30, "the file has rows");
}

/* A call that libseccomp knows has its number; it may not know the newest. */
static void
check_numbers(void)
{
	static const uint32_t tokens[PROFILE_ARCHES] = {
		[PROFILE_X86_64] = SCMP_ARCH_X86_64,
		[PROFILE_AARCH64] = SCMP_ARCH_AARCH64,
	};
	char text[200];

	for (size_t i = 0; i < profile_calls_count; i++)
		for (int arch = 0; arch < PROFILE_ARCHES; arch++) {
			const struct profile_call *call = &profile_calls[i];
			int known = seccomp_syscall_resolve_name_arch(tokens[arch], call->name);

			if (known == __NR_SCMP_ERROR)
				continue;
			snprintf(text, sizeof(text), "%s: libseccomp's number on %s", call->name,
			    arch == PROFILE_X86_64 ? "x86_64" : "aarch64");
			EQ_INT(call->number[arch], known < 0 ? PROFILE_NO_NUMBER : known, text);
		}
}

/* Whatever libseccomp knows stands in the table. */
static void
check_complete(void)
{
	char text[200];

	for (int number = 0; number < 600; number++) {
		char *x86_64 = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, number);
		char *aarch64 = seccomp_syscall_resolve_num_arch(SCMP_ARCH_AARCH64, number);

		snprintf(text, sizeof(text), "number %d: in the table", number);
		OK((!x86_64 || find_call(x86_64)) && (!aarch64 || find_call(aarch64)), text);
		free(x86_64);
		free(aarch64);
	}
}

static void
check_shape(const struct profile_call *call)
{
	int deny = call->class == PROFILE_DENY || call->class == PROFILE_DENY_QUIET;
	int taken = call->minimal == PROFILE_TAKE;
	char text[200];

	snprintf(text, sizeof(text), "%s: row is well formed", call->name);
	OK((call->class == PROFILE_ALLOW_IF) == (call->rule != NULL) &&
		deny == (call->errnum != 0) && (!deny || call->reason[0]) &&
		(!taken || is_allowed(call)) && taken == !!strstr(call->reason, "minimal: "),
	    text);
	for (const struct profile_call *other = profile_calls; other < call; other++)
		if (strcmp(other->name, call->name) == 0)
			OK(0, call->name);
}

static void
check_hot_calls(void)
{
	static const char *const hot[] = { "read", "write", "readv", "writev", "futex",
		"epoll_wait", "epoll_pwait", "epoll_ctl", "poll", "ppoll", "sendto", "sendmsg",
		"sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "mmap", "mprotect", "munmap",
		"madvise", "clock_gettime", "clock_nanosleep", "nanosleep", "accept4", "openat",
		"close", "fstat", "newfstatat", "getpid", "gettid", "sched_yield", "brk", "lseek",
		"pread64", "pwrite64", "rt_sigprocmask", "execve", "exit_group", "seccomp" };

	for (size_t i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		const struct profile_call *call = find_call(hot[i]);

		OK(call && call->class == PROFILE_ALLOW && call->minimal == PROFILE_KEEP, hot[i]);
	}
}

static void
print_counts(void)
{
	static const char *const tiers[] = { "gvisor", "minimal" };

	for (int tier = 0; tier < PROFILE_TIERS; tier++)
		printf("# %s: %u allowed, %u allowed by argument, %u pretended, %u denied, "
		       "%u denied quietly\n",
		    tiers[tier], profile_count((enum profile_tier)tier, PROFILE_ALLOW),
		    profile_count((enum profile_tier)tier, PROFILE_ALLOW_IF),
		    profile_count((enum profile_tier)tier, PROFILE_PRETEND),
		    profile_count((enum profile_tier)tier, PROFILE_DENY),
		    profile_count((enum profile_tier)tier, PROFILE_DENY_QUIET));
}

int
main(void)
{
	check_file("gvisor-syscalls.tsv", 5, check_gvisor_row);
	check_file("kernel-not-in-gvisor.tsv", 3, check_kernel_row);
	check_numbers();
	check_complete();
	for (size_t i = 0; i < profile_calls_count; i++)
		check_shape(&profile_calls[i]);
	check_hot_calls();
#if defined(__x86_64__)
	EQ_STR(profile_syscall_name(16), "ioctl", "a name by number");
	EQ_INT(profile_class_of(29, PROFILE_MINIMAL), PROFILE_DENY, "minimal takes shmget");
#endif
	OK(profile_syscall_name(9999) == NULL, "an unknown number has no name");
	EQ_INT(profile_class_of(9999, PROFILE_GVISOR), PROFILE_DENY, "and is denied");
	print_counts();
	DONE();
}
