/* Filling struct ocispec_error: the path from its steps, found from the bytes that stood there, and
 * text from all of it. Pure; keeps every text on one line, whatever the document held. */
#ifndef OCISPEC_COMPLAINT_H
#define OCISPEC_COMPLAINT_H

#include "libocispec/ocispec.h"

/* One step of a path, outermost first: into a field (name), an entry of a map (key) or, where both
 * are NULL, an item of a list (index). */
struct ocispec_step {
	const char *name;
	const char *key;
	size_t index;
};

/* Sets err to nothing but its path. */
void
ocispec_complaint_begin(struct ocispec_error *err, const struct ocispec_step *steps, size_t count);

/* What was found: its kind, and the bytes themselves where they say more ("string", bytes). Cut
 * after some forty bytes. */
void ocispec_complaint_found(
    struct ocispec_error *err, const char *kind, const char *bytes, size_t length);

/* Composes text as "PATH: expected EXPECTED, found FOUND (line L, column C)". Returns -1. */
int ocispec_complaint_compare(struct ocispec_error *err, const char *expected);

/* Composes text as "PATH: SENTENCE (line L, column C)". Returns -1. */
int ocispec_complaint_say(struct ocispec_error *err, const char *sentence, ...)
    __attribute__((format(printf, 2, 3)));

#endif
