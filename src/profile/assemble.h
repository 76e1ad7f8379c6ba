/* An assembler for seccomp filters that writes from the last instruction to the first. Classic BPF
 * jumps only forward, and conditionally over at most 255 instructions; written backwards, every
 * target's place is already known, returns are shared wherever one is near enough, and a jump that
 * is too long gets a return of its own or an unconditional jump in between. Pure. */
#ifndef OSLESS_PROFILE_ASSEMBLE_H
#define OSLESS_PROFILE_ASSEMBLE_H

#include <linux/filter.h>
#include <stdint.h>

#define ASSEMBLE_MAX 4096 /* BPF_MAXINSNS: the kernel takes no longer filter */
#define ASSEMBLE_ANSWERS 64

enum target_kind { TARGET_RETURN, TARGET_CODE };

/* Where a jump goes: to a return of a value, wherever one is, or to an instruction. */
struct target {
	enum target_kind kind;
	uint32_t value; /* TARGET_RETURN: the filter's answer */
	unsigned at;    /* TARGET_CODE: index in code */
};

struct assembler {
	struct sock_filter code[ASSEMBLE_MAX]; /* filled from the end */
	unsigned start;                        /* index of the first instruction so far */
	int overflow;                          /* more than ASSEMBLE_MAX, or too many answers */
	struct {
		uint32_t value;
		unsigned at; /* the return of it that was written last */
	} answers[ASSEMBLE_ANSWERS];
	unsigned answers_count;
};

void assemble_begin(struct assembler *assembler);

/* A target that answers value. Writes nothing. */
struct target assemble_answer(uint32_t value);

/* "if A op value goto yes else goto no", op one of BPF_JEQ, BPF_JGE, BPF_JSET. Returns the target
 * to reach it, which is the instruction at start. */
struct target assemble_branch(
    struct assembler *assembler, unsigned op, uint32_t value, struct target yes, struct target no);

/* One instruction without jumps, after which `next` is what runs. */
struct target
assemble_then(struct assembler *assembler, struct sock_filter instruction, struct target next);

#endif
