/* What is measured of one container. For this folder only. */
#ifndef OSLESS_CONTAINER_METRICS_BOX_H
#define OSLESS_CONTAINER_METRICS_BOX_H

#include "base/arena.h"
#include "container/look.h"
#include "kernel/cgroup_stats.h"
#include "kernel/sockets.h"
#include "supervise/journal.h"

struct metrics_box {
	struct arena arena;
	const char *id; /* in the arena, as is the rest */
	int up;         /* 1: init lives */
	int has_journal;
	struct journal_head head;
	uint32_t child_count;
	struct journal_child *children; /* from the journal */
	const char **names;             /* the plan's: the journal's are cut */
	const uint8_t *is_worker;       /* one a child */
	struct journal_denial *denials; /* from the journal */
	uint32_t denial_count;
	struct listening *listening;
	int listening_count;
	int has_oom_kills;
	uint64_t oom_kills;
	struct cgroup_pressure pressure[CGROUP_PRESSURE_OF][CGROUP_PRESSURE_KINDS];
};

/* In any case end with metrics_box_close. -1: err. */
int metrics_box_open(
    const struct container_host *host, const char *id, struct metrics_box *box, struct error *err);
void metrics_box_close(struct metrics_box *box);

#endif
