/* state: a container's OCI state. */
#include "cli/verbs.h"

#include <stdio.h>

int
cmd_state(const struct command *command, struct error *err)
{
	return container_state(&command->host, command->id, stdout, err);
}
