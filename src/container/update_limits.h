/* What an update asks for, beside what the container has. Pure. */
#ifndef OSLESS_CONTAINER_UPDATE_LIMITS_H
#define OSLESS_CONTAINER_UPDATE_LIMITS_H

#include "base/arena.h"
#include "base/error.h"
#include "plan/resources.h"

/* Sets in to what from sets; the rest of to stays. In lists, items of from replace those of to that
 * are for the same device, page size, interface or file. Device rules are left out. -1: no memory.
 */
int update_merge(struct plan_resources *to, const struct plan_resources *from, struct arena *arena,
    struct error *err);

/* Adds to given what the kernel needs beside it, from what the container has: memory and swap are
 * one limit to it, as are quota and period. */
void update_complete(struct plan_resources *given, const struct plan_resources *has);

/* Refuses what the kernel would refuse of the whole, before anything is written. -1: err. */
int update_check(const struct plan_resources *whole, struct error *err);

/* Whether nothing at all is set, device rules aside. */
int update_is_empty(const struct plan_resources *resources);

#endif
