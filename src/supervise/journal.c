/* The journal's layout. */
#include "supervise/journal.h"

_Static_assert(sizeof(struct journal_event) == 128, "the ring's entries do not straddle pages");

size_t
journal_size(const struct plan_tree *tree)
{
	return sizeof(struct journal_head) + tree->children.count * sizeof(struct journal_child) +
	       JOURNAL_EVENTS * sizeof(struct journal_event);
}
