/* Id maps of an ordinary user. By himself he can map one id, his own (user_namespaces(7)); the
 * ranges that /etc/subuid and /etc/subgid give him are written by newuidmap(1) and newgidmap(1). */
#ifndef OSLESS_KERNEL_IDMAP_HELPER_H
#define OSLESS_KERNEL_IDMAP_HELPER_H

#include "plan/plan.h"

#include <sys/types.h>

struct error;

/* Whether the plan's maps are more than the caller can write. */
int idmap_helper_needed(const struct plan *plan);

/* Runs the two for pid, the first process in the new user namespace. -1: err has what they say. */
int idmap_helper_write(pid_t pid, const struct plan *plan, struct error *err);

#endif
