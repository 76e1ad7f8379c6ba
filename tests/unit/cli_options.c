/* Option words to values. */
#include "cli/options.h"

#include "base/error.h"
#include "tests/unit/tap.h"

#include <stdint.h>

#define WORDS_MAX 16

struct values {
	const char *bundle;
	uint32_t force;
	uint32_t number;
	uint32_t format;
	struct option_list list;
};

static const char *const formats[] = { "table", "json", NULL };

static const struct option_row first_table[] = {
	{ "bundle", "b", OPTION_TEXT, offsetof(struct values, bundle), "DIR", NULL, "" },
	{ "list", "l", OPTION_LIST, offsetof(struct values, list), "WORD", NULL, "" },
	{ "force", "f", OPTION_FLAG, offsetof(struct values, force), NULL, NULL, "" },
	{ .name = NULL },
};

static const struct option_row second_table[] = {
	{ "number", NULL, OPTION_NUMBER, offsetof(struct values, number), "N", NULL, "" },
	{ "format", NULL, OPTION_CHOICE, offsetof(struct values, format), "table|json", formats,
	    "" },
	{ .name = NULL },
};

static const struct option_row *const tables[] = { first_table, second_table, NULL };

static struct values values;
static struct error err;
static char line_copy[256];
static char left[256];

/* Parses line, split at blanks; what is left goes to left, joined by blanks. */
static int
parse(enum options_place place, const char *line)
{
	char *at[WORDS_MAX];
	struct words words = { .at = at };
	char *rest = line_copy;
	char *word;

	(void)snprintf(line_copy, sizeof(line_copy), "%s", line);
	while ((word = strsep(&rest, " ")) && words.count < WORDS_MAX)
		at[words.count++] = word;
	values = (struct values) { .force = 0 };
	err.text[0] = left[0] = '\0';
	if (options_parse(tables, place, &words, &values, "osless x --help", &err) < 0)
		return -1;
	for (int i = 0; i < words.count; i++)
		(void)snprintf(left + strlen(left), sizeof(left) - strlen(left), "%s%s",
		    i ? " " : "", words.at[i]);
	return 0;
}

static void
test_forms(void)
{
	static const char *const lines[] = { "--bundle DIR", "--bundle=DIR", "-b DIR", "-b=DIR",
		"-bundle DIR", "-bundle=DIR", "web -b DIR", "-b X -b DIR" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		EQ_INT(parse(OPTIONS_ANYWHERE, lines[i]), 0, lines[i]);
		EQ_STR(values.bundle, "DIR", "value");
	}
	EQ_INT(parse(OPTIONS_ANYWHERE, "--bundle --force"), 0, "a value may look like an option");
	EQ_STR(values.bundle, "--force", "and is the value");
	EQ_INT(values.force, 0, "not an option");
	EQ_INT(parse(OPTIONS_ANYWHERE, "-b=a=b"), 0, "a value with =");
	EQ_STR(values.bundle, "a=b", "is whole");
}

static void
test_flags(void)
{
	EQ_INT(parse(OPTIONS_ANYWHERE, "-f web"), 0, "a flag takes no value");
	EQ_INT(values.force, 1, "set");
	EQ_STR(left, "web", "the word stays");
	EQ_INT(parse(OPTIONS_ANYWHERE, "-f --force=false"), 0, "the last wins");
	EQ_INT(values.force, 0, "unset");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--force=true"), 0, "=true");
	EQ_INT(values.force, 1, "set");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--force=yes"), -1, "other words are refused");
	EQ_STR(err.text, "option --force takes true or false, not \"yes\": see osless x --help",
	    "text");
}

static void
test_numbers(void)
{
	EQ_INT(parse(OPTIONS_ANYWHERE, "--number 4294967295"), 0, "the largest number");
	EQ_INT(values.number, UINT32_MAX, "taken");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--number 4294967296"), -1, "one more");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--number 99999999999999999999999"), -1, "many more");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--number -1"), -1, "negative");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--number 3x"), -1, "not a number");
	HAS_STR(err.text, "\"3x\"", "is named");
}

