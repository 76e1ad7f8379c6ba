/* Writing a document: the tables' rows in their order, through yajl's generator, to the sink. */
#include "libocispec/complaint.h"
#include "libocispec/integer.h"
#include "libocispec/tables.h"
#include "libocispec/text.h"

#include <string.h>

#include <yajl/yajl_gen.h>

/* Functions below return 1 to go on, 0 to stop with the error filled. */
struct writer {
	yajl_gen yajl;
	const struct ocispec_sink *sink;
	bool refused; /* the sink wants no more */
	struct ocispec_error *err;
	struct ocispec_step steps[OCISPEC_LEVELS_MAX]; /* to the current value */
	size_t level;
};

static int
write_object(struct writer *writer, const struct ocispec_table *table, const void *object);

/* What cannot be written is always a string; yajl's own complaints cannot come from tables. */
static int
refuse(struct writer *writer, const char *sentence)
{
	ocispec_complaint_begin(writer->err, writer->steps, writer->level);
	(void)ocispec_complaint_say(writer->err, "%s", sentence); /* always -1 */
	return 0;
}

static void
print(void *context, const char *text, size_t length)
{
	struct writer *writer = context;

	if (!writer->refused && writer->sink->write(writer->sink->context, text, length) != 0)
		writer->refused = true;
}

static int
generated(struct writer *writer, yajl_gen_status status)
{
	if (writer->refused)
		return refuse(writer, "the output cannot be written");
	return status == yajl_gen_status_ok ? 1 : refuse(writer, "the JSON cannot be composed");
}

static int
write_string(struct writer *writer, const char *text)
{
	size_t length;

	if (!text)
		return refuse(writer, "a string that must be there is NULL");
	length = strlen(text);
	if (!ocispec_text_is_utf8(text, length))
		return refuse(writer, "the string is not valid UTF-8");
	return generated(
	    writer, yajl_gen_string(writer->yajl, (const unsigned char *)text, length));
}

static int
write_integer(struct writer *writer, enum ocispec_kind kind, const void *where)
{
	char digits[24];
	size_t length = ocispec_integer_print(where, kind, digits);

	return generated(writer, yajl_gen_number(writer->yajl, digits, length));
}

/* ---- lists and maps */

static int
write_item(struct writer *writer, const struct ocispec_field *field, const void *item)
{
	if (field->kind == KIND_MAP && !write_string(writer, ocispec_load_pointer(item)))
		return 0; /* its key */
	if (field->item == KIND_OBJECT)
		return write_object(writer, field->table, item);
	if (field->kind == KIND_MAP)
		item = ocispec_member(item, offsetof(struct ocispec_pair, value));
	if (field->item == KIND_STRING)
		return write_string(writer, ocispec_load_pointer(item));
	return write_integer(writer, field->item, item);
}

static int
write_items(struct writer *writer, const struct ocispec_field *field, struct ocispec_any_list list)
{
	struct ocispec_step *step = &writer->steps[writer->level++];

	for (size_t i = 0; i < list.count; i++) {
		const void *item = ocispec_member(list.items, i * ocispec_item_size(field));

		*step = (struct ocispec_step) { .index = i };
		if (field->kind == KIND_MAP)
			step->key = ocispec_load_pointer(item);
		if (!write_item(writer, field, item))
			return 0;
	}
	writer->level--;
	return 1;
}

static int
write_list(struct writer *writer, const struct ocispec_field *field, const void *where)
{
	struct ocispec_any_list list = ocispec_load_list(where);
	bool map = field->kind == KIND_MAP;
	yajl_gen yajl = writer->yajl;

	return generated(writer, map ? yajl_gen_map_open(yajl) : yajl_gen_array_open(yajl)) &&
	       write_items(writer, field, list) &&
	       generated(writer, map ? yajl_gen_map_close(yajl) : yajl_gen_array_close(yajl));
}

/* ---- objects */

static int
write_value(struct writer *writer, const struct ocispec_field *field, const void *where)
{
	switch (field->kind) {
	case KIND_STRING:
	case KIND_WORD:
		return write_string(writer, ocispec_load_pointer(where));
	case KIND_BOOL:
		return generated(writer, yajl_gen_bool(writer->yajl, *(const bool *)where));
	case KIND_OBJECT:
		return write_object(writer, field->table, ocispec_load_pointer(where));
	case KIND_LIST:
	case KIND_MAP:
		return write_list(writer, field, where);
	case KIND_INT32:
	case KIND_INT64:
	case KIND_UINT16:
	case KIND_UINT32:
	case KIND_UINT64:
		return write_integer(writer, field->kind, where);
	}
	return 0;
}

/* Whether the struct has a value for the field. All kinds that need no flag begin with a pointer.
 */
static bool
is_there(const struct ocispec_field *field, const void *object)
{
	if (field->flag > 0)
		return *(const bool *)ocispec_member(object, field->flag);
	if (field->kind >= KIND_BOOL && field->kind <= KIND_UINT64)
		return true;
	return ocispec_load_pointer(ocispec_member(object, field->offset)) != NULL;
}

static int
write_field(struct writer *writer, const struct ocispec_field *field, const void *object)
{
	const unsigned char *name = (const unsigned char *)field->name;

	writer->steps[writer->level - 1] = (struct ocispec_step) { .name = field->name };
	if (!is_there(field, object))
		return field->required ? refuse(writer, "this field is required, and NULL") : 1;
	return generated(writer, yajl_gen_string(writer->yajl, name, field->name_length)) &&
	       write_value(writer, field, ocispec_member(object, field->offset));
}

static int
write_object(struct writer *writer, const struct ocispec_table *table, const void *object)
{
	if (!generated(writer, yajl_gen_map_open(writer->yajl)))
		return 0;
	writer->level++;
	for (size_t row = 0; row < table->count; row++)
		if (!write_field(writer, &table->fields[row], object))
			return 0;
	writer->level--;
	return generated(writer, yajl_gen_map_close(writer->yajl));
}

int
ocispec_write(const void *document, enum ocispec_type type, enum ocispec_style style,
    const struct ocispec_sink *sink, struct ocispec_error *err)
{
	struct writer writer = { .yajl = yajl_gen_alloc(NULL), .sink = sink, .err = err };
	int done;

	if (!writer.yajl) {
		(void)refuse(&writer, "out of memory"); /* always 0 */
		return -1;
	}
	/* Options that exist in yajl cannot fail. */
	(void)yajl_gen_config(writer.yajl, yajl_gen_print_callback, print, &writer);
	(void)yajl_gen_config(writer.yajl, yajl_gen_beautify, style == OCISPEC_PRETTY);
	done = write_object(&writer, ocispec_table(type), document);
	yajl_gen_free(writer.yajl);
	return done ? 0 : -1;
}
