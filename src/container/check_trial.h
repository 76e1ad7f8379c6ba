/* check's trial: the bundle run for a time with every aspect in audit, so that nothing is refused
 * and everything recorded; what was seen joins the findings. */
#ifndef OSLESS_CONTAINER_CHECK_TRIAL_H
#define OSLESS_CONTAINER_CHECK_TRIAL_H

#include "check/finding.h"
#include "check/judge.h"
#include "container/container.h"

struct arena;
struct error;

/* Runs it for options->trial_ms, or until it ends or a signal comes; then stops it in order, kills
 * what is left and deletes it. What it writes goes to this process' stderr. One that cannot be
 * started is a finding, too. -1: err, for want of memory or of signals. */
int check_trial(const struct container_host *host, const struct container_check_options *options,
    const struct check_rules *rules, struct findings *findings, struct error *err);

#endif
