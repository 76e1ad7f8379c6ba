/* Help texts, printed from the tables. */
#ifndef OSLESS_CLI_HELP_H
#define OSLESS_CLI_HELP_H

#include <stdio.h>

struct option_row;
struct verb;

void help_print(const struct option_row *globals, FILE *out);
void help_print_verb(const struct verb *verb, FILE *out);

#endif
