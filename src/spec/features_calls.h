/* What `features` says of the system calls in each tier: annotations, since the features document
 * has no section for them.
 *
 *     dev.osless.syscalls.gvisor        "227 allow, 19 allow-if, 13 pretend, 100 deny, 26 quiet"
 *     dev.osless.syscalls.gvisor.allow  "read write open ..."
 *
 * and so on for each class (osless-syscalls(7)), on this machine's architecture. */
#ifndef OSLESS_SPEC_FEATURES_CALLS_H
#define OSLESS_SPEC_FEATURES_CALLS_H

#include "libocispec/ocispec.h"

struct arena;

#define FEATURES_CALLS_PAIRS 12 /* two tiers, a summary and five classes each */

/* Fills so many pairs, texts in the arena. 0, or -1 where memory is out. */
int features_calls(struct ocispec_pair *pairs, struct arena *arena);

#endif
