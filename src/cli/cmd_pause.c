/* pause: stop all processes of a container. */
#include "cli/verbs.h"

int
cmd_pause(const struct command *command, struct error *err)
{
	return container_pause(&command->host, command->id, err);
}
