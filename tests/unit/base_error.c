/* Texts of errors: who said what, outermost first, cut and never overrun. */
#include "base/error.h"

#include "tests/unit/tap.h"

#include <errno.h>

static void
test_sources(void)
{
	struct error err;
	char out[64];

	errno = ENOENT;
	EQ_INT(error_sys(&err, "open %s", "/x"), -1, "error_sys returns -1");
	EQ_INT(err.errnum, ENOENT, "error_sys keeps errno");
	EQ_STR(err.text, "open /x", "the text has no errno words");
	EQ_STR(error_words(&err, out, sizeof(out)), "open /x: no such file or directory",
	    "words start in lower case");

	EQ_INT(error_num(&err, EPERM, "mount"), -1, "error_num returns -1");
	EQ_STR(error_words(&err, out, sizeof(out)), "mount: operation not permitted",
	    "error_num takes its errno as an argument");

	EQ_INT(error_set(&err, "no ID"), -1, "error_set returns -1");
	EQ_INT(err.errnum, 0, "error_set has no errno");
	EQ_STR(error_words(&err, out, sizeof(out)), "no ID", "text alone");
}

static void
test_context(void)
{
	struct error err;
	char out[64];

	error_num(&err, EACCES, "open %s", "/x");
	EQ_INT(error_in(&err, "mount %s", "/data"), -1, "error_in returns -1");
	error_in(&err, "create web");
	EQ_STR(err.text, "create web: mount /data: open /x", "outermost first");
	EQ_INT(err.errnum, EACCES, "errno survives");
	EQ_STR(error_words(&err, out, sizeof(out)),
	    "create web: mount /data: open /x: permission denied", "errno words stand last");
}

static void
test_cut(void)
{
	char text[2 * ERROR_TEXT_MAX];
	char out[16];
	struct error err;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&err, "%s", text);
	EQ_INT(strlen(err.text), ERROR_TEXT_MAX - 1, "long texts are cut");
	error_in(&err, "b");
	EQ_INT(strlen(err.text), ERROR_TEXT_MAX - 1, "also with a context");
	EQ_INT(strncmp(err.text, "b: a", 4), 0, "the context stays whole");
	error_in(&err, "%s", text);
	EQ_INT(strlen(err.text), ERROR_TEXT_MAX - 1, "also with a long context");
	EQ_STR(
	    error_words(&err, out, sizeof(out)), "aaaaaaaaaaaaaaa", "words are cut to the buffer");
}

int
main(void)
{
	test_sources();
	test_context();
	test_cut();
	DONE();
}
