/* Signal words of `kill`. */
#include "cli/signals.h"

#include "base/error.h"
#include "tests/unit/tap.h"

#include <signal.h>

static void
test_known(void)
{
	static const struct {
		const char *word;
		int number;
	} rows[] = {
		{ "TERM", SIGTERM },
		{ "SIGTERM", SIGTERM },
		{ "sigterm", SIGTERM },
		{ "Kill", SIGKILL },
		{ "15", 15 },
		{ "09", 9 },
		{ "64", 64 },
		{ "0", 0 },
		{ "00", 0 },
		{ "iot", SIGABRT },
		{ "POLL", SIGIO },
		{ "WINCH", SIGWINCH },
		{ "RTMIN", 34 },
		{ "rtmin+2", 36 },
		{ "SIGRTMIN+30", 64 },
		{ "RTMAX", 64 },
		{ "RTMAX-30", 34 },
		{ "SYS", SIGSYS },
	};
	struct error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EQ_INT(signal_parse(rows[i].word, &err), rows[i].number, rows[i].word);
}

static void
test_unknown(void)
{
	static const char *const words[] = { "", "SIG", "-0", "65", "999", "-9", "+9", " 9", "9 ",
		"TERMS", "SIG9", "RTMIN+31", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMIN+-1", "RTMIN+x",
		"RTMAXX" };
	struct error err;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		EQ_INT(signal_parse(words[i], &err), -1, words[i]);
		HAS_STR(err.text, "unknown signal", "says so");
	}
}

static void
test_stopping(void)
{
	static const char *const words[] = { "STOP", "sigtstp", "TTIN", "SIGTTOU", "19", "20", "21",
		"22" };
	struct error err;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		EQ_INT(signal_parse(words[i], &err), -1, words[i]);
		HAS_STR(err.text, "use pause", "names the cure");
	}
}

int
main(void)
{
	test_known();
	test_unknown();
	test_stopping();
	DONE();
}
