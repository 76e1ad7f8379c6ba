/* Words, capability names, typos, quotes. */
#include "spec/words.h"

#include "base/arena.h"
#include "tap.h"

static void
test_tables(struct arena *arena)
{
	uint64_t number = 0;

	EQ_INT(words_find(&words_device_types, "b", &number), 0, "b is a device type");
	EQ_INT(number, 0060000, "S_IFBLK");
	EQ_INT(words_find(&words_device_types, "B", &number), -1, "B is none");
	EQ_STR(words_list(&words_rule_types, arena), "a, b or c", "a list");
	EQ_STR(words_list(&words_time_clocks, arena), "monotonic or boottime", "of two");
}

static void
test_capabilities(struct arena *arena)
{
	EQ_INT(words_find_capability("CAP_CHOWN"), 0, "CAP_CHOWN");
	EQ_INT(words_find_capability("CAP_CHECKPOINT_RESTORE"), 40, "the last one");
	EQ_INT(words_find_capability("cap_chown"), -1, "lower case is unknown");
	EQ_INT(words_find_capability("CHOWN"), -1, "so is a name without CAP_");
	EQ_INT(words_find_capability("CAP_CHOWN,CAP_KILL"), -1, "and two at once");
	EQ_INT(words_find_capability("12"), -1, "and a number");
	EQ_STR(words_capability(12, arena), "CAP_NET_ADMIN", "back to the name");
	EQ_STR(words_capability(63, arena), NULL, "a number without name");
}

static void
test_nearest(void)
{
	static const char *const known[] = { "identity", "syscalls", "supervision" };
	char longest[200];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	EQ_STR(words_nearest("identty", known, 3), "identity", "a letter lost");
	EQ_STR(words_nearest("sycsalls", known, 3), "syscalls", "two letters exchanged");
	EQ_STR(words_nearest("superversion", known, 3), "supervision", "some more");
	EQ_STR(words_nearest("tier", known, 3), NULL, "too far");
	EQ_STR(words_nearest("", known, 3), NULL, "nothing");
	EQ_STR(words_nearest(longest, known, 3), NULL, "too long");
}

static void
test_quote(struct arena *arena)
{
	EQ_STR(words_quote("a b", arena), "\"a b\"", "quoted");
	EQ_STR(words_quote("a\nb\x1b", arena), "\"a?b?\"", "on one line");
	EQ_INT(strlen(words_quote("0123456789012345678901234567890123456789"
				  "0123456789012345678901234567890123456789",
		   arena)),
	    69, "and not too long");
}

int
main(void)
{
	struct arena arena = { 0 };

	test_tables(&arena);
	test_capabilities(&arena);
	test_nearest();
	test_quote(&arena);
	arena_free(&arena);
	DONE();
}
