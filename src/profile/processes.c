/* A filter of a dozen instructions, written by the assembler from its end. */
#include "profile/processes.h"

#include "profile/assemble.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

#define X32_BIT 0x40000000u /* __X32_SYSCALL_BIT of the kernel's asm/unistd.h */
#define NONE PROFILE_NO_NUMBER

static const struct {
	uint32_t audit;
	int clone, clone3, fork, vfork;
} arches[PROFILE_ARCHES] = {
	[PROFILE_X86_64] = { AUDIT_ARCH_X86_64, 56, 435, 57, 58 },
	[PROFILE_AARCH64] = { AUDIT_ARCH_AARCH64, 220, 435, NONE, NONE },
};

enum profile_arch
processes_native(void)
{
#if defined(__x86_64__)
	return PROFILE_X86_64;
#else
	return PROFILE_AARCH64;
#endif
}

static struct target
refuse(int errnum)
{
	return assemble_answer(SECCOMP_RET_ERRNO | ((uint32_t)errnum & SECCOMP_RET_DATA));
}

static struct target
load(struct assembler *assembler, size_t offset, struct target next)
{
	const struct sock_filter instruction = { .code = BPF_LD | BPF_W | BPF_ABS,
		.k = (uint32_t)offset };

	return assemble_then(assembler, instruction, next);
}

/* "if the number is this one goto yes"; numbers that the architecture lacks cost nothing. */
static struct target
if_call(struct assembler *assembler, int number, struct target yes, struct target no)
{
	if (number == NONE)
		return no;
	return assemble_branch(assembler, BPF_JEQ, (uint32_t)number, yes, no);
}

/* By the number in A. clone's flags are its first argument on both architectures; their low word
 * has CLONE_THREAD, and both are little-endian. */
static struct target
write_calls(struct assembler *assembler, enum profile_arch arch)
{
	struct target allow = assemble_answer(SECCOMP_RET_ALLOW);
	struct target again = refuse(EAGAIN);
	struct target flags = assemble_branch(assembler, BPF_JSET, CLONE_THREAD, allow, again);
	struct target entry = allow;

	flags = load(assembler, offsetof(struct seccomp_data, args), flags);
	entry = if_call(assembler, arches[arch].vfork, again, entry);
	entry = if_call(assembler, arches[arch].fork, again, entry);
	entry = if_call(assembler, arches[arch].clone3, refuse(ENOSYS), entry);
	entry = if_call(assembler, arches[arch].clone, flags, entry);
	return assemble_branch(assembler, BPF_JGE, X32_BIT, refuse(ENOSYS), entry);
}

unsigned short
processes_filter(enum profile_arch arch, struct sock_filter code[PROCESSES_FILTER_MAX])
{
	struct assembler assembler;
	struct target entry;
	unsigned length;

	assemble_begin(&assembler);
	entry = write_calls(&assembler, arch);
	entry = load(&assembler, offsetof(struct seccomp_data, nr), entry);
	entry = assemble_branch(&assembler, BPF_JEQ, arches[arch].audit, entry, refuse(ENOSYS));
	(void)load(&assembler, offsetof(struct seccomp_data, arch), entry); /* the first */
	length = ASSEMBLE_MAX - assembler.start;
	memcpy(code, assembler.code + assembler.start, length * sizeof(*code));
	return (unsigned short)length;
}
