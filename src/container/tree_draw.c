/* Drawing. */
#include "container/tree_draw.h"

#include "base/arena.h"

#include <string.h>

#define BRANCH_WIDTH 3 /* "|- ", "`- ", "|  " */
#define INDENT_MAX 60  /* columns; deeper rows are drawn there, or a chain of forks would be */
		       /* a page wide */

static const char *const heads[TREE_COLUMNS] = {
	[TREE_COLUMN_NAME] = "NAME",
	[TREE_COLUMN_STATE] = "STATE",
	[TREE_COLUMN_PID] = "PID",
	[TREE_COLUMN_UP] = "UP",
	[TREE_COLUMN_RESTARTS] = "RESTARTS",
	[TREE_COLUMN_NOTES] = "NOTES",
};

static size_t
indent_of(uint32_t depth)
{
	size_t width = (size_t)depth * BRANCH_WIDTH;

	return width < INDENT_MAX ? width : INDENT_MAX;
}

static const char *
cell(const struct tree_row *row, int column)
{
	if (row->cells[column])
		return row->cells[column];
	return column == TREE_COLUMN_NOTES ? "" : "-";
}

static void
measure(const struct tree_row *rows, size_t count, size_t widths[TREE_COLUMNS])
{
	for (int column = 0; column < TREE_COLUMNS; column++) {
		widths[column] = strlen(heads[column]);
		for (size_t i = 0; i < count; i++) {
			size_t width = strlen(cell(&rows[i], column));

			if (column == TREE_COLUMN_NAME)
				width += indent_of(rows[i].depth);
			if (width > widths[column])
				widths[column] = width;
		}
	}
}

/* The line without blanks at its end. */
static void
draw_cells(const struct tree_row *row, size_t indent, const size_t widths[TREE_COLUMNS], FILE *out)
{
	size_t blanks = 0;

	for (int column = 0; column < TREE_COLUMNS; column++) {
		const char *text = cell(row, column);
		size_t used = strlen(text) + (column == TREE_COLUMN_NAME ? indent : 0);

		if (*text)
			(void)fprintf(out, "%*s%s", (int)blanks, "", text);
		blanks = (*text ? 0 : blanks) + widths[column] - used + 2;
	}
	(void)fputc('\n', out);
}

/* One bit a row: whether it is the last one below its parent. From the end: alive[d] says that a
 * row of depth d has been met since the last shallower one. */
static void
find_lasts(const struct tree_row *rows, size_t count, uint8_t *last, uint8_t *met)
{
	uint32_t depth_before = 0;

	for (size_t i = count; i-- > 0;) {
		uint32_t depth = rows[i].depth;

		for (uint32_t deeper = depth + 1; deeper <= depth_before; deeper++)
			met[deeper] = 0;
		last[i] = !met[depth];
		met[depth] = 1;
		depth_before = depth;
	}
}

/* goes_on[d]: the branch at depth d has further rows below this one. */
static void
draw_branches(uint32_t depth, const uint8_t *goes_on, FILE *out)
{
	size_t width = indent_of(depth);

	for (uint32_t at = 1; at <= depth && (size_t)at * BRANCH_WIDTH <= width; at++) {
		if (at == depth)
			(void)fputs(goes_on[at] ? "|- " : "`- ", out);
		else
			(void)fputs(goes_on[at] ? "|  " : "   ", out);
	}
}

void
tree_draw(const struct tree_row *rows, size_t count, struct arena *arena, FILE *out)
{
	static const struct tree_row none;
	struct tree_row head = none;
	size_t widths[TREE_COLUMNS];
	uint8_t *last = arena_alloc(arena, count + 1);
	uint8_t *flags = arena_array(arena, count + 1, 2); /* a depth is less than count */

	if (!last || !flags)
		return;
	measure(rows, count, widths);
	for (int column = 0; column < TREE_COLUMNS; column++)
		head.cells[column] = heads[column];
	draw_cells(&head, 0, widths, out);
	find_lasts(rows, count, last, flags);
	for (size_t i = 0; i < count; i++) {
		flags[count + 1 + rows[i].depth] = !last[i];
		draw_branches(rows[i].depth, flags + count + 1, out);
		draw_cells(&rows[i], indent_of(rows[i].depth), widths, out);
	}
}
