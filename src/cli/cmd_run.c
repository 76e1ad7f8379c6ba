/* run: create, start, wait, delete. Takes create's options besides its own. */
#include "cli/verbs.h"

const struct option_row run_options[] = {
	COMMAND_FLAG("detach", "d", container.detach, "return when the program has started"),
	COMMAND_FLAG("keep", NULL, container.keep, "do not delete the container afterwards"),
	{ .name = NULL },
};

int
cmd_run(const struct command *command, struct error *err)
{
	int status = 0;

	if (container_run(&command->host, command->id, &command->options.container, &status, err) <
	    0)
		return -1;
	return status;
}
