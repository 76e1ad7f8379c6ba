/* Which known word a mistyped one gets. */
#include "base/nearest.h"

#include "cli/verbs.h"
#include "tests/unit/tap.h"

static const char *
nearest_verb(const char *word)
{
	struct nearest nearest;

	nearest_start(&nearest, word, strlen(word));
	for (const struct verb *verb = verbs; verb->name; verb++)
		nearest_offer(&nearest, verb->name);
	return nearest.best;
}

int
main(void)
{
	EQ_STR(nearest_verb("strat"), "start", "two letters swapped");
	EQ_STR(nearest_verb("creat"), "create", "a letter missing");
	EQ_STR(nearest_verb("deleete"), "delete", "a letter too many");
	EQ_STR(nearest_verb("lisp"), "list", "a letter wrong");
	EQ_STR(nearest_verb("ru"), "run", "a letter missing of a short word");
	EQ_STR(nearest_verb("rm"), NULL, "two letters of a short word");
	EQ_STR(nearest_verb("lick"), NULL, "two letters of four");
	EQ_STR(nearest_verb("dleet"), NULL, "two letters of five");
	EQ_STR(nearest_verb("detele"), "delete", "two letters of six");
	EQ_STR(nearest_verb("frobnicate"), NULL, "near to none");
	EQ_STR(nearest_verb(""), NULL, "nothing");
	EQ_STR(
	    nearest_verb("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    NULL, "longer than any");
	DONE();
}
