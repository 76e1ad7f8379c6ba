/* What is wrong, and where: the path from the open frames, line and column from the text. */
#include "libocispec/reader.h"

#include "libocispec/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_words[] = {
	[KIND_STRING] = "a string",
	[KIND_WORD] = "a string or a number",
	[KIND_BOOL] = "true or false",
	[KIND_INT32] = "an integer",
	[KIND_INT64] = "an integer",
	[KIND_UINT16] = "an integer",
	[KIND_UINT32] = "an integer",
	[KIND_UINT64] = "an integer",
	[KIND_OBJECT] = "an object",
	[KIND_LIST] = "a list",
	[KIND_MAP] = "an object",
};

const char *
ocispec_kind_words(enum ocispec_kind kind)
{
	return kind_words[kind];
}

/* The path to the current value. An object between two fields, and a map between two entries, add
 * nothing: what is wrong is then in the object itself. */
static void
begin(struct ocispec_reader *reader)
{
	struct ocispec_step steps[OCISPEC_LEVELS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < reader->level; i++) {
		const struct ocispec_frame *frame = &reader->frames[i];

		if (frame->kind == KIND_LIST)
			steps[count++] = (struct ocispec_step) { .index = frame->count };
		else if (frame->kind == KIND_MAP && frame->key)
			steps[count++] = (struct ocispec_step) { .key = frame->key };
		else if (frame->kind == KIND_OBJECT && frame->field)
			steps[count++] = (struct ocispec_step) { .name = frame->field->name };
	}
	ocispec_complaint_begin(reader->err, steps, count);
}

/* Where the current value begins: after the last event, and what JSON puts between two values. */
static size_t
value_offset(const struct ocispec_reader *reader)
{
	return ocispec_text_skip(reader->text, reader->length, reader->end, " \t\r\n:,");
}

static void
locate(struct ocispec_reader *reader, size_t offset)
{
	ocispec_text_place(reader->text, offset, &reader->err->line, &reader->err->column);
}

int
ocispec_refuse(struct ocispec_reader *reader, const char *expected, const char *kind,
    const char *bytes, size_t length)
{
	begin(reader);
	locate(reader, value_offset(reader));
	ocispec_complaint_found(reader->err, kind, bytes, length);
	(void)ocispec_complaint_compare(reader->err, expected); /* always -1 */
	return 0;
}

int
ocispec_refuse_say(struct ocispec_reader *reader, const char *sentence, ...)
{
	char text[192];
	va_list args;

	va_start(args, sentence);
	(void)vsnprintf(text, sizeof(text), sentence, args); /* our own sentences fit */
	va_end(args);
	begin(reader);
	locate(reader, value_offset(reader));
	(void)ocispec_complaint_say(reader->err, "%s", text); /* always -1 */
	return 0;
}

int
ocispec_refuse_at(struct ocispec_reader *reader, size_t offset, const char *sentence)
{
	begin(reader);
	locate(reader, offset);
	(void)ocispec_complaint_say(reader->err, "%s", sentence); /* always -1 */
	return 0;
}

int
ocispec_refuse_whole(struct ocispec_reader *reader, const char *sentence)
{
	begin(reader);
	(void)ocispec_complaint_say(reader->err, "%s", sentence); /* always -1 */
	return 0;
}

int
ocispec_refuse_memory(struct ocispec_reader *reader)
{
	return ocispec_refuse_whole(reader, "out of memory");
}

/* ---- no JSON */

/* Parts of yajl's messages, and how they are said here. */
static const struct {
	const char *part;
	const char *sentence;
} plainer[] = {
	{ "premature EOF", "the JSON is cut off: it ends in the middle of a value" },
	{ "trailing garbage", "something follows the end of the JSON document" },
	{ "unallowed token", "not JSON: no value begins like this" },
	{ "invalid char in json text", "not JSON: this character cannot stand here" },
	{ "invalid object key", "not JSON: a key must be a string in double quotes" },
	{ "separated by a colon", "not JSON: a key must be followed by a colon" },
	{ "after key and value", "not JSON: a value must be followed by a comma or }" },
	{ "after array element", "not JSON: an item must be followed by a comma or ]" },
	{ "invalid character inside string", "not JSON: a control character in a string" },
	{ "a character which it may not", "not JSON: an unknown escape in a string" },
	{ "invalid (non-hex)", "not JSON: \\u needs four hexadecimal digits" },
	{ "probable comment", "not JSON: comments are not allowed" },
};

/* What yajl says, in our words where there are some. */
static void
describe(const char *message, char *out, size_t size)
{
	const char *detail = strstr(message, "error: ");
	int length;

	for (size_t i = 0; i < sizeof(plainer) / sizeof(plainer[0]); i++)
		if (strstr(message, plainer[i].part)) {
			(void)snprintf(out, size, "%s", plainer[i].sentence); /* fits */
			return;
		}
	detail = detail ? detail + strlen("error: ") : message;
	length = (int)strcspn(detail, "\n");
	if (length > 0 && detail[length - 1] == '.')
		length--;
	(void)snprintf(out, size, "not JSON: %.*s", length, detail); /* cut is good enough */
}

/* Where yajl stumbled. What it says itself points before, into or behind the token; so the token's
 * own begin is taken, but what yajl has not reached is not to blame: the second of two commas. */
static size_t
syntax_offset(const struct ocispec_reader *reader)
{
	size_t offset = value_offset(reader);
	size_t reached = yajl_get_bytes_consumed(reader->yajl);

	if (reached > reader->end && offset >= reached)
		return reached - 1;
	return offset;
}

int
ocispec_refuse_syntax(struct ocispec_reader *reader, enum ocispec_stage stage)
{
	unsigned char *message = yajl_get_error(reader->yajl, 0, NULL, 0);
	char sentence[160] = "not JSON";

	if (message)
		describe((const char *)message, sentence, sizeof(sentence));
	yajl_free_error(reader->yajl, message);
	return ocispec_refuse_at(
	    reader, stage == AT_END ? reader->length : syntax_offset(reader), sentence);
}
