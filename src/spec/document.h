/* Between libocispec and this folder: documents read into an arena, written into a text, errors in
 * our form. */
#ifndef OSLESS_SPEC_DOCUMENT_H
#define OSLESS_SPEC_DOCUMENT_H

#include "libocispec/ocispec.h"

#include <stddef.h>

struct arena;
struct error;
struct stat;

#define DOCUMENT_MAX (16u << 20) /* bytes of any document */

/* Opens dir/name for reading; *status gets its fstat(2). Only regular files: a fifo would block.
 * what names it in errors. -1: err, with errnum ENOENT where it is missing. */
int
document_open(int dir, const char *name, const char *what, struct stat *status, struct error *err);

/* Reads text into *out, the struct of type; all of it lies in arena. -1: err, which begins with
 * name. */
int document_read(const char *name, const char *text, size_t length, enum ocispec_type type,
    struct arena *arena, void *out, struct error *err);

/* The document as text, NUL-terminated, in memory from malloc(3) that the caller frees; *length
 * gets its bytes and may be NULL. NULL: err. */
char *document_write(const void *document, enum ocispec_type type, enum ocispec_style style,
    size_t *length, struct error *err);

/* libocispec's allocator for an arena. */
struct ocispec_memory document_memory(struct arena *arena);

#endif
