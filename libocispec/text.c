/* Bytes of a document. A backslash can only stand inside a string, so escapes are found without
 * knowing where strings begin; anywhere else yajl refuses it. */
#include "libocispec/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The well-formed sequences of RFC 3629: the range of the first byte decides that of the second;
 * all later ones are 80..BF. */
struct sequence {
	unsigned char first, last;
	unsigned char second_least, second_most;
	unsigned char length;
};

static const struct sequence sequences[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },                                /* below: overlong */
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, /* above: surrogates */
	{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 }, /* below: overlong */
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 }, /* above: beyond U+10FFFF */
};

/* Bytes of the UTF-8 sequence that starts text; 0: none does. */
static size_t
sequence_length(const unsigned char *text, size_t length)
{
	const struct sequence *s = sequences;
	const struct sequence *end = s + sizeof(sequences) / sizeof(sequences[0]);

	while (s < end && (text[0] < s->first || text[0] > s->last))
		s++;
	if (s == end || s->length > length)
		return 0;
	if (s->length > 1 && (text[1] < s->second_least || text[1] > s->second_most))
		return 0;
	for (size_t i = 2; i < s->length; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return s->length;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The code unit that \u and four digits at text stand for, or -1: something else stands there. */
static int
escaped_unit(const char *text, size_t length)
{
	int unit = 0;

	if (length < 6 || text[0] != '\\' || text[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static bool
is_high_surrogate(int unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool
is_low_surrogate(int unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Bytes of the escape at text; 0 with why: it stands for no character that a C string can hold.
 * What is no escape at all is left to yajl. */
static size_t
escape_length(const char *text, size_t length, const char **why)
{
	int unit = escaped_unit(text, length);

	if (unit < 0)
		return length < 2 ? length : 2;
	if (unit == 0) {
		*why = "\\u0000 is not allowed in a string";
		return 0;
	}
	if (is_high_surrogate(unit) && is_low_surrogate(escaped_unit(text + 6, length - 6)))
		return 12;
	if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
		*why = "half of a surrogate pair in a string";
		return 0;
	}
	return 6;
}

/* Whether none of eight bytes is above 7F or a backslash. */
static bool
all_plain(const char *text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = ones << 7;
	uint64_t bytes, slashes;

	memcpy(&bytes, text, sizeof(bytes));
	slashes = bytes ^ (ones * '\\'); /* a backslash is now a zero byte */
	return ((bytes | ((slashes - ones) & ~slashes)) & tops) == 0;
}

struct ocispec_fault
ocispec_text_fault(const char *text, size_t length)
{
	const char *why = "the text is not valid UTF-8";
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		const char *at = text + i;

		if (length - i >= 8 && all_plain(at))
			step = 8;
		else if (*at == '\\')
			step = escape_length(at, length - i, &why);
		else
			step = sequence_length((const unsigned char *)at, length - i);
		if (step == 0)
			return (struct ocispec_fault) { i, why };
	}
	return (struct ocispec_fault) { length, NULL };
}

int
ocispec_text_is_utf8(const char *text, size_t length)
{
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		step = sequence_length((const unsigned char *)text + i, length - i);
		if (step == 0)
			return 0;
	}
	return 1;
}

size_t
ocispec_text_skip(const char *text, size_t length, size_t offset, const char *set)
{
	while (offset < length && text[offset] != '\0' && strchr(set, text[offset]))
		offset++;
	return offset;
}

void
ocispec_text_place(const char *text, size_t offset, size_t *line, size_t *column)
{
	size_t begin = 0;

	*line = 1;
	for (size_t i = 0; i < offset; i++)
		if (text[i] == '\n') {
			(*line)++;
			begin = i + 1;
		}
	*column = offset - begin + 1;
}
