/* Times, spans and wait statuses as people and programs read them. Pure. For this folder only. */
#ifndef OSLESS_CONTAINER_MOMENT_H
#define OSLESS_CONTAINER_MOMENT_H

#include <stdint.h>

#define MOMENT_MAX 64 /* bytes of any of these texts */

/* "2026-11-23T17:00:00.123456789Z" of nanoseconds since 1970. */
const char *moment_time(int64_t wall_ns, char text[MOMENT_MAX]);

/* "2026-11-23 17:00:00 UTC" */
const char *moment_plain(int64_t wall_ns, char text[MOMENT_MAX]);

/* "350 ms", "2.3 s", "42 s", "3 min 5 s", "4 h 10 min", "2 d 3 h"; less than nothing is "0 ms". */
const char *moment_span(int64_t span_ns, char text[MOMENT_MAX]);

/* "exit status 1", "signal 9 (KILL)" */
const char *moment_status(int32_t wait_status, char text[MOMENT_MAX]);

/* "KILL", "signal 34" */
const char *moment_signal(int number, char text[MOMENT_MAX]);

/* later - earlier; 0 where a damaged time makes that too large to be. */
int64_t moment_between(int64_t earlier_ns, int64_t later_ns);

#endif
