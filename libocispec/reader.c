/* Reading a document: one pass of yajl over the text, whose events fill the structs. */
#include "libocispec/reader.h"

#include "libocispec/text.h"

#include <string.h>

static const struct ocispec_limits default_limits = {
	.depth = 32,
	.document_bytes = 16 << 20,
	.string_bytes = 1 << 20,
	.list_items = 65536,
	.map_entries = 4096,
};

static size_t
limit_or(size_t limit, size_t otherwise)
{
	return limit > 0 ? limit : otherwise;
}

static struct ocispec_limits
resolve_limits(const struct ocispec_limits *limits)
{
	const struct ocispec_limits *otherwise = &default_limits;

	if (!limits)
		return default_limits;
	return (struct ocispec_limits) {
		.depth = limit_or(limits->depth, otherwise->depth),
		.document_bytes = limit_or(limits->document_bytes, otherwise->document_bytes),
		.string_bytes = limit_or(limits->string_bytes, otherwise->string_bytes),
		.list_items = limit_or(limits->list_items, otherwise->list_items),
		.map_entries = limit_or(limits->map_entries, otherwise->map_entries),
	};
}

/* What must be so before yajl sees a byte. */
static int
prepare(struct ocispec_reader *reader)
{
	if (reader->length > reader->limits.document_bytes)
		return ocispec_refuse_whole(reader, "the document is too large");
	if (ocispec_text_skip(reader->text, reader->length, 0, " \t\r\n") == reader->length)
		return ocispec_refuse_whole(reader, "the document is empty");
	reader->strings_room = reader->length;
	reader->strings = reader->memory->alloc(reader->memory->context, reader->length);
	return reader->strings ? 1 : ocispec_refuse_memory(reader);
}

/* yajl gets the text up to the first byte that it would misread: so all that stands before it is
 * reported first, and the byte itself with the path of the string it is in. */
static int
parse(struct ocispec_reader *reader)
{
	struct ocispec_fault fault = ocispec_text_fault(reader->text, reader->length);
	const unsigned char *bytes = (const unsigned char *)reader->text;
	yajl_status status = yajl_parse(reader->yajl, bytes, fault.offset);

	if (status == yajl_status_error)
		return ocispec_refuse_syntax(reader, IN_TEXT);
	if (status != yajl_status_ok)
		return 0; /* an event was refused, and has said why */
	if (fault.why)
		return ocispec_refuse_at(reader, fault.offset, fault.why);
	status = yajl_complete_parse(reader->yajl);
	if (status == yajl_status_error)
		return ocispec_refuse_syntax(reader, AT_END);
	return status == yajl_status_ok;
}

int
ocispec_read(const char *text, size_t length, enum ocispec_type type,
    const struct ocispec_limits *limits, const struct ocispec_memory *memory, void *out,
    struct ocispec_error *err)
{
	return ocispec_read_table(
	    text, length, ocispec_table(type), NULL, limits, memory, out, err);
}

int
ocispec_read_table(const char *text, size_t length, const struct ocispec_table *table,
    const struct ocispec_unknown *unknown, const struct ocispec_limits *limits,
    const struct ocispec_memory *memory, void *out, struct ocispec_error *err)
{
	struct ocispec_reader reader = {
		.text = text,
		.length = length,
		.limits = resolve_limits(limits),
		.memory = memory,
		.err = err,
		.table = table,
		.strangers = unknown,
		.out = out,
	};
	int done;

	memset(out, 0, table->size);
	if (!prepare(&reader))
		return -1;
	reader.yajl = yajl_alloc(&ocispec_reader_events, NULL, &reader);
	if (!reader.yajl) {
		(void)ocispec_refuse_memory(&reader); /* always 0 */
		return -1;
	}
	(void)yajl_config(reader.yajl, yajl_dont_validate_strings, 1); /* text.c is stricter */
	done = parse(&reader);
	yajl_free(reader.yajl);
	return done ? 0 : -1;
}
