/* Walks the plan by the table of fields and says what is given to an outline. */
#include "plan/print.h"

#include "plan/fields.h"
#include "plan/outline.h"
#include "plan/words.h"

#include <inttypes.h>
#include <string.h>

#define LITERAL_MAX 64

static void print_record(struct outline *o, const unsigned char *at, const struct record *record);

/* A number of any kind; negative ones as two's complement. */
static uint64_t
load_number(const unsigned char *at, const struct field *field)
{
	uint64_t wide;
	uint32_t narrow;
	int32_t negative;

	if (field->kind == FIELD_U64 || field->kind == FIELD_I64) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	if (field->kind == FIELD_I32) {
		memcpy(&negative, at, sizeof(negative));
		return (uint64_t)(int64_t)negative;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static const char *
load_text(const unsigned char *at)
{
	const char *text;

	memcpy(&text, at, sizeof(text));
	return text;
}

static struct field_list
load_list(const unsigned char *at)
{
	struct field_list list;

	memcpy(&list, at, sizeof(list));
	return list;
}

/* One word of a sum: in text all stand on one line. */
static void
add_bit(struct outline *o, char *line, size_t size, const char *word)
{
	size_t used = strlen(line);

	if (o->form == OUTLINE_JSON)
		outline_text(o, word);
	else
		(void)snprintf(line + used, size - used, "%s%s", used ? " " : "", word);
}

/* A sum of words. Bits that have none are one hexadecimal number. */
static void
print_bits(struct outline *o, uint64_t value, const struct plan_words *words)
{
	char line[1024] = ""; /* all capabilities are 700 bytes */

	if (o->form == OUTLINE_JSON)
		outline_open(o, OUTLINE_LIST);
	for (size_t i = 0; i < words->count; i++) {
		uint64_t bits = words->rows[i].value;

		if ((value & bits) != bits)
			continue;
		add_bit(o, line, sizeof(line), words->rows[i].word);
		value &= ~bits;
	}
	if (value) {
		char rest[LITERAL_MAX];

		(void)snprintf(rest, sizeof(rest), "0x%" PRIx64, value); /* always fits */
		add_bit(o, line, sizeof(line), rest);
	}
	if (o->form == OUTLINE_JSON)
		outline_close(o, OUTLINE_LIST);
	else
		outline_text(o, line[0] ? line : "none");
}

static void
print_words(struct outline *o, uint64_t value, const struct field *field)
{
	const struct plan_words *words = plan_words(field->as);
	const char *word = plan_word(field->as, value);
	char number[LITERAL_MAX];

	if (words->style == PLAN_WORDS_BITS) {
		print_bits(o, value, words);
		return;
	}
	(void)snprintf(number, sizeof(number), "%" PRIu64, value); /* always fits */
	if (word)
		outline_text(o, word);
	else
		outline_literal(o, number);
}

static void
print_letter(struct outline *o, uint64_t value)
{
	char letter[2] = { (char)value, '\0' };

	outline_text(o, letter);
}

/* JSON has decimal numbers only. */
static void
print_number(struct outline *o, uint64_t value, const struct field *field)
{
	static const char *const flags[2][2] = {
		[OUTLINE_TEXT] = { "no", "yes" },
		[OUTLINE_JSON] = { "false", "true" },
	};
	int is_signed = field->kind == FIELD_I32 || field->kind == FIELD_I64;
	char number[LITERAL_MAX];

	if (field->as == FIELD_AS_FLAG)
		(void)snprintf(number, sizeof(number), "%s", flags[o->form][value != 0]);
	else if (field->as == FIELD_AS_OCTAL && o->form == OUTLINE_TEXT)
		(void)snprintf(number, sizeof(number), "0%" PRIo64, value);
	else if (field->as == FIELD_AS_HEX && o->form == OUTLINE_TEXT)
		(void)snprintf(number, sizeof(number), "0x%" PRIx64, value);
	else if (is_signed)
		(void)snprintf(number, sizeof(number), "%" PRId64, (int64_t)value);
	else
		(void)snprintf(number, sizeof(number), "%" PRIu64, value);
	outline_literal(o, number);
}

static void
print_item(struct outline *o, const unsigned char *at, const struct field *field)
{
	if (field->kind == FIELD_RECORD) {
		outline_open(o, OUTLINE_OBJECT);
		print_record(o, at, field->record);
		outline_close(o, OUTLINE_OBJECT);
	} else if (field->kind == FIELD_TEXT) {
		const char *text = load_text(at);

		outline_text(o, text ? text : "");
	} else if (plan_words(field->as)) {
		print_words(o, load_number(at, field), field);
	} else if (field->as == FIELD_AS_LETTER) {
		print_letter(o, load_number(at, field));
	} else {
		print_number(o, load_number(at, field), field);
	}
}

static void
print_items(struct outline *o, const unsigned char *at, uint64_t count, const struct field *field)
{
	outline_open(o, OUTLINE_LIST);
	for (uint64_t i = 0; i < count; i++)
		print_item(o, at + i * field_item_size(field), field);
	outline_close(o, OUTLINE_LIST);
}

static void
print_map(struct outline *o, const struct plan_pair *pairs, uint64_t count)
{
	outline_open(o, OUTLINE_OBJECT);
	for (uint64_t i = 0; i < count; i++) {
		outline_key(o, pairs[i].key ? pairs[i].key : "");
		outline_text(o, pairs[i].value ? pairs[i].value : "");
	}
	outline_close(o, OUTLINE_OBJECT);
}

static void
print_options(struct outline *o, const struct plan_pair *pairs, uint64_t count)
{
	char option[4096];

	outline_open(o, OUTLINE_LIST);
	for (uint64_t i = 0; i < count; i++) {
		const char *key = pairs[i].key ? pairs[i].key : "";

		(void)snprintf(option, sizeof(option), "%s%s%s", key, pairs[i].value ? "=" : "",
		    pairs[i].value ? pairs[i].value : ""); /* a page: what mount(2) takes */
		outline_text(o, option);
	}
	outline_close(o, OUTLINE_LIST);
}

static void
print_code(struct outline *o, uint64_t count)
{
	char words[LITERAL_MAX];

	(void)snprintf(words, sizeof(words), "%" PRIu64 " instructions", count); /* always fits */
	outline_text(o, words);
}

static void
print_list(struct outline *o, const unsigned char *at, const struct field *field)
{
	struct field_list list = load_list(at);

	if (field->as == FIELD_AS_CODE)
		print_code(o, list.count);
	else if (field->as == FIELD_AS_MAP)
		print_map(o, list.items, list.count);
	else if (field->as == FIELD_AS_OPTIONS)
		print_options(o, list.items, list.count);
	else
		print_items(o, list.items, list.count, field);
}

/* Kinds of numbers that say nothing when they are 0. */
static int
is_optional(const struct field *field)
{
	return field->as == FIELD_AS_NUMBER || field->as == FIELD_AS_FLAG ||
	       field->as == FIELD_AS_HEX || field->as == FIELD_AS_MOUNT_FLAGS ||
	       field->as == FIELD_AS_MOUNT_ATTR || field->as == FIELD_AS_PROPAGATION ||
	       field->as == FIELD_AS_FILTER_FLAGS || field->as == FIELD_AS_SCHED_FLAGS ||
	       field->as == FIELD_AS_IO_CLASS || field->as == FIELD_AS_MEMORY_FLAGS;
}

static int
is_given(const unsigned char *record, const struct field *field)
{
	const unsigned char *at = record + field->offset;
	uint32_t flag;

	if (field->as == FIELD_AS_HIDDEN)
		return 0;
	if (field->length == FIELD_LIST)
		return load_list(at).count > 0;
	if (field->given != FIELD_NO_FLAG) {
		memcpy(&flag, record + field->given, sizeof(flag));
		return flag != 0;
	}
	if (field->kind == FIELD_TEXT)
		return load_text(at) != NULL;
	if (field->kind == FIELD_RECORD)
		return 1;
	return !is_optional(field) || load_number(at, field) != 0;
}

static void
print_record(struct outline *o, const unsigned char *at, const struct record *record)
{
	for (uint32_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];

		if (!is_given(at, field))
			continue;
		outline_key(o, field->name);
		if (field->length == FIELD_LIST)
			print_list(o, at + field->offset, field);
		else if (field->length == 1)
			print_item(o, at + field->offset, field);
		else
			print_items(o, at + field->offset, field->length, field);
	}
}

void
plan_print_text(const struct plan *plan, FILE *out)
{
	struct outline o = { .out = out, .form = OUTLINE_TEXT };

	print_record(&o, (const unsigned char *)plan, &record_plan);
}

void
plan_print_json(const struct plan *plan, unsigned depth, FILE *out)
{
	struct outline o = { .out = out, .form = OUTLINE_JSON, .depth = depth, .after_key = 1 };

	outline_open(&o, OUTLINE_OBJECT);
	print_record(&o, (const unsigned char *)plan, &record_plan);
	outline_close(&o, OUTLINE_OBJECT);
}
