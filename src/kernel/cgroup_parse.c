/* Parsing. */
#include "kernel/cgroup_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
parse_u64(const char *text, const char **end, uint64_t *value)
{
	char *stop;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*value = strtoull(text, &stop, 10);
	*end = stop;
	return errno ? -1 : 0;
}

static int
is_end(char c)
{
	return c == '\0' || c == '\n' || c == ' ';
}

static const char *
next_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? end + 1 : text + strlen(text);
}

static size_t
count_char(const char *text, char c)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == c;
	return count;
}

int
cgroup_parse_number(const char *text, uint64_t *value)
{
	const char *end;

	if (strncmp(text, "max", 3) == 0 && is_end(text[3]))
		return *value = CGROUP_NO_LIMIT, 0;
	return parse_u64(text, &end, value) == 0 && is_end(*end) ? 0 : -1;
}

int
cgroup_parse_find(const char *text, const char *key, uint64_t *value)
{
	size_t length = strlen(key);

	for (const char *line = text; *line; line = next_line(line))
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return cgroup_parse_number(line + length + 1, value);
	return -1;
}

struct cgroup_pairs
cgroup_parse_pairs(const char *text, struct arena *arena)
{
	struct cgroup_pairs pairs = {
		.items = arena_array(arena, count_char(text, '\n') + 1, sizeof(*pairs.items)),
	};

	for (const char *line = text; pairs.items && *line; line = next_line(line)) {
		size_t length = strcspn(line, " \n");
		struct cgroup_pair *pair = &pairs.items[pairs.count];

		if (length == 0 || line[length] != ' ' ||
		    cgroup_parse_number(line + length + 1, &pair->value) < 0)
			continue;
		pair->key = arena_printf(arena, "%.*s", (int)length, line);
		pairs.count += pair->key != NULL;
	}
	return pairs;
}

struct cgroup_numbers
cgroup_parse_numbers(const char *text, struct arena *arena)
{
	struct cgroup_numbers numbers = {
		.items = arena_array(arena, count_char(text, ' ') + 1, sizeof(*numbers.items)),
	};
	const char *end;

	for (; numbers.items && parse_u64(text, &end, &numbers.items[numbers.count]) == 0;
	     text = end + (*end == ' '))
		numbers.count++;
	return numbers;
}

/* 0; -1: the line has no such column of numbers. */
static int
parse_column(const char *line, unsigned column, uint64_t *value)
{
	for (unsigned at = 0;; at++) {
		if (parse_u64(line, &line, value) < 0 || !is_end(*line))
			return -1;
		if (at == column)
			return 0;
		if (*line != ' ')
			return -1;
		line++;
	}
}

struct cgroup_numbers
cgroup_parse_column(const char *text, unsigned column, struct arena *arena)
{
	struct cgroup_numbers numbers = {
		.items = arena_array(arena, count_char(text, '\n') + 1, sizeof(*numbers.items)),
	};

	for (const char *line = text; numbers.items && *line; line = next_line(line))
		numbers.count += parse_column(line, column, &numbers.items[numbers.count]) == 0;
	return numbers;
}

/* "3" or "3-5". Returns what follows, or NULL. */
static const char *
parse_range(const char *text, uint64_t *first, uint64_t *last)
{
	const char *end;

	if (parse_u64(text, &end, first) < 0)
		return NULL;
	*last = *first;
	if (*end == '-' && parse_u64(end + 1, &end, last) < 0)
		return NULL;
	return end;
}

struct cgroup_numbers
cgroup_parse_list(const char *text, struct arena *arena)
{
	struct cgroup_numbers numbers = {
		.items = arena_array(arena, CGROUP_LIST_MAX, sizeof(*numbers.items)),
	};
	uint64_t first, last;

	while (numbers.items && text && (text = parse_range(text, &first, &last))) {
		for (; first <= last && numbers.count < CGROUP_LIST_MAX; first++)
			numbers.items[numbers.count++] = first;
		text = *text == ',' ? text + 1 : NULL;
	}
	return numbers;
}

