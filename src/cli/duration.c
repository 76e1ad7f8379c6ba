/* Parsing times. */
#include "cli/duration.h"

#include "base/error.h"

#include <stddef.h>
#include <string.h>

#define DAY_MS 86400000

static const struct {
	const char *unit;
	int64_t ms;
} units[] = {
	{ "", 1000 }, /* first: for a number alone */
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60000 },
	{ "h", 3600000 },
};

/* "90s" at *word, which moves behind it; a number alone is seconds where it stands first. -1: it is
 * no time. */
static int64_t
parse_part(const char **word, int is_first)
{
	size_t digits = strspn(*word, "0123456789");
	const char *unit = *word + digits;
	size_t length = strcspn(unit, "0123456789");
	int64_t number = 0;

	for (size_t i = 0; i < digits && number <= DAY_MS; i++)
		number = number * 10 + ((*word)[i] - '0');
	for (size_t i = !is_first; digits && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].unit) != length || strncmp(unit, units[i].unit, length) != 0)
			continue;
		*word = unit + length;
		return number * units[i].ms;
	}
	return -1;
}

int
duration_parse(const char *word, uint32_t *ms, struct error *err)
{
	const char *at = word;
	int64_t sum = 0, part;

	do {
		part = parse_part(&at, at == word);
		sum += part;
	} while (part >= 0 && *at && sum <= DAY_MS);
	if (part < 0 || sum == 0 || sum > DAY_MS)
		return error_set(
		    err, "\"%s\" is no time from 1ms to 24h: write 500ms, 5s, 1m or 1h", word);
	*ms = (uint32_t)sum;
	return 0;
}
