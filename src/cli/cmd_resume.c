/* resume: let a paused container go on. */
#include "cli/verbs.h"

int
cmd_resume(const struct command *command, struct error *err)
{
	return container_resume(&command->host, command->id, err);
}
