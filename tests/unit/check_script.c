/* #! lines, and what scripts and command lines lead to. */
#include "check/script.h"

#include "check/follow.h"
#include "tap.h"

#include <stdlib.h>

/* text on one line, as TAP wants it. */
static const char *
shown(const char *text)
{
	static char line[128];

	(void)snprintf(line, sizeof(line), "\"%s\"", text); /* cut: it is shown, only */
	for (char *at = line; *at; at++)
		*at = *at == '\n' || *at == '\r' || *at == '#' ? '|' : *at;
	return line;
}

static void
check_line(const char *text, enum script_fault fault, const char *interpreter, const char *program)
{
	struct script script;

	EQ_INT(script_read(text, strlen(text), &script), fault, shown(text));
	EQ_STR(script.interpreter, interpreter, "its interpreter");
	EQ_STR(script.program, program, "what env looks up");
}

static void
test_lines(void)
{
	char text[400];

	check_line("#!/bin/sh\necho", SCRIPT_FINE, "/bin/sh", "");
	check_line("#! \t/bin/sh -e\n", SCRIPT_FINE, "/bin/sh", "");
	check_line("#!/bin/sh", SCRIPT_FINE, "/bin/sh", "");
	check_line("#!/usr/bin/env python3\n", SCRIPT_FINE, "/usr/bin/env", "python3");
	check_line("#!/usr/bin/env -S A=b node --x\n", SCRIPT_FINE, "/usr/bin/env", "node");
	check_line("#!/usr/bin/env\nnode", SCRIPT_FINE, "/usr/bin/env", "");
	check_line("#!/bin/sh\r\n", SCRIPT_CARRIAGE_RETURN, "/bin/sh", "");
	check_line("#!\n/bin/sh", SCRIPT_EMPTY, "", "");
	check_line("#!", SCRIPT_EMPTY, "", "");
	check_line("echo", SCRIPT_NONE, "", "");
	check_line("", SCRIPT_NONE, "", "");
	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/", 3);
	text[sizeof(text) - 1] = '\0';
	EQ_INT(script_read(text, sizeof(text) - 1, &(struct script) { .program = "" }), SCRIPT_LONG,
	    "longer than the kernel reads");
}

/* What was followed, as "R:nginx N:gosu ". Words that begin with "no" name nothing. */
static char followed[1024];

static int
note_word(const char *word, enum follow_how how, const struct follow_args *args, void *context)
{
	size_t used = strlen(followed);

	(void)context;
	(void)snprintf(followed + used, sizeof(followed) - used, "%c:%s/%zu ", "RNS"[how], word,
	    args -> count);
	return strncmp(word, "no", 2) != 0;
}

static void
check_text(const char *text, const char *want)
{
	static const char *const words[] = { "/entry.sh", "nginx", "-g" };
	const struct follow_args args = { words, 3 };

	followed[0] = '\0';
	EQ_INT(follow_text(text, strlen(text), &args, note_word, NULL), 0, shown(text));
	EQ_STR(followed, want, "leads to");
}

static void
test_texts(void)
{
	check_text("exec nginx -g 'daemon off;'\n", "N:nginx/1 ");
	check_text("exec \"$@\"\n", "R:nginx/2 ");
	check_text("# exec nginx\n#su x\necho a#su", "");
	check_text("exec gosu user \"$0\" \"$@\"", "N:gosu/1 R:nginx/2 ");
	check_text("exec -a name\nls", "N:name/1 ");
	check_text("exec\nls", "");
	check_text("if x; then su-exec u y; fi; echo ls", "N:su-exec/1 ");
	check_text("$PREFIX/bin/su x", "");
	check_text("exec env A=b x", "N:env/1 ");
	check_text("nginx bash", "");
	check_text("", "");
}

static void
check_command(const char *const *words, size_t count, int result, const char *want)
{
	const struct follow_args args = { words, count };

	followed[0] = '\0';
	EQ_INT(follow_command(words[0], &args, note_word, NULL), result, words[0]);
	EQ_STR(followed, want, "leads to");
}

#define COMMAND(result, want, ...) \
	check_command((const char *const[]) { __VA_ARGS__ }, \
	    sizeof((const char *const[]) { __VA_ARGS__ }) / sizeof(char *), result, want)

static void
test_commands(void)
{
	COMMAND(0, "", "nginx", "x");
	COMMAND(1, "R:nginx/2 ", "/sbin/tini", "--", "nginx", "-g");
	COMMAND(1, "R:nobody/2 R:x/1 ", "gosu", "nobody", "x");
	COMMAND(0, "R:nope/1 ", "env", "A=b", "nope");
	COMMAND(0, "", "sh");
	COMMAND(1, "S:/run.sh/2 ", "/bin/sh", "-e", "/run.sh", "x");
	COMMAND(0, "N:ls/1 ", "sh", "-c", "ls -l");
	COMMAND(0, "N:script/1 N:script/1 ", "bash", "-ec", "script -c x");
	COMMAND(0, "N:a/1 N:b/1 ", "bash", "-c", "a; exec b");
	COMMAND(0, "R:x/1 ", "sh", "-c", "A=b exec \"$@\"", "sh", "x");
}

/* NUL bytes, no end of line, only the words' bytes: it comes to an end. */
static void
test_noise(void)
{
	char noise[4096];
	const struct follow_args none = { NULL, 0 };
	unsigned state = 3;

	for (unsigned round = 0; round < 200; round++) {
		struct script script;

		for (size_t i = 0; i < sizeof(noise); i++) {
			state = state * 1664525u + 1013904223u;
			noise[i] = "#! \n\r\0exc$@/;s"[state >> 16 & 15];
		}
		followed[0] = '\0';
		(void)script_read(noise, sizeof(noise), &script); /* whatever it makes of it */
		if (follow_text(noise, sizeof(noise), &none, note_word, NULL) != 0)
			OK(0, "noise is no error");
	}
	OK(1, "noise is read to its end");
}

int
main(void)
{
	test_lines();
	test_texts();
	test_commands();
	test_noise();
	DONE();
}
