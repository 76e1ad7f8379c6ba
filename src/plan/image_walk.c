/* Walks a record by the table. The depth of the recursion is that of the table (plan, hook, text),
 * whatever the image says. Linked by init: no allocation, no output. */
#include "plan/image_walk.h"

#include <string.h>

uint64_t
walk_load(const struct walk *walk, size_t at)
{
	uint64_t value;

	memcpy(&value, walk->block + at, sizeof(value));
	return value;
}

void
walk_store(struct walk *walk, size_t at, uint64_t value)
{
	memcpy(walk->block + at, &value, sizeof(value));
}

size_t
walk_align(size_t size)
{
	return (size + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

static int
walk_item(struct walk *walk, size_t at, const struct field *field, struct error *err)
{
	if (field->kind == FIELD_TEXT)
		return walk->bring_text(walk, at, err) < 0 ? -1 : 0;
	if (field->kind == FIELD_RECORD)
		return walk_record(walk, at, field->record, err);
	return 0;
}

static int
walk_items(
    struct walk *walk, size_t at, uint64_t count, const struct field *field, struct error *err)
{
	size_t item_size = field_item_size(field);

	if (field->kind != FIELD_TEXT && field->kind != FIELD_RECORD)
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		if (walk_item(walk, at + i * item_size, field, err) < 0)
			return -1;
	}
	return 0;
}

static int
walk_list(struct walk *walk, size_t at, const struct field *field, struct error *err)
{
	uint64_t count = walk_load(walk, at + offsetof(struct field_list, count));
	size_t slot = at + offsetof(struct field_list, items);
	size_t end = field->kind == FIELD_TEXT ? sizeof(const char *) : 0;
	int64_t items = walk->bring_items(walk, slot, count, field_item_size(field), end, err);

	if (items <= 0)
		return (int)items;
	return walk_items(walk, (size_t)items, count, field, err);
}

int
walk_record(struct walk *walk, size_t at, const struct record *record, struct error *err)
{
	for (uint32_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];
		int result;

		if (field->length == FIELD_LIST)
			result = walk_list(walk, at + field->offset, field, err);
		else
			result = walk_items(walk, at + field->offset, field->length, field, err);
		if (result < 0)
			return -1;
	}
	return 0;
}
