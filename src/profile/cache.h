/* Bundles' own profiles, compiled once: a second container with the same profile pays no time of
 * libseccomp's (0.4 to 14 ms).
 *
 * ROOT/.profiles, mode 0700, has one file a profile, mode 0600, named by a hash of its key; no
 * container's ID begins with a dot. The name is only where to look: a file is used where its whole
 * key is the profile's, byte for byte, its sum is right, and nobody but this user can have written
 * to it. All else is as if it were not there, and is replaced.
 *
 * No locks: a file gets its name when it is complete, by linkat(2), and its content never changes.
 * A killed creator leaves nothing, as its file has no name yet (O_TMPFILE). */
#ifndef OSLESS_PROFILE_CACHE_H
#define OSLESS_PROFILE_CACHE_H

#include "profile/bundle.h"

#define CACHE_DIRECTORY ".profiles"
#define CACHE_FILES_MAX 64 /* the one that was not used for longest goes */

/* As bundle_seccomp_compile, and from the cache below the state root that is open at root; -1:
 * without a cache. A cache that cannot be read or written costs time, never the result; --debug
 * tells. */
int cache_compile(
    int root, const struct bundle_seccomp *seccomp, struct bundle_filter *out, struct error *err);

#endif
