/* One line of `events`: JSON, {"type": ..., "id": ..., "data": ...}. Writes nothing else. For this
 * folder only. */
#ifndef OSLESS_CONTAINER_EVENTS_LINE_H
#define OSLESS_CONTAINER_EVENTS_LINE_H

#include "kernel/cgroup_stats.h"
#include "plan/plan.h"
#include "supervise/journal.h"

#include <stdio.h>

struct events_line {
	FILE *out;
	const char *id;
	const struct plan *plan; /* for the children's names, and why calls are refused */
};

/* denial: of JOURNAL_DENIED, the entry that it is about; NULL where that cannot be read. */
void events_line_event(const struct events_line *line, const struct journal_event *event,
    const struct journal_denial *denial);

/* Events first to last have been overwritten before they were read; event sequence was never
 * finished. */
void events_line_lost(const struct events_line *line, uint64_t first, uint64_t last);
void events_line_torn(const struct events_line *line, uint64_t sequence);

void events_line_stats(const struct events_line *line, const struct cgroup_stats *stats);
void events_line_oom(const struct events_line *line);

#endif
