/* The annotations that osless knows (osless-annotations(7)), for `features`. */
#ifndef OSLESS_POLICY_ANNOTATIONS_H
#define OSLESS_POLICY_ANNOTATIONS_H

#include <stddef.h>

/* The index-th known key, "dev.osless.identity" ...; NULL past the last. */
const char *policy_annotation_key(size_t index);

#endif
