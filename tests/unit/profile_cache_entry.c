/* The bytes of a cached profile: there and back, and every damage. */
#include "profile/cache_entry.h"

#include <stdlib.h>

#include "tests/unit/tap.h"

static const char key[] = "the key, of an odd length";
static const char *const first[] = { "read", "nope", "write" };
static const char *const second[] = { "nope", "also" };
static const struct bundle_rule rules[] = {
	{ .names = first, .names_count = 3 },
	{ .names = first, .names_count = 0 },
	{ .names = second, .names_count = 2 },
};
static const struct bundle_seccomp profile = { .rules = rules, .rules_count = 3 };

static unsigned char *
make_entry(size_t *size)
{
	struct sock_filter code[3] = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 6, 0, 0, 0x7fff0000 } };
	const char *unknown[] = { first[1], second[0], second[1] };
	struct bundle_filter filter = { code, 3, 2, unknown, 3 };
	unsigned char *entry = cache_entry_encode(key, sizeof(key), &profile, &filter, size);

	if (!entry)
		abort();
	return entry;
}

static const char *
decode(const void *entry, size_t size, struct bundle_filter *out)
{
	return cache_entry_decode(entry, size, key, sizeof(key), &profile, out);
}

static void
check_back(void)
{
	size_t size;
	unsigned char *entry = make_entry(&size);
	struct bundle_filter out;

	EQ_STR(decode(entry, size, &out), NULL, "there and back");
	EQ_INT(out.length, 3, "instructions");
	EQ_INT(out.flags, 2, "flags");
	EQ_INT(out.code[1].k, 8, "one of them");
	EQ_INT(out.unknown_count, 3, "unknown names");
	OK(out.unknown[0] == first[1] && out.unknown[1] == second[0] && out.unknown[2] == second[1],
	    "are the profile's own strings");
	bundle_filter_free(&out);
	free(entry);
}

static void
check_other_key(void)
{
	size_t size;
	unsigned char *entry = make_entry(&size);
	struct bundle_filter out;
	char other[sizeof(key)];

	memcpy(other, key, sizeof(key));
	other[0]++;
	EQ_STR(cache_entry_decode(entry, size, other, sizeof(key), &profile, &out),
	    "it is another profile's", "another key");
	EQ_STR(cache_entry_decode(entry, size, key, sizeof(key) - 1, &profile, &out),
	    "it is another profile's", "a shorter key");
	EQ_STR(cache_entry_decode(entry, size, key + 1, sizeof(key) - 1, &profile, &out),
	    "it is another profile's", "the key's end");
	OK(!out.code && !out.unknown, "out is empty");
	free(entry);
}

/* Copies of the exact size, so that a read beyond it shows under a sanitizer. */
static void
check_cut(void)
{
	size_t size, taken = 0;
	unsigned char *entry = make_entry(&size);
	struct bundle_filter out;

	for (size_t length = 0; length < size; length++) {
		unsigned char *cut = malloc(length ? length : 1);

		if (!cut)
			abort();
		memcpy(cut, entry, length);
		taken += decode(cut, length, &out) == NULL;
		free(cut);
	}
	EQ_INT(taken, 0, "no beginning of it is taken");
	entry = realloc(entry, size + 1);
	if (!entry)
		abort();
	entry[size] = 0;
	OK(decode(entry, size + 1, &out) != NULL, "nor more than it");
	free(entry);
}

static void
check_flips(void)
{
	size_t size, taken = 0;
	unsigned char *entry = make_entry(&size);
	struct bundle_filter out;

	for (size_t at = 0; at < size; at++)
		for (unsigned flip = 1; flip < 256; flip++) {
			entry[at] ^= (unsigned char)flip;
			taken += decode(entry, size, &out) == NULL;
			entry[at] ^= (unsigned char)flip;
		}
	EQ_INT(taken, 0, "no other byte anywhere is taken");
	EQ_STR(decode(entry, size, &out), NULL, "the entry itself is");
	bundle_filter_free(&out);
	free(entry);
}

/* Right sums, wrong content: the next lines of defence. */
static const char *
with_word(size_t offset, uint32_t word)
{
	size_t size;
	unsigned char *entry = make_entry(&size);
	struct bundle_filter out;
	const char *wrong;
	uint64_t sum;

	memcpy(entry + offset, &word, sizeof(word));
	sum = cache_entry_sum(entry + 8, size - 8);
	memcpy(entry, &sum, sizeof(sum));
	wrong = decode(entry, size, &out);
	OK(wrong || out.length, "out is whole");
	bundle_filter_free(&out);
	free(entry);
	return wrong;
}

static void
check_forged(void)
{
	size_t unknown = 32 + 3 * sizeof(struct sock_filter);

	EQ_STR(with_word(8, 1), "it is damaged", "another magic");
	EQ_STR(with_word(16, 4), "it is damaged", "more instructions than there are");
	EQ_STR(with_word(16, UINT32_MAX), "it is damaged", "far more");
	EQ_STR(with_word(20, UINT32_MAX), "it is damaged", "far more unknown names");
	EQ_STR(with_word(24, UINT32_MAX), "it is damaged", "a far longer key");
	EQ_STR(with_word(unknown, 5), "its names cannot be told", "a name that is not there");
	EQ_STR(with_word(unknown + 4, 1), "its names cannot be told", "a name twice");
	EQ_STR(with_word(28, 4), NULL, "other flags are taken");
}

static void
check_too_large(void)
{
	struct bundle_filter filter = { 0 };
	char *large = calloc(1, CACHE_ENTRY_MAX);
	size_t size;

	if (!large)
		abort();
	OK(!cache_entry_encode(large, CACHE_ENTRY_MAX, &profile, &filter, &size), "too large");
	free(large);
}

static void
check_no_filter(void)
{
	struct bundle_filter filter = { 0 }, out;
	struct sock_filter code = { 0 };
	unsigned char *entry;
	size_t size;

	filter.code = &code;
	entry = cache_entry_encode(key, sizeof(key), &profile, &filter, &size);
	EQ_STR(decode(entry, size, &out), "it holds no filter", "no instruction");
	free(entry);
}

int
main(void)
{
	check_back();
	check_other_key();
	check_cut();
	check_flips();
	check_forged();
	check_too_large();
	check_no_filter();
	DONE();
}
