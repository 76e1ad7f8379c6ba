/* Words to typed values. They come from osless of the same build: what is wrong with them is a
 * mistake of ours, or a value of an annotation that is too large for its type. */
#include "systemd/words.h"

#include "base/error.h"
#include "base/file.h"
#include "plan/unit_exchange.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int
words_read(int fd, struct words *words, struct error *err)
{
	*words = (struct words) { 0 };
	words->text = file_read_fd(fd, "the request", UNIT_WORDS_MAX, &words->length, err);
	if (!words->text)
		return -1;
	if (words->length && words->text[words->length - 1] == '\0')
		return 0;
	words_free(words);
	return error_set(err, "the request does not end in a word");
}

void
words_free(struct words *words)
{
	free(words->text);
	*words = (struct words) { 0 };
}

const char *
words_next(struct words *words)
{
	const char *word = words->text + words->at;

	if (words->at >= words->length)
		return NULL;
	words->at += strlen(word) + 1;
	return word;
}

/* ----------------------------------------------------------------------------- values */

/* All of these return what sd-bus does: a negative errno on failure. */
static int
append_number(sd_bus_message *message, char type, const char *word)
{
	uint64_t wide =
	    *word == '-' ? (uint64_t)strtoll(word, NULL, 10) : (uint64_t)strtoull(word, NULL, 10);
	uint32_t quarter = (uint32_t)wide;
	uint16_t small = (uint16_t)wide;
	uint8_t byte = (uint8_t)wide;

	switch (type) {
	case 'y':
		return sd_bus_message_append_basic(message, type, &byte);
	case 'n':
	case 'q':
		return sd_bus_message_append_basic(message, type, &small);
	case 'i':
	case 'u':
		return sd_bus_message_append_basic(message, type, &quarter);
	case 'x':
	case 't':
		return sd_bus_message_append_basic(message, type, &wide);
	default:
		return -EINVAL;
	}
}

static int
append_basic(sd_bus_message *message, char type, const char *word)
{
	int flag = word && strcmp(word, "true") == 0;
	double number;

	if (!word)
		return -EINVAL;
	switch (type) {
	case 's':
		return sd_bus_message_append_basic(message, type, word);
	case 'b':
		return sd_bus_message_append_basic(message, type, &flag);
	case 'd':
		number = strtod(word, NULL);
		return sd_bus_message_append_basic(message, type, &number);
	default:
		return append_number(message, type, word);
	}
}

/* An item of an array: of one basic type, or a struct of such. */
static int
append_item(struct words *words, sd_bus_message *message, const char *item)
{
	size_t members = strlen(item);
	char inner[16];
	int result;

	if (*item != '(')
		return append_basic(message, *item, words_next(words));
	if (members < 3 || members - 2 >= sizeof(inner))
		return -EINVAL;
	memcpy(inner, item + 1, members - 2);
	inner[members - 2] = '\0';
	result = sd_bus_message_open_container(message, SD_BUS_TYPE_STRUCT, inner);
	for (size_t i = 0; result >= 0 && inner[i]; i++)
		result = append_basic(message, inner[i], words_next(words));
	return result < 0 ? result : sd_bus_message_close_container(message);
}

static int
append_array(struct words *words, sd_bus_message *message, const char *item)
{
	const char *count = words_next(words);
	int result =
	    count ? sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, item) : -EINVAL;

	for (unsigned long i = count ? strtoul(count, NULL, 10) : 0; result >= 0 && i > 0; i--)
		result = append_item(words, message, item);
	return result < 0 ? result : sd_bus_message_close_container(message);
}

static int
append_property(struct words *words, sd_bus_message *message, const char *name, const char *type)
{
	int result = sd_bus_message_open_container(message, SD_BUS_TYPE_STRUCT, "sv");

	if (result >= 0)
		result = sd_bus_message_append_basic(message, 's', name);
	if (result >= 0)
		result = sd_bus_message_open_container(message, SD_BUS_TYPE_VARIANT, type);
	if (result >= 0)
		result = *type == 'a' ? append_array(words, message, type + 1)
				      : append_basic(message, *type, words_next(words));
	if (result >= 0)
		result = sd_bus_message_close_container(message);
	return result < 0 ? result : sd_bus_message_close_container(message);
}

int
words_append_properties(struct words *words, sd_bus_message *message, struct error *err)
{
	int result = sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "(sv)");
	const char *name = NULL;

	while (result >= 0 && (name = words_next(words))) {
		const char *type = words_next(words);

		result = type ? append_property(words, message, name, type) : -EINVAL;
	}
	if (result >= 0)
		result = sd_bus_message_close_container(message);
	return result < 0 ? error_num(err, -result, "unit property %s", name ? name : "list") : 0;
}
