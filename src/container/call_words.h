/* A system call's arguments in words: decoded where that is cheap, numbers where it is not. Pure.
 * For this folder only. */
#ifndef OSLESS_CONTAINER_CALL_WORDS_H
#define OSLESS_CONTAINER_CALL_WORDS_H

#include <stdint.h>

struct arena;

#define CALL_ARGUMENTS 6

/* "AF_ALG, SOCK_SEQPACKET|SOCK_CLOEXEC, 0": as many as the call has by this name, which is this
 * machine's; of a call that is not known (name NULL as well) those up to the last that is not 0.
 * Printable ASCII, whatever the values. NULL where memory is exhausted. */
const char *
call_arguments(const char *name, const uint64_t args[CALL_ARGUMENTS], struct arena *arena);

/* How many arguments the call has; -1 where it is not known. */
int call_arity(const char *name);

#endif
