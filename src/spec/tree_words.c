/* Words to numbers. Those that are a choice of few come from the plan's own tables. */
#include "spec/tree_words.h"

#include "spec/words.h"

#include "base/arena.h"
#include "base/signal_words.h"
#include "base/signals.h"
#include "plan/plan.h"
#include "plan/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define CHOICES_MAX 8

_Static_assert(PLAN_INTENSITY_MAX == 1000, "tree_word_intensity says so");
_Static_assert(TREE_WORDS_DURATION_MAX_S == 1000000, "tree_word_duration says so");

static const char no_memory[] = "cannot be read: out of memory";

/* ---- a choice of few */

static const char *
refuse_choice(const char *word, const struct plan_words *words, struct arena *arena)
{
	const char *known[CHOICES_MAX];
	const char *list = "";
	const char *why;

	for (size_t i = 0; i < words->count; i++) {
		const char *glue = i == 0 ? "" : i + 1 < words->count ? ", " : " or ";

		known[i] = words->rows[i].word;
		list = arena_printf(arena, "%s%s%s", list, glue, known[i]);
		if (!list)
			return no_memory;
	}
	word = words_nearest(word, known, words->count);
	why = word ? arena_printf(arena, "is not known: did you mean %s?", word)
		   : arena_printf(arena, "is not known: use %s", list);
	return why ? why : no_memory;
}

static const char *
read_choice(enum field_as as, const char *word, struct arena *arena, uint32_t *value)
{
	const struct plan_words *words = plan_words(as);

	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->rows[i].word, word) == 0) {
			*value = (uint32_t)words->rows[i].value;
			return NULL;
		}
	}
	return refuse_choice(word, words, arena);
}

const char *
tree_word_strategy(const char *word, struct arena *arena, uint32_t *value)
{
	return read_choice(FIELD_AS_STRATEGY, word, arena, value);
}

const char *
tree_word_restart(const char *word, struct arena *arena, uint32_t *value)
{
	return read_choice(FIELD_AS_RESTART, word, arena, value);
}

const char *
tree_word_signals(const char *word, struct arena *arena, uint32_t *value)
{
	return read_choice(FIELD_AS_SIGNALS, word, arena, value);
}

/* ---- durations */

static const struct {
	const char *name;
	uint64_t ms;
} units[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", UINT64_C(60) * 1000 },
	{ "h", UINT64_C(60) * 60 * 1000 },
};

/* A decimal number: value / scale. */
struct decimal {
	uint64_t value;
	uint64_t scale;
};

/* Digits onto *value, at most nine of them, so that nothing overflows. Returns what follows, or
 * NULL where there is no digit, or too many. */
static const char *
read_digits(const char *text, uint64_t *value, uint64_t *scale)
{
	const char *end = text;

	for (; isdigit((unsigned char)*end) && end - text < 9; end++) {
		*value = *value * 10 + (uint64_t)(*end - '0');
		*scale *= 10;
	}
	return end == text || isdigit((unsigned char)*end) ? NULL : end;
}

static const char *
read_decimal(const char *text, struct decimal *decimal)
{
	uint64_t whole_scale = 1;
	const char *end;

	*decimal = (struct decimal) { 0, 1 };
	end = read_digits(text, &decimal->value, &whole_scale);
	return end && *end == '.' ? read_digits(end + 1, &decimal->value, &decimal->scale) : end;
}

const char *
tree_word_duration(const char *word, struct arena *arena, uint32_t *value)
{
	struct decimal decimal;
	const char *unit = read_decimal(word, &decimal);
	uint64_t ms;

	(void)arena; /* nothing is composed */
	for (size_t i = 0; unit && i < LENGTH(units); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		if (decimal.value > UINT64_MAX / units[i].ms)
			return "has too many digits: leave some out";
		ms = decimal.value * units[i].ms;
		if (ms % decimal.scale)
			return "is finer than a millisecond: round it";
		if (ms / decimal.scale > TREE_WORDS_DURATION_MAX_S * UINT64_C(1000))
			return "is too long: at most 1000000 seconds";
		*value = (uint32_t)(ms / decimal.scale);
		return NULL;
	}
	return "is no duration: write seconds, such as 5 or 0.25, or a number with ms, s, m or h, "
	       "such as 250ms";
}

const char *
tree_word_shutdown(const char *word, struct arena *arena, uint32_t *value)
{
	if (isdigit((unsigned char)word[0]))
		return tree_word_duration(word, arena, value);
	if (!read_choice(FIELD_AS_SHUTDOWN, word, arena, value))
		return NULL;
	return "is no shutdown: use kill, infinity or a duration such as 10 or 2m";
}

const char *
tree_words_ms(uint32_t ms, struct arena *arena)
{
	const char *text = ms % 1000 ? arena_printf(arena, "%" PRIu32 " ms", ms)
				     : arena_printf(arena, "%" PRIu32 " s", ms / 1000);

	return text ? text : "";
}

/* ---- signals and numbers */

const char *
tree_word_stop_signal(const char *word, struct arena *arena, uint32_t *value)
{
	int number = signal_words_find(word);

	(void)arena; /* nothing is composed */
	if (number <= 0)
		return "is no signal: use a name of signal(7), such as TERM, or a number from 1 to "
		       "64";
	if (signals_is_stop(number))
		return "would leave a process stopped, not ended: use TERM, say";
	*value = (uint32_t)number;
	return NULL;
}

const char *
tree_word_intensity(const char *word, struct arena *arena, uint32_t *value)
{
	uint64_t number = 0;
	uint64_t scale = 1;
	const char *end = read_digits(word, &number, &scale);

	(void)arena; /* nothing is composed */
	if (!end || *end || number > PLAN_INTENSITY_MAX)
		return "is no intensity: use a number of restarts from 0 to 1000";
	*value = (uint32_t)number;
	return NULL;
}
