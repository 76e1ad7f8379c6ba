/* Transient units: started, changed, stopped, each with its job waited for. */
#ifndef OSLESS_SYSTEMD_UNIT_H
#define OSLESS_SYSTEMD_UNIT_H

#include "systemd/manager.h"
#include "systemd/words.h"

#include <stdint.h>

struct error;

/* The job that a request waits for. */
struct job {
	char path[256];
	char result[32]; /* "": it has not ended */
};

/* Has the manager's signals of ended jobs told to job, over every connection that it makes. */
void unit_watch_jobs(struct manager *manager, struct job *job);

/* words: the unit's name, and its properties. cgroup gets the unit's. All return 0, or -1 with err.
 */
int unit_start(struct manager *manager, struct job *job, struct words *words, char *cgroup,
    uint32_t size, struct error *err);
int unit_set(struct manager *manager, struct words *words, struct error *err);
int unit_stop(struct manager *manager, struct job *job, struct words *words, struct error *err);

#endif
