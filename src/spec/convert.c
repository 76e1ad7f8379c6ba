/* What all sections need: lists, refusals, and the list of what is not acted on. */
#include "spec/convert.h"

#include "base/arena.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_UNSUPPORTED 8u
#define PATH_MAX_BYTES 256

void *
convert_array(struct convert *c, size_t wanted, size_t size)
{
	void *items = NULL;

	if (wanted == 0)
		return NULL;
	items = arena_array(c->arena, wanted + 1, size); /* one more: the NULL after strings */
	if (!items)
		(void)convert_no_memory(c); /* always -1 */
	return items;
}

int
convert_strings(struct convert *c, const char *const *from, size_t from_count, const char ***items,
    uint64_t *count)
{
	PLAN_LIST(const char *) to;

	if (CONVERT_LIST(c, &to, from_count) < 0)
		return -1;
	for (size_t i = 0; i < from_count; i++)
		to.items[i] = from[i];
	*items = to.items;
	*count = to.count;
	return 0;
}

int
convert_pairs(struct convert *c, const ocispec_map *from, struct plan_pair **items, uint64_t *count)
{
	PLAN_LIST(struct plan_pair) to;

	if (CONVERT_LIST(c, &to, from->count) < 0)
		return -1;
	for (size_t i = 0; i < from->count; i++)
		to.items[i] = (struct plan_pair) { from->items[i].key, from->items[i].value };
	*items = to.items;
	*count = to.count;
	return 0;
}

const char *
convert_text(const char *text)
{
	return text && *text ? text : NULL;
}

int
convert_refuse(struct convert *c, const char *sentence, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, sentence);
	(void)vsnprintf(text, sizeof(text), sentence, args); /* a cut text is the best there is */
	va_end(args);
	return error_set(c->err, "%s: %s", c->name, text);
}

int
convert_no_memory(struct convert *c)
{
	return error_set(c->err, "%s: out of memory", c->name);
}

int
convert_refuse_word(struct convert *c, const char *path, const char *noun, const char *word,
    const struct words *known)
{
	const char *list = words_list(known, c->arena);

	if (!list)
		return convert_no_memory(c);
	return convert_refuse(
	    c, "%s: %s %s is not known: use %s", path, noun, convert_quote(c, word), list);
}

const char *
convert_quote(struct convert *c, const char *word)
{
	return words_quote(word, c->arena);
}

int
convert_refuse_relative(struct convert *c, const char *path, const char *value)
{
	return convert_refuse(c, "%s: %s is not an absolute path: let it begin with /", path,
	    convert_quote(c, value));
}

int
convert_unsupported(struct convert *c, const char *path, const char *why)
{
	__typeof__(c->spec->unsupported) *list = &c->spec->unsupported;
	struct spec_unsupported *larger;

	if (list->count == c->unsupported_room) {
		c->unsupported_room = list->count ? list->count * 2 : FIRST_UNSUPPORTED;
		larger = arena_array(c->arena, c->unsupported_room, sizeof(*larger));
		if (!larger)
			return convert_no_memory(c);
		if (list->count)
			memcpy(larger, list->items, list->count * sizeof(*larger));
		list->items = larger;
	}
	list->items[list->count++] = (struct spec_unsupported) { path, why };
	return 0;
}

const char *
convert_path(struct convert *c, const char *format, ...)
{
	char path[PATH_MAX_BYTES];
	const char *kept;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(path, sizeof(path), format, args); /* cut: only map keys can be long */
	va_end(args);
	kept = arena_strdup(c->arena, path);
	return kept ? kept : "";
}
