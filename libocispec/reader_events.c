/* What yajl saw, one function an event. A value is compared with what its slot wants, stored, and
 * the frame moves on. Whatever belongs to an unknown key is only counted. */
#include "libocispec/reader.h"

#include "libocispec/integer.h"

#include <string.h>

/* Every event that is accepted ends here: the next one begins after it. */
static int
accept(struct ocispec_reader *reader)
{
	reader->end = yajl_get_bytes_consumed(reader->yajl);
	return 1;
}

/* The slot has its value. */
static int
accept_value(struct ocispec_reader *reader, const struct ocispec_slot *slot)
{
	if (slot->has)
		*slot->has = true;
	ocispec_frames_advance(reader);
	return accept(reader);
}

static int
check_length(struct ocispec_reader *reader, size_t length)
{
	if (length <= reader->limits.string_bytes)
		return 1;
	return ocispec_refuse_say(
	    reader, "a string of more than %zu bytes", reader->limits.string_bytes);
}

/* What stands there is not of the slot's kind. */
static int
refuse_kind(struct ocispec_reader *reader, const struct ocispec_slot *slot, const char *found,
    const char *bytes, size_t length)
{
	return ocispec_refuse(reader, ocispec_kind_words(slot->kind), found, bytes, length);
}

/* Where the next value goes. True: into *slot. False: it belongs to an unknown key, or the frame
 * wants none there; *answer is then the event's. */
static bool
find_slot(struct ocispec_reader *reader, struct ocispec_slot *slot, int *answer)
{
	*answer = 0;
	if (ocispec_frames_skip(reader))
		*answer = accept(reader);
	else
		return ocispec_frames_slot(reader, slot);
	return false;
}

/* ---- scalars */

/* Go writes null for a slice that is nil; so null is an absent field, where it may be absent. */
static int
take_null(void *context)
{
	struct ocispec_reader *reader = context;
	struct ocispec_slot slot;
	int answer;

	if (!find_slot(reader, &slot, &answer))
		return answer;
	if (!slot.field || slot.in_place || slot.field->required)
		return refuse_kind(reader, &slot, "null", NULL, 0);
	ocispec_frames_advance(reader);
	return accept(reader);
}

static int
take_boolean(void *context, int value)
{
	struct ocispec_reader *reader = context;
	struct ocispec_slot slot;
	int answer;

	if (!find_slot(reader, &slot, &answer))
		return answer;
	if (slot.kind != KIND_BOOL)
		return refuse_kind(reader, &slot, value ? "true" : "false", NULL, 0);
	*(bool *)slot.where = value != 0;
	return accept_value(reader, &slot);
}

/* The slot's value is this text. */
static int
take_text(
    struct ocispec_reader *reader, const struct ocispec_slot *slot, const char *text, size_t length)
{
	text = ocispec_frames_keep(reader, text, length);
	if (!text)
		return ocispec_refuse_memory(reader);
	memcpy(slot->where, &text, sizeof(text));
	return accept_value(reader, slot);
}

static bool
is_integer(enum ocispec_kind kind)
{
	return kind >= KIND_INT32 && kind <= KIND_UINT64;
}

static int
take_number(void *context, const char *digits, size_t length)
{
	struct ocispec_reader *reader = context;
	struct ocispec_slot slot;
	int answer;
	enum ocispec_digits verdict;
	uint64_t bits = 0;

	if (!find_slot(reader, &slot, &answer))
		return answer;
	if (slot.kind == KIND_WORD)
		return take_text(reader, &slot, digits, length);
	if (!is_integer(slot.kind))
		return refuse_kind(reader, &slot, "number", digits, length);
	verdict = ocispec_integer_parse(digits, length, slot.kind, &bits);
	if (verdict == DIGITS_NOT_WHOLE)
		return ocispec_refuse(
		    reader, "an integer without fraction or exponent", "number", digits, length);
	if (verdict == DIGITS_OUTSIDE)
		return ocispec_refuse(
		    reader, ocispec_integer_range(slot.kind), "number", digits, length);
	ocispec_integer_store(slot.where, slot.kind, bits);
	return accept_value(reader, &slot);
}

static int
take_string(void *context, const unsigned char *bytes, size_t length)
{
	struct ocispec_reader *reader = context;
	const char *text = (const char *)bytes;
	struct ocispec_slot slot;
	int answer;

	if (!check_length(reader, length))
		return 0;
	if (!find_slot(reader, &slot, &answer))
		return answer;
	if (slot.kind != KIND_STRING && slot.kind != KIND_WORD)
		return refuse_kind(reader, &slot, "string", text, length);
	return take_text(reader, &slot, text, length);
}

/* ---- objects, lists, maps */

static int
take_key(void *context, const unsigned char *key, size_t length)
{
	struct ocispec_reader *reader = context;

	if (!check_length(reader, length))
		return 0;
	if (reader->unknown == 0 && !ocispec_frames_key(reader, (const char *)key, length))
		return 0;
	return accept(reader);
}

/* An object or list begins; fits: the slot may want one. */
static int
open_value(struct ocispec_reader *reader, bool (*fits)(enum ocispec_kind), const char *found)
{
	struct ocispec_slot slot;

	if (reader->depth == reader->limits.depth)
		return ocispec_refuse_say(
		    reader, "objects and lists nest deeper than %zu", reader->limits.depth);
	reader->depth++;
	if (ocispec_frames_skip(reader)) {
		reader->unknown++;
		return accept(reader);
	}
	if (!ocispec_frames_slot(reader, &slot))
		return 0;
	if (!fits(slot.kind))
		return refuse_kind(reader, &slot, found, NULL, 0);
	return ocispec_frames_open(reader, &slot) && accept(reader);
}

static int
close_value(void *context)
{
	struct ocispec_reader *reader = context;

	reader->depth--;
	if (reader->unknown > 0)
		reader->unknown--;
	else if (!ocispec_frames_close(reader))
		return 0;
	return accept(reader);
}

static bool
fits_braces(enum ocispec_kind kind)
{
	return kind == KIND_OBJECT || kind == KIND_MAP;
}

static bool
fits_brackets(enum ocispec_kind kind)
{
	return kind == KIND_LIST;
}

static int
open_braces(void *context)
{
	return open_value(context, fits_braces, "an object");
}

static int
open_brackets(void *context)
{
	return open_value(context, fits_brackets, "a list");
}

const yajl_callbacks ocispec_reader_events = {
	.yajl_null = take_null,
	.yajl_boolean = take_boolean,
	.yajl_number = take_number, /* and so neither yajl_integer nor yajl_double */
	.yajl_string = take_string,
	.yajl_start_map = open_braces,
	.yajl_map_key = take_key,
	.yajl_end_map = close_value,
	.yajl_start_array = open_brackets,
	.yajl_end_array = close_value,
};
