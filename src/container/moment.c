/* Times, spans and statuses in words. */
#include "container/moment.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static size_t
format_utc(int64_t wall_ns, char between, char text[MOMENT_MAX])
{
	time_t seconds = (time_t)(wall_ns / SECOND);
	struct tm utc;

	if (wall_ns < 0 || !gmtime_r(&seconds, &utc))
		return (size_t)snprintf(text, MOMENT_MAX, "never");
	return (size_t)snprintf(text, MOMENT_MAX, "%04d-%02d-%02d%c%02d:%02d:%02d",
	    utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, between, utc.tm_hour, utc.tm_min,
	    utc.tm_sec);
}

const char *
moment_time(int64_t wall_ns, char text[MOMENT_MAX])
{
	size_t used = format_utc(wall_ns, 'T', text);

	if (wall_ns >= 0)
		(void)snprintf(
		    text + used, MOMENT_MAX - used, ".%09" PRId64 "Z", wall_ns % SECOND); /* fits */
	return text;
}

const char *
moment_plain(int64_t wall_ns, char text[MOMENT_MAX])
{
	size_t used = format_utc(wall_ns, ' ', text);

	if (wall_ns >= 0)
		(void)snprintf(text + used, MOMENT_MAX - used, " UTC"); /* fits */
	return text;
}

static const char *
two_units(int64_t span, int64_t large, const char *large_unit, int64_t small,
    const char *small_unit, char text[MOMENT_MAX])
{
	(void)snprintf(text, MOMENT_MAX, "%" PRId64 " %s %" PRId64 " %s", span / large, large_unit,
	    span % large / small, small_unit);
	return text;
}

const char *
moment_span(int64_t span, char text[MOMENT_MAX])
{
	if (span < 0)
		span = 0;
	if (span >= DAY)
		return two_units(span, DAY, "d", HOUR, "h", text);
	if (span >= HOUR)
		return two_units(span, HOUR, "h", MINUTE, "min", text);
	if (span >= MINUTE)
		return two_units(span, MINUTE, "min", SECOND, "s", text);
	if (span < SECOND)
		(void)snprintf(text, MOMENT_MAX, "%" PRId64 " ms", span / 1000000);
	else if (span >= 10 * SECOND || span % SECOND < SECOND / 10)
		(void)snprintf(text, MOMENT_MAX, "%" PRId64 " s", span / SECOND);
	else
		(void)snprintf(text, MOMENT_MAX, "%" PRId64 ".%" PRId64 " s", span / SECOND,
		    span % SECOND / (SECOND / 10));
	return text;
}

/* sigabbrev_np(3) is not in every C library. */
static const char *const signal_names[] = {
	[SIGHUP] = "HUP",
	[SIGINT] = "INT",
	[SIGQUIT] = "QUIT",
	[SIGILL] = "ILL",
	[SIGTRAP] = "TRAP",
	[SIGABRT] = "ABRT",
	[SIGBUS] = "BUS",
	[SIGFPE] = "FPE",
	[SIGKILL] = "KILL",
	[SIGUSR1] = "USR1",
	[SIGSEGV] = "SEGV",
	[SIGUSR2] = "USR2",
	[SIGPIPE] = "PIPE",
	[SIGALRM] = "ALRM",
	[SIGTERM] = "TERM",
	[SIGSTKFLT] = "STKFLT",
	[SIGCHLD] = "CHLD",
	[SIGCONT] = "CONT",
	[SIGSTOP] = "STOP",
	[SIGTSTP] = "TSTP",
	[SIGTTIN] = "TTIN",
	[SIGTTOU] = "TTOU",
	[SIGURG] = "URG",
	[SIGXCPU] = "XCPU",
	[SIGXFSZ] = "XFSZ",
	[SIGVTALRM] = "VTALRM",
	[SIGPROF] = "PROF",
	[SIGWINCH] = "WINCH",
	[SIGIO] = "IO",
	[SIGPWR] = "PWR",
	[SIGSYS] = "SYS",
};

const char *
moment_signal(int number, char text[MOMENT_MAX])
{
	const int known = sizeof(signal_names) / sizeof(signal_names[0]);

	if (number > 0 && number < known && signal_names[number])
		(void)snprintf(text, MOMENT_MAX, "%s", signal_names[number]);
	else
		(void)snprintf(text, MOMENT_MAX, "signal %d", number);
	return text;
}

const char *
moment_status(int32_t wait_status, char text[MOMENT_MAX])
{
	char name[MOMENT_MAX];

	if (WIFSIGNALED(wait_status))
		(void)snprintf(text, MOMENT_MAX, "signal %d (%.32s)", WTERMSIG(wait_status),
		    moment_signal(WTERMSIG(wait_status), name));
	else
		(void)snprintf(text, MOMENT_MAX, "exit status %d", WEXITSTATUS(wait_status));
	return text;
}

int64_t
moment_between(int64_t earlier_ns, int64_t later_ns)
{
	int64_t span;

	return __builtin_sub_overflow(later_ns, earlier_ns, &span) ? 0 : span;
}
