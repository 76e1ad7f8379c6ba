/* The beat with invented clocks: fast while pids move, backing off to a second, and walks that keep
 * their distance. */
#include "tap.h"

#include "supervise/pulse.h"

static void
test_backing_off(void)
{
	static const int want[] = { 40, 80, 160, 320, 640, 900, 900 };
	struct pulse pulse;

	pulse_start(&pulse);
	EQ_INT(pulse.interval_ms, PULSE_FAST_MS, "starts fast");
	for (int i = 0; i < 1 + PULSE_QUIET_BEATS; i++)
		(void)pulse_beat(&pulse, 0, 5);
	EQ_INT(pulse.interval_ms, PULSE_FAST_MS, "and stays so for a while");
	for (unsigned i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		(void)pulse_beat(&pulse, 0, 5);
		EQ_INT(pulse.interval_ms, want[i],
		    "a quiet container is looked at less and less often");
	}
	(void)pulse_beat(&pulse, 0, 6);
	EQ_INT(pulse.interval_ms, PULSE_FAST_MS, "a new pid: fast again");
	(void)pulse_beat(&pulse, 0, 6);
	pulse_soon(&pulse);
	EQ_INT(pulse.interval_ms, PULSE_FAST_MS, "something was done: fast, too");
}

static void
test_walks(void)
{
	struct pulse pulse;

	pulse_start(&pulse);
	EQ_INT(pulse_beat(&pulse, 1000, 5), PULSE_WALK, "the first beat walks");
	pulse_walked(&pulse, 1100, 100);
	EQ_INT(pulse_beat(&pulse, 1100 + 100 * PULSE_WALK_SHARE - 1, 6), PULSE_LOOK,
	    "too soon after a walk of that cost: look");
	EQ_INT(pulse_beat(&pulse, 1100 + 100 * PULSE_WALK_SHARE, 6), PULSE_WALK,
	    "later it walks, also though no pid was given out: what is stopped gives none");
}

/* Times in ms; each row is the beat after the one above. */
static void
test_clock(void)
{
	static const struct {
		int64_t now, due, want;
		const char *what;
	} rows[] = {
		{ 9000, 20, 9000, "the first beat ends no gap" },
		{ 9020, 9020, 9020, "in time: counts" },
		{ 10420, 9920, 10420, "late: counts" },
		{ 11821, 11320, 10440, "later: a gap, which counts as one fast beat" },
		{ 11841, 11841, 10460, "in time again: counts" },
		{ 99999, 11861, 10480, "a long gap" },
		{ 100999, 100899, 11480, "and on it goes" },
	};
	struct pulse pulse;

	pulse_start(&pulse);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EQ_INT(pulse_clock_us(&pulse, rows[i].now * 1000, rows[i].due * 1000),
		    rows[i].want * 1000, rows[i].what);
}

static void
test_last_pid(void)
{
	static const struct {
		const char *text;
		long long want;
	} rows[] = {
		{ "0.00 0.01 0.05 1/97 2719\n", 2719 },
		{ "0.00 0.01 0.05 1/97 7", 7 },
		{ "0.00 0.01 0.05 1/97 4194304\n", 4194304 },
		{ "1\n", 1 },
		{ "", -1 },
		{ "\n", -1 },
		{ "0.00 x\n", -1 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EQ_INT(
		    pulse_last_pid(rows[i].text, strlen(rows[i].text)), rows[i].want, rows[i].text);
}

int
main(void)
{
	test_backing_off();
	test_walks();
	test_clock();
	test_last_pid();
	DONE();
}