/* ---------------------------------------------------------------------------------- I/O */

/* "8:0 ": returns what follows, or NULL. */
static const char *
parse_device(const char *line, struct cgroup_io *io)
{
	const char *end;

	if (parse_u64(line, &end, &io->major) < 0 || *end != ':' ||
	    parse_u64(end + 1, &end, &io->minor) < 0 || *end != ' ')
		return NULL;
	return end + 1;
}

struct cgroup_ios
cgroup_parse_io_v1(const char *text, struct arena *arena)
{
	struct cgroup_ios ios = {
		.items = arena_array(arena, count_char(text, '\n') + 1, sizeof(*ios.items)),
	};

	for (const char *line = text; ios.items && *line; line = next_line(line)) {
		struct cgroup_io *io = &ios.items[ios.count];
		const char *op = parse_device(line, io);
		size_t length = op ? strcspn(op, " \n") : 0;

		if (length == 0 || op[length] != ' ' ||
		    cgroup_parse_number(op + length + 1, &io->value) < 0)
			continue;
		io->op = arena_printf(arena, "%.*s", (int)length, op);
		ios.count += io->op != NULL;
	}
	return ios;
}

static const struct {
	const char *keys[2]; /* by enum cgroup_io_what */
	const char *op;
} io_keys[] = {
	{ { "rbytes=", "rios=" }, "Read" },
	{ { "wbytes=", "wios=" }, "Write" },
	{ { "dbytes=", "dios=" }, "Discard" },
};

#define IO_KEYS (sizeof(io_keys) / sizeof(io_keys[0]))

/* The word "key=N" in a line. */
static int
find_in_line(const char *line, const char *key, uint64_t *value)
{
	size_t length = strlen(key), line_length = strcspn(line, "\n");
	const char *end;

	for (const char *at = line; at < line + line_length; at += strcspn(at, " \n") + 1)
		if (strncmp(at, key, length) == 0)
			return parse_u64(at + length, &end, value);
	return -1;
}

struct cgroup_ios
cgroup_parse_io_v2(const char *text, enum cgroup_io_what what, struct arena *arena)
{
	struct cgroup_ios ios = {
		.items =
		    arena_array(arena, (count_char(text, '\n') + 1) * IO_KEYS, sizeof(*ios.items)),
	};

	for (const char *line = text; ios.items && *line; line = next_line(line)) {
		struct cgroup_io device = { .op = NULL };
		const char *words = parse_device(line, &device);

		for (size_t i = 0; words && i < IO_KEYS; i++) {
			if (find_in_line(words, io_keys[i].keys[what], &device.value) < 0)
				continue;
			device.op = io_keys[i].op;
			ios.items[ios.count++] = device;
		}
	}
	return ios;
}

/* ----------------------------------------------------------------------------- pressure */

/* 0 where the line has none. */
static double
find_average(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at && at < line + strcspn(line, "\n") ? strtod(at + strlen(key), NULL) : 0;
}

void
cgroup_parse_pressure(const char *text, struct cgroup_pressure lines[CGROUP_PRESSURE_KINDS])
{
	static const char *const kinds[CGROUP_PRESSURE_KINDS] = {
		[CGROUP_PRESSURE_SOME] = "some ",
		[CGROUP_PRESSURE_FULL] = "full ",
	};

	for (int kind = 0; kind < CGROUP_PRESSURE_KINDS; kind++) {
		const char *line = strstr(text, kinds[kind]);
		struct cgroup_pressure *out = &lines[kind];

		*out = (struct cgroup_pressure) { .has = 0 };
		if (!line || find_in_line(line, "total=", &out->total_us) < 0)
			continue;
		out->avg10 = find_average(line, "avg10=");
		out->avg60 = find_average(line, "avg60=");
		out->avg300 = find_average(line, "avg300=");
		out->has = 1;
	}
}
