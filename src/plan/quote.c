/* Quoting. Works on bytes, knows UTF-8 (RFC 3629) just well enough to tell what is none. Write
 * errors stay in the stream (ferror(3)), where its owner looks. */
#include "plan/quote.h"

#include <string.h>

/* The lead bytes and, for each, what the second byte must be: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. Further bytes are 0x80..0xbf. */
static const struct utf8_form {
	unsigned char lead_low, lead_high;
	unsigned char next_low, next_high;
	unsigned char length;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Bytes of the character at text, beyond ASCII; 0 where it is none. Stops at the NUL, which fits no
 * form. */
static unsigned
wide_length(const unsigned char *text)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct utf8_form *form = &forms[i];

		if (text[0] < form->lead_low || text[0] > form->lead_high)
			continue;
		if (text[1] < form->next_low || text[1] > form->next_high)
			return 0;
		for (unsigned j = 2; j < form->length; j++) {
			if (text[j] < 0x80 || text[j] > 0xbf)
				return 0;
		}
		return form->length;
	}
	return 0;
}

/* U+0080..U+009F, which terminals obey as they obey U+0000..U+001F. */
static int
is_c1_control(const unsigned char *text)
{
	return text[0] == 0xc2 && text[1] < 0xa0;
}

void
quote_text(const char *text, FILE *out)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		unsigned length = *at < 0x80 ? 1 : wide_length(at);

		if (length == 0 || *at < 0x20 || *at == 0x7f || *at == '\\' || is_c1_control(at)) {
			(void)fprintf(out, "\\x%02x", *at);
			at++;
		} else {
			(void)fwrite(at, 1, length, out);
			at += length;
		}
	}
}

static void
quote_json_byte(unsigned char byte, FILE *out)
{
	static const char short_forms[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *found = strchr(short_forms, byte);

	if (found)
		(void)fprintf(out, "\\%c", letters[found - short_forms]);
	else if (byte < 0x20 || byte == 0x7f)
		(void)fprintf(out, "\\u%04x", byte);
	else
		(void)fputc(byte, out);
}

void
quote_json(const char *text, FILE *out)
{
	const unsigned char *at = (const unsigned char *)text;

	(void)fputc('"', out);
	while (*at) {
		unsigned length = *at < 0x80 ? 1 : wide_length(at);

		if (length == 1)
			quote_json_byte(*at, out);
		else if (length == 0)
			(void)fputs("\\ufffd", out);
		else
			(void)fwrite(at, 1, length, out);
		at += length ? length : 1;
	}
	(void)fputc('"', out);
}
