/* Words between ':' , '=', ';' and line ends. */
#include "kernel/resctrl_schemata.h"

#include "base/error.h"

#include <string.h>
#include <strings.h>

struct word {
	const char *at;
	int length;
};

/* Up to one of ends, without the blanks around it; *at goes to that end. */
static struct word
take_word(const char **at, const char *ends)
{
	struct word word = { *at, (int)strcspn(*at, ends) };

	*at += word.length;
	while (word.length > 0 && strchr(" \t\r", word.at[word.length - 1]))
		word.length--;
	while (word.length > 0 && strchr(" \t\r", *word.at)) {
		word.at++;
		word.length--;
	}
	return word;
}

static int
is_same(struct word a, struct word b)
{
	for (; a.length > 1 && *a.at == '0'; a.length--)
		a.at++;
	for (; b.length > 1 && *b.at == '0'; b.length--)
		b.at++;
	return a.length == b.length && strncasecmp(a.at, b.at, (size_t)a.length) == 0;
}

/* The value of a resource's domain in a file; length 0: it has none. */
static struct word
find_value(const char *has, struct word resource, struct word domain)
{
	while (*has) {
		int wanted = is_same(take_word(&has, ":\n"), resource);

		while (*has && *has != '\n') {
			struct word name, value = { has, 0 };

			has++; /* ':' or ';' */
			name = take_word(&has, "=;\n");
			if (*has == '=') {
				has++;
				value = take_word(&has, ";\n");
			}
			if (wanted && is_same(name, domain))
				return value;
		}
		has += *has == '\n';
	}
	return (struct word) { has, 0 };
}

static int
match_line(const char **asked, const char *has, struct error *err)
{
	struct word resource = take_word(asked, ":\n");

	while (**asked && **asked != '\n') {
		struct word domain, value, found;

		++*asked; /* ':' or ';' */
		domain = take_word(asked, "=;\n");
		if (domain.length == 0 && **asked != '=')
			continue; /* "L3:0=f;" ends so */
		*asked += **asked == '=';
		value = take_word(asked, ";\n");
		found = find_value(has, resource, domain);
		if (!is_same(value, found))
			return error_set(err, "%.*s:%.*s=%.*s is asked for, and the group has %.*s",
			    resource.length, resource.at, domain.length, domain.at, value.length,
			    value.at, found.length ? found.length : 4,
			    found.length ? found.at : "none");
	}
	return 0;
}

int
schemata_match(const char *asked, const char *has, struct error *err)
{
	for (; *asked; asked += *asked == '\n')
		if (match_line(&asked, has, err) < 0)
			return -1;
	return 0;
}
