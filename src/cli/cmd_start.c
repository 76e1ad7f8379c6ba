/* start: run a created container's program. */
#include "cli/verbs.h"

int
cmd_start(const struct command *command, struct error *err)
{
	return container_start(&command->host, command->id, err);
}
