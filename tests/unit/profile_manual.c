/* man/osless-syscalls.7, which is kept in git, is what the table makes of itself. */
#include "profile/manual.h"

#include <stdlib.h>

#include "tests/unit/tap.h"

/* Unit tests run in the source directory. */
#define PAGE "man/osless-syscalls.7"

int
main(void)
{
	char want[512], got[512], *text = NULL;
	size_t length = 0;
	FILE *made = open_memstream(&text, &length), *page = fopen(PAGE, "re");
	int line = 0, same = 1;

	if (!page || !made) {
		perror(PAGE);
		return 1;
	}
	manual_write(made);
	(void)fclose(made);
	made = fmemopen(text, length, "r");
	while (made && same && fgets(want, sizeof(want), made)) {
		line++;
		same = fgets(got, sizeof(got), page) && strcmp(got, want) == 0;
	}
	OK(same, "the page is the table's: otherwise run `make manual`");
	if (!same)
		printf("#   line %d: want %s", line, want);
	OK(!fgets(got, sizeof(got), page), "and has no more");
	OK(line > 400, "a page of some length");
	(void)fclose(page); /* only read */
	if (made)
		(void)fclose(made);
	free(text);
	DONE();
}
