/* Names that the payload chose, made fit for a terminal. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_PLAIN_H
#define OSLESS_CONTAINER_PLAIN_H

struct arena;

/* A copy whose bytes are all printable ASCII, one column each; others become '?'. NULL where memory
 * is exhausted. */
const char *plain_name(struct arena *arena, const char *name);

/* The same; "a process" where the name is empty, and where memory is exhausted. */
const char *plain_process(struct arena *arena, const char *comm);

#endif
