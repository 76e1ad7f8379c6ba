#include "base/bpf.h"

#include <string.h>

#define LOAD (BPF_LD | BPF_W | BPF_ABS)
#define AND (BPF_ALU | BPF_AND | BPF_K)
#define JUMP (BPF_JMP | BPF_JA)
#define RETURN (BPF_RET | BPF_K)

static int
is_condition(uint16_t code)
{
	return code == (BPF_JMP | BPF_JEQ | BPF_K) || code == (BPF_JMP | BPF_JGT | BPF_K) ||
	       code == (BPF_JMP | BPF_JGE | BPF_K) || code == (BPF_JMP | BPF_JSET | BPF_K);
}

/* `left` instructions follow this one. */
static int
is_plain(const struct sock_filter *at, size_t left)
{
	if (at->code == RETURN)
		return 1;
	if (left == 0) /* the last one returns */
		return 0;
	if (at->code == LOAD)
		return at->k % 4 == 0 && at->k < sizeof(struct seccomp_data);
	if (at->code == JUMP)
		return at->k < left;
	return at->code == AND || (is_condition(at->code) && at->jt < left && at->jf < left);
}

int
bpf_is_plain(const struct sock_filter *code, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_plain(&code[i], length - 1 - i))
			return 0;
	return length > 0 && length <= BPF_MAXINSNS;
}

static int
holds(const struct sock_filter *at, uint32_t value)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return value == at->k;
	case BPF_JGT:
		return value > at->k;
	case BPF_JGE:
		return value >= at->k;
	default: /* BPF_JSET */
		return (value & at->k) != 0;
	}
}

/* What an instruction other than a return does to the accumulator; returns how many to skip. */
static uint32_t
step(const struct sock_filter *at, const struct seccomp_data *data, uint32_t *value)
{
	if (at->code == LOAD)
		memcpy(value, (const char *)data + at->k, sizeof(*value));
	else if (at->code == AND)
		*value &= at->k;
	else if (at->code == JUMP)
		return at->k;
	else
		return holds(at, *value) ? at->jt : at->jf;
	return 0;
}

static int
looks_at_arguments(const struct sock_filter *at)
{
	return at->code == LOAD && at->k != offsetof(struct seccomp_data, nr) &&
	       at->k != offsetof(struct seccomp_data, arch);
}

/* Plain filters jump forward only and end in a return. */
static uint32_t
run(const struct sock_filter *code, const struct seccomp_data *data, int *looked)
{
	const struct sock_filter *at = code;
	uint32_t value = 0;

	for (; at->code != RETURN; at += 1 + step(at, data, &value))
		*looked |= looks_at_arguments(at);
	return at->k;
}

uint32_t
bpf_answer(const struct sock_filter *code, const struct seccomp_data *data)
{
	int looked = 0;

	return run(code, data, &looked);
}

int
bpf_constant(const struct sock_filter *code, uint32_t arch, int number, uint32_t *answer)
{
	const struct seccomp_data data = { .nr = number, .arch = arch };
	int looked = 0;

	*answer = run(code, &data, &looked);
	return !looked;
}
