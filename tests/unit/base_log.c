/* Log lines: one a message, in both formats, whatever bytes the message has. stderr goes to a file
 * too, to be read back. */
#include "base/log.h"

#include "base/error.h"
#include "tests/unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char log_path[] = "/tmp/osless-log-XXXXXX";
static char stderr_path[] = "/tmp/osless-err-XXXXXX";
static char content[65536];

/* What stands in the file; it is empty afterwards. */
static const char *
take_content(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, content, sizeof(content) - 1);

	content[got < 0 ? 0 : got] = '\0';
	if (fd >= 0) {
		if (ftruncate(fd, 0) < 0)
			perror("ftruncate");
		close(fd);
	}
	return content;
}

/* The message part of a JSON line, cut out in place. */
static const char *
json_message(void)
{
	static const char front[] = "{\"level\":\"error\",\"msg\":";
	char *line = content;
	char *time = strstr(line, ",\"time\":");

	take_content(log_path);
	time = strstr(line, ",\"time\":");
	if (strncmp(line, front, sizeof(front) - 1) != 0 || !time)
		return line;
	*time = '\0';
	return line + sizeof(front) - 1;
}

static void
reopen(enum log_format format, int debug)
{
	struct error err;

	EQ_INT(log_open(log_path, format, debug, &err), 0, "open the log file");
}

static void
test_json(void)
{
	static const struct {
		const char *message;
		const char *want;
	} rows[] = {
		{ "plain", "\"plain\"" },
		{ "", "\"\"" },
		{ "say \"hi\" \\ now", "\"say \\\"hi\\\" \\\\ now\"" },
		{ "two\nlines\tand\r\x1b[31m\x7f",
		    "\"two\\nlines\\tand\\u000d\\u001b[31m\\u007f\"" },
		{ "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\x9f",
		    "\"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\x9f\"" },
		{ "C1 \xc2\x9b", "\"C1 \\u009b\"" },
		{ "lone \x80 cut \xe2\x82", "\"lone \xef\xbf\xbd cut \xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "long form \xc0\xaf", "\"long form \xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "half \xed\xa0\x80", "\"half \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "beyond \xf4\x90\x80\x80",
		    "\"beyond \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	reopen(LOG_JSON, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		log_line(LOG_ERROR, "%s", rows[i].message);
		EQ_STR(json_message(), rows[i].want, "message as a JSON string");
	}
	log_line(LOG_ERROR, "x");
	take_content(log_path);
	EQ_INT(content[strlen(content) - 1], '\n', "the line ends");
	OK(strstr(content, "Z\"}\n") && strstr(content, ",\"time\":\"20"),
	    "the time is RFC 3339, UTC");
}

static void
test_text(void)
{
	reopen(LOG_TEXT, 0);
	log_line(LOG_ERROR, "open \"%s\"", "x");
	take_content(log_path);
	EQ_INT(strncmp(content, "time=\"20", 8), 0, "the time comes first");
	HAS_STR(content, "Z\" level=error msg=\"open \\\"x\\\"\"\n", "then level and message");
}

static void
test_levels(void)
{
	take_content(stderr_path);
	reopen(LOG_TEXT, 0);
	log_line(LOG_DEBUG, "quiet");
	EQ_STR(take_content(stderr_path), "", "no debug lines unless asked for");
	EQ_STR(take_content(log_path), "", "nor in the file");
	log_line(LOG_WARNING, "careful");
	EQ_STR(take_content(stderr_path), "osless: warning: careful\n", "warnings go to stderr");
	EQ_STR(take_content(log_path), "", "and not to the file");
	log_line(LOG_ERROR, "a \"b\"\n\x1b");
	EQ_STR(take_content(stderr_path), "osless: a \"b\"\\n\\u001b\n",
	    "errors are one line for people");
	reopen(LOG_TEXT, 1);
	log_line(LOG_DEBUG, "loud");
	EQ_STR(take_content(stderr_path), "osless: debug: loud\n", "debug lines go to stderr");
	HAS_STR(take_content(log_path), "level=debug msg=\"loud\"", "and to the file");
}

static void
test_edges(void)
{
	static char text[9000];
	struct error err;
	struct error unopened;

	memset(text, 1, sizeof(text) - 1);
	reopen(LOG_JSON, 0);
	errno = ENOTTY;
	log_line(LOG_ERROR, "%s", text);
	EQ_INT(errno, ENOTTY, "errno is kept");
	take_content(log_path);
	EQ_INT(strcmp(content + strlen(content) - 3, "\"}\n"), 0,
	    "a message that was cut still makes a whole line");
	log_line(LOG_ERROR, "one");
	log_line(LOG_ERROR, "two");
	take_content(log_path);
	OK(strstr(content, "one") && strstr(content, "two"), "lines are appended");
	EQ_INT(log_open("/nonexistent/log", LOG_TEXT, 0, &unopened), -1,
	    "a path that cannot be opened");
	HAS_STR(unopened.text, "/nonexistent/log", "is named");
	EQ_INT(log_open(NULL, LOG_TEXT, 0, &err), 0, "no file at all");
	take_content(stderr_path);
	log_line(LOG_ERROR, "x");
	EQ_STR(take_content(log_path), "", "leaves stderr only");
	EQ_STR(take_content(stderr_path), "osless: x\n", "which still has it");
}

int
main(void)
{
	int log_fd = mkstemp(log_path);
	int stderr_fd = mkstemp(stderr_path);
	int append = open(stderr_path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (log_fd < 0 || stderr_fd < 0 || append < 0 || dup2(append, STDERR_FILENO) < 0)
		return 1;
	test_json();
	test_text();
	test_levels();
	test_edges();
	unlink(log_path);
	unlink(stderr_path);
	DONE();
}
