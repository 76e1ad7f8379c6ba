/* Functions that programs import and what they come to: system calls, or a concern of their own.
 * Data only. Calls that every program makes (read, ioctl ...) are not in it: only what a tier may
 * refuse or pretend. Names that libc gives another meaning than the call's (syslog) are left out.
 */
#ifndef OSLESS_CHECK_IMPORTS_H
#define OSLESS_CHECK_IMPORTS_H

#include "check/finding.h"

#define IMPORT_CALLS_MAX 2

struct import {
	const char *name;
	const char *calls[IMPORT_CALLS_MAX]; /* as the profile's table spells them; NULL = none */
	enum finding_kind concern;           /* FINDING_REFUSED_CALL: what the calls' classes say */
};

/* NULL: of no concern. */
const struct import *import_find(const char *name);

/* All rows, ascending by name; NULL beyond the last. For tests. */
const struct import *import_row(size_t index);

/* What to do where a call is refused; NULL where there is nothing better than doing without. */
const char *import_cure(const char *call);

#endif
