/* The family of refused system calls. For this folder only. */
#ifndef OSLESS_CONTAINER_METRICS_DENIALS_H
#define OSLESS_CONTAINER_METRICS_DENIALS_H

#include "container/metrics_box.h"
#include "container/openmetrics.h"

#include <stdio.h>

/* A sample for each call, errno and action of the container: at most JOURNAL_DENIALS. Calls without
 * a name are one for each architecture. */
void metrics_denied_calls(
    FILE *out, const struct openmetrics_family *family, const struct metrics_box *box);

#endif
