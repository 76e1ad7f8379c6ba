/* The beat's arithmetic. */
#include "supervise/pulse.h"

void
pulse_start(struct pulse *pulse)
{
	*pulse = (struct pulse) { .last_pid = -1, .interval_ms = PULSE_FAST_MS };
}

enum pulse_answer
pulse_beat(struct pulse *pulse, int64_t now_us, int64_t last_pid)
{
	if (last_pid != pulse->last_pid) {
		pulse->last_pid = last_pid;
		pulse->interval_ms = PULSE_FAST_MS;
		pulse->quiet_beats = 0;
	} else if (pulse->quiet_beats < PULSE_QUIET_BEATS) {
		pulse->quiet_beats++;
	} else if (pulse->interval_ms < PULSE_SLOW_MS / 2) {
		pulse->interval_ms *= 2;
	} else {
		pulse->interval_ms = PULSE_SLOW_MS;
	}
	return now_us >= pulse->walk_after_us ? PULSE_WALK : PULSE_LOOK;
}

void
pulse_walked(struct pulse *pulse, int64_t now_us, int64_t cost_us)
{
	pulse->walk_after_us = now_us + cost_us * PULSE_WALK_SHARE;
}

void
pulse_soon(struct pulse *pulse)
{
	pulse->interval_ms = PULSE_FAST_MS;
}

int64_t
pulse_clock_us(struct pulse *pulse, int64_t now_us, int64_t due_us)
{
	if (pulse->beaten_us && now_us - due_us > PULSE_LATE_MS * 1000LL)
		pulse->lost_us += now_us - pulse->beaten_us - PULSE_FAST_MS * 1000LL;
	pulse->beaten_us = now_us;
	return now_us - pulse->lost_us;
}

int64_t
pulse_last_pid(const char *text, uint64_t length)
{
	int64_t number = 0, place = 1;
	uint64_t at = length;

	while (at > 0 && (text[at - 1] == '\n' || text[at - 1] == ' '))
		at--;
	if (at == 0 || text[at - 1] < '0' || text[at - 1] > '9')
		return -1;
	for (; at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9' && place < 10000000000; at--) {
		number += (text[at - 1] - '0') * place;
		place *= 10;
	}
	return number;
}
