/* The system-call table: what osless answers to every call that kernel headers know on x86_64 and
 * aarch64, one row a call (syscalls.def), and the argument rules (rules.c). Data only, compiled
 * into the generator and into the product: the one turns it into BPF, the other names calls in
 * reports.
 *
 * Source of numbers: the kernel's own tables, which never change a number once given; unit tests
 * compare them with libseccomp. Source of the classes:
 * gVisor's table, less terminals, job control, identities and what only root could use. */
#ifndef OSLESS_PROFILE_TABLE_H
#define OSLESS_PROFILE_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum profile_class {
	PROFILE_ALLOW,      /* executes */
	PROFILE_ALLOW_IF,   /* executes if the row's rule accepts the arguments */
	PROFILE_PRETEND,    /* answers 0, does nothing; executes where ids are real */
	PROFILE_DENY,       /* answers the row's errno; worth an event */
	PROFILE_DENY_QUIET, /* the same without event: what libc and others probe routinely */
};

#define PROFILE_CLASSES (PROFILE_DENY_QUIET + 1)

/* Whether the tier `minimal` has the call as well. Taken calls answer ENOSYS there, with event. */
enum profile_keep { PROFILE_KEEP, PROFILE_TAKE };

#define PROFILE_NO_NUMBER (-1) /* the architecture lacks the call */

enum profile_arch { PROFILE_X86_64, PROFILE_AARCH64, PROFILE_ARCHES };

/* An argument rule is a decision tree: look at one 32-bit word of the arguments, find it among
 * cases, and accept, refuse, or look further. The kernel takes most scalars as 32-bit and drops
 * the high word, so rules look at the low word only: garbage above it is no way round. */
enum profile_verdict {
	PROFILE_ACCEPT,
	PROFILE_REFUSE,       /* worth an event */
	PROFILE_REFUSE_QUIET, /* no event: what programs try as a matter of course */
	PROFILE_LOOK,
};

struct profile_look;

struct profile_outcome {
	enum profile_verdict verdict;
	int errnum;                      /* of a refusal */
	const struct profile_look *next; /* of PROFILE_LOOK */
};

/* low..high, both included. Cases of one look ascend and do not overlap. */
struct profile_case {
	uint32_t low;
	uint32_t high;
	struct profile_outcome outcome;
	const char *why; /* what the values are, and why so; mentions gVisor where it departs */
};

enum profile_word { PROFILE_LOW_WORD, PROFILE_HIGH_WORD };

struct profile_look {
	unsigned arg; /* 0..5 */
	enum profile_word word;
	uint32_t mask; /* bits compared */
	size_t count;
	const struct profile_case *cases;
	struct profile_outcome otherwise;
};

struct profile_call {
	const char *name;           /* as the kernel's headers and libseccomp spell it */
	int number[PROFILE_ARCHES]; /* or PROFILE_NO_NUMBER */
	enum profile_class class;
	int errnum;                      /* of the two deny classes */
	const struct profile_look *rule; /* of PROFILE_ALLOW_IF */
	enum profile_keep minimal;
	const char *reason; /* "" where it is simply gVisor's supported or partial */
};

/* All rows, in the order of syscalls.def. */
extern const struct profile_call profile_calls[];
extern const size_t profile_calls_count;

/* "allow", "allow-if", "pretend", "deny", "quiet". */
const char *profile_class_word(enum profile_class class);

/* The argument rules, by the name that syscalls.def uses. */
extern const struct profile_look profile_rule_ioctl;
extern const struct profile_look profile_rule_fcntl;
extern const struct profile_look profile_rule_prctl;
extern const struct profile_look profile_rule_arch_prctl;
extern const struct profile_look profile_rule_clone;
extern const struct profile_look profile_rule_socket;
extern const struct profile_look profile_rule_socketpair;
extern const struct profile_look profile_rule_signal_arg1;
extern const struct profile_look profile_rule_signal_arg2;
extern const struct profile_look profile_rule_personality;
extern const struct profile_look profile_rule_setrlimit;
extern const struct profile_look profile_rule_prlimit64;
extern const struct profile_look profile_rule_scheduler;
extern const struct profile_look profile_rule_rseq;
extern const struct profile_look profile_rule_pipe2;

#endif
