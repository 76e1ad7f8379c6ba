/* Limits on the command line. Pure. */
#ifndef OSLESS_CLI_AMOUNT_H
#define OSLESS_CLI_AMOUNT_H

#include <stdint.h>

struct error;

enum amount_kind {
	AMOUNT_NUMBER, /* 0 and more */
	AMOUNT_LIMIT,  /* the same, or -1: none */
	AMOUNT_BYTES,  /* a limit; a letter multiplies it: 512k, 64m, 2g, 1t */
	AMOUNT_TO_32,  /* a number that 32 bits hold */
	AMOUNT_SWITCH, /* 0 or 1 */
};

/* -1: err, which says what would be right. */
int amount_parse(const char *word, enum amount_kind kind, int64_t *amount, struct error *err);

#endif
