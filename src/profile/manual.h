/* The manual page of the system-call table, osless-syscalls(7), from the table itself. Pure. */
#ifndef OSLESS_PROFILE_MANUAL_H
#define OSLESS_PROFILE_MANUAL_H

#include <stdio.h>

/* The whole page, the same on every machine. Write errors stay in the stream (ferror). */
void manual_write(FILE *out);

#endif
