/* Times on the command line. */
#include "tap.h"

#include "base/error.h"
#include "cli/duration.h"

int
main(void)
{
	static const struct {
		const char *word;
		uint32_t ms; /* 0: refused */
	} rows[] = {
		{ "5", 5000 },
		{ "5s", 5000 },
		{ "500ms", 500 },
		{ "1m", 60000 },
		{ "24h", 86400000 },
		{ "1ms", 1 },
		{ "1m30s", 90000 },
		{ "23h59m59s999ms", 86399999 },
		{ "24h1ms", 0 },
		{ "1m30", 0 },
		{ "1h0m0s", 3600000 },
		{ "0s0ms", 0 },
		{ "1ms5", 0 },
		{ "5s30", 0 },
		{ "sm", 0 },
		{ "0", 0 },
		{ "0ms", 0 },
		{ "25h", 0 },
		{ "99999999999999999999s", 0 },
		{ "", 0 },
		{ "s", 0 },
		{ "5 s", 0 },
		{ "-5s", 0 },
		{ "1.5s", 0 },
		{ "5days", 0 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { .errnum = 0 };
		uint32_t ms = 0;

		EQ_INT(duration_parse(rows[i].word, &ms, &err), rows[i].ms ? 0 : -1, rows[i].word);
		EQ_INT(ms, rows[i].ms, rows[i].word);
		if (!rows[i].ms)
			HAS_STR(err.text, "write 500ms, 5s", "a refusal names the form");
	}
	DONE();
}
