/* What `explain` knows of a container. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_FACTS_H
#define OSLESS_CONTAINER_EXPLAIN_FACTS_H

#include "container/state.h"
#include "supervise/journal.h"

#include <stddef.h>
#include <stdint.h>

struct explain_facts {
	const char *id;
	const struct plan *plan;
	enum state_status status;
	int64_t now_ns;     /* CLOCK_REALTIME */
	int64_t created_ns; /* likewise */
	uint64_t oom_kills; /* of its cgroup; 0 where unknown */

	/* from the journal */
	const char *no_journal;               /* why there is none; "" where there is */
	const struct journal_head *head;      /* NULL without a journal */
	const struct journal_child *children; /* one a child of the plan */
	const struct journal_event *events;   /* what the ring still has, in order */
	size_t event_count;
	size_t torn;                          /* so many more were never finished */
	const struct journal_denial *denials; /* refused system calls, by when they came first */
	size_t denial_count;
	size_t torn_denials;
};

#endif
