/* One pass over the text, from left to right. */
#include "policy/unit_value.h"

#include "base/arena.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n"
#define WORDS_MAX 256u
#define USEC_PER_SEC 1000000u

static const char no_memory[] = "is too long: out of memory";

/* Each of these types is one letter. */
static const struct type {
	const char *word;
	const char *code;
	long long least;
	unsigned long long most;
} types[] = {
	{ "boolean", "b", 0, 0 },
	{ "byte", "y", 0, UINT8_MAX },
	{ "int16", "n", INT16_MIN, INT16_MAX },
	{ "uint16", "q", 0, UINT16_MAX },
	{ "int32", "i", INT32_MIN, INT32_MAX },
	{ "uint32", "u", 0, UINT32_MAX },
	{ "int64", "x", INT64_MIN, INT64_MAX },
	{ "uint64", "t", 0, UINT64_MAX },
	{ "double", "d", 0, 0 },
	{ "string", "s", 0, 0 },
	{ NULL, "as", 0, 0 },
};

struct value {
	const char *at; /* what is still to be read */
	struct arena *arena;
	struct plan_unit_property *property;
};

static void
skip_blanks(struct value *value)
{
	value->at += strspn(value->at, BLANKS);
}

/* ------------------------------------------------------------------------------ types */

static const struct type *
find_type(const char *text, size_t length, int is_code)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *known = is_code ? types[i].code : types[i].word;

		if (known && strlen(known) == length && strncmp(known, text, length) == 0)
			return &types[i];
	}
	return NULL;
}

/* What the value says of itself where no type is given. */
static const char *
guess_code(const char *text)
{
	size_t word = strcspn(text, BLANKS);

	if (*text == '[')
		return "as";
	if (*text == '\'' || *text == '"')
		return "s";
	if ((word == 4 && strncmp(text, "true", word) == 0) ||
	    (word == 5 && strncmp(text, "false", word) == 0))
		return "b";
	return strpbrk(text, ".eE") && !strpbrk(text, "xX") ? "d" : "i";
}

static const struct type *
take_type(struct value *value)
{
	const char *start = value->at + (*value->at == '@');
	size_t length = strcspn(start, BLANKS);
	const struct type *type = find_type(start, length, *value->at == '@');
	const char *guess;

	if (type || *value->at == '@') {
		value->at = start + length;
		skip_blanks(value);
		return type;
	}
	guess = guess_code(value->at);
	return find_type(guess, strlen(guess), 1);
}

/* ----------------------------------------------------------------------------- values */

static const char *
add_word(struct value *value, const char *word)
{
	struct plan_unit_property *property = value->property;

	if (!word)
		return no_memory;
	if (property->words.count == WORDS_MAX)
		return "has too many items";
	property->words.items[property->words.count++] = word;
	return NULL;
}

/* A number of any base that strtoll(3) knows, within the type's bounds. */
static const char *
take_number(struct value *value, const struct type *type)
{
	int negative = *value->at == '-';
	unsigned long long magnitude;
	char *end;

	errno = 0;
	magnitude = strtoull(value->at + negative, &end, 0);
	if (errno || end == value->at + negative || !strchr("0123456789", value->at[negative]))
		return arena_printf(value->arena, "is not a number of type %s", type->code);
	if (negative ? magnitude > -(unsigned long long)type->least : magnitude > type->most)
		return arena_printf(value->arena, "does not fit type %s", type->code);
	value->at = end;
	return add_word(
	    value, arena_printf(value->arena, "%s%llu", negative ? "-" : "", magnitude));
}

static const char *
take_double(struct value *value)
{
	char *end;
	double number = strtod(value->at, &end);

	if (end == value->at || !isfinite(number))
		return "is not a number";
	value->at = end;
	return add_word(value, arena_printf(value->arena, "%.17g", number));
}

static const char *
take_boolean(struct value *value)
{
	int is_true = strncmp(value->at, "true", 4) == 0;

	if (!is_true && strncmp(value->at, "false", 5) != 0)
		return "is neither true nor false";
	value->at += is_true ? 4 : 5;
	return add_word(value, is_true ? "true" : "false");
}

