/* The report for people and for programs. */
#ifndef OSLESS_POLICY_REPORT_PRINT_H
#define OSLESS_POLICY_REPORT_PRINT_H

#include "policy/report.h"

#include <stdio.h>

/* One line an entry: "stripped     process.terminal: true → none  (why)". */
void report_print_text(const struct report *report, FILE *out);

/* One JSON array of objects with kind, what, from, to, why (no newline at the end), indented by
 * depth tabs. */
void report_print_json(const struct report *report, unsigned depth, FILE *out);

#endif
