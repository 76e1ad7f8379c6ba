/* ps: the processes of a container. */
#include "cli/verbs.h"

#include <stdio.h>

static const char *const ps_formats[] = {
	[PS_TABLE] = "table",
	[PS_JSON] = "json",
	NULL,
};

const struct option_row ps_options[] = {
	COMMAND_CHOICE("format", "f", format, "table|json", ps_formats,
	    "ps' own lines, or a list of the host's pids"),
	{ .name = NULL },
};

int
cmd_ps(const struct command *command, struct error *err)
{
	const struct container_words options = {
		(const char *const *)command->rest,
		(uint64_t)command->rest_count,
	};

	return container_ps(&command->host, command->id,
	    command->options.format == PS_JSON ? PS_JSON : PS_TABLE, &options, stdout, err);
}
