/* /proc/PID/stat (proc(5)), as far as the rules ask. Pure. */
#ifndef OSLESS_SUPERVISE_STAT_H
#define OSLESS_SUPERVISE_STAT_H

#include "supervise/rules.h"

#include <stddef.h>

/* Takes seen's fields from the file's text, which need not be terminated. The name may hold
 * anything, parentheses and spaces too. status stays 0 where the kernel does not tell it (the last
 * field, for those who may not trace the process). Returns 0, or -1: that is no such text. */
int stat_parse(const char *text, size_t length, struct seen *seen);

#endif
