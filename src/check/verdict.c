/* The worst of all. */
#include "check/verdict.h"

static const char *const words[VERDICTS] = {
	[VERDICT_WORKS] = "works",
	[VERDICT_CHANGES] = "works with changes",
	[VERDICT_FAILS] = "will not run",
	[VERDICT_UNCLEAR] = "cannot tell",
};

static const int statuses[VERDICTS] = {
	[VERDICT_WORKS] = 0,
	[VERDICT_CHANGES] = 2,
	[VERDICT_FAILS] = 3,
	[VERDICT_UNCLEAR] = 4,
};

static const enum verdict by_severity[FINDING_SEVERITIES] = {
	[FINDING_NOTE] = VERDICT_WORKS,
	[FINDING_UNSEEN] = VERDICT_UNCLEAR,
	[FINDING_REFUSED] = VERDICT_CHANGES,
	[FINDING_FATAL] = VERDICT_FAILS,
};

enum verdict
verdict_of(const struct findings *findings)
{
	enum finding_severity worst = FINDING_NOTE;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity > worst)
			worst = findings->items[i].severity;
	return by_severity[worst];
}

const char *
verdict_word(enum verdict verdict)
{
	return words[verdict];
}

int
verdict_exit_status(enum verdict verdict)
{
	return statuses[verdict];
}
