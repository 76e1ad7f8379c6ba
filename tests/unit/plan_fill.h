/* A plan in which every field is given and every list has two items, made by walking the table; and
 * the comparison of two plans. For the tests and the fuzzer of src/plan. */
#ifndef OSLESS_TESTS_PLAN_FILL_H
#define OSLESS_TESTS_PLAN_FILL_H

#include "base/arena.h"
#include "plan/fields.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#define FILL_ITEMS 2u

struct fill {
	struct arena *arena;
	uint32_t next; /* the next value */
};

static inline void fill_record(struct fill *fill, unsigned char *at, const struct record *record);

static inline void
fill_item(struct fill *fill, unsigned char *at, const struct field *field)
{
	uint32_t number = fill->next++;
	const char *text;

	if (field->kind == FIELD_RECORD) {
		fill_record(fill, at, field->record);
	} else if (field->kind == FIELD_TEXT) {
		text = arena_printf(fill->arena, "%s %u", field->name, number);
		memcpy(at, &text, sizeof(text));
	} else if (field->as == FIELD_AS_HIDDEN || field->as == FIELD_AS_FLAG) {
		number = 1;
		memcpy(at, &number, sizeof(number));
	} else {
		memcpy(at, &number, sizeof(number)); /* wider ones: the low half */
	}
}

static inline void
fill_field(struct fill *fill, unsigned char *at, const struct field *field)
{
	size_t size = field_item_size(field);
	struct field_list list = { .count = FILL_ITEMS };
	unsigned char *items = at;
	uint64_t count = field->length;

	if (field->length == FIELD_LIST) {
		items = arena_array(fill->arena, FILL_ITEMS + 1, size); /* NULL behind texts */
		list.items = items;
		memcpy(at, &list, sizeof(list));
		count = FILL_ITEMS;
	}
	if (!items)
		abort();
	for (uint64_t i = 0; i < count; i++)
		fill_item(fill, items + i * size, field);
}

static inline void
fill_record(struct fill *fill, unsigned char *at, const struct record *record)
{
	for (uint32_t i = 0; i < record->count; i++)
		fill_field(fill, at + record->fields[i].offset, &record->fields[i]);
}

static inline void
fill_plan(struct arena *arena, struct plan *plan)
{
	struct fill fill = { .arena = arena, .next = 1 };

	memset(plan, 0, sizeof(*plan));
	fill_record(&fill, (unsigned char *)plan, &record_plan);
}

/* NULL where both records say the same; else the name of the first field that differs. */
static inline const char *
fill_differs(const unsigned char *a, const unsigned char *b, const struct record *record);

static inline const char *
fill_item_differs(const unsigned char *a, const unsigned char *b, const struct field *field)
{
	const char *texts[2];

	if (field->kind == FIELD_RECORD)
		return fill_differs(a, b, field->record);
	if (field->kind != FIELD_TEXT)
		return memcmp(a, b, field_item_size(field)) == 0 ? NULL : field->name;
	memcpy(&texts[0], a, sizeof(texts[0]));
	memcpy(&texts[1], b, sizeof(texts[1]));
	if (!texts[0] || !texts[1])
		return texts[0] == texts[1] ? NULL : field->name;
	return strcmp(texts[0], texts[1]) == 0 ? NULL : field->name;
}

static inline const char *
fill_field_differs(const unsigned char *a, const unsigned char *b, const struct field *field)
{
	size_t size = field_item_size(field);
	uint64_t count = field->length;
	struct field_list lists[2];

	if (field->length == FIELD_LIST) {
		memcpy(&lists[0], a, sizeof(lists[0]));
		memcpy(&lists[1], b, sizeof(lists[1]));
		if (lists[0].count != lists[1].count)
			return field->name;
		a = lists[0].items;
		b = lists[1].items;
		count = lists[0].count;
	}
	for (uint64_t i = 0; i < count; i++) {
		const char *name = fill_item_differs(a + i * size, b + i * size, field);

		if (name)
			return name;
	}
	return NULL;
}

static inline const char *
fill_differs(const unsigned char *a, const unsigned char *b, const struct record *record)
{
	for (uint32_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];
		const char *name = fill_field_differs(a + field->offset, b + field->offset, field);

		if (name)
			return name;
	}
	return NULL;
}

#endif
