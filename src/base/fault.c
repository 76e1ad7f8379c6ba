/* Which row is to fail. */
#include "base/fault.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#ifdef OSLESS_FAULT_INJECTION

const char *
fault_wanted(void)
{
	return getenv("OSLESS_FAIL");
}

#else

const char *
fault_wanted(void)
{
	return NULL;
}

#endif

int
fault_check(const char *fault, const char *table, const char *row, struct error *err)
{
	size_t length = strlen(table);

	if (!fault || strncmp(fault, table, length) != 0 || fault[length] != ':' ||
	    strcmp(fault + length + 1, row) != 0)
		return 0;
	return error_set(err, "injected failure");
}
