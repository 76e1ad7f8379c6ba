/* The plan's numbers as words, for printing. Not linked by init. */
#ifndef OSLESS_PLAN_WORDS_H
#define OSLESS_PLAN_WORDS_H

#include "plan/fields.h"

#include <stddef.h>
#include <stdint.h>

struct plan_word {
	uint64_t value;
	const char *word;
};

enum plan_words_style {
	PLAN_WORDS_ONE,  /* the value is one of them */
	PLAN_WORDS_BITS, /* the value is a sum of them; earlier rows are taken out first */
};

struct plan_words {
	enum plan_words_style style;
	const struct plan_word *rows;
	size_t count;
};

/* The words of a kind of field; NULL where it is not one that reads as words. */
const struct plan_words *plan_words(enum field_as as);

/* The word for exactly this value; NULL where there is none. */
const char *plan_word(enum field_as as, uint64_t value);

#endif
