/* A check's answer, for people and for programs. */
#ifndef OSLESS_CONTAINER_CHECK_PRINT_H
#define OSLESS_CONTAINER_CHECK_PRINT_H

#include "check/judge.h"
#include "check/verdict.h"
#include "check/reach.h"

#include <stdio.h>

struct check_answer {
	const struct findings *findings;
	const struct reach *reach;
	const struct check_rules *rules;
	struct follow_args args; /* the command line that was checked first */
	enum verdict verdict;
	uint32_t trial_ms; /* 0: there was none */
};

void check_print_text(const struct check_answer *answer, FILE *out);
void check_print_json(const struct check_answer *answer, FILE *out);

#endif
