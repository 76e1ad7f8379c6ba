/* TAP for unit tests: one program a file, checks in order, the plan line last. A failed comparison
 * prints both values. Header only; the counters are the program's. */
#ifndef OSLESS_TESTS_TAP_H
#define OSLESS_TESTS_TAP_H

#include <stdio.h>
#include <string.h>

static int tap_checks;
static int tap_failures;

static inline int
tap_ok(int passed, const char *text, const char *file, int line)
{
	tap_checks++;
	if (!passed)
		tap_failures++;
	printf("%s %d - %s\n", passed ? "ok" : "not ok", tap_checks, text);
	if (!passed)
		printf("#   at %s:%d\n", file, line);
	return passed;
}

static inline void
tap_eq_int(long long got, long long want, const char *text, const char *file, int line)
{
	if (!tap_ok(got == want, text, file, line))
		printf("#   got  %lld\n#   want %lld\n", got, want);
}

static inline void
tap_eq_str(const char *got, const char *want, const char *text, const char *file, int line)
{
	int same = got == want || (got && want && strcmp(got, want) == 0);

	if (!tap_ok(same, text, file, line))
		printf("#   got  %s\n#   want %s\n", got ? got : "(null)", want ? want : "(null)");
}

static inline void
tap_has_str(const char *text_got, const char *part, const char *text, const char *file, int line)
{
	if (!tap_ok(text_got && strstr(text_got, part), text, file, line))
		printf("#   got  %s\n#   which lacks %s\n", text_got ? text_got : "(null)", part);
}

#define OK(condition, text) ((void)tap_ok(!!(condition), text, __FILE__, __LINE__))
#define EQ_INT(got, want, text) \
	tap_eq_int((long long)(got), (long long)(want), text, __FILE__, __LINE__)
#define EQ_STR(got, want, text) tap_eq_str(got, want, text, __FILE__, __LINE__)
#define HAS_STR(got, part, text) tap_has_str(got, part, text, __FILE__, __LINE__)
#define SKIP(why) ((void)printf("ok %d # SKIP %s\n", ++tap_checks, why))

/* The last line of main. */
#define DONE() return (printf("1..%d\n", tap_checks), tap_failures ? 1 : 0)

#endif
