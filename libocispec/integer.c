/* Integers: one row a kind says how large it is and what fits. */
#include "libocispec/integer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct range {
	size_t size;
	bool is_signed;
	uint64_t below; /* how far below 0 it reaches */
	uint64_t most;
	const char *words;
};

static const struct range ranges[] = {
	[KIND_INT32] = { 4, true, UINT64_C(1) << 31, INT32_MAX,
	    "an integer from -2147483648 to 2147483647" },
	[KIND_INT64] = { 8, true, UINT64_C(1) << 63, INT64_MAX,
	    "an integer from -9223372036854775808 to 9223372036854775807" },
	[KIND_UINT16] = { 2, false, 0, UINT16_MAX, "an integer from 0 to 65535" },
	[KIND_UINT32] = { 4, false, 0, UINT32_MAX, "an integer from 0 to 4294967295" },
	[KIND_UINT64] = { 8, false, 0, UINT64_MAX, "an integer from 0 to 18446744073709551615" },
};

/* yajl has checked the grammar: an optional minus, digits, then perhaps one of ".eE". */
enum ocispec_digits
ocispec_integer_parse(const char *text, size_t length, enum ocispec_kind kind, uint64_t *bits)
{
	bool negative = length > 0 && text[0] == '-';
	bool overflow = false;
	uint64_t value = 0;

	for (size_t i = negative; i < length; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit > 9)
			return DIGITS_NOT_WHOLE;
		overflow |= __builtin_mul_overflow(value, 10, &value);
		overflow |= __builtin_add_overflow(value, digit, &value);
	}
	if (overflow || value > (negative ? ranges[kind].below : ranges[kind].most))
		return DIGITS_OUTSIDE;
	*bits = negative ? -value : value;
	return DIGITS_FIT;
}

void
ocispec_integer_store(void *where, enum ocispec_kind kind, uint64_t bits)
{
	uint16_t bits16 = (uint16_t)bits;
	uint32_t bits32 = (uint32_t)bits;

	if (ranges[kind].size == sizeof(bits16))
		memcpy(where, &bits16, sizeof(bits16));
	else if (ranges[kind].size == sizeof(bits32))
		memcpy(where, &bits32, sizeof(bits32));
	else
		memcpy(where, &bits, sizeof(bits));
}

uint64_t
ocispec_integer_load(const void *where, enum ocispec_kind kind)
{
	uint16_t bits16;
	uint32_t bits32;
	uint64_t bits;

	if (ranges[kind].size == sizeof(bits16))
		return memcpy(&bits16, where, sizeof(bits16)), bits16;
	if (ranges[kind].size == sizeof(bits))
		return memcpy(&bits, where, sizeof(bits)), bits;
	memcpy(&bits32, where, sizeof(bits32));
	return ranges[kind].is_signed ? (uint64_t)(int32_t)bits32 : bits32;
}

size_t
ocispec_integer_print(const void *where, enum ocispec_kind kind, char out[24])
{
	uint64_t bits = ocispec_integer_load(where, kind);
	int length;

	if (ranges[kind].is_signed)
		length = snprintf(out, 24, "%" PRId64, (int64_t)bits);
	else
		length = snprintf(out, 24, "%" PRIu64, bits);
	return (size_t)length;
}

size_t
ocispec_integer_size(enum ocispec_kind kind)
{
	return ranges[kind].size;
}

const char *
ocispec_integer_range(enum ocispec_kind kind)
{
	return ranges[kind].words;
}
