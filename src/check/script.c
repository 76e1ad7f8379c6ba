/* #! as the kernel reads it; words cut at whatever the shell would, roughly. */
#include "check/script.h"

#include <stdio.h>
#include <string.h>

#define BLANK " \t"

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Copies the word at `at` (of left bytes) and returns its length. */
static size_t
take_word(const char *at, size_t left, char *word, size_t size)
{
	size_t length = 0;

	while (length < left && !strchr(BLANK "\n\r", at[length]))
		length++;
	(void)snprintf(word, size, "%.*s", (int)least(length, size - 1), at);
	return length;
}

static size_t
skip_blank(const char *text, size_t at, size_t end)
{
	while (at < end && (text[at] == ' ' || text[at] == '\t'))
		at++;
	return at;
}

static int
is_env(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, "env") == 0;
}

/* The first word after env that is neither an option nor an assignment. */
static void
read_env(const char *text, size_t at, size_t end, struct script *script)
{
	char word[SCRIPT_WORD_MAX + 1];

	for (at = skip_blank(text, at, end); at < end; at = skip_blank(text, at, end)) {
		size_t length = take_word(text + at, end - at, word, sizeof(word));

		if (length == 0)
			return;
		if (word[0] != '-' && !strchr(word, '=')) {
			memcpy(script->program, word, sizeof(word));
			return;
		}
		at += length;
	}
}

enum script_fault
script_read(const char *text, size_t length, struct script *script)
{
	const char *newline;
	size_t end, at, taken;

	*script = (struct script) { .interpreter = "" };
	if (length < 2 || text[0] != '#' || text[1] != '!')
		return SCRIPT_NONE;
	newline = memchr(text, '\n', least(length, SCRIPT_LINE_MAX));
	end = newline ? (size_t)(newline - text) : least(length, SCRIPT_LINE_MAX);
	at = skip_blank(text, 2, end);
	taken = take_word(text + at, end - at, script->interpreter, sizeof(script->interpreter));
	if (taken == 0)
		return SCRIPT_EMPTY;
	if (!newline && at + taken == end && length > end)
		return SCRIPT_LONG;
	if (at + taken < end && text[at + taken] == '\r')
		return SCRIPT_CARRIAGE_RETURN;
	if (is_env(script->interpreter))
		read_env(text, at + taken, end, script);
	return SCRIPT_FINE;
}

/* ---- the text */

struct reader {
	const char *text;
	size_t length;
	size_t at;
	enum script_place place; /* of the next word */
};

/* What a name of a program is made of; $ and @ so that "$@" and "$1" are words. */
static int
is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("_-./+$@=:", byte));
}

static void
skip_line(struct reader *reader)
{
	while (reader->at < reader->length && reader->text[reader->at] != '\n')
		reader->at++;
}

/* To the next word, over comments. What ends a command ends `exec`'s reach. */
static void
skip_between(struct reader *reader)
{
	while (reader->at < reader->length && !is_word_byte(reader->text[reader->at])) {
		char byte = reader->text[reader->at];

		if (byte == '#' &&
		    (reader->at == 0 || strchr(" \t\n;", reader->text[reader->at - 1])))
			skip_line(reader);
		if (byte == ';' || byte == '\n' || byte == '#')
			reader->place = SCRIPT_WORD;
		if (reader->at < reader->length)
			reader->at++;
	}
}

/* What follows the word: exec's options (-a takes a name, seldom enough) and redirections leave it
 * waiting for its program. */
static enum script_place
place_after(const char *word, enum script_place place)
{
	if (strcmp(word, "exec") == 0)
		return SCRIPT_EXEC;
	if (place == SCRIPT_EXEC && (word[0] == '-' || strchr(word, '=')))
		return SCRIPT_EXEC;
	return SCRIPT_WORD;
}

int
script_words(const char *text, size_t length, script_each_function *each, void *context)
{
	struct reader reader = { text, length, 0, SCRIPT_WORD };
	int result = 0;

	while (result == 0) {
		char word[SCRIPT_WORD_MAX + 1];
		size_t start;

		skip_between(&reader);
		start = reader.at;
		while (reader.at < length && (is_word_byte(text[reader.at]) ||
						 (reader.at > start && text[reader.at] == '#')))
			reader.at++; /* # begins a comment only where a word would begin */
		if (reader.at == start)
			break;
		if (reader.at - start > SCRIPT_WORD_MAX)
			continue;
		(void)snprintf(word, sizeof(word), "%.*s", (int)(reader.at - start), text + start);
		if (word[0] != '-' && strcmp(word, "exec") != 0)
			result = each(word, reader.place, context);
		reader.place = place_after(word, reader.place);
	}
	return result;
}
