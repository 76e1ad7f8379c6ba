#include "profile/canonical.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Raise it when bundle.c makes something else of the same profile. */
#define FORMAT 1

#define NO_STRING UINT64_MAX

/* A field that is added to one of these changes the outcome, so it belongs below as well; only the
 * listener's path and metadata are nothing to the compiler. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct bundle_seccomp) == 88, "all fields are below");
_Static_assert(sizeof(void *) != 8 || sizeof(struct bundle_rule) == 48, "all fields are below");
_Static_assert(sizeof(struct bundle_arg) == 24 + sizeof(void *), "all fields are below");

/* Goes through everything twice: counts first, then writes. */
struct sink {
	unsigned char *bytes; /* NULL while counting */
	size_t used;
};

static void
put(struct sink *sink, const void *data, size_t length)
{
	if (sink->bytes && length)
		memcpy(sink->bytes + sink->used, data, length);
	sink->used += length;
}

static void
put_number(struct sink *sink, uint64_t number)
{
	put(sink, &number, sizeof(number));
}

static void
put_string(struct sink *sink, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	put_number(sink, text ? length : NO_STRING);
	put(sink, text, length);
}

static void
put_strings(struct sink *sink, const char *const *list, size_t count)
{
	put_number(sink, count);
	for (size_t i = 0; i < count; i++)
		put_string(sink, list[i]);
}

static void
put_arg(struct sink *sink, const struct bundle_arg *arg)
{
	put_number(sink, arg->index);
	put_number(sink, arg->value);
	put_number(sink, arg->value_two);
	put_string(sink, arg->op);
}

static void
put_rule(struct sink *sink, const struct bundle_rule *rule)
{
	put_strings(sink, rule->names, rule->names_count);
	put_string(sink, rule->action);
	put_number(sink, (uint64_t)rule->has_errno);
	put_number(sink, rule->errnum);
	put_number(sink, rule->args_count);
	for (size_t i = 0; i < rule->args_count; i++)
		put_arg(sink, &rule->args[i]);
}

static void
put_seccomp(struct sink *sink, const struct bundle_seccomp *seccomp)
{
	put_number(sink, seccomp->foreign);
	put_string(sink, seccomp->default_action);
	put_number(sink, (uint64_t)seccomp->has_default_errno);
	put_number(sink, seccomp->default_errno);
	put_strings(sink, seccomp->flags, seccomp->flags_count);
	put_strings(sink, seccomp->architectures, seccomp->architectures_count);
	put_number(sink, seccomp->listener_path != NULL);
	put_number(sink, seccomp->rules_count);
	for (size_t i = 0; i < seccomp->rules_count; i++)
		put_rule(sink, &seccomp->rules[i]);
}

static void
put_maker(struct sink *sink, const struct canonical_maker *maker)
{
	put_number(sink, FORMAT);
	put_string(sink, maker->version);
	put_string(sink, maker->commit);
	put_string(sink, maker->kernel);
	put(sink, maker->libseccomp, sizeof(maker->libseccomp));
	put(sink, &maker->arch, sizeof(maker->arch));
}

void *
canonical_bytes(
    const struct bundle_seccomp *seccomp, const struct canonical_maker *maker, size_t *length)
{
	struct sink sink = { 0 };

	put_maker(&sink, maker);
	put_seccomp(&sink, seccomp);
	if (sink.used > CANONICAL_MAX) {
		errno = EFBIG;
		return NULL;
	}
	*length = sink.used;
	sink = (struct sink) { .bytes = malloc(sink.used) };
	if (!sink.bytes)
		return NULL;
	put_maker(&sink, maker);
	put_seccomp(&sink, seccomp);
	return sink.bytes;
}