/* Text in either quote; a backslash takes the next letter as it is. */
static const char *
take_text(struct value *value)
{
	char quote = *value->at;
	char *text, *end;

	if (quote != '\'' && quote != '"')
		return "is not a quoted text";
	text = end = arena_strdup(value->arena, value->at);
	if (!text)
		return no_memory;
	for (value->at++; *value->at && *value->at != quote; value->at++) {
		value->at += *value->at == '\\' && value->at[1];
		*end++ = *value->at;
	}
	if (!*value->at)
		return "has no closing quote";
	value->at++;
	*end = '\0';
	return add_word(value, text);
}

static const char *
take_texts(struct value *value)
{
	const char *why = *value->at == '[' ? add_word(value, "") : "is not a list";

	if (why)
		return why;
	value->at++;
	skip_blanks(value);
	while (*value->at != ']') {
		why = take_text(value);
		if (why)
			return why;
		skip_blanks(value);
		if (*value->at != ',' && *value->at != ']')
			return "has no closing bracket";
		value->at += *value->at == ',';
		skip_blanks(value);
	}
	value->at++;
	value->property->words.items[0] = arena_printf(
	    value->arena, "%llu", (unsigned long long)value->property->words.count - 1);
	return value->property->words.items[0] ? NULL : no_memory;
}

static const char *
take_value(struct value *value, const struct type *type)
{
	switch (type->code[0]) {
	case 'b':
		return take_boolean(value);
	case 'd':
		return take_double(value);
	case 's':
		return take_text(value);
	case 'a':
		return take_texts(value);
	default:
		return take_number(value, type);
	}
}

const char *
unit_value_parse(const char *text, struct arena *arena, struct plan_unit_property *property)
{
	struct value value = { .at = text, .arena = arena, .property = property };
	const struct type *type;
	const char *why;

	property->words.items = arena_array(arena, WORDS_MAX + 1, sizeof(*property->words.items));
	if (!property->words.items)
		return no_memory;
	property->words.count = 0;
	skip_blanks(&value);
	type = take_type(&value);
	if (!type)
		return "has a type that is not known: use one of @b @y @n @q @i @u @x @t @d @s @as";
	property->type = type->code;
	why = take_value(&value, type);
	if (why)
		return why;
	skip_blanks(&value);
	return *value.at ? "goes on after its end" : NULL;
}

/* ---------------------------------------------------------------------------- seconds */

/* "TimeoutStopSec", but neither "Sec" alone nor "TimeoutStopUSec". */
static size_t
seconds_stem(const char *name)
{
	size_t length = strlen(name);

	if (length < 4 || strcmp(name + length - 3, "Sec") != 0)
		return 0;
	return name[length - 4] >= 'a' && name[length - 4] <= 'z' ? length - 3 : 0;
}

static const char *
microseconds(const struct plan_unit_property *property, struct arena *arena)
{
	const char *word = property->words.items[0];
	unsigned long long whole = strtoull(word, NULL, 10);
	double number = strtod(word, NULL);

	if (number < 0 || number > (double)(UINT64_MAX / USEC_PER_SEC - 1))
		return NULL;
	if (*property->type == 'd')
		whole = (unsigned long long)llround(number * USEC_PER_SEC);
	else
		whole *= USEC_PER_SEC;
	return arena_printf(arena, "%llu", whole);
}

const char *
unit_value_seconds(struct arena *arena, struct plan_unit_property *property)
{
	size_t stem = seconds_stem(property->name);

	if (!stem)
		return NULL;
	if (strchr("bsa", *property->type))
		return "is not a number of seconds";
	property->words.items[0] = microseconds(property, arena);
	if (!property->words.items[0])
		return "is not a number of seconds that can be";
	property->type = "t";
	property->name = arena_printf(arena, "%.*sUSec", (int)stem, property->name);
	return property->name ? NULL : no_memory;
}
