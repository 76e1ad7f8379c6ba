/* The filter that forbids a second process, through the BPF interpreter. */
#include "profile/processes.h"

#include "tests/unit/profile_bpf.h"
#include "tests/unit/tap.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <signal.h>

#define NUMBERS 600
#define GARBAGE 0xdeadbeef00000000ull
#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static const uint32_t marks[PROFILE_ARCHES] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64 };

/* The errno that a call answers; 0: allowed; -1: anything else. */
static int
answer(enum profile_arch arch, uint32_t mark, uint32_t number, uint64_t flags)
{
	struct sock_filter code[PROCESSES_FILTER_MAX];
	unsigned short length = processes_filter(arch, code);
	struct seccomp_data data = { .nr = (int)number, .arch = mark, .args = { flags } };
	uint32_t value = bpf_run(code, length, &data, NULL);

	if (value == SECCOMP_RET_ALLOW)
		return 0;
	if ((value & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		return (int)(value & SECCOMP_RET_DATA);
	return -1;
}

static unsigned
number_of(const char *name, enum profile_arch arch)
{
	for (size_t i = 0; i < profile_calls_count; i++)
		if (strcmp(profile_calls[i].name, name) == 0)
			return (unsigned)profile_calls[i].number[arch];
	return (unsigned)PROFILE_NO_NUMBER;
}

/* What the table's row of that name should answer without CLONE_THREAD. */
static int
wanted(const char *name)
{
	static const struct {
		const char *name;
		int errnum;
	} rows[] = {
		{ "fork", EAGAIN },
		{ "vfork", EAGAIN },
		{ "clone", EAGAIN },
		{ "clone3", ENOSYS },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].errnum;
	return 0;
}

static void
test_table(enum profile_arch arch)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < profile_calls_count; i++) {
		const struct profile_call *call = &profile_calls[i];

		if (call->number[arch] != PROFILE_NO_NUMBER &&
		    answer(arch, marks[arch], (uint32_t)call->number[arch], SIGCHLD) !=
			wanted(call->name))
			wrong++;
	}
	EQ_INT(wrong, 0, "every call of the table");
}

static void
test_clone(enum profile_arch arch)
{
	unsigned clone = number_of("clone", arch);

	EQ_INT(answer(arch, marks[arch], clone, THREAD_FLAGS), 0, "a thread");
	EQ_INT(answer(arch, marks[arch], clone, GARBAGE | THREAD_FLAGS), 0, "whatever is above");
	EQ_INT(answer(arch, marks[arch], clone, CLONE_VM | CLONE_VFORK | SIGCHLD), EAGAIN,
	    "posix_spawn's");
	EQ_INT(answer(arch, marks[arch], clone, (uint64_t)CLONE_THREAD << 32), EAGAIN,
	    "the bit in the high word");
	EQ_INT(answer(arch, marks[arch], clone, 0), EAGAIN, "no flags");
}

static void
test_foreign(enum profile_arch arch)
{
	static const uint32_t foreign[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_X86_64,
		AUDIT_ARCH_AARCH64, 0 };
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		for (uint32_t number = 0; number < NUMBERS; number++)
			wrong += foreign[i] != marks[arch] &&
				 answer(arch, foreign[i], number, THREAD_FLAGS) != ENOSYS;
	for (uint32_t number = 0; number < NUMBERS; number++)
		wrong += answer(arch, marks[arch], 0x40000000u | number, THREAD_FLAGS) != ENOSYS;
	EQ_INT(wrong, 0, "other entry points, x32 too, answer ENOSYS for everything");
	EQ_INT(answer(arch, marks[arch], UINT32_MAX, 0), ENOSYS, "and so does the last number");
}

int
main(void)
{
	struct sock_filter code[PROCESSES_FILTER_MAX];

	for (int arch = 0; arch < PROFILE_ARCHES; arch++) {
		OK(processes_filter((enum profile_arch)arch, code) <= PROCESSES_FILTER_MAX, "fits");
		test_table((enum profile_arch)arch);
		test_clone((enum profile_arch)arch);
		test_foreign((enum profile_arch)arch);
	}
#if defined(__x86_64__)
	EQ_INT(processes_native(), PROFILE_X86_64, "this machine");
#else
	EQ_INT(processes_native(), PROFILE_AARCH64, "this machine");
#endif
	DONE();
}
