/* Parsing amounts. */
#include "cli/amount.h"

#include "base/error.h"

#include <string.h>

static const struct {
	int64_t most;
	int takes_none; /* -1 */
	const char *right;
} kinds[] = {
	[AMOUNT_NUMBER] = { INT64_MAX, 0, "write a number" },
	[AMOUNT_LIMIT] = { INT64_MAX, 1, "write a number, or -1 for none" },
	[AMOUNT_BYTES] = { INT64_MAX, 1,
	    "write bytes, or with a unit as 512k, 64m or 2g, or -1 for none" },
	[AMOUNT_TO_32] = { UINT32_MAX, 0, "write a number below 4294967296" },
	[AMOUNT_SWITCH] = { 1, 0, "write 0 or 1" },
};

static int
refuse(const char *word, enum amount_kind kind, struct error *err)
{
	return error_set(err, "\"%.64s\" is no limit: %s", word, kinds[kind].right);
}

/* Binary prefixes, as docker and runc read them: "k", "K", "kb", "KiB" are all 1024. -1: no unit.
 */
static int
unit_shift(const char *unit)
{
	static const char letters[] = "kmgtp";
	const char *letter;

	if (!*unit || strcasecmp(unit, "b") == 0)
		return 0;
	letter = strchr(letters, *unit | 0x20);
	if (!letter)
		return -1;
	if (unit[1] && strcasecmp(unit + 1, "b") != 0 && strcasecmp(unit + 1, "ib") != 0)
		return -1;
	return 10 * (int)(letter - letters + 1);
}

int
amount_parse(const char *word, enum amount_kind kind, int64_t *amount, struct error *err)
{
	size_t digits = strspn(word, "0123456789");
	int shift = kind == AMOUNT_BYTES ? unit_shift(word + digits) : word[digits] ? -1 : 0;
	int64_t number = 0;

	if (kinds[kind].takes_none && strcmp(word, "-1") == 0)
		return *amount = -1, 0;
	if (digits == 0 || shift < 0)
		return refuse(word, kind, err);
	for (size_t i = 0; i < digits; i++) {
		int digit = word[i] - '0';

		if (number > (INT64_MAX - digit) / 10)
			return refuse(word, kind, err);
		number = number * 10 + digit;
	}
	if (number > kinds[kind].most >> shift)
		return refuse(word, kind, err);
	*amount = number * ((int64_t)1 << shift);
	return 0;
}
