/* Each line is built in one buffer and leaves by one write(2): lines of several processes never mix
 * in a file opened with O_APPEND. What a line says may come from a config or a payload, so bytes
 * that a parser or a terminal could act on are escaped. */
#include "base/log.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES (2 * ERROR_TEXT_MAX)   /* longer ones are cut */
#define LINE_BYTES (6 * MESSAGE_BYTES + 256) /* \u001f takes six bytes */
#define REPLACEMENT "\xef\xbf\xbd"           /* U+FFFD in UTF-8 */

struct line {
	size_t used;
	char at[LINE_BYTES];
};

enum escape {
	ESCAPE_CONTROLS, /* for people: quotes stay as they are */
	ESCAPE_QUOTED,   /* inside double quotes, JSON's rules */
};

static const char *const level_words[] = {
	[LOG_DEBUG] = "debug",
	[LOG_WARNING] = "warning",
	[LOG_ERROR] = "error",
};

static struct {
	int fd; /* the --log file; -1 = none */
	enum log_format format;
	int debug;
} log_state = { .fd = -1 };

static void
put_bytes(struct line *line, const char *bytes, size_t length)
{
	if (length > sizeof(line->at) - line->used)
		length = sizeof(line->at) - line->used;
	memcpy(line->at + line->used, bytes, length);
	line->used += length;
}

static void
put_text(struct line *line, const char *text)
{
	put_bytes(line, text, strlen(text));
}

static int
is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Bytes of the UTF-8 character at text (RFC 3629: shortest form, no surrogates, up to U+10FFFF); 0:
 * none there. Reads no further than the terminating NUL. */
static size_t
utf8_length(const unsigned char *text)
{
	unsigned char first = text[0];

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4 || !is_tail(text[1]))
		return 0;
	if (first < 0xe0)
		return 2;
	if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) ||
	    (first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f) ||
	    !is_tail(text[2]))
		return 0;
	if (first < 0xf0)
		return 3;
	return is_tail(text[3]) ? 4 : 0;
}

/* C0, DEL and C1: what a terminal acts on. */
static int
is_control(const unsigned char *text, size_t length)
{
	return (length == 1 && (text[0] < 0x20 || text[0] == 0x7f)) ||
	       (length == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

static void
put_control(struct line *line, const unsigned char *text, size_t length)
{
	char escaped[8];

	if (text[0] == '\n') {
		put_text(line, "\\n");
		return;
	}
	if (text[0] == '\t') {
		put_text(line, "\\t");
		return;
	}
	/* of two bytes, c2 xx, the second is the character's number */
	(void)snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)text[length - 1]);
	put_text(line, escaped);
}

static void
put_escaped(struct line *line, const char *message, enum escape escape)
{
	const unsigned char *text = (const unsigned char *)message;

	while (*text) {
		size_t length = utf8_length(text);

		if (length == 0) {
			put_text(line, REPLACEMENT);
			text++;
			continue;
		}
		if (is_control(text, length)) {
			put_control(line, text, length);
		} else {
			if (escape == ESCAPE_QUOTED && (*text == '"' || *text == '\\'))
				put_text(line, "\\");
			put_bytes(line, (const char *)text, length);
		}
		text += length;
	}
}

/* RFC 3339, UTC. */
static void
put_time(struct line *line)
{
	struct timespec now;
	struct tm utc;
	char text[64];

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
	if (!gmtime_r(&now.tv_sec, &utc))
		return; /* a year beyond int: leave it empty */
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ",
	    utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	    now.tv_nsec);
	put_text(line, text);
}

static void
put_json(struct line *line, enum log_level level, const char *message)
{
	put_text(line, "{\"level\":\"");
	put_text(line, level_words[level]);
	put_text(line, "\",\"msg\":\"");
	put_escaped(line, message, ESCAPE_QUOTED);
	put_text(line, "\",\"time\":\"");
	put_time(line);
	put_text(line, "\"}\n");
}

/* The shape that runc's text log has, so that tools for it read ours. */
static void
put_key_values(struct line *line, enum log_level level, const char *message)
{
	put_text(line, "time=\"");
	put_time(line);
	put_text(line, "\" level=");
	put_text(line, level_words[level]);
	put_text(line, " msg=\"");
	put_escaped(line, message, ESCAPE_QUOTED);
	put_text(line, "\"\n");
}

static void
put_plain(struct line *line, enum log_level level, const char *message)
{
	put_text(line, "osless: ");
	if (level != LOG_ERROR) {
		put_text(line, level_words[level]);
		put_text(line, ": ");
	}
	put_escaped(line, message, ESCAPE_CONTROLS);
	put_text(line, "\n");
}

/* A line that cannot be written has nowhere else to go, so failures are ignored. */
static void
write_line(int fd, const struct line *line)
{
	while (write(fd, line->at, line->used) < 0 && errno == EINTR)
		;
}

int
log_open(const char *path, enum log_format format, int debug, struct error *err)
{
	int fd = -1;

	if (path)
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0644);
	if (path && fd < 0)
		return error_sys(err, "open the log file %s", path);
	if (log_state.fd >= 0)
		(void)close(log_state.fd); /* every line in it was written whole */
	log_state.fd = fd;
	log_state.format = format;
	log_state.debug = debug;
	return 0;
}

static void
write_file(enum log_level level, const char *message)
{
	struct line line;

	line.used = 0; /* the rest is written before it is read */

	if (log_state.format == LOG_JSON)
		put_json(&line, level, message);
	else
		put_key_values(&line, level, message);
	write_line(log_state.fd, &line);
}

static void
write_stderr(enum log_level level, const char *message)
{
	struct line line;

	line.used = 0; /* the rest is written before it is read */

	put_plain(&line, level, message);
	write_line(STDERR_FILENO, &line);
}

void
log_line(enum log_level level, const char *format, ...)
{
	char message[MESSAGE_BYTES];
	int saved = errno;
	va_list args;

	if (level == LOG_DEBUG && !log_state.debug)
		return;
	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args); /* a cut message is still one */
	va_end(args);
	/* the file first: a stderr that nobody reads any more may end the process by SIGPIPE */
	if (log_state.fd >= 0 && level != LOG_WARNING)
		write_file(level, message);
	write_stderr(level, message);
	errno = saved;
}
