/* Distance: letters inserted, removed, replaced, or swapped with their neighbour, each costs one.
 */
#include "base/nearest.h"

#include <string.h>

#define WORD_MAX 64 /* no known word is longer; longer ones are near to none */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
word_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t cost[WORD_MAX + 1][WORD_MAX + 1]; /* cost[i][j]: first i of a against first j of b */

	for (size_t i = 0; i <= a_length; i++)
		cost[i][0] = i;
	for (size_t j = 0; j <= b_length; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= a_length; i++)
		for (size_t j = 1; j <= b_length; j++) {
			size_t best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			best = least(best, least(cost[i - 1][j], cost[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least(best, cost[i - 2][j - 2] + 1);
			cost[i][j] = best;
		}
	return cost[a_length][b_length];
}

void
nearest_start(struct nearest *nearest, const char *word, size_t length)
{
	*nearest = (struct nearest) {
		.word = word,
		.length = length,
		.distance = (length < 3 ? 1 : length / 3) + 1,
	};
}

void
nearest_offer(struct nearest *nearest, const char *known)
{
	size_t known_length = strlen(known);
	size_t distance;

	if (nearest->length > WORD_MAX || known_length > WORD_MAX)
		return;
	distance = word_distance(nearest->word, nearest->length, known, known_length);
	if (distance >= nearest->distance || distance >= known_length)
		return;
	nearest->distance = distance;
	nearest->best = known;
}
