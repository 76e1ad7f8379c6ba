/* One file of the cache as bytes: the profile it belongs to (profile/canonical.h) and the filter
 * that libseccomp made of it. Pure.
 *
 *     sum          8 bytes: of all that follows
 *     magic        8 bytes
 *     counts       4 bytes each: instructions, unknown names, the key's bytes; the filter's flags
 *     instructions 8 bytes each
 *     unknown      4 bytes each: which name, counted over all rules
 *     key
 *
 * Nothing may follow. */
#ifndef OSLESS_PROFILE_CACHE_ENTRY_H
#define OSLESS_PROFILE_CACHE_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "profile/bundle.h"

#define CACHE_ENTRY_MAX ((size_t)256 << 10)

/* Finds damage by chance: any changed byte, any other length. No defence against somebody who means
 * to get it right. */
uint64_t cache_entry_sum(const void *data, size_t length);

/* filter is what bundle_seccomp_compile made of seccomp, key what canonical_bytes did. Returns
 * malloc'd bytes, the caller's; NULL with errno: ENOMEM, or EFBIG beyond CACHE_ENTRY_MAX. */
void *cache_entry_encode(const void *key, size_t key_length, const struct bundle_seccomp *seccomp,
    const struct bundle_filter *filter, size_t *size);

/* Fills *out as bundle_seccomp_compile(seccomp) would, whose key is given. NULL, or what is wrong
 * with the bytes (any may come); *out is then empty. */
const char *cache_entry_decode(const void *entry, size_t size, const void *key, size_t key_length,
    const struct bundle_seccomp *seccomp, struct bundle_filter *out);

#endif
