/* Names are those of signal(7) on Linux; the numbers are the compiler's for this machine. */
#include "base/signal_words.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define RT_FIRST 34 /* the kernel's first is 32, of which libc keeps two: what kill(1) shows */

static const struct signal_name {
	const char *name;
	int number;
} signal_names[] = {
	{ "HUP", SIGHUP },
	{ "INT", SIGINT },
	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },
	{ "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT },
	{ "IOT", SIGIOT },
	{ "BUS", SIGBUS },
	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },
	{ "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },
	{ "STKFLT", SIGSTKFLT },
	{ "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },
	{ "WINCH", SIGWINCH },
	{ "IO", SIGIO },
	{ "POLL", SIGPOLL },
	{ "PWR", SIGPWR },
	{ "SYS", SIGSYS },
	{ NULL, 0 },
};

/* One or two digits; -1. */
static int
parse_digits(const char *text)
{
	int number = 0;
	size_t length = strlen(text);

	if (length == 0 || length > 2 || strspn(text, "0123456789") != length)
		return -1;
	for (; *text; text++)
		number = number * 10 + (*text - '0');
	return number;
}

/* What follows RTMIN or RTMAX: nothing, or sign and digits. -1: neither. */
static int
parse_offset(const char *text, char sign)
{
	if (!*text)
		return 0;
	return *text == sign ? parse_digits(text + 1) : -1;
}

static int
parse_realtime(const char *name)
{
	int up = strncasecmp(name, "RTMIN", 5) == 0;
	int offset = parse_offset(name + 5, up ? '+' : '-');

	if (offset < 0 || offset > SIGNAL_WORDS_LAST - RT_FIRST)
		return -1;
	return up ? RT_FIRST + offset : SIGNAL_WORDS_LAST - offset;
}

int
signal_words_find(const char *word)
{
	const char *name = strncasecmp(word, "SIG", 3) == 0 ? word + 3 : word;
	int number;

	if (strncasecmp(name, "RTMIN", 5) == 0 || strncasecmp(name, "RTMAX", 5) == 0)
		return parse_realtime(name);
	for (const struct signal_name *row = signal_names; row->name; row++)
		if (strcasecmp(row->name, name) == 0)
			return row->number;
	number = parse_digits(word);
	return number > SIGNAL_WORDS_LAST ? -1 : number;
}
