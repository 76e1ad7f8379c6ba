/* What the table says of a call, without any tree: cases looked through one by one. And the values
 * at which a rule may change its mind, so that a new case is tried without a word of its own. For
 * unit tests, and for the program that makes every call (tests/bats/everycall.c). */
#ifndef OSLESS_TESTS_PROFILE_JUDGE_H
#define OSLESS_TESTS_PROFILE_JUDGE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "profile/profile.h"

#define JUDGE_ARGS 3 /* no rule looks beyond the third */
#define JUDGE_VALUES 256
#define JUDGE_GARBAGE 0xdeadbeef00000000ull

#if defined(__x86_64__)
#define JUDGE_NATIVE PROFILE_X86_64
#else
#define JUDGE_NATIVE PROFILE_AARCH64
#endif

static inline struct profile_outcome
judge_look(const struct profile_look *look, const uint64_t *args)
{
	uint64_t arg = args[look->arg];
	uint32_t word = (uint32_t)(look->word == PROFILE_HIGH_WORD ? arg >> 32 : arg) & look->mask;
	struct profile_outcome outcome = look->otherwise;

	for (size_t i = 0; i < look->count; i++)
		if (word >= look->cases[i].low && word <= look->cases[i].high)
			outcome = look->cases[i].outcome;
	return outcome.verdict == PROFILE_LOOK ? judge_look(outcome.next, args) : outcome;
}

static inline const struct profile_call *
judge_call_of(enum profile_arch arch, unsigned number)
{
	for (size_t i = 0; i < profile_calls_count; i++)
		if (profile_calls[i].number[arch] >= 0 &&
		    (unsigned)profile_calls[i].number[arch] == number)
			return &profile_calls[i];
	return NULL;
}

/* Of a call of the own architecture, an outcome that is no look; NULL is an unknown number. A
 * pretence is a refusal with errno 0. */
static inline struct profile_outcome
judge_call(const struct profile_call *call, int minimal, enum profile_ids ids, const uint64_t *args)
{
	if (!call || (minimal && call->minimal == PROFILE_TAKE))
		return (struct profile_outcome) { PROFILE_REFUSE, .errnum = ENOSYS };
	switch (call->class) {
	case PROFILE_ALLOW:
		break;
	case PROFILE_ALLOW_IF:
		return judge_look(call->rule, args);
	case PROFILE_PRETEND:
		if (ids == PROFILE_ONE_ID || ids == PROFILE_TOLD_IDS ||
		    (ids == PROFILE_ROOT_IDS && strstr(call->name, "chown")))
			return (struct profile_outcome) { PROFILE_REFUSE, .errnum = 0 };
		break;
	case PROFILE_DENY:
		return (struct profile_outcome) { PROFILE_REFUSE, .errnum = call->errnum };
	case PROFILE_DENY_QUIET:
		return (struct profile_outcome) { PROFILE_REFUSE_QUIET, .errnum = call->errnum };
	}
	return (struct profile_outcome) { .verdict = PROFILE_ACCEPT };
}

struct judge_values {
	uint64_t values[JUDGE_ARGS][JUDGE_VALUES];
	size_t count[JUDGE_ARGS];
	int overflow; /* not all of them are here */
};

/* With and without garbage in the word that is not looked at. */
static inline void
judge_add(struct judge_values *all, unsigned arg, uint32_t value)
{
	for (size_t i = 0; i < all->count[arg]; i++)
		if (all->values[arg][i] == value)
			return;
	if (all->count[arg] + 2 > JUDGE_VALUES) {
		all->overflow = 1;
		return;
	}
	all->values[arg][all->count[arg]++] = value;
	all->values[arg][all->count[arg]++] = value | JUDGE_GARBAGE;
}

static inline void
judge_collect(struct judge_values *all, const struct profile_look *look)
{
	for (size_t i = 0; i < look->count; i++) {
		const struct profile_case *row = &look->cases[i];

		judge_add(all, look->arg, row->low - 1);
		judge_add(all, look->arg, row->low);
		judge_add(all, look->arg, row->high);
		judge_add(all, look->arg, row->high + 1);
		judge_add(all, look->arg, row->low | ~look->mask);
		if (row->outcome.verdict == PROFILE_LOOK)
			judge_collect(all, row->outcome.next);
	}
	if (look->mask != UINT32_MAX)
		for (unsigned bit = 0; bit < 32; bit++)
			judge_add(all, look->arg, 1u << bit);
	if (look->otherwise.verdict == PROFILE_LOOK)
		judge_collect(all, look->otherwise.next);
}

typedef void judge_visit(void *context, const uint64_t *args);

/* Every combination of the values; arguments that no look is at keep what args has. */
static inline void
judge_each(
    const struct judge_values *all, uint64_t *args, unsigned arg, judge_visit *visit, void *context)
{
	if (arg == JUDGE_ARGS) {
		visit(context, args);
		return;
	}
	if (all->count[arg] == 0)
		judge_each(all, args, arg + 1, visit, context);
	for (size_t i = 0; i < all->count[arg]; i++) {
		args[arg] = all->values[arg][i];
		judge_each(all, args, arg + 1, visit, context);
	}
}

#endif
