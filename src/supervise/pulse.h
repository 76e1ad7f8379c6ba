/* How often to look: the clock of the tree, without a clock. Pure: time and what was seen come in
 * as numbers.
 *
 * The last pid given out in a PID namespace (the last field of /proc/loadavg, proc(5)) moves with
 * every fork. While it moves, and a while after, children may lose their parents any moment, so the
 * beat is fast; in a quiet container it backs off to about one a second. Walking the whole tree, to
 * find out who has children and who is stopped, costs more the larger the tree, so walks keep a
 * distance that is a multiple of what the last one cost.
 *
 * A beat that comes much too late says that init could not run (frozen, starved): neither could the
 * processes that it judges by time, so that gap hardly counts for them. */
#ifndef OSLESS_SUPERVISE_PULSE_H
#define OSLESS_SUPERVISE_PULSE_H

#include <stdint.h>

#define PULSE_FAST_MS 20
#define PULSE_SLOW_MS 900    /* so that what only a beat finds is dealt with within a second */
#define PULSE_QUIET_BEATS 25 /* fast ones without a new pid, before it slows down */
#define PULSE_LATE_MS 500    /* a beat that is later than this ends a gap */
#define PULSE_WALK_SHARE 50  /* a walk may take one part in so many of init's time */

struct pulse {
	int64_t last_pid;      /* as seen at the last beat */
	int64_t walk_after_us; /* no walk before */
	int64_t beaten_us;     /* the last beat; 0: none yet */
	int64_t lost_us;       /* in gaps */
	int32_t interval_ms;   /* until the next beat */
	int32_t quiet_beats;   /* without a new pid, so far */
};

enum pulse_answer { PULSE_LOOK, PULSE_WALK };

/* Starts fast. */
void pulse_start(struct pulse *pulse);

/* A beat at now_us (any monotonic clock), with the namespace's last pid. PULSE_LOOK: reading init's
 * children will do. PULSE_WALK: the tree is to be walked as well, and pulse_walked told. */
enum pulse_answer pulse_beat(struct pulse *pulse, int64_t now_us, int64_t last_pid);

/* A walk has ended at now_us and took cost_us. */
void pulse_walked(struct pulse *pulse, int64_t now_us, int64_t cost_us);

/* Something was done that may have to be done again: the next beat comes soon. */
void pulse_soon(struct pulse *pulse);

/* To be asked once a beat, at now_us, which was due at due_us: the time without gaps. Each gap
 * counts as PULSE_FAST_MS, so that on a machine that is late all the time it still goes on. */
int64_t pulse_clock_us(struct pulse *pulse, int64_t now_us, int64_t due_us);

/* The number at the end of /proc/loadavg's text, which need not be terminated; -1: there is none.
 */
int64_t pulse_last_pid(const char *text, uint64_t length);

#endif
