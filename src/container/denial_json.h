/* A refused system call as the object that `events` and `explain` print. For this folder only. */
#ifndef OSLESS_CONTAINER_DENIAL_JSON_H
#define OSLESS_CONTAINER_DENIAL_JSON_H

#include "container/json.h"
#include "plan/plan.h"
#include "supervise/journal.h"

/* A text for which memory is wanting is left out. */
void denial_json(struct json *json, const char *key, const struct journal_denial *denial,
    const struct plan *plan);

#endif
