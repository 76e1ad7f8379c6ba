/* Integers of the sizes that fields have: from JSON's digits to the struct and back. Pure. */
#ifndef OCISPEC_INTEGER_H
#define OCISPEC_INTEGER_H

#include "libocispec/tables.h"

enum ocispec_digits {
	DIGITS_FIT,
	DIGITS_NOT_WHOLE, /* a fraction or an exponent */
	DIGITS_OUTSIDE,   /* of the kind's range */
};

/* A number as JSON writes it, in text[0..length). bits: its value, negative ones as 64-bit two's
 * complement. */
enum ocispec_digits
ocispec_integer_parse(const char *text, size_t length, enum ocispec_kind kind, uint64_t *bits);

/* Puts bits where a member of this kind is. */
void ocispec_integer_store(void *where, enum ocispec_kind kind, uint64_t bits);

/* What was stored there. */
uint64_t ocispec_integer_load(const void *where, enum ocispec_kind kind);

/* Writes what is there as decimal digits; returns their number. */
size_t ocispec_integer_print(const void *where, enum ocispec_kind kind, char out[24]);

/* Bytes of a member of this kind. */
size_t ocispec_integer_size(enum ocispec_kind kind);

/* "an integer from 0 to 65535" */
const char *ocispec_integer_range(enum ocispec_kind kind);

#endif
