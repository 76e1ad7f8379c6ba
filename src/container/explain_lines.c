/* Lists of sentences. */
#include "container/explain_lines.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX 64
#define LINE_BYTES 1024

int
explain_begin(struct explain_lines *lines, struct arena *arena)
{
	lines->items = arena_array(arena, LINES_MAX, sizeof(*lines->items));
	return lines->items ? 0 : -1;
}

void
explain_add(struct explain_lines *lines, struct arena *arena, const char *format, ...)
{
	char text[LINE_BYTES];
	const char *copy;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args); /* cut, at worst */
	va_end(args);
	for (size_t i = 0; i < lines->count; i++)
		if (strcmp(lines->items[i], text) == 0)
			return;
	copy = lines->count < LINES_MAX ? arena_strdup(arena, text) : NULL;
	if (copy)
		lines->items[lines->count++] = copy;
}
