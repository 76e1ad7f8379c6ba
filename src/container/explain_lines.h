/* Lists of sentences. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_EXPLAIN_LINES_H
#define OSLESS_CONTAINER_EXPLAIN_LINES_H

#include <stddef.h>

struct arena;

struct explain_lines {
	const char **items;
	size_t count;
};

/* Makes room. -1: no memory. */
int explain_begin(struct explain_lines *lines, struct arena *arena);

/* Adds a sentence that is not there yet. One too many, or without memory, is left out. */
void explain_add(struct explain_lines *lines, struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
