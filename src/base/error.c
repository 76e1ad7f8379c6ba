/* Error texts. Used by both programs, hence only snprintf and strerror; every text is cut, never
 * overrun. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void
set_text(struct error *err, int errnum, const char *format, va_list args)
{
	err->errnum = errnum;
	(void)vsnprintf(
	    err->text, sizeof(err->text), format, args); /* a cut text is still the best there is */
}

int
error_sys(struct error *err, const char *act, ...)
{
	int saved = errno;
	va_list args;

	va_start(args, act);
	set_text(err, saved, act, args);
	va_end(args);
	return -1;
}

int
error_num(struct error *err, int errnum, const char *act, ...)
{
	va_list args;

	va_start(args, act);
	set_text(err, errnum, act, args);
	va_end(args);
	return -1;
}

int
error_set(struct error *err, const char *text, ...)
{
	va_list args;

	va_start(args, text);
	set_text(err, 0, text, args);
	va_end(args);
	return -1;
}

int
error_in(struct error *err, const char *context, ...)
{
	char inner[ERROR_TEXT_MAX];
	va_list args;
	size_t used;

	memcpy(inner, err->text, sizeof(inner));
	va_start(args, context);
	set_text(err, err->errnum, context, args);
	va_end(args);
	used = strlen(err->text);
	(void)snprintf(err->text + used, sizeof(err->text) - used, ": %s",
	    inner); /* cut at the end, as above */
	return -1;
}

char *
error_words(const struct error *err, char *out, unsigned long size)
{
	char words[128];

	if (err->errnum == 0) {
		(void)snprintf(out, size, "%s", err->text);
		return out;
	}
	(void)snprintf(words, sizeof(words), "%s", strerror(err->errnum));
	if (words[0] >= 'A' && words[0] <= 'Z' && !(words[1] >= 'A' && words[1] <= 'Z'))
		words[0] = (char)(words[0] - 'A' + 'a');
	(void)snprintf(out, size, "%s: %s", err->text, words);
	return out;
}
