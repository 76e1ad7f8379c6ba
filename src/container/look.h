/* A container as verbs that only look see it: tree, events, explain, metrics. They read the state
 * directory, the journal, /proc and the cgroup, take no lock and change nothing. For this folder
 * only. */
#ifndef OSLESS_CONTAINER_LOOK_H
#define OSLESS_CONTAINER_LOOK_H

#include "base/error.h"
#include "container/state.h"
#include "kernel/cgroup.h"
#include "supervise/journal.h"

#include <stdint.h>
#include <stdio.h>

enum look_journal {
	LOOK_JOURNAL_THERE,
	LOOK_JOURNAL_OFF,   /* supervision is off: nobody writes one */
	LOOK_JOURNAL_EMPTY, /* init has not written it yet */
	LOOK_JOURNAL_BAD,   /* look.bad tells */
};

struct look {
	const char *id;
	struct state_dir dir;
	void *image; /* the plan's */
	const struct plan *plan;
	struct state_record record; /* init 0 while the container is being created */
	enum state_status status;
	int init_alive;
	int64_t now_ns; /* CLOCK_REALTIME when it was opened */
	enum look_journal has_journal;
	struct journal_view journal; /* head NULL where it is not there */
	struct error bad;
	struct cgroup cgroup; /* nothing open where it is gone, or there is none */
};

#define LOOK_NONE \
	((struct look) { \
	    .dir = STATE_DIR_NONE, .cgroup = CGROUP_NONE, .journal = { .head = NULL } })

/* Opens it; a bad journal is no failure. id must outlive look. In any case end with look_close.
 * -1: err. */
int
look_open(const struct container_host *host, const char *id, struct look *look, struct error *err);
void look_close(struct look *look);

/* Opens the journal again, which may have been written meanwhile. */
void look_journal(struct look *look);

/* Why there is no journal, for people; "" where there is one. */
const char *look_no_journal(const struct look *look);

/* Processes that the kernel has killed for want of memory: by the cgroup, or where that is gone, as
 * far as init has told. 0; -1: nobody knows. */
int look_oom_kills(const struct look *look, uint64_t *kills);

int64_t look_now_ns(void);

/* All IDs below the state root, sorted; malloc'd, as is each. A root that is not there has none. */
int look_ids(const char *root, char ***ids, size_t *count, struct error *err);

#endif
