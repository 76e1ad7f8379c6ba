/* A preamble for a bundle's filter: system calls newer than every call that the profile names
 * answer ENOSYS. A profile's author could not judge them; with the default errno (mostly EPERM)
 * libc would take them for forbidden and fail, with ENOSYS it falls back to the older call. Pure.
 */
#ifndef OSLESS_PROFILE_BUNDLE_NEWER_H
#define OSLESS_PROFILE_BUNDLE_NEWER_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

struct newest_call {
	uint32_t audit_arch; /* as in struct seccomp_data */
	uint32_t number;     /* the highest that the profile names on it */
};

#define NEWER_PER_ARCH 6

/* Writes at most 1 + NEWER_PER_ARCH * count instructions, to be put before a filter: other calls
 * run on into it. Numbers with bit 30 (x32) are left to the filter. Returns how many. */
size_t bundle_newer_write(const struct newest_call *newest, size_t count, struct sock_filter *code);

#endif
