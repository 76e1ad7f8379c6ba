/* A tree drawn as a table: its branches in the first column, cells aligned in the others. Pure. For
 * this folder only. */
#ifndef OSLESS_CONTAINER_TREE_DRAW_H
#define OSLESS_CONTAINER_TREE_DRAW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

enum tree_column {
	TREE_COLUMN_NAME,
	TREE_COLUMN_STATE,
	TREE_COLUMN_PID,
	TREE_COLUMN_UP,
	TREE_COLUMN_RESTARTS,
	TREE_COLUMN_NOTES,
	TREE_COLUMNS,
};

struct tree_row {
	uint32_t depth;                  /* 0: a root; at most one more than the row above */
	const char *cells[TREE_COLUMNS]; /* one line each; NULL: "-", in the last column nothing */
};

/* One line a row, under the columns' heads. Cells are one byte a column wide: what is not ASCII is
 * the caller's to replace (plain_name). */
void tree_draw(const struct tree_row *rows, size_t count, struct arena *arena, FILE *out);

#endif
