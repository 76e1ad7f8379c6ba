/* Comparing two documents, row by row. */
#include "libocispec/integer.h"
#include "libocispec/tables.h"

#include <string.h>

static bool objects_equal(const struct ocispec_table *table, const void *a, const void *b);

static bool
strings_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The strings at two places. */
static bool
strings_at_equal(const void *a, const void *b)
{
	return strings_equal(ocispec_load_pointer(a), ocispec_load_pointer(b));
}

/* Two items of a list, or values of a map, of which the first is an object or string. */
static bool
items_equal(const struct ocispec_field *field, const void *a, const void *b)
{
	if (field->kind == KIND_MAP && !strings_at_equal(a, b))
		return false; /* their keys */
	if (field->item == KIND_OBJECT)
		return objects_equal(field->table, a, b);
	if (field->kind == KIND_MAP)
		return strings_at_equal(ocispec_member(a, offsetof(struct ocispec_pair, value)),
		    ocispec_member(b, offsetof(struct ocispec_pair, value)));
	if (field->item == KIND_STRING)
		return strings_at_equal(a, b);
	return ocispec_integer_load(a, field->item) == ocispec_integer_load(b, field->item);
}

static bool
lists_equal(const struct ocispec_field *field, const void *a, const void *b)
{
	struct ocispec_any_list list_a = ocispec_load_list(a);
	struct ocispec_any_list list_b = ocispec_load_list(b);
	size_t size = ocispec_item_size(field);

	if (!list_a.items != !list_b.items || list_a.count != list_b.count)
		return false;
	for (size_t i = 0; i < list_a.count; i++)
		if (!items_equal(field, ocispec_member(list_a.items, i * size),
			ocispec_member(list_b.items, i * size)))
			return false;
	return true;
}

static bool
values_equal(const struct ocispec_field *field, const void *a, const void *b)
{
	const void *object_a, *object_b;

	switch (field->kind) {
	case KIND_STRING:
	case KIND_WORD:
		return strings_at_equal(a, b);
	case KIND_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case KIND_OBJECT:
		object_a = ocispec_load_pointer(a);
		object_b = ocispec_load_pointer(b);
		if (!object_a || !object_b)
			return object_a == object_b;
		return objects_equal(field->table, object_a, object_b);
	case KIND_LIST:
	case KIND_MAP:
		return lists_equal(field, a, b);
	case KIND_INT32:
	case KIND_INT64:
	case KIND_UINT16:
	case KIND_UINT32:
	case KIND_UINT64:
		return ocispec_integer_load(a, field->kind) == ocispec_integer_load(b, field->kind);
	}
	return false;
}

/* Whether both have the optional scalar, or both lack it. */
static bool
flags_equal(const struct ocispec_field *field, const void *a, const void *b)
{
	if (field->flag == 0)
		return true;
	return *(const bool *)ocispec_member(a, field->flag) ==
	       *(const bool *)ocispec_member(b, field->flag);
}

static bool
objects_equal(const struct ocispec_table *table, const void *a, const void *b)
{
	for (size_t row = 0; row < table->count; row++) {
		const struct ocispec_field *field = &table->fields[row];
		const void *value_a = ocispec_member(a, field->offset);
		const void *value_b = ocispec_member(b, field->offset);

		if (!flags_equal(field, a, b) || !values_equal(field, value_a, value_b))
			return false;
	}
	return true;
}

bool
ocispec_equal(const void *a, const void *b, enum ocispec_type type)
{
	return objects_equal(ocispec_table(type), a, b);
}
