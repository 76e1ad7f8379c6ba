/* What the tests of libocispec share: memory for documents, reading from a literal, writing to a
 * buffer. Every allocation is its own malloc block, so that sanitizers see each overrun. */
#ifndef OSLESS_TESTS_LIBOCISPEC_HELP_H
#define OSLESS_TESTS_LIBOCISPEC_HELP_H

#include "libocispec/ocispec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pile_block {
	struct pile_block *below;
	size_t size; /* keeps what follows aligned for any type */
};

struct pile {
	struct pile_block *top;
	long allocations_left; /* refuse after so many; -1: never */
};

#define PILE \
	{ \
		NULL, -1 \
	}

static inline void *
pile_alloc(void *context, size_t size)
{
	struct pile *pile = context;
	struct pile_block *block;

	if (pile->allocations_left == 0)
		return NULL;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		return NULL;
	if (pile->allocations_left > 0)
		pile->allocations_left--;
	*block = (struct pile_block) { pile->top, size };
	pile->top = block;
	return block + 1;
}

static inline void
pile_free(struct pile *pile)
{
	while (pile->top) {
		struct pile_block *block = pile->top;

		pile->top = block->below;
		free(block);
	}
}

/* ocispec_read into a pile. The text is copied to a block of exactly its length first: no
 * terminator that a reader could lean on. */
static inline int
read_bytes(struct pile *pile, const char *text, size_t length, enum ocispec_type type,
    const struct ocispec_limits *limits, void *out, struct ocispec_error *err)
{
	struct ocispec_memory memory = { pile_alloc, pile };
	char *exact = malloc(length > 0 ? length : 1);
	int result;

	if (!exact)
		abort();
	memcpy(exact, text, length);
	result = ocispec_read(exact, length, type, limits, &memory, out, err);
	free(exact);
	return result;
}

static inline int
read_text(struct pile *pile, const char *text, enum ocispec_type type, void *out,
    struct ocispec_error *err)
{
	return read_bytes(pile, text, strlen(text), type, NULL, out, err);
}

/* A sink that keeps everything; text is terminated. */
struct buffer {
	char *text;
	size_t length;
};

static inline int
buffer_write(void *context, const char *text, size_t length)
{
	struct buffer *buffer = context;
	char *grown = realloc(buffer->text, buffer->length + length + 1);

	if (!grown)
		return -1;
	memcpy(grown + buffer->length, text, length);
	buffer->text = grown;
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
	return 0;
}

static inline int
write_buffer(struct buffer *buffer, const void *document, enum ocispec_type type,
    enum ocispec_style style, struct ocispec_error *err)
{
	struct ocispec_sink sink = { buffer_write, buffer };

	*buffer = (struct buffer) { NULL, 0 };
	return ocispec_write(document, type, style, &sink, err);
}

/* A whole file; text is NULL where it cannot be read. */
static inline struct buffer
read_file(const char *path)
{
	struct buffer file = { NULL, 0 };
	char chunk[4096];
	FILE *stream = fopen(path, "re");
	size_t got;

	if (!stream)
		return file;
	while ((got = fread(chunk, 1, sizeof(chunk), stream)) > 0)
		if (buffer_write(&file, chunk, got) < 0)
			abort();
	(void)fclose(stream); /* read only */
	return file;
}

#endif
