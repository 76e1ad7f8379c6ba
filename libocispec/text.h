/* What yajl does not check in a document's bytes, and where a byte stands. Pure. */
#ifndef OCISPEC_TEXT_H
#define OCISPEC_TEXT_H

#include <stddef.h>

/* The first byte that makes text unfit to be read, and why; offset is length where there is none.
 * Refused: UTF-8 that RFC 3629 does not allow (overlong forms, surrogates, above U+10FFFF), the
 * escapes of lone surrogates, and of NUL, which would cut a C string short. yajl 2.1 lets all of
 * these pass, and turns some into other text. */
struct ocispec_fault {
	size_t offset;
	const char *why;
};

struct ocispec_fault ocispec_text_fault(const char *text, size_t length);

/* Whether all of a string that was never JSON is UTF-8. */
int ocispec_text_is_utf8(const char *text, size_t length);

/* The first offset, from the given one on, whose byte is not one of set; length where all are. */
size_t ocispec_text_skip(const char *text, size_t length, size_t offset, const char *set);

/* Line and column, from 1, of the byte at offset. */
void ocispec_text_place(const char *text, size_t offset, size_t *line, size_t *column);

#endif
