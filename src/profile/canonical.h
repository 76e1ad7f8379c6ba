/* A bundle's profile as one string of bytes, by which the cache knows it again. Pure.
 *
 * The bytes hold all that decides what bundle_seccomp_compile makes of the profile, in the order of
 * the structs: numbers in 8 bytes, strings and lists with their length first. So two profiles, or
 * one profile and two makers, that differ in anything have different bytes, and neither's are the
 * other's beginning. They are for this machine's comparing only: numbers lie as the processor has
 * them. */
#ifndef OSLESS_PROFILE_CANONICAL_H
#define OSLESS_PROFILE_CANONICAL_H

#include <stddef.h>
#include <stdint.h>

#include "profile/bundle.h"

/* docker's takes about 8000. A profile beyond it is compiled each time. */
#define CANONICAL_MAX ((size_t)128 << 10)

/* Who compiles. */
struct canonical_maker {
	const char *version;    /* osless' */
	const char *commit;     /* osless' */
	const char *kernel;     /* libseccomp asks it which actions it knows */
	uint32_t libseccomp[3]; /* major, minor, micro, of the library that is loaded */
	uint32_t arch;          /* libseccomp's token of this machine's */
};

/* Returns malloc'd bytes, the caller's, and their number in *length. NULL: memory is exhausted
 * (errno ENOMEM), or there are more than CANONICAL_MAX (EFBIG). Of listener_path it says whether
 * there is one, as nothing hangs on the text. */
void *canonical_bytes(
    const struct bundle_seccomp *seccomp, const struct canonical_maker *maker, size_t *length);

#endif
