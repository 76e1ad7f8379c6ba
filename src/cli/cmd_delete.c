/* delete: remove a stopped container, or with force any. */
#include "cli/verbs.h"

const struct option_row delete_options[] = {
	COMMAND_FLAG("force", "f", force, "kill it first; a missing container is no error"),
	{ .name = NULL },
};

int
cmd_delete(const struct command *command, struct error *err)
{
	return container_delete(&command->host, command->id,
	    command->options.force ? DELETE_FORCE : DELETE_STOPPED, err);
}
