/* The system-call table against gVisor's, against the calls that gVisor lacks, Docker's list, what
 * was seen refused, libseccomp's numbers, and README's. Arguments: profile_rules.c. */
#include "profile/profile.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>

#include "tests/unit/profile_facts.h"
#include "tests/unit/profile_judge.h"

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

static int
number_of(const char *text)
{
	return strcmp(text, "-") == 0 ? PROFILE_NO_NUMBER : atoi(text);
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
	const struct profile_call *call = facts_call(column[0]);
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
	if (supported && !facts_is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: refused with a reason", column[0]);
		OK(call->reason[0] != '\0', text);
		printf("# departs: %s: %s\n", call->name, call->reason);
	} else if (!supported && facts_is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: allowed with a reason", column[0]);
		HAS_STR(call->reason, "beyond gVisor", text);
	} else if (!supported && call->class != PROFILE_PRETEND) {
		snprintf(text, sizeof(text), "%s: gVisor's errno", column[0]);
		OK(has_errno_of(call, column[4]), text); /* no departure so far */
	}
}

static void
check_kernel_row(char *const *column)
{
	const struct profile_call *call = facts_call(column[0]);
	char text[200];

	snprintf(text, sizeof(text), "%s: classified", column[0]);
	OK(call != NULL, text);
	if (!call)
		return;
	snprintf(text, sizeof(text), "%s: numbers", column[0]);
	OK(call->number[PROFILE_X86_64] == number_of(column[1]) &&
		call->number[PROFILE_AARCH64] == number_of(column[2]),
	    text);
	if (facts_is_allowed(call)) {
		snprintf(text, sizeof(text), "%s: allowed with a reason", column[0]);
		HAS_STR(call->reason, "beyond gVisor", text);
	}
}

/* What gVisor had at the date of the design: nothing of that went without a reason. */
static void
check_seed_row(char *const *column)
{
	const struct profile_call *call = /* by number: some names were others then */
	    judge_call_of(PROFILE_X86_64, (unsigned)number_of(column[1]));
	int supported = strcmp(column[3], "supported") == 0 || strcmp(column[3], "partial") == 0;
	char text[200];

	snprintf(text, sizeof(text), "%s: allowed as in 2020, or a reason", column[0]);
	OK(call && (!supported || facts_is_allowed(call) || call->reason[0]), text);
}

/* Calls that Docker's profile lets an ordinary container make on x86_64. */
static const char *docker[400];
static size_t docker_count;

static int
is_dockers(const char *name)
{
	for (size_t i = 0; i < docker_count; i++)
		if (strcmp(docker[i], name) == 0)
			return 1;
	return 0;
}

static void
add_docker_row(char *const *column)
{
	static const char *const always[] = { "always", "kernel>=4.8", "arch:amd64",
		"without CAP_SYS_ADMIN" };

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (strncmp(column[1], always[i], strlen(always[i])) == 0 &&
		    strcmp(column[2], "yes") == 0 && !is_dockers(column[0]) &&
		    docker_count < sizeof(docker) / sizeof(docker[0]))
			docker[docker_count++] = strdup(column[0]);
}

/* What works under Docker's profile is no more than that; one may go without, not beyond. */
static void
check_docker(void)
{
	facts_read("docker-default.tsv", 3, 300, add_docker_row);
	EQ_INT(docker_count, 312, "Docker's default profile has 312 calls");
	for (size_t i = 0; i < profile_calls_count; i++)
		if (facts_is_allowed(&profile_calls[i]) && !is_dockers(profile_calls[i].name)) {
			OK(0, "no call is allowed that Docker refuses");
			printf("#   %s\n", profile_calls[i].name);
		}
	while (docker_count)
		free((void *)(uintptr_t)docker[--docker_count]);
}

/* The calls that real servers were refused: by now allowed, or refused without noise. */
static void
check_observed_row(char *const *column)
{
	char text[200], name[64];
	const struct profile_call *call;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(column[0], " "), column[0]);
	call = facts_call(name);
	snprintf(text, sizeof(text), "%s, seen refused, is no noise", column[0]);
	OK(call && (facts_is_allowed(call) || call->class == PROFILE_DENY_QUIET), text);
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
		OK((!x86_64 || facts_call(x86_64)) && (!aarch64 || facts_call(aarch64)), text);
		free(x86_64);
		free(aarch64);
	}
}

