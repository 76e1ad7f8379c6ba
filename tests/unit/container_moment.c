/* Times, spans, statuses in words. */
#include "tap.h"

#include "container/moment.h"

#define MS INT64_C(1000000)
#define S (1000 * MS)

static void
test_spans(void)
{
	static const struct {
		int64_t span;
		const char *want;
	} rows[] = {
		{ -5, "0 ms" },
		{ 0, "0 ms" },
		{ 350 * MS, "350 ms" },
		{ 999 * MS, "999 ms" },
		{ 1000 * MS, "1 s" },
		{ 2340 * MS, "2.3 s" },
		{ 30 * S, "30 s" },
		{ 42 * S + 900 * MS, "42 s" },
		{ 185 * S, "3 min 5 s" },
		{ (4 * 3600 + 10 * 60 + 59) * S, "4 h 10 min" },
		{ (2 * 86400 + 3 * 3600) * S, "2 d 3 h" },
	};
	char text[MOMENT_MAX];

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EQ_STR(moment_span(rows[i].span, text), rows[i].want, rows[i].want);
}

static void
test_times(void)
{
	char text[MOMENT_MAX];

	EQ_STR(moment_time(1700000000 * S + 5, text), "2023-11-14T22:13:20.000000005Z", "RFC 3339");
	EQ_STR(moment_plain(1700000000 * S, text), "2023-11-14 22:13:20 UTC", "for people");
	EQ_STR(moment_time(-1, text), "never", "before 1970 there is none");
	EQ_STR(moment_plain(-1, text), "never", "nor for people");
	OK(strlen(moment_time(INT64_MAX, text)) < MOMENT_MAX, "the last one fits");
	EQ_INT(moment_between(3 * S, S), -2 * S, "between two");
	EQ_INT(moment_between(INT64_MIN, S), 0, "damaged ones have nothing between them");
}

static void
test_statuses(void)
{
	char text[MOMENT_MAX];

	EQ_STR(moment_status(0, text), "exit status 0", "success");
	EQ_STR(moment_status(3 << 8, text), "exit status 3", "failure");
	EQ_STR(moment_status(9, text), "signal 9 (KILL)", "killed");
	EQ_STR(moment_status(0x80 | 11, text), "signal 11 (SEGV)", "with a core");
	EQ_STR(moment_signal(15, text), "TERM", "a signal");
	EQ_STR(moment_signal(34, text), "signal 34", "one without a name");
	EQ_STR(moment_signal(-1, text), "signal -1", "and no signal at all");
}

int
main(void)
{
	test_spans();
	test_times();
	test_statuses();
	DONE();
}
