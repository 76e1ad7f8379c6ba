/* Limits on the command line. */
#include "tap.h"

#include "base/error.h"
#include "cli/amount.h"

#define REFUSED (-77)

static const struct {
	const char *word;
	enum amount_kind kind;
	int64_t amount;
} rows[] = {
	{ "0", AMOUNT_NUMBER, 0 },
	{ "100000", AMOUNT_NUMBER, 100000 },
	{ "9223372036854775807", AMOUNT_NUMBER, INT64_MAX },
	{ "9223372036854775808", AMOUNT_NUMBER, REFUSED },
	{ "99999999999999999999999", AMOUNT_NUMBER, REFUSED },
	{ "-1", AMOUNT_NUMBER, REFUSED },
	{ "1k", AMOUNT_NUMBER, REFUSED },
	{ "", AMOUNT_NUMBER, REFUSED },
	{ " 1", AMOUNT_NUMBER, REFUSED },
	{ "1 ", AMOUNT_NUMBER, REFUSED },
	{ "+1", AMOUNT_NUMBER, REFUSED },
	{ "0x10", AMOUNT_NUMBER, REFUSED },
	{ "-1", AMOUNT_LIMIT, -1 },
	{ "-2", AMOUNT_LIMIT, REFUSED },
	{ "7", AMOUNT_LIMIT, 7 },
	{ "4096", AMOUNT_BYTES, 4096 },
	{ "4096b", AMOUNT_BYTES, 4096 },
	{ "512k", AMOUNT_BYTES, 512 << 10 },
	{ "512K", AMOUNT_BYTES, 512 << 10 },
	{ "512kb", AMOUNT_BYTES, 512 << 10 },
	{ "64MiB", AMOUNT_BYTES, 64 << 20 },
	{ "3g", AMOUNT_BYTES, (int64_t)3 << 30 },
	{ "2t", AMOUNT_BYTES, (int64_t)2 << 40 },
	{ "1p", AMOUNT_BYTES, (int64_t)1 << 50 },
	{ "8191p", AMOUNT_BYTES, (int64_t)8191 << 50 },
	{ "8192p", AMOUNT_BYTES, REFUSED },
	{ "1e", AMOUNT_BYTES, REFUSED },
	{ "1.5g", AMOUNT_BYTES, REFUSED },
	{ "1mm", AMOUNT_BYTES, REFUSED },
	{ "1ib", AMOUNT_BYTES, REFUSED },
	{ "m", AMOUNT_BYTES, REFUSED },
	{ "-1", AMOUNT_BYTES, -1 },
	{ "-1m", AMOUNT_BYTES, REFUSED },
	{ "4294967295", AMOUNT_TO_32, UINT32_MAX },
	{ "4294967296", AMOUNT_TO_32, REFUSED },
	{ "0", AMOUNT_SWITCH, 0 },
	{ "1", AMOUNT_SWITCH, 1 },
	{ "2", AMOUNT_SWITCH, REFUSED },
	{ "true", AMOUNT_SWITCH, REFUSED },
};

int
main(void)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { .errnum = 0 };
		int64_t amount = REFUSED;
		int refused = rows[i].amount == REFUSED;

		EQ_INT(amount_parse(rows[i].word, rows[i].kind, &amount, &err), refused ? -1 : 0,
		    rows[i].word);
		EQ_INT(amount, rows[i].amount, rows[i].word);
		if (refused)
			HAS_STR(err.text, "write ", "a refusal says what would be right");
	}
	DONE();
}
