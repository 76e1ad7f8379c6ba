/* An arena: many small allocations that live and die together. Everything that is read from one
 * config.json, and the plan made from it, lies in one. Not for the init program, which allocates
 * nothing. */
#ifndef OSLESS_BASE_ARENA_H
#define OSLESS_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out in all */
	size_t limit;               /* refuse beyond this many; 0 = none */
};

/* Zeroed memory, aligned for any type; NULL when memory or the limit is exhausted. Freed by
 * arena_free only. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size, NULL on overflow too. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of text; NULL when exhausted. */
char *arena_strdup(struct arena *arena, const char *text);

/* printf into the arena; NULL when exhausted. */
char *
arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees everything; the arena can be used again. */
void arena_free(struct arena *arena);

#endif
