/* Words to values, by the rows. Knows no verb. */
#include "cli/options.h"

#include "base/error.h"
#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

/* One option as written. */
struct written {
	const char *word; /* "--bundle=DIR" */
	const char *name; /* "bundle=DIR" */
	size_t name_length;
	const char *value; /* after "="; NULL = none there */
};

static struct written
split_option(const char *word)
{
	struct written option = { .word = word, .name = word + 1 };
	const char *equals;

	if (*option.name == '-')
		option.name++;
	equals = strchr(option.name, '=');
	option.name_length = equals ? (size_t)(equals - option.name) : strlen(option.name);
	option.value = equals ? equals + 1 : NULL;
	return option;
}

static int
is_named(const char *name, const struct written *option)
{
	return name && strlen(name) == option->name_length &&
	       strncmp(name, option->name, option->name_length) == 0;
}

static const struct option_row *
find_row(const struct option_row *const *tables, const struct written *option)
{
	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			if (is_named(row->name, option) || is_named(row->letter, option))
				return row;
	return NULL;
}

static int
unknown_option(const struct option_row *const *tables, const struct written *option,
    const char *help, struct error *err)
{
	struct nearest nearest;

	nearest_start(&nearest, option->name, option->name_length);
	for (; *tables; tables++)
		for (const struct option_row *row = *tables; row->name; row++)
			nearest_offer(&nearest, row->name);
	if (nearest.best)
		return error_set(err, "unknown option %s: did you mean --%s? see %s", option->word,
		    nearest.best, help);
	return error_set(err, "unknown option %s: see %s", option->word, help);
}

static int
store_flag(const struct option_row *row, const char *value, uint32_t *to, const char *help,
    struct error *err)
{
	if (!value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*to = 1;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*to = 0;
	else
		return error_set(err, "option --%s takes true or false, not \"%s\": see %s",
		    row->name, value, help);
	return 0;
}

static int
store_number(const struct option_row *row, const char *value, uint32_t *to, const char *help,
    struct error *err)
{
	uint64_t number = 0;
	const char *digit = value;

	for (; *digit >= '0' && *digit <= '9' && number <= UINT32_MAX; digit++)
		number = number * 10 + (uint64_t)(*digit - '0');
	if (*digit || number > UINT32_MAX)
		return error_set(err,
		    "option --%s takes a number of at most %u, not \"%s\": see %s", row->name,
		    UINT32_MAX, value, help);
	*to = (uint32_t)number;
	return 0;
}

static int
store_choice(const struct option_row *row, const char *value, uint32_t *to, const char *help,
    struct error *err)
{
	for (uint32_t i = 0; row->words[i]; i++)
		if (strcmp(row->words[i], value) == 0) {
			*to = i;
			return 0;
		}
	return error_set(
	    err, "option --%s takes %s, not \"%s\": see %s", row->name, row->value, value, help);
}

static int
add_to_list(const struct option_row *row, const char *value, struct option_list *to,
    const char *help, struct error *err)
{
	if (to->count == OPTION_LIST_MAX)
		return error_set(err, "option --%s stands there more than %d times: see %s",
		    row->name, OPTION_LIST_MAX, help);
	to->items[to->count++] = value;
	return 0;
}

/* value is NULL for a flag alone, and for nothing else. */
static int
store_value(const struct option_row *row, const char *value, void *values, const char *help,
    struct error *err)
{
	void *to = (char *)values + row->offset;

	if (row->kind == OPTION_FLAG)
		return store_flag(row, value, to, help, err);
	if (!value || !*value)
		return error_set(err, "option --%s has an empty value: see %s", row->name, help);
	if (row->kind == OPTION_NUMBER)
		return store_number(row, value, to, help, err);
	if (row->kind == OPTION_CHOICE)
		return store_choice(row, value, to, help, err);
	if (row->kind == OPTION_LIST)
		return add_to_list(row, value, to, help, err);
	*(const char **)to = value;
	return 0;
}

/* Returns how many words the option took, the value's included; -1. */
static int
take_option(const struct option_row *const *tables, char *const *at, int count, void *values,
    const char *help, struct error *err)
{
	struct written option = split_option(at[0]);
	const struct option_row *row = find_row(tables, &option);
	int taken = 1;

	if (!row)
		return unknown_option(tables, &option, help, err);
	if (!option.value && row->kind != OPTION_FLAG) {
		if (count < 2)
			return error_set(err, "option --%s needs a value (%s): see %s", row->name,
			    row->value, help);
		option.value = at[1];
		taken = 2;
	}
	return store_value(row, option.value, values, help, err) < 0 ? -1 : taken;
}

int
options_parse(const struct option_row *const *tables, enum options_place place, struct words *words,
    void *values, const char *help, struct error *err)
{
	int from = 0;
	int kept = 0;

	while (from < words->count) {
		char *word = words->at[from];
		int is_option = word[0] == '-' && word[1] != '\0';
		int taken;

		if (strcmp(word, "--") == 0) {
			from++;
			break;
		}
		if (!is_option && place == OPTIONS_FIRST)
			break;
		if (!is_option) {
			words->at[kept++] = word;
			from++;
			continue;
		}
		taken =
		    take_option(tables, words->at + from, words->count - from, values, help, err);
		if (taken < 0)
			return -1;
		from += taken;
	}
	while (from < words->count)
		words->at[kept++] = words->at[from++];
	words->count = kept;
	return 0;
}
