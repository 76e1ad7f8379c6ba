/* The known word that a mistyped one was probably meant to be. Pure. */
#ifndef OSLESS_BASE_NEAREST_H
#define OSLESS_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word; /* as typed */
	size_t length;
	const char *best; /* the answer; NULL while nothing is near enough */
	size_t distance;
};

/* word need not be terminated at length. */
void nearest_start(struct nearest *nearest, const char *word, size_t length);

/* known must outlive nearest; of equally near words the first stays. */
void nearest_offer(struct nearest *nearest, const char *known);

#endif
