/* Findings to one answer. Pure. */
#ifndef OSLESS_CHECK_VERDICT_H
#define OSLESS_CHECK_VERDICT_H

#include "check/finding.h"

enum verdict {
	VERDICT_WORKS,
	VERDICT_CHANGES, /* works with changes */
	VERDICT_FAILS,   /* will not run */
	VERDICT_UNCLEAR, /* what decides could not be looked at */
	VERDICTS,
};

/* The worst finding decides; what could not be seen counts less than what was seen to be refused.
 */
enum verdict verdict_of(const struct findings *findings);

/* "works", "works with changes", "will not run", "cannot tell". */
const char *verdict_word(enum verdict verdict);

/* 0, 2, 3, 4; 1 is a check that failed itself. */
int verdict_exit_status(enum verdict verdict);

#endif
