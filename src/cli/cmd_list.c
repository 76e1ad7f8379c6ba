/* list: the containers under --root. */
#include "cli/verbs.h"

#include <stdio.h>

static const char *const list_formats[] = {
	[LIST_TABLE] = "table",
	[LIST_JSON] = "json",
	NULL,
};

const struct option_row list_options[] = {
	COMMAND_CHOICE("format", "f", format, "table|json", list_formats, "how to print them"),
	COMMAND_FLAG("quiet", "q", quiet, "print only the IDs"),
	{ .name = NULL },
};

static enum container_list_format
list_format(const struct command_options *options)
{
	if (options->quiet)
		return LIST_QUIET;
	return options->format == LIST_JSON ? LIST_JSON : LIST_TABLE;
}

int
cmd_list(const struct command *command, struct error *err)
{
	return container_list(&command->host, list_format(&command->options), stdout, err);
}
