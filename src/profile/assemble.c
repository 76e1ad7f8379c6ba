#include "profile/assemble.h"

#include <stddef.h>

#define REACH 255
#define SLACK 2 /* what reaching a branch's two targets may itself put in between */

void
assemble_begin(struct assembler *assembler)
{
	assembler->start = ASSEMBLE_MAX;
	assembler->overflow = 0;
	assembler->answers_count = 0;
}

struct target
assemble_answer(uint32_t value)
{
	return (struct target) { .kind = TARGET_RETURN, .value = value };
}

static unsigned
put(struct assembler *assembler, struct sock_filter instruction)
{
	if (assembler->start == 0) {
		assembler->overflow = 1;
		return 0;
	}
	assembler->code[--assembler->start] = instruction;
	return assembler->start;
}

static struct target
code_at(unsigned at)
{
	return (struct target) { .kind = TARGET_CODE, .at = at };
}

/* How many instructions lie between the next one written and the one at `at`. */
static unsigned
distance(const struct assembler *assembler, unsigned at)
{
	return at - assembler->start;
}

/* The entry of answers for value, made where there is none; NULL where there is no room. */
static unsigned *
find_answer(struct assembler *assembler, uint32_t value)
{
	unsigned count = assembler->answers_count;

	for (unsigned i = 0; i < count; i++)
		if (assembler->answers[i].value == value)
			return &assembler->answers[i].at;
	if (count == ASSEMBLE_ANSWERS) {
		assembler->overflow = 1;
		return NULL;
	}
	assembler->answers_count++;
	assembler->answers[count].value = value;
	assembler->answers[count].at = ASSEMBLE_MAX;
	return &assembler->answers[count].at;
}

/* A return of value within reach. */
static unsigned
near_return(struct assembler *assembler, uint32_t value)
{
	unsigned *at = find_answer(assembler, value);

	if (!at)
		return 0;
	if (*at == ASSEMBLE_MAX || distance(assembler, *at) > REACH - SLACK)
		*at = put(assembler, (struct sock_filter) { .code = BPF_RET | BPF_K, .k = value });
	return *at;
}

static unsigned
near_code(struct assembler *assembler, unsigned at)
{
	if (distance(assembler, at) <= REACH - SLACK)
		return at;
	return put(assembler,
	    (struct sock_filter) { .code = BPF_JMP | BPF_JA, .k = distance(assembler, at) });
}

static unsigned
near_target(struct assembler *assembler, struct target target)
{
	return target.kind == TARGET_RETURN ? near_return(assembler, target.value)
					    : near_code(assembler, target.at);
}

struct target
assemble_branch(
    struct assembler *assembler, unsigned op, uint32_t value, struct target yes, struct target no)
{
	unsigned yes_at = near_target(assembler, yes);
	unsigned no_at = near_target(assembler, no);
	struct sock_filter branch = {
		.code = (uint16_t)(BPF_JMP | op | BPF_K),
		.jt = (uint8_t)distance(assembler, yes_at),
		.jf = (uint8_t)distance(assembler, no_at),
		.k = value,
	};

	return code_at(put(assembler, branch));
}

/* Falls through only into what was written last; anything else needs a jump or a return. */
static void
put_before(struct assembler *assembler, struct target next)
{
	if (next.kind == TARGET_RETURN)
		(void)put(
		    assembler, (struct sock_filter) { .code = BPF_RET | BPF_K, .k = next.value });
	else if (next.at != assembler->start)
		(void)put(assembler, (struct sock_filter) { .code = BPF_JMP | BPF_JA,
					 .k = distance(assembler, next.at) });
}

struct target
assemble_then(struct assembler *assembler, struct sock_filter instruction, struct target next)
{
	put_before(assembler, next);
	return code_at(put(assembler, instruction));
}
