/* Times on the command line. Pure. */
#ifndef OSLESS_CLI_DURATION_H
#define OSLESS_CLI_DURATION_H

#include <stdint.h>

struct error;

/* "500ms", "5s", "1m", "2h", "1m30s", "5" (seconds): at least 1 ms, at most a day. -1: err. */
int duration_parse(const char *word, uint32_t *ms, struct error *err);

#endif
