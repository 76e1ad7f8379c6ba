/* The annotations that osless knows (osless-annotations(7)), for `features`. */
#ifndef OSLESS_POLICY_ANNOTATIONS_H
#define OSLESS_POLICY_ANNOTATIONS_H

#include <stddef.h>

struct spec;

/* The index-th known key, "dev.osless.identity" ...; NULL past the last. */
const char *policy_annotation_key(size_t index);

/* The value that the spec gives the annotation, whosever it is; NULL where it has none. */
const char *policy_annotation(const struct spec *spec, const char *key);

#endif
