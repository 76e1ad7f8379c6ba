/* Refused system calls as `explain` tells them. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_DENIALS_H
#define OSLESS_CONTAINER_EXPLAIN_DENIALS_H

#include "container/explain_facts.h"
#include "container/explain_lines.h"

struct arena;

enum explain_denied {
	EXPLAIN_REFUSED,
	EXPLAIN_WOULD_REFUSE,  /* audit: executed */
	EXPLAIN_WOULD_PRETEND, /* audit: executed, instead of a 0 with nothing done */
	EXPLAIN_DENIED_LISTS,
};

struct explain_denials {
	struct explain_lines lists[EXPLAIN_DENIED_LISTS]; /* one line an entry, that with the newest
							     call last; of many, the newest */
	struct explain_lines notes;                       /* what is not in the lists, and why */
};

/* -1: memory is exhausted. */
int explain_denials_tell(
    const struct explain_facts *facts, struct arena *arena, struct explain_denials *denials);

/* Whether refusals come into the journal at all. */
int explain_denials_are_told(const struct explain_facts *facts);

/* Adds what can be done by whoever needs the calls. */
void explain_denials_cures(
    const struct explain_facts *facts, struct arena *arena, struct explain_lines *todo);

/* What the program of a worker was refused shortly before it failed, by this event of it
 * (JOURNAL_EXITED). NULL: nothing, or it did not fail. */
const struct journal_denial *
explain_denials_before(const struct explain_facts *facts, const struct journal_event *exited);

#endif
