/* kill: a signal to a container's program. */
#include "cli/signals.h"
#include "cli/verbs.h"

const struct option_row kill_options[] = {
	COMMAND_FLAG("all", "a", all, "send it to every process of the container"),
	{ .name = NULL },
};

int
cmd_kill(const struct command *command, struct error *err)
{
	int number = signal_parse(command->word ? command->word : "TERM", err);

	if (number < 0)
		return -1;
	return container_kill(
	    &command->host, command->id, number, command->options.all ? KILL_ALL : KILL_INIT, err);
}
