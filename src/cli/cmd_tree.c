/* tree: supervisors, workers, processes. */
#include "cli/verbs.h"

#include <stdio.h>

static const char *const tree_formats[] = {
	[SHOW_TEXT] = "text",
	[SHOW_JSON] = "json",
	NULL,
};

const struct option_row tree_options[] = {
	COMMAND_CHOICE("format", "f", format, "text|json", tree_formats, "how to print it"),
	{ .name = NULL },
};

int
cmd_tree(const struct command *command, struct error *err)
{
	return container_tree(&command->host, command->id,
	    command->options.format == SHOW_JSON ? SHOW_JSON : SHOW_TEXT, stdout, err);
}
