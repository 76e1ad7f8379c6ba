#include "profile/profile.h"

#include "profile/profile_data.h"

#if defined(__x86_64__)
#define NATIVE PROFILE_X86_64
#else
#define NATIVE PROFILE_AARCH64 /* profile_data.c refuses to compile for any third */
#endif

const struct profile_filter *
profile_builtin(enum profile_tier tier, enum profile_mode mode, enum profile_ids ids)
{
	return &profile_filters[tier][mode][ids];
}

const struct profile_filter *
profile_quiet(void)
{
	return &profile_quiet_filter;
}

const struct profile_call *
profile_call_of(unsigned number)
{
	for (size_t i = 0; i < profile_calls_count; i++) {
		int known = profile_calls[i].number[NATIVE];

		if (known != PROFILE_NO_NUMBER && (unsigned)known == number)
			return &profile_calls[i];
	}
	return NULL;
}

const char *
profile_syscall_name(unsigned number)
{
	const struct profile_call *call = profile_call_of(number);

	return call ? call->name : NULL;
}

enum profile_class
profile_class_in(const struct profile_call *call, enum profile_tier tier)
{
	return tier == PROFILE_MINIMAL && call->minimal == PROFILE_TAKE ? PROFILE_DENY
									: call->class;
}

enum profile_class
profile_class_of(unsigned number, enum profile_tier tier)
{
	const struct profile_call *call = profile_call_of(number);

	return call ? profile_class_in(call, tier) : PROFILE_DENY;
}

int
profile_is_native(const struct profile_call *call)
{
	return call->number[NATIVE] != PROFILE_NO_NUMBER;
}

const char *
profile_tier_word(enum profile_tier tier)
{
	return tier == PROFILE_MINIMAL ? "minimal" : "gvisor";
}

unsigned
profile_count(enum profile_tier tier, enum profile_class wanted)
{
	unsigned count = 0;

	for (size_t i = 0; i < profile_calls_count; i++)
		if (profile_is_native(&profile_calls[i]) &&
		    profile_class_in(&profile_calls[i], tier) == wanted)
			count++;
	return count;
}
