#include "profile/tree.h"

#include <stdlib.h>

/* One instruction (copied, checked, compiled to machine code) costs at load about what 30 executed
 * ones do. */
#define SIZE_WEIGHT 30

/* Numbers of a wide range are not called one by one: the last range is all that no kernel has. */
#define WIDE 512

struct cell {
	uint64_t cost;
	struct tree_choice choice;
};

struct tree {
	const struct tree_range *ranges;
	unsigned count;
	uint64_t *weights_below; /* of all ranges before this one; count + 1 of them */
	struct cell *cells;      /* [first * count + last] */
};

static struct cell *
cell(const struct tree *tree, unsigned first, unsigned last)
{
	return &tree->cells[(size_t)first * tree->count + last];
}

static int
is_single(const struct tree *tree, unsigned range)
{
	return range + 1 < tree->count &&
	       tree->ranges[range + 1].low - tree->ranges[range].low == 1;
}

/* A single number amid two ranges of one answer. */
static int
can_peel(const struct tree *tree, unsigned middle)
{
	return is_single(tree, middle) &&
	       tree->ranges[middle - 1].answer == tree->ranges[middle + 1].answer;
}

static void
offer(struct cell *best, uint64_t cost, enum tree_cut cut, unsigned at)
{
	if (cost < best->cost)
		*best = (struct cell) { cost, { cut, at } };
}

static void
plan_cell(struct tree *tree, unsigned first, unsigned last)
{
	uint64_t here = SIZE_WEIGHT + tree->weights_below[last + 1] - tree->weights_below[first];
	struct cell *best = cell(tree, first, last);

	best->cost = UINT64_MAX;
	for (unsigned at = first + 1; at <= last; at++)
		offer(best, here + cell(tree, first, at - 1)->cost + cell(tree, at, last)->cost,
		    TREE_SPLIT, at);
	if (last - first >= 2 && can_peel(tree, first + 1))
		offer(best, here + cell(tree, first + 2, last)->cost, TREE_PEEL_FIRST, 0);
	if (last - first >= 2 && can_peel(tree, last - 1))
		offer(best, here + cell(tree, first, last - 2)->cost, TREE_PEEL_LAST, 0);
}

static void
weigh(struct tree *tree)
{
	for (unsigned i = 0; i < tree->count; i++) {
		uint32_t next = i + 1 < tree->count ? tree->ranges[i + 1].low : UINT32_MAX;
		uint32_t width = next - tree->ranges[i].low;

		tree->weights_below[i + 1] = tree->weights_below[i] + (width < WIDE ? width : 1);
	}
}

struct tree *
tree_plan(const struct tree_range *ranges, size_t count)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree || count == 0 || count > TREE_RANGES_MAX) {
		free(tree);
		return NULL;
	}
	tree->ranges = ranges;
	tree->count = (unsigned)count;
	tree->weights_below = calloc(count + 1, sizeof(*tree->weights_below));
	tree->cells = calloc(count * count, sizeof(*tree->cells));
	if (!tree->weights_below || !tree->cells) {
		tree_free(tree);
		return NULL;
	}
	weigh(tree);
	for (unsigned width = 1; width < tree->count; width++)
		for (unsigned first = 0; first + width < tree->count; first++)
			plan_cell(tree, first, first + width);
	return tree;
}

void
tree_free(struct tree *tree)
{
	if (!tree)
		return;
	free(tree->weights_below);
	free(tree->cells);
	free(tree);
}

struct tree_choice
tree_choose(const struct tree *tree, unsigned first, unsigned last)
{
	return cell(tree, first, last)->choice;
}
