/* explain: state, why, what happened, what next, what to do. */
#include "cli/verbs.h"

#include <stdio.h>

static const char *const explain_formats[] = {
	[SHOW_TEXT] = "text",
	[SHOW_JSON] = "json",
	NULL,
};

const struct option_row explain_options[] = {
	COMMAND_CHOICE("format", "f", format, "text|json", explain_formats, "how to print it"),
	{ .name = NULL },
};

int
cmd_explain(const struct command *command, struct error *err)
{
	return container_explain(&command->host, command->id,
	    command->options.format == SHOW_JSON ? SHOW_JSON : SHOW_TEXT, stdout, err);
}
