/* The journal's events as sentences. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_WORDS_H
#define OSLESS_CONTAINER_EXPLAIN_WORDS_H

#include "plan/plan.h"
#include "supervise/journal.h"

struct arena;

/* What happened, without when, and without pids: events that read the same are the same kind of
 * thing. Names are made printable. NULL where memory is exhausted. */
const char *
explain_event(const struct journal_event *event, const struct plan_tree *tree, struct arena *arena);

/* The child's name, "a child that is not in the plan" where there is none. */
const char *explain_child(const struct plan_tree *tree, uint32_t child);

#endif
