/* The bundle's compiled profile and the built-in filter as one filter, so that both have one
 * listener: the kernel gives a process one, and asks it only for what its own filter leaves to it.
 * Pure.
 *
 * The merged filter answers what the kernel would with both loaded, the bundle's last: the stricter
 * answer, and of two errnos the bundle's. But where the bundle's refuses by errno, the listener is
 * asked (ANSWER_BUNDLE in plan/answer.h), unless the call is one that is probed routinely.
 *
 *     the bundle's answer      becomes
 *     allow                    the built-in filter's answer
 *     log, trace               that, with log or trace for its allow
 *     errno                    a question to the listener, or the errno where the call is quiet
 *     errno 0, kill, trap      stays
 */
#ifndef OSLESS_PROFILE_MERGE_H
#define OSLESS_PROFILE_MERGE_H

#include "base/error.h"
#include "profile/bundle.h"
#include "profile/profile.h"

struct merged_filter {
	struct sock_filter *code; /* malloc'd; the caller's */
	unsigned short length;
	const char
	    *why_not; /* where code is NULL: why the two must be loaded one after the other */
};

/* Returns 0 with out->code, or without it where they cannot be one; -1 with err: no memory. The
 * inputs stay the caller's. */
int merge_filters(const struct profile_filter *builtin, const struct bundle_filter *bundle,
    struct merged_filter *out, struct error *err);

#endif