/* Whatever this machine's kernel headers know, at the number that they give. The generic header, of
 * aarch64, also has numbers that only 32-bit machines and others have. */
static void
check_header(const char *path, enum profile_arch arch)
{
	static const char *const others[] = { "arch_specific_syscall", "sync_file_range2",
		"syscalls" };
	FILE *header = fopen(path, "re");
	char line[256], name[64], text[200];
	int number;

	if (!header)
		SKIP("no such header here");
	while (header && fgets(line, sizeof(line), header)) {
		const struct profile_call *call;
		int skip = 0;

		if (sscanf(line, "#define __NR_%63[a-z0-9_] %d", name, &number) != 2)
			continue;
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			skip |= strcmp(name, others[i]) == 0;
		if (skip || (arch == PROFILE_AARCH64 && number >= 403 && number <= 423))
			continue;
		call = facts_call(name);
		snprintf(text, sizeof(text), "%s: number %d, as in the header", name, number);
		OK(call && call->number[arch] == number, text);
	}
	if (header)
		(void)fclose(header); /* only read */
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
		(!taken || facts_is_allowed(call)) && taken == !!strstr(call->reason, "minimal: "),
	    text);
	for (const struct profile_call *other = profile_calls; other < call; other++)
		if (strcmp(other->name, call->name) == 0)
			OK(0, call->name);
}

/* The project's targets, and what README says. Numbers are x86_64's. */
static void
check_counts(void)
{
	static const struct {
		const char *row;
		enum profile_class class;
	} rows[] = {
		{ "executes, whatever the arguments", PROFILE_ALLOW },
		{ "executes by argument", PROFILE_ALLOW_IF },
		{ "answers 0, nothing done", PROFILE_PRETEND },
		{ "refused, with an event", PROFILE_DENY },
		{ "refused quietly", PROFILE_DENY_QUIET },
	};
	static char readme[65536];
	FILE *file = fopen("README.md", "re"); /* unit tests run in the source directory */
	char line[200];

	readme[file ? fread(readme, 1, sizeof(readme) - 1, file) : 0] = '\0';
	if (file)
		(void)fclose(file); /* only read */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line), "| %s | %u | %u |", rows[i].row,
		    profile_count(PROFILE_GVISOR, rows[i].class),
		    profile_count(PROFILE_MINIMAL, rows[i].class));
		OK(strstr(readme, line), "README has the numbers of the table");
		printf("# %s\n", line);
	}
	snprintf(line, sizeof(line), "%u unconditionally, %u by argument",
	    profile_count(PROFILE_GVISOR, PROFILE_ALLOW),
	    profile_count(PROFILE_GVISOR, PROFILE_ALLOW_IF));
	HAS_STR(readme, line, "README has them in words");
	OK(profile_count(PROFILE_GVISOR, PROFILE_ALLOW) +
		    profile_count(PROFILE_GVISOR, PROFILE_ALLOW_IF) <=
		250,
	    "tier gvisor allows at most 250 calls");
	OK(profile_count(PROFILE_MINIMAL, PROFILE_ALLOW) +
		    profile_count(PROFILE_MINIMAL, PROFILE_ALLOW_IF) <=
		180,
	    "tier minimal allows at most 180 calls");
}

int
main(void)
{
	facts_read("gvisor-syscalls.tsv", 5, 351, check_gvisor_row);
	facts_read("gvisor-syscalls-seed.tsv", 4, 347, check_seed_row);
	facts_read("kernel-not-in-gvisor.tsv", 3, 35, check_kernel_row);
	facts_read("observed-denials.tsv", 3, 5, check_observed_row);
	check_docker();
	check_numbers();
	check_complete();
	check_header("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", PROFILE_X86_64);
	check_header("/usr/include/asm-generic/unistd.h", PROFILE_AARCH64);
	for (size_t i = 0; i < profile_calls_count; i++)
		check_shape(&profile_calls[i]);
#if defined(__x86_64__)
	EQ_STR(profile_syscall_name(16), "ioctl", "a name by number");
	EQ_INT(profile_class_of(29, PROFILE_MINIMAL), PROFILE_DENY, "minimal takes shmget");
#endif
	OK(profile_syscall_name(9999) == NULL, "an unknown number has no name");
	EQ_INT(profile_class_of(9999, PROFILE_GVISOR), PROFILE_DENY, "and is denied");
#if defined(__x86_64__)
	check_counts();
#endif
	DONE();
}
