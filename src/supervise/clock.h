/* The clocks of supervision. */
#ifndef OSLESS_SUPERVISE_CLOCK_H
#define OSLESS_SUPERVISE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Neither can fail. */
static inline int64_t
clock_us(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(clock, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static inline int64_t
now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static inline int64_t
now_ms(void)
{
	return now_us() / 1000;
}

static inline int64_t
wall_ns(void)
{
	return clock_us(CLOCK_REALTIME) * 1000;
}

#endif
