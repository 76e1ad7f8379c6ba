/* Lists from the table that the filter is made of. */
#include "spec/features_calls.h"

#include "base/arena.h"
#include "profile/profile.h"

#include <stdio.h>
#include <string.h>

_Static_assert(FEATURES_CALLS_PAIRS == PROFILE_TIERS * (1 + PROFILE_CLASSES), "a pair for each");

#define KEY_BYTES 64u
#define SUMMARY_BYTES 128u

static int
is_listed(const struct profile_call *call, enum profile_tier tier, enum profile_class class)
{
	return profile_is_native(call) && profile_class_in(call, tier) == class;
}

/* The names, a space between two. */
static const char *
write_names(enum profile_tier tier, enum profile_class class, struct arena *arena)
{
	size_t length = 1;
	char *text, *end;

	for (size_t i = 0; i < profile_calls_count; i++)
		if (is_listed(&profile_calls[i], tier, class))
			length += strlen(profile_calls[i].name) + 1;
	text = end = arena_array(arena, length, 1);
	if (!text)
		return NULL;
	*end = '\0';
	for (size_t i = 0; i < profile_calls_count; i++) {
		if (!is_listed(&profile_calls[i], tier, class))
			continue;
		if (end != text)
			*end++ = ' ';
		end = stpcpy(end, profile_calls[i].name);
	}
	return text;
}

static const char *
write_summary(enum profile_tier tier, struct arena *arena)
{
	char *text = arena_array(arena, SUMMARY_BYTES, 1);
	size_t length = 0;

	for (int i = 0; text && i < PROFILE_CLASSES; i++)
		length += (size_t)snprintf(text + length, SUMMARY_BYTES - length, "%s%u %s",
		    i ? ", " : "", profile_count(tier, (enum profile_class)i),
		    profile_class_word((enum profile_class)i));
	return text;
}

static const char *
write_key(enum profile_tier tier, const char *point, const char *class, struct arena *arena)
{
	char *text = arena_array(arena, KEY_BYTES, 1);

	if (text)
		(void)snprintf(text, KEY_BYTES, "dev.osless.syscalls.%s%s%s",
		    profile_tier_word(tier), point, class);
	return text;
}

int
features_calls(struct ocispec_pair *pairs, struct arena *arena)
{
	for (int tier = 0; tier < PROFILE_TIERS; tier++) {
		enum profile_tier which = (enum profile_tier)tier;

		*pairs++ = (struct ocispec_pair) { write_key(which, "", "", arena),
			write_summary(which, arena) };
		for (int i = 0; i < PROFILE_CLASSES; i++)
			*pairs++ = (struct ocispec_pair) {
				write_key(
				    which, ".", profile_class_word((enum profile_class)i), arena),
				write_names(which, (enum profile_class)i, arena),
			};
	}
	for (int i = 1; i <= FEATURES_CALLS_PAIRS; i++)
		if (!pairs[-i].key || !pairs[-i].value)
			return -1;
	return 0;
}
