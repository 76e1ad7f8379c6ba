/* A plan as text for people or JSON for programs (`osless plan`). Driven by the same table as the
 * image. */
#ifndef OSLESS_PLAN_PRINT_H
#define OSLESS_PLAN_PRINT_H

#include "plan/plan.h"

#include <stdio.h>

/* Prints "key: value" lines, indented by nesting; what is not given is left out. */
void plan_print_text(const struct plan *plan, FILE *out);

/* Prints one JSON object (no newline at the end), indented by depth tabs. */
void plan_print_json(const struct plan *plan, unsigned depth, FILE *out);

#endif
