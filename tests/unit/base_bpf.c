/* Running filters: against the tests' own interpreter over random programs, and programs that are
 * not plain. */
#include "base/bpf.h"

#include "tests/unit/profile_bpf.h"
#include "tests/unit/tap.h"

#include <stdlib.h>

#define LENGTH 40
#define PROGRAMS 20000

static struct sock_filter
random_instruction(unsigned left)
{
	static const uint16_t jumps[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	unsigned reach = left < 1 ? 1 : left;
	uint32_t small = (uint32_t)rand() % 6;

	if (left == 0 || rand() % 8 == 0)
		return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (uint32_t)rand());
	switch (rand() % 4) {
	case 0:
		return (struct sock_filter)BPF_STMT(
		    BPF_LD | BPF_W | BPF_ABS, (uint32_t)(rand() % 16) * 4);
	case 1:
		return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (uint32_t)rand());
	case 2:
		return (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)rand() % reach);
	default:
		return (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | jumps[rand() % 4] | BPF_K),
		    small, (uint8_t)((uint32_t)rand() % reach),
		    (uint8_t)((uint32_t)rand() % reach));
	}
}

static void
fill(struct sock_filter *code)
{
	for (unsigned i = 0; i < LENGTH; i++)
		code[i] = random_instruction(LENGTH - 1 - i);
}

static struct seccomp_data
random_data(void)
{
	struct seccomp_data data = { .nr = rand() % 6, .arch = (uint32_t)rand() % 6 };

	for (int i = 0; i < 6; i++)
		data.args[i] = (uint64_t)(rand() % 6) << (rand() % 2 * 32);
	return data;
}

/* Whether the answer changes with arguments can only be refuted by examples. */
static unsigned
contradicts(const struct sock_filter *code)
{
	struct seccomp_data data = random_data();
	uint32_t answer;

	if (!bpf_constant(code, data.arch, data.nr, &answer))
		return 0;
	for (int i = 0; i < 4; i++) {
		struct seccomp_data other = random_data();

		other.nr = data.nr;
		other.arch = data.arch;
		if (bpf_run(code, LENGTH, &other, NULL) != answer)
			return 1;
	}
	return 0;
}

static void
test_random(void)
{
	unsigned wrong = 0, not_plain = 0, contradicted = 0;

	srand(7);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		struct sock_filter code[LENGTH];
		struct seccomp_data data = random_data();

		fill(code);
		not_plain += !bpf_is_plain(code, LENGTH);
		wrong += bpf_answer(code, &data) != bpf_run(code, LENGTH, &data, NULL);
		contradicted += contradicts(code);
	}
	EQ_INT(not_plain, 0, "random programs of its instructions are plain");
	EQ_INT(wrong, 0, "and answer as the other interpreter says");
	EQ_INT(contradicted, 0, "a constant answer is one");
}

static void
test_constant(void)
{
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 77),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
		BPF_STMT(BPF_RET | BPF_K, 88),
	};
	uint32_t answer;

	OK(bpf_constant(code, 0, 5, &answer) && answer == 77, "by number alone");
	OK(!bpf_constant(code, 0, 6, &answer), "an argument was looked at");
}

static void
test_not_plain(void)
{
	static const struct sock_filter bad[][2] = {
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) },
		{ BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_MEM, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_ALU | BPF_AND | BPF_X, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_A, 0) },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		OK(!bpf_is_plain(bad[i], 2), "not plain");
	OK(!bpf_is_plain(bad[0], 0), "nothing at all");
}

int
main(void)
{
	test_random();
	test_constant();
	test_not_plain();
	DONE();
}
