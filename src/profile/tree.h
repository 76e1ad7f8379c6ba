/* The cheapest decision tree over ranges of a 32-bit number. Pure.
 *
 * The kernel runs a filter once per system-call number when it is loaded (its cache of constant
 * answers) and compiles it to machine code; so both the depth of the tree and the number of its
 * instructions cost. Every boundary between ranges costs one comparison wherever it stands, except
 * that a single number amid equal answers is one "equal to" instead of two "not below". The plan is
 * the best of all by dynamic programming, in O(ranges^3), at build time. */
#ifndef OSLESS_PROFILE_TREE_H
#define OSLESS_PROFILE_TREE_H

#include <stddef.h>
#include <stdint.h>

#define TREE_RANGES_MAX 512

/* From low up to the next range's low; the last one up to 0xffffffff. */
struct tree_range {
	uint32_t low;
	unsigned answer; /* the caller's; equal neighbours must have been merged */
};

enum tree_cut {
	TREE_SPLIT,      /* not below ranges[at].low? */
	TREE_PEEL_FIRST, /* equal to ranges[first + 1].low? else go on without the first two */
	TREE_PEEL_LAST,  /* equal to ranges[last - 1].low? else go on without the last two */
};

struct tree_choice {
	enum tree_cut cut;
	unsigned at; /* of TREE_SPLIT */
};

struct tree;

/* Plans for ranges[0..count-1]; ranges stay the caller's and must outlive the tree. NULL when
 * memory is exhausted or count is 0 or beyond TREE_RANGES_MAX. Freed by tree_free. */
struct tree *tree_plan(const struct tree_range *ranges, size_t count);

void tree_free(struct tree *tree);

/* What to ask first where only ranges first..last are left, first < last. */
struct tree_choice tree_choose(const struct tree *tree, unsigned first, unsigned last);

#endif
