/* Reading documents of our own: what an unknown key is answered. */
#include "spec/own_document.h"

#include "spec/document.h"
#include "spec/words.h"

#include "base/error.h"

#include <ctype.h>
#include <stdio.h>

#define SHOWN_KEY 40

/* Room for the sentence about an unknown key. */
struct unknown_key {
	char sentence[192];
};

/* "modes, identity, tier": all fit. */
static void
list_keys(const char *const *known, size_t count, char *list, size_t size)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(list + used, size - used, "%s%s", i ? ", " : "", known[i]);
}

static const char *
refuse_unknown(void *context, const struct ocispec_table *table, const char *key, size_t length)
{
	struct unknown_key *unknown = context;
	const char *known[OCISPEC_FIELDS_MAX];
	char name[SHOWN_KEY + 1];
	char list[96];
	const char *nearest;

	for (size_t i = 0; i < table->count; i++)
		known[i] = table->fields[i].name;
	(void)snprintf(name, sizeof(name), "%.*s", (int)length, key); /* cut: it is shown, only */
	for (char *at = name; *at; at++)
		*at = iscntrl((unsigned char)*at) ? '?' : *at;
	list_keys(known, table->count, list, sizeof(list));
	nearest = words_nearest(name, known, table->count);
	if (nearest)
		(void)snprintf(unknown->sentence, sizeof(unknown->sentence),
		    "unknown key \"%s\": did you mean \"%s\"?", name, nearest); /* fits */
	else
		(void)snprintf(unknown->sentence, sizeof(unknown->sentence),
		    "unknown key \"%s\": there are %s", name, list); /* fits */
	return unknown->sentence;
}

int
own_document_read(const char *name, const char *text, size_t length,
    const struct ocispec_table *table, struct arena *arena, void *out, struct error *err)
{
	struct unknown_key sentence;
	const struct ocispec_unknown unknown = { refuse_unknown, &sentence };
	struct ocispec_memory memory = document_memory(arena);
	struct ocispec_error why;

	if (ocispec_read_table(text, length, table, &unknown, NULL, &memory, out, &why) < 0)
		return error_set(err, "%s: %s", name, why.text);
	return 0;
}
