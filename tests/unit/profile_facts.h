/* Reads the tables in tests/data (or OSLESS_TESTS_DATA), a row at a time. */
#ifndef OSLESS_TESTS_PROFILE_FACTS_H
#define OSLESS_TESTS_PROFILE_FACTS_H

#include <limits.h>
#include <stdlib.h>

#include "profile/table.h"
#include "tests/unit/tap.h"

#define FACTS_COLUMNS 8

/* By the kernel's name, or gVisor's. */
static inline const struct profile_call *
facts_call(const char *name)
{
	if (strcmp(name, "sysctl") == 0)
		name = "_sysctl";
	for (size_t i = 0; i < profile_calls_count; i++)
		if (strcmp(profile_calls[i].name, name) == 0)
			return &profile_calls[i];
	return NULL;
}

static inline int
facts_is_allowed(const struct profile_call *call)
{
	return call->class == PROFILE_ALLOW || call->class == PROFILE_ALLOW_IF;
}

static inline int
facts_split(char *line, char **column)
{
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *cell = strsep(&line, "\t"); cell && count < FACTS_COLUMNS;
	     cell = strsep(&line, "\t"))
		column[count++] = cell;
	return count;
}

/* check gets each row that has so many columns; at least so many rows must be there. */
static inline void
facts_read(const char *name, int columns, int least, void (*check)(char *const *column))
{
	const char *folder = getenv("OSLESS_TESTS_DATA");
	char path[PATH_MAX], line[1024];
	char *column[FACTS_COLUMNS];
	int rows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "tests/data", name);
	file = fopen(path, "re");
	OK(file != NULL, path);
	if (!file)
		return;
	(void)!fgets(line, sizeof(line), file); /* the heading */
	for (; fgets(line, sizeof(line), file); rows++)
		if (facts_split(line, column) >= columns)
			check(column);
	(void)fclose(file); /* only read */
	OK(rows >= least, "the file has rows");
}

#endif
