/* Is any field of the plan's structs missing from the table? Seen from two sides: bytes of a struct
 * that no row describes must be known padding, and every member that the headers declare must be
 * the name of a row (which padding could hide). */
#include "plan/fields.h"

#include "tap.h"

#include <ctype.h>
#include <stdlib.h>

#define BYTES_MAX 4096
#define RECORDS_MAX 64

/* Bytes that the compiler left between members, on LP64. A new member that makes this list wrong
 * belongs into the table first. */
static const struct padding {
	const char *record;
	unsigned bytes;
} paddings[] = {
	{ "plan", 4 + 4 + 4 + 4 + 4 + 4 },
	{ "resources", 4 + 4 },
	{ "device rule", 4 },
	{ "priority", 4 },
	{ "memory policy", 4 },
	{ "mount", 4 },
	{ "device", 4 },
	{ "resource limit", 4 },
	{ "hook", 4 },
	{ "process", 4 + 4 },
	{ "tree", 4 },
	{ "filter", 4 },
	{ "unit", 4 },
	{ "resource control", 4 },
};

static const struct record *records[RECORDS_MAX];
static size_t records_count;

static void
collect(const struct record *record)
{
	for (size_t i = 0; i < records_count; i++) {
		if (records[i] == record)
			return;
	}
	records[records_count++] = record;
	for (uint32_t i = 0; i < record->count; i++) {
		if (record->fields[i].record)
			collect(record->fields[i].record);
	}
}

static unsigned
known_padding(const char *record)
{
	for (size_t i = 0; i < sizeof(paddings) / sizeof(paddings[0]); i++) {
		if (strcmp(paddings[i].record, record) == 0)
			return paddings[i].bytes;
	}
	return 0;
}

static void
test_bytes(const struct record *record)
{
	unsigned char marks[BYTES_MAX] = { 0 };
	unsigned unmarked = 0;
	unsigned overlaps = 0;

	for (uint32_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];

		for (size_t at = 0; at < field_size(field); at++)
			overlaps += marks[field->offset + at]++ > 0;
	}
	for (size_t at = 0; at < record->size; at++)
		unmarked += marks[at] == 0;
	EQ_INT(unmarked, known_padding(record->name), record->name);
	EQ_INT(overlaps, 0, "no byte has two rows");
}

static int
has_row(const char *name)
{
	for (size_t i = 0; i < records_count; i++) {
		for (uint32_t j = 0; j < records[i]->count; j++) {
			if (strcmp(records[i]->fields[j].name, name) == 0)
				return 1;
		}
	}
	return 0;
}

/* The identifier right before the first ';' or '[' of a declaration, "" where there is none. */
static void
member_of(const char *line, char *name, size_t size)
{
	size_t end = strcspn(line, ";[");
	size_t start = end;

	while (start > 0 && (isalnum((unsigned char)line[start - 1]) || line[start - 1] == '_'))
		start--;
	if (!line[end] || end - start >= size)
		start = end;
	memcpy(name, line + start, end - start);
	name[end - start] = '\0';
}

/* Blanks out comments; *open is 1 while one goes on at the line's end. */
static void
strip_comments(char *line, int *open)
{
	for (char *at = line; *at; at++) {
		if (!*open && strncmp(at, "/*", 2) == 0)
			*open = 1;
		if (*open && at > line && strncmp(at - 1, "*/", 2) == 0) {
			*open = 0;
			*at = ' ';
		}
		if (*open && *at != '*')
			*at = ' ';
	}
}

/* One line of a header; *inside is 1 between "struct NAME {" and "};". Returns how many members it
 * declares. */
static unsigned
test_line(const char *line, int *inside)
{
	char name[128];

	if (strncmp(line, "struct ", 7) == 0 && strchr(line, '{'))
		*inside = 1;
	else if (line[0] == '}')
		*inside = 0;
	if (!*inside || line[0] != '\t')
		return 0;
	member_of(line, name, sizeof(name));
	if (name[0] && !has_row(name))
		EQ_STR("no row in plan/fields.c", name, "every member has a row");
	return name[0] != '\0';
}

static void
test_header(const char *path)
{
	FILE *in = fopen(path, "r");
	char line[512]; /* clang-format ends them at 100 columns */
	int comment = 0;
	int inside = 0;
	unsigned members = 0;

	if (!in) {
		SKIP("no source tree here");
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		strip_comments(line, &comment);
		members += test_line(line, &inside);
	}
	(void)fclose(in); /* only read */
	OK(members > 40, "members were found");
}

int
main(void)
{
	const char *source = getenv("srcdir");
	char path[4096];

	collect(&record_plan);
	for (size_t i = 0; i < records_count; i++)
		test_bytes(records[i]);
	(void)snprintf(path, sizeof(path), "%s/src/plan/plan.h", source ? source : ".");
	test_header(path);
	(void)snprintf(path, sizeof(path), "%s/src/plan/resources.h", source ? source : ".");
	test_header(path);
	DONE();
}
