/* The rows of syscalls.def as an array, and the words of their classes. */
#include "profile/table.h"

#include <errno.h>

#define NONE PROFILE_NO_NUMBER

#define ALLOW(name_, x86_64_, aarch64_, minimal_, reason_) \
	{ .name = #name_, \
		.number = { x86_64_, aarch64_ }, \
		.class = PROFILE_ALLOW, \
		.minimal = PROFILE_##minimal_, \
		.reason = (reason_) },
#define ALLOW_IF(name_, x86_64_, aarch64_, minimal_, rule_, reason_) \
	{ .name = #name_, \
		.number = { x86_64_, aarch64_ }, \
		.class = PROFILE_ALLOW_IF, \
		.rule = &profile_rule_##rule_, \
		.minimal = PROFILE_##minimal_, \
		.reason = (reason_) },
#define PRETEND(name_, x86_64_, aarch64_, reason_) \
	{ .name = #name_, \
		.number = { x86_64_, aarch64_ }, \
		.class = PROFILE_PRETEND, \
		.reason = (reason_) },
#define DENY(name_, x86_64_, aarch64_, errnum_, reason_) \
	{ .name = #name_, \
		.number = { x86_64_, aarch64_ }, \
		.class = PROFILE_DENY, \
		.errnum = (errnum_), \
		.reason = (reason_) },
#define QUIET(name_, x86_64_, aarch64_, errnum_, reason_) \
	{ .name = #name_, \
		.number = { x86_64_, aarch64_ }, \
		.class = PROFILE_DENY_QUIET, \
		.errnum = (errnum_), \
		.reason = (reason_) },

const struct profile_call profile_calls[] = {
#include "profile/syscalls.def"
};

const size_t profile_calls_count = sizeof(profile_calls) / sizeof(profile_calls[0]);

const char *profile_class_word(enum profile_class class)
{
	static const char *const words[PROFILE_CLASSES] = {
		[PROFILE_ALLOW] = "allow",
		[PROFILE_ALLOW_IF] = "allow-if",
		[PROFILE_PRETEND] = "pretend",
		[PROFILE_DENY] = "deny",
		[PROFILE_DENY_QUIET] = "quiet",
	};

	return words[class];
}
