/* A classic BPF interpreter for seccomp filters, as linux/Documentation/networking/filter.rst
 * describes the machine: what tests trust instead of the compiler under test. Little-endian. */
#ifndef OSLESS_TESTS_PROFILE_BPF_H
#define OSLESS_TESTS_PROFILE_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>

#define BPF_BROKEN 0xdeadu /* no seccomp answer: fell off the end, or an unknown instruction */

static inline int
bpf_compare(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return (a & k) != 0; /* BPF_JSET */
	}
}

static inline uint32_t
bpf_alu(uint16_t op, uint32_t a, uint32_t k)
{
	return op == BPF_AND ? (a & k) : op == BPF_OR ? (a | k) : BPF_BROKEN;
}

static inline uint32_t
bpf_load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word = BPF_BROKEN;

	if (offset % 4 == 0 && offset + 4 <= sizeof(*data))
		memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

/* The filter's answer; *steps, where given, counts the instructions run. */
static inline uint32_t
bpf_run(const struct sock_filter *code, unsigned length, const struct seccomp_data *data,
    unsigned *steps)
{
	uint32_t a = 0, memory[BPF_MEMWORDS] = { 0 };
	unsigned run = 0;

	for (unsigned at = 0; at < length; at++) {
		const struct sock_filter *now = &code[at];

		run++;
		if (steps)
			*steps = run;
		if (now->code == (BPF_RET | BPF_K))
			return now->k;
		if (now->code == (BPF_LD | BPF_W | BPF_ABS))
			a = bpf_load(data, now->k);
		else if (now->code == (BPF_LD | BPF_MEM) && now->k < BPF_MEMWORDS)
			a = memory[now->k];
		else if (now->code == BPF_ST && now->k < BPF_MEMWORDS)
			memory[now->k] = a;
		else if (now->code == (BPF_JMP | BPF_JA))
			at += now->k;
		else if (BPF_CLASS(now->code) == BPF_JMP)
			at += bpf_compare(BPF_OP(now->code), a, now->k) ? now->jt : now->jf;
		else if (BPF_CLASS(now->code) == BPF_ALU)
			a = bpf_alu(BPF_OP(now->code), a, now->k);
		else
			return BPF_BROKEN;
	}
	return BPF_BROKEN;
}

/* Whether a call's number decides that it is allowed, as far as the kernel can see when it fills
 * its cache (kernel/seccomp.c: seccomp_is_const_allow, Linux 5.11): it follows loads of number and
 * architecture, jumps and AND, and gives up at anything else. */
static inline int
bpf_is_constant_allow(
    const struct sock_filter *code, unsigned length, uint32_t arch, uint32_t number)
{
	uint32_t a = 0;

	for (unsigned at = 0; at < length; at++) {
		const struct sock_filter *now = &code[at];

		if (now->code == (BPF_RET | BPF_K))
			return now->k == SECCOMP_RET_ALLOW;
		if (now->code == (BPF_LD | BPF_W | BPF_ABS) && now->k == 0)
			a = number;
		else if (now->code == (BPF_LD | BPF_W | BPF_ABS) && now->k == 4)
			a = arch;
		else if (now->code == (BPF_JMP | BPF_JA))
			at += now->k;
		else if (BPF_CLASS(now->code) == BPF_JMP && BPF_SRC(now->code) == BPF_K)
			at += bpf_compare(BPF_OP(now->code), a, now->k) ? now->jt : now->jf;
		else if (now->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= now->k;
		else
			return 0;
	}
	return 0;
}

#endif
