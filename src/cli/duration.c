/* Parsing times. */
#include "cli/duration.h"

#include "base/error.h"

#include <stddef.h>
#include <string.h>

#define DAY_MS 86400000u

static const struct {
	const char *unit;
	uint32_t ms;
} units[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60000 },
	{ "h", 3600000 },
};

int
duration_parse(const char *word, uint32_t *ms, struct error *err)
{
	size_t digits = strspn(word, "0123456789");
	uint64_t number = 0;

	for (size_t i = 0; i < digits && number <= DAY_MS; i++)
		number = number * 10 + (uint64_t)(word[i] - '0');
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(word + digits, units[i].unit) != 0)
			continue;
		if (number == 0 || number * units[i].ms > DAY_MS)
			break;
		return *ms = (uint32_t)(number * units[i].ms), 0;
	}
	return error_set(err, "\"%s\" is no time from 1ms to 24h: write 500ms, 5s, 1m or 1h", word);
}
