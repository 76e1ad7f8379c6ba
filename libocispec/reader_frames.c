/* The stack of open objects, lists and maps: which row of which table a value belongs to, and where
 * in memory it goes. Items of a list are built in place, in an array that doubles; nothing in it
 * moves while one of its items is being filled, as growth only happens between two items. */
#include "libocispec/reader.h"

#include <string.h>

#define FIRST_ITEMS 8

static struct ocispec_frame *
innermost(struct ocispec_reader *reader)
{
	return &reader->frames[reader->level - 1];
}

bool
ocispec_frames_skip(const struct ocispec_reader *reader)
{
	const struct ocispec_frame *frame;

	if (reader->level == 0)
		return false;
	frame = &reader->frames[reader->level - 1];
	return reader->unknown > 0 || (frame->kind == KIND_OBJECT && !frame->field);
}

const char *
ocispec_frames_keep(struct ocispec_reader *reader, const char *text, size_t length)
{
	char *kept = reader->strings;

	if (length >= reader->strings_room)
		return NULL;
	memcpy(kept, text, length);
	kept[length] = '\0';
	reader->strings += length + 1;
	reader->strings_room -= length + 1;
	return kept;
}

/* ---- keys */

/* The row of a key, or NULL. Looks first where the last row was found, as encoders write fields in
 * the order of the tables. */
static const struct ocispec_field *
find_field(const struct ocispec_frame *frame, const char *key, size_t length)
{
	const struct ocispec_table *table = frame->table;

	for (size_t i = 0; i < table->count; i++) {
		const struct ocispec_field *field =
		    &table->fields[(frame->next + i) % table->count];

		if (field->name_length == length && memcmp(field->name, key, length) == 0)
			return field;
	}
	return NULL;
}

/* An unknown key, which most documents may have. */
static int
judge_stranger(struct ocispec_reader *reader, const struct ocispec_table *table, const char *key,
    size_t length)
{
	const struct ocispec_unknown *judge = reader->strangers;
	const char *refusal = judge ? judge->refuse(judge->context, table, key, length) : NULL;

	return refusal ? ocispec_refuse_say(reader, "%s", refusal) : 1;
}

static int
object_key(struct ocispec_reader *reader, const char *key, size_t length)
{
	struct ocispec_frame *frame = innermost(reader);
	size_t row;

	frame->field = find_field(frame, key, length);
	if (!frame->field)
		return judge_stranger(reader, frame->table, key, length);
	row = (size_t)(frame->field - frame->table->fields);
	if (frame->seen & (UINT64_C(1) << row))
		return ocispec_refuse_say(reader, "the key is there twice");
	frame->seen |= UINT64_C(1) << row;
	frame->next = row + 1;
	return 1;
}

/* Makes room for one more item. What has been outgrown stays with the allocator. */
static int
grow(struct ocispec_reader *reader, struct ocispec_frame *frame)
{
	size_t size = ocispec_item_size(frame->of);
	size_t room = frame->room > 0 ? frame->room * 2 : FIRST_ITEMS;
	char *items;

	if (frame->count < frame->room)
		return 1;
	items = reader->memory->alloc(reader->memory->context, room * size);
	if (!items)
		return ocispec_refuse_memory(reader);
	if (frame->count > 0)
		memcpy(items, frame->items, frame->count * size);
	frame->items = items;
	frame->room = room;
	return 1;
}

static const char *
entry_key(const struct ocispec_frame *frame, size_t index)
{
	return ocispec_load_pointer(frame->items + index * ocispec_item_size(frame->of));
}

static int
map_key(struct ocispec_reader *reader, const char *key, size_t length)
{
	struct ocispec_frame *frame = innermost(reader);
	bool twice = false;

	frame->key = ocispec_frames_keep(reader, key, length);
	if (!frame->key)
		return ocispec_refuse_memory(reader);
	if (frame->count == reader->limits.map_entries)
		return ocispec_refuse_say(
		    reader, "more than %zu entries", reader->limits.map_entries);
	for (size_t i = 0; i < frame->count && !twice; i++)
		twice = strcmp(entry_key(frame, i), frame->key) == 0;
	if (twice)
		return ocispec_refuse_say(reader, "the key is there twice");
	if (!grow(reader, frame))
		return 0;
	memcpy(frame->items + frame->count * ocispec_item_size(frame->of), &frame->key,
	    sizeof(frame->key));
	return 1;
}

