/* /proc/PID/stat: names that hold anything, texts that are cut, numbers that are missing. */
#include "base/process_stat.h"

#include "tap.h"

#define TAIL \
	" -1 4194560 90 0 0 0 1 2 0 0 20 0 %s 0 %s 2600960 200 18446744073709551615 1 2 3 4 5 " \
	"0 0 0 " \
	"65536 0 0 0 17 1 0 0 0 0 0 6 7 8 9 10 11 12 %s\n"

static int
parse(const char *text, struct process_stat *seen)
{
	return process_stat_parse(text, strlen(text), seen);
}

/* threads, started and status are fields 20, 22 and 52. */
static int
parse_with(struct process_stat *seen, const char *head, const char *threads, const char *started,
    const char *status)
{
	char tail[512], text[1024];

	(void)snprintf(tail, sizeof(tail), TAIL, threads, started, status);
	(void)snprintf(text, sizeof(text), "%s%s", head, tail);
	return parse(text, seen);
}

static void
test_fields(void)
{
	struct process_stat seen;

	EQ_INT(
	    parse_with(&seen, "17 (nginx) Z 5 17 17 0", "1", "123456789012", "256"), 0, "a zombie");
	EQ_INT(seen.pid, 17, "its pid");
	EQ_STR(seen.comm, "nginx", "its name");
	EQ_INT(seen.state, 'Z', "its state");
	EQ_INT(seen.parent, 5, "its parent");
	EQ_INT(seen.threads, 1, "its threads");
	EQ_INT(seen.started, 123456789012, "when it was started");
	EQ_INT(seen.status, 256, "its status");
	EQ_INT(parse_with(&seen, "18 (x) S 1 18 18 0", "2", "1", "0"), 0, "two threads");
	EQ_INT(seen.threads, 2, "are not one");
	EQ_INT(
	    parse_with(&seen, "18 (x) Z 1 18 18 0", "0", "1", "9"), 0, "a zombie without any left");
	EQ_INT(seen.threads, 0, "has none");
	EQ_INT(parse_with(&seen, "18 (x) S 1 18 18 -1", "1", "7", "0"), 0, "a negative field");
	EQ_INT(seen.started, 7, "moves nothing");
}

static void
test_names(void)
{
	static const struct {
		const char *text;
		const char *want;
	} names[] = {
		{ "9 () R 1 9 9 0", "" },
		{ "9 ()) R 1 9 9 0", ")" },
		{ "9 (a b) S 1 9 9 0", "a b" },
		{ "9 (x) Z 3 (y) R 1 9 9 0", "x) Z 3 (y" },
		{ "9 (((() T 1 9 9 0", "(((" },
		{ "9 (a\nb) S 1 9 9 0", "a\nb" },
		{ "9 (a kernel thread's name, which is longer than 15 letters) S 1 9 9 0",
		    "a kernel thread's name, which is longer than 15 letters" },
		{ "9 (more than the kernel writes, in whatever kernel, ever: cut after 63) S 1 9 9 "
		  "0",
		    "more than the kernel writes, in whatever kernel, ever: cut afte" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct process_stat seen;

		EQ_INT(parse_with(&seen, names[i].text, "1", "2", "3"), 0, names[i].text);
		EQ_STR(seen.comm, names[i].want, "the name");
		EQ_INT(seen.status, 3, "and what follows it");
	}
}

/* Every beginning of a good text: refused, or without reading past its end (sanitizers tell). */
static void
test_cut(void)
{
	const char *whole = "17 (nginx) Z 5 17 17 0 -1 4194560 90 0 0 0 1 2 0 0 20 0 1 0 44 0";
	size_t length = strlen(whole);

	for (size_t cut = 0; cut <= length; cut++) {
		char text[128];
		struct process_stat seen = { 0 };
		int result;

		memcpy(text, whole, cut);
		result = process_stat_parse(text, cut, &seen);
		OK(result < 0 || cut >= length - 3, "a text that is cut");
	}
	for (size_t i = 0; i < 4; i++) {
		static const char *const bad[] = { "17 nginx S 5", "17 (nginx", "17 )nginx( S 5",
			"17 (nginx)" };
		struct process_stat seen;

		EQ_INT(parse(bad[i], &seen), -1, bad[i]);
	}
}

int
main(void)
{
	test_fields();
	test_names();
	test_cut();
	DONE();
}
