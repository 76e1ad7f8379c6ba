/* A cgroup's statistics as the object that runc's `events` prints. For this folder only. */
#ifndef OSLESS_CONTAINER_STATS_JSON_H
#define OSLESS_CONTAINER_STATS_JSON_H

#include "container/json.h"
#include "kernel/cgroup_stats.h"

void stats_json(struct json *json, const char *key, const struct cgroup_stats *stats);

#endif
