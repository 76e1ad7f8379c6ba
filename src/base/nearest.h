/* The known word that a mistyped one was probably meant to be: at most a third of its letters are
 * wrong, or one of a short word's. Pure. */
#ifndef OSLESS_BASE_NEAREST_H
#define OSLESS_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word; /* as typed */
	size_t length;
	const char *best; /* the answer; NULL while nothing is near enough */
	size_t distance;  /* the next word must be nearer than this */
};

/* word need not be terminated at length. */
void nearest_start(struct nearest *nearest, const char *word, size_t length);

/* known must outlive nearest; of equally near words the first stays. */
void nearest_offer(struct nearest *nearest, const char *known);

#endif
