/* help: what --help shows, of all or of one verb. */
#include "cli/verbs.h"

#include "cli/globals.h"
#include "cli/help.h"

#include <stdio.h>

int
cmd_help(const struct command *command, struct error *err)
{
	const struct verb *verb = NULL;

	if (command->word) {
		verb = verb_find(command->word, err);
		if (!verb)
			return -1;
	}
	if (verb)
		help_print_verb(verb, stdout);
	else
		help_print(global_options, stdout);
	return 0;
}
