#include "profile/cache_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x314543434153534fULL /* "OSSACCE1" */
#define INSTRUCTIONS_MAX 4096u      /* BPF_MAXINSNS */

struct header {
	uint64_t sum;
	uint64_t magic;
	uint32_t instructions;
	uint32_t unknown;
	uint32_t key;
	uint32_t flags;
};

_Static_assert(sizeof(struct header) == 32, "no gaps: all of it is summed");
_Static_assert(sizeof(struct sock_filter) == 8, "instructions are stored as the kernel has them");

/* Each step can be undone given the word, so that a changed word always changes the sum. */
static uint64_t
mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ (sum >> 32);
}

uint64_t
cache_entry_sum(const void *data, size_t length)
{
	const unsigned char *at = data;
	uint64_t sum = mix(0, length), word;

	for (; length >= sizeof(word); at += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum = mix(sum, word);
	}
	word = 0;
	memcpy(&word, at, length);
	return mix(sum, word);
}

static uint64_t
sum_of(const void *entry, size_t size)
{
	size_t from = offsetof(struct header, magic);

	return cache_entry_sum((const char *)entry + from, size - from);
}

static size_t
whole_size(const struct header *header)
{
	return sizeof(*header) + (size_t)header->instructions * sizeof(struct sock_filter) +
	       (size_t)header->unknown * sizeof(uint32_t) + header->key;
}

/* The name after *rule, *name in the order of rules; NULL at the end. */
static const char *
next_name(const struct bundle_seccomp *seccomp, size_t *rule, size_t *name)
{
	while (*rule < seccomp->rules_count && *name >= seccomp->rules[*rule].names_count) {
		(*rule)++;
		*name = 0;
	}
	return *rule < seccomp->rules_count ? seccomp->rules[*rule].names[(*name)++] : NULL;
}

/* filter->unknown are some of the rules' names, in their order. */
static void
write_unknown(
    const struct bundle_seccomp *seccomp, const struct bundle_filter *filter, unsigned char *to)
{
	size_t rule = 0, name = 0, found = 0;
	const char *text;

	for (uint32_t at = 0; (text = next_name(seccomp, &rule, &name)); at++) {
		if (found == filter->unknown_count || filter->unknown[found] != text)
			continue;
		memcpy(to + found * sizeof(at), &at, sizeof(at));
		found++;
	}
}

void *
cache_entry_encode(const void *key, size_t key_length, const struct bundle_seccomp *seccomp,
    const struct bundle_filter *filter, size_t *size)
{
	struct header header = {
		.magic = MAGIC,
		.instructions = filter->length,
		.unknown = (uint32_t)filter->unknown_count,
		.key = (uint32_t)key_length,
		.flags = filter->flags,
	};
	size_t code = filter->length * sizeof(*filter->code);
	unsigned char *entry;

	*size = whole_size(&header);
	errno = EFBIG;
	entry = *size > CACHE_ENTRY_MAX ? NULL : malloc(*size);
	if (!entry)
		return NULL;
	memcpy(entry + sizeof(header), filter->code, code);
	write_unknown(seccomp, filter, entry + sizeof(header) + code);
	memcpy(entry + *size - key_length, key, key_length);
	memcpy(entry, &header, sizeof(header));
	header.sum = sum_of(entry, *size);
	memcpy(entry, &header, sizeof(header));
	return entry;
}

/* from: their numbers, which must go up. */
static int
read_unknown(
    const struct bundle_seccomp *seccomp, const unsigned char *from, struct bundle_filter *out)
{
	size_t rule = 0, name = 0, found = 0;
	const char *text;
	uint32_t wanted;

	for (uint32_t at = 0; found < out->unknown_count; at++) {
		text = next_name(seccomp, &rule, &name);
		if (!text)
			return -1;
		memcpy(&wanted, from + found * sizeof(wanted), sizeof(wanted));
		if (wanted == at)
			out->unknown[found++] = text;
	}
	return 0;
}

static const char *
check(
    const void *entry, size_t size, const struct header *header, const void *key, size_t key_length)
{
	if (header->magic != MAGIC || whole_size(header) != size ||
	    header->sum != sum_of(entry, size))
		return "it is damaged";
	if (header->instructions == 0 || header->instructions > INSTRUCTIONS_MAX)
		return "it holds no filter";
	if (header->key != key_length ||
	    memcmp((const char *)entry + size - key_length, key, key_length) != 0)
		return "it is another profile's";
	return NULL;
}

const char *
cache_entry_decode(const void *entry, size_t size, const void *key, size_t key_length,
    const struct bundle_seccomp *seccomp, struct bundle_filter *out)
{
	const unsigned char *code = (const unsigned char *)entry + sizeof(struct header);
	struct header header;
	const char *wrong;
	size_t bytes;

	*out = (struct bundle_filter) { 0 };
	if (size < sizeof(header))
		return "it is cut off";
	memcpy(&header, entry, sizeof(header));
	wrong = check(entry, size, &header, key, key_length);
	if (wrong)
		return wrong;
	bytes = header.instructions * sizeof(*out->code);
	out->code = malloc(bytes);
	out->unknown = header.unknown ? calloc(header.unknown, sizeof(*out->unknown)) : NULL;
	out->unknown_count = header.unknown;
	out->length = (unsigned short)header.instructions;
	out->flags = header.flags;
	if (out->code && (out->unknown || !header.unknown) &&
	    read_unknown(seccomp, code + bytes, out) == 0) {
		memcpy(out->code, code, bytes);
		return NULL;
	}
	bundle_filter_free(out);
	return "its names cannot be told";
}
