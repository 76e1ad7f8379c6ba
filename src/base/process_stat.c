/* The name may hold anything, parentheses and spaces too, so fields are counted from its closing
 * parenthesis, the last one in the text. */
#include "base/process_stat.h"

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
take_field(struct process_stat *stat, int field, const char *text, const char *end)
{
	switch (field) {
	case FIELD_STATE:
		stat->state = *text;
		break;
	case FIELD_PARENT:
		stat->parent = (pid_t)number_at(text, end);
		break;
	case FIELD_THREADS:
		stat->threads = (uint32_t)number_at(text, end);
		break;
	case FIELD_STARTED:
		stat->started = number_at(text, end);
		break;
	case FIELD_STATUS:
		stat->status = (int32_t)number_at(text, end);
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
take_name(struct process_stat *stat, const char *from, const char *end)
{
	size_t length = (size_t)(end - from);

	if (length > sizeof(stat->comm) - 1)
		length = sizeof(stat->comm) - 1;
	memcpy(stat->comm, from, length);
	stat->comm[length] = '\0';
}

int
process_stat_parse(const char *text, size_t length, struct process_stat *stat)
{
	const char *end = text + length;
	const char *open = memchr(text, '(', length);
	const char *at = last_parenthesis(text, end);
	int field = FIELD_STATE;

	if (!open || !at || at < open)
		return -1;
	stat->pid = (pid_t)number_at(text, end);
	stat->status = 0;
	stat->started = 0;
	take_name(stat, open + 1, at);
	for (at++; at + 1 < end && *at == ' '; field++) {
		const char *next;

		at++;
		next = memchr(at, ' ', (size_t)(end - at));
		take_field(stat, field, at, end);
		at = next ? next : end;
	}
	return field > FIELD_STARTED ? 0 : -1;
}