static void
test_choices(void)
{
	EQ_INT(parse(OPTIONS_ANYWHERE, "--format json"), 0, "a word of the list");
	EQ_INT(values.format, 1, "is its index");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--format yaml"), -1, "another word");
	EQ_STR(err.text, "option --format takes table|json, not \"yaml\": see osless x --help",
	    "text");
}

static void
test_lists(void)
{
	EQ_INT(parse(OPTIONS_ANYWHERE, "-l a web --list=b --list c"), 0, "a list");
	EQ_INT(values.list.count, 3, "each counts");
	EQ_STR(values.list.items[0], "a", "in their order");
	EQ_STR(values.list.items[2], "c", "to the last");
	EQ_STR(left, "web", "words stay");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--list="), -1, "an empty value");
	EQ_STR(err.text, "option --list has an empty value: see osless x --help", "text");
}

/* More than there is room for. */
static void
test_long_list(void)
{
	static char word[] = "-l=x";
	static char *at[OPTION_LIST_MAX + 1];
	struct words words = { at, OPTION_LIST_MAX };

	for (int i = 0; i <= OPTION_LIST_MAX; i++)
		at[i] = word;
	values = (struct values) { .force = 0 };
	EQ_INT(options_parse(tables, OPTIONS_ANYWHERE, &words, &values, "help", &err), 0,
	    "as many as fit");
	EQ_INT(values.list.count, OPTION_LIST_MAX, "all taken");
	for (int i = 0; i <= OPTION_LIST_MAX; i++)
		at[i] = word;
	words = (struct words) { at, OPTION_LIST_MAX + 1 };
	values = (struct values) { .force = 0 };
	EQ_INT(
	    options_parse(tables, OPTIONS_ANYWHERE, &words, &values, "help", &err), -1, "one more");
	HAS_STR(err.text, "more than 256 times", "is refused");
}

static void
test_places(void)
{
	EQ_INT(parse(OPTIONS_FIRST, "-f run -b DIR web"), 0, "options in front only");
	EQ_STR(left, "run -b DIR web", "the rest stays as it is");
	EQ_INT(parse(OPTIONS_ANYWHERE, "a -f b -b DIR c"), 0, "options anywhere");
	EQ_STR(left, "a b c", "words keep their order");
	EQ_INT(parse(OPTIONS_ANYWHERE, "a -- -f --"), 0, "-- ends the options");
	EQ_STR(left, "a -f --", "what follows it are words");
	EQ_INT(values.force, 0, "and no options");
	EQ_INT(parse(OPTIONS_ANYWHERE, "-"), 0, "a dash alone");
	EQ_STR(left, "-", "is a word");
}

static void
test_errors(void)
{
	EQ_INT(parse(OPTIONS_ANYWHERE, "--bundel DIR"), -1, "mistyped");
	EQ_STR(err.text, "unknown option --bundel: did you mean --bundle? see osless x --help",
	    "text");
	EQ_INT(parse(OPTIONS_ANYWHERE, "-x"), -1, "unknown");
	EQ_STR(err.text, "unknown option -x: see osless x --help", "text");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--bund DIR"), -1, "no abbreviations");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--=x"), -1, "no name");
	EQ_INT(parse(OPTIONS_ANYWHERE, "web --bundle"), -1, "value missing");
	EQ_STR(err.text, "option --bundle needs a value (DIR): see osless x --help", "text");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--bundle= web"), -1, "value empty");
	EQ_STR(err.text, "option --bundle has an empty value: see osless x --help", "text");
	EQ_INT(parse(OPTIONS_ANYWHERE, "--force="), -1, "a flag's too");
}

int
main(void)
{
	test_forms();
	test_flags();
	test_numbers();
	test_choices();
	test_lists();
	test_long_list();
	test_places();
	test_errors();
	DONE();
}
