#include "profile/bundle_newer.h"

#include <errno.h>
#include <linux/seccomp.h>

#define X32_BIT 0x40000000u

static struct sock_filter
load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

/* Jumps count instructions to skip; `behind` is how many follow this architecture's six. */
static void
write_arch(const struct newest_call *newest, uint32_t behind, struct sock_filter *code)
{
	code[0] = (struct sock_filter)BPF_JUMP(
	    BPF_JMP | BPF_JEQ | BPF_K, newest->audit_arch, 0, NEWER_PER_ARCH - 1);
	code[1] = load(offsetof(struct seccomp_data, nr));
	code[2] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, X32_BIT, 2, 0);
	code[3] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest->number, 0, 1);
	code[4] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	code[5] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, behind);
}

size_t
bundle_newer_write(const struct newest_call *newest, size_t count, struct sock_filter *code)
{
	size_t length = 1 + NEWER_PER_ARCH * count;

	if (count == 0)
		return 0;
	code[0] = load(offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < count; i++) {
		size_t at = 1 + i * NEWER_PER_ARCH;

		write_arch(&newest[i], (uint32_t)(length - at - NEWER_PER_ARCH), code + at);
	}
	return length;
}
