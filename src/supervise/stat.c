/* Fields are counted from the name's closing parenthesis, the last one in the text. */
#include "supervise/stat.h"

#include <string.h>

enum {
	FIELD_STATE = 3,
	FIELD_PARENT = 4,
	FIELD_THREADS = 20,
	FIELD_STARTED = 22,
	FIELD_STATUS = 52,
};

/* Digits, or 0 where there are none ("-1" in fields that nobody asks for). */
static uint64_t
number_at(const char *text, const char *end)
{
	uint64_t number = 0;

	for (; text < end && *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	return number;
}

static void
take_field(struct seen *seen, int field, const char *text, const char *end)
{
	switch (field) {
	case FIELD_STATE:
		seen->state = *text;
		break;
	case FIELD_PARENT:
		seen->parent = (pid_t)number_at(text, end);
		break;
	case FIELD_THREADS:
		seen->alone = number_at(text, end) <= 1;
		break;
	case FIELD_STARTED:
		seen->started = number_at(text, end);
		break;
	case FIELD_STATUS:
		seen->status = (int32_t)number_at(text, end);
		break;
	default:
		break;
	}
}

static const char *
last_parenthesis(const char *text, const char *end)
{
	while (end > text)
		if (*--end == ')')
			return end;
	return NULL;
}

static void
take_name(struct seen *seen, const char *from, const char *end)
{
	size_t length = (size_t)(end - from);

	if (length > sizeof(seen->comm) - 1)
		length = sizeof(seen->comm) - 1;
	memcpy(seen->comm, from, length);
	seen->comm[length] = '\0';
}

int
stat_parse(const char *text, size_t length, struct seen *seen)
{
	const char *end = text + length;
	const char *open = memchr(text, '(', length);
	const char *at = last_parenthesis(text, end);
	int field = FIELD_STATE;

	if (!open || !at || at < open)
		return -1;
	seen->pid = (pid_t)number_at(text, end);
	seen->status = 0;
	seen->started = 0;
	take_name(seen, open + 1, at);
	for (at++; at + 1 < end && *at == ' '; field++) {
		const char *next;

		at++;
		next = memchr(at, ' ', (size_t)(end - at));
		take_field(seen, field, at, end);
		at = next ? next : end;
	}
	return field > FIELD_STARTED ? 0 : -1;
}