int
ocispec_frames_key(struct ocispec_reader *reader, const char *key, size_t length)
{
	if (innermost(reader)->kind == KIND_MAP)
		return map_key(reader, key, length);
	return object_key(reader, key, length);
}

/* ---- values */

static int
field_slot(struct ocispec_frame *frame, struct ocispec_slot *slot)
{
	const struct ocispec_field *field = frame->field;

	*slot = (struct ocispec_slot) {
		.kind = field->kind,
		.field = field,
		.table = field->table,
		.where = frame->object + field->offset,
		.has = field->flag > 0 ? (bool *)(frame->object + field->flag) : NULL,
	};
	return 1;
}

static int
item_slot(struct ocispec_reader *reader, struct ocispec_frame *frame, struct ocispec_slot *slot)
{
	if (frame->kind == KIND_LIST && frame->count == reader->limits.list_items)
		return ocispec_refuse_say(reader, "more than %zu items", reader->limits.list_items);
	if (!grow(reader, frame))
		return 0;
	*slot = (struct ocispec_slot) {
		.kind = frame->of->item,
		.field = frame->of,
		.table = frame->of->table,
		.where = frame->items + frame->count * ocispec_item_size(frame->of),
		.in_place = true,
	};
	if (frame->kind == KIND_MAP && slot->kind == KIND_STRING)
		slot->where = (char *)slot->where + offsetof(struct ocispec_pair, value);
	return 1;
}

int
ocispec_frames_slot(struct ocispec_reader *reader, struct ocispec_slot *slot)
{
	if (reader->level == 0) {
		*slot = (struct ocispec_slot) { .kind = KIND_OBJECT,
			.table = reader->table,
			.where = reader->out,
			.in_place = true };
		return 1;
	}
	if (innermost(reader)->kind == KIND_OBJECT)
		return field_slot(innermost(reader), slot);
	return item_slot(reader, innermost(reader), slot);
}

void
ocispec_frames_advance(struct ocispec_reader *reader)
{
	struct ocispec_frame *frame;

	if (reader->level == 0)
		return;
	frame = innermost(reader);
	if (frame->kind == KIND_OBJECT) {
		frame->field = NULL;
	} else {
		frame->count++;
		frame->key = NULL;
	}
}

/* ---- frames */

/* The struct that an object's fields go to. */
static char *
object_struct(struct ocispec_reader *reader, const struct ocispec_slot *slot)
{
	char *object;

	if (slot->in_place)
		return slot->where;
	object = reader->memory->alloc(reader->memory->context, slot->table->size);
	memcpy(slot->where, &object, sizeof(object));
	return object;
}

int
ocispec_frames_open(struct ocispec_reader *reader, const struct ocispec_slot *slot)
{
	struct ocispec_frame frame = { .kind = slot->kind };

	if (reader->level == OCISPEC_LEVELS_MAX)
		return ocispec_refuse_say(reader, "the tables nest too deeply");
	if (slot->kind == KIND_OBJECT) {
		frame.table = slot->table;
		frame.object = object_struct(reader, slot);
		if (!frame.object)
			return ocispec_refuse_memory(reader);
	} else {
		frame.of = slot->field;
		frame.where = slot->where;
		if (!grow(reader, &frame)) /* an empty list has items, too: it is not absent */
			return 0;
	}
	reader->frames[reader->level++] = frame;
	return 1;
}

/* All rows that must be there are. */
static int
check_required(struct ocispec_reader *reader, struct ocispec_frame *frame)
{
	for (size_t row = 0; row < frame->table->count; row++) {
		const struct ocispec_field *field = &frame->table->fields[row];

		if (!field->required || frame->seen & (UINT64_C(1) << row))
			continue;
		frame->field = field; /* the path is to what is missing */
		return ocispec_refuse_say(
		    reader, "required, but missing from the object that ends here");
	}
	return 1;
}

int
ocispec_frames_close(struct ocispec_reader *reader)
{
	struct ocispec_frame *frame = innermost(reader);
	struct ocispec_any_list list = { frame->items, frame->count };

	if (frame->kind == KIND_OBJECT && !check_required(reader, frame))
		return 0;
	if (frame->kind != KIND_OBJECT)
		memcpy(frame->where, &list, sizeof(list));
	reader->level--;
	ocispec_frames_advance(reader);
	return 1;
}
