/* Composing errors. Everything is bounded: what does not fit is cut, never at the cost of the
 * sentence that says what is wrong. */
#include "libocispec/complaint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXCERPT_MAX 40

/* A text that grows in a buffer of fixed size, always terminated. */
struct tail {
	char *out;
	size_t size;
	size_t used;
};

static void
put_bytes(struct tail *tail, const char *bytes, size_t length)
{
	size_t room = tail->size - 1 - tail->used;

	if (length > room)
		length = room;
	memcpy(tail->out + tail->used, bytes, length);
	tail->used += length;
	tail->out[tail->used] = '\0';
}

static void
put_text(struct tail *tail, const char *text)
{
	put_bytes(tail, text, strlen(text));
}

/* The longest start of bytes that is at most EXCERPT_MAX long and does not end inside a character.
 */
static size_t
excerpt_length(const char *bytes, size_t length)
{
	if (length <= EXCERPT_MAX)
		return length;
	for (length = EXCERPT_MAX; length > 0 && (bytes[length] & 0xc0) == 0x80;)
		length--;
	return length;
}

/* Bytes that come from the document: cut, and on one line. */
static void
put_excerpt(struct tail *tail, const char *bytes, size_t length)
{
	size_t shown = excerpt_length(bytes, length);

	for (size_t i = 0; i < shown; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte < 0x20 || byte == 0x7f)
			put_text(tail, "?");
		else
			put_bytes(tail, bytes + i, 1);
	}
	if (shown < length)
		put_text(tail, "...");
}

static void
put_step(struct tail *tail, const struct ocispec_step *step)
{
	char index[32];

	if (step->name) {
		put_text(tail, tail->used > 0 ? "." : "");
		put_text(tail, step->name);
	} else if (step->key) {
		put_text(tail, "[\"");
		put_excerpt(tail, step->key, strlen(step->key));
		put_text(tail, "\"]");
	} else {
		(void)snprintf(index, sizeof(index), "[%zu]", step->index); /* always fits */
		put_text(tail, index);
	}
}

void
ocispec_complaint_begin(struct ocispec_error *err, const struct ocispec_step *steps, size_t count)
{
	struct tail path = { err->path, sizeof(err->path), 0 };

	memset(err, 0, sizeof(*err));
	for (size_t i = 0; i < count; i++)
		put_step(&path, &steps[i]);
}

void
ocispec_complaint_found(
    struct ocispec_error *err, const char *kind, const char *bytes, size_t length)
{
	struct tail found = { err->found, sizeof(err->found), 0 };
	const char *quote = strcmp(kind, "string") == 0 ? "\"" : "";

	put_text(&found, kind);
	if (!bytes)
		return;
	put_text(&found, " ");
	put_text(&found, quote);
	put_excerpt(&found, bytes, length);
	put_text(&found, quote);
}

int
ocispec_complaint_compare(struct ocispec_error *err, const char *expected)
{
	struct tail tail = { err->expected, sizeof(err->expected), 0 };

	put_text(&tail, expected);
	return ocispec_complaint_say(err, "expected %s, found %s", err->expected, err->found);
}

int
ocispec_complaint_say(struct ocispec_error *err, const char *sentence, ...)
{
	struct tail text = { err->text, sizeof(err->text), 0 };
	char part[320];
	va_list args;

	if (err->path[0] != '\0') {
		put_text(&text, err->path);
		put_text(&text, ": ");
	}
	va_start(args, sentence);
	(void)vsnprintf(part, sizeof(part), sentence, args); /* cut is as good as it gets */
	va_end(args);
	put_text(&text, part);
	if (err->line > 0) {
		(void)snprintf(
		    part, sizeof(part), " (line %zu, column %zu)", err->line, err->column);
		put_text(&text, part);
	}
	return -1;
}
