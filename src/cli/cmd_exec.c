/* exec: one more program in a container. */
#include "cli/verbs.h"

const struct option_row exec_options[] = {
	COMMAND_TEXT("process", "p", exec.options.process, "FILE",
	    "run what this process document (JSON) says"),
	COMMAND_FLAG("detach", "d", exec.options.detach, "return when the program has started"),
	COMMAND_TEXT("pid-file", NULL, exec.options.pid_file, "FILE", "write its pid there"),
	COMMAND_TEXT("console-socket", NULL, exec.options.console_socket, "SOCKET",
	    "refused: there are no terminals"),
	COMMAND_FLAG("tty", "t", exec.options.tty, "stripped: there are no terminals"),
	COMMAND_TEXT("cwd", NULL, exec.options.cwd, "DIR", "its working directory"),
	COMMAND_LIST("env", "e", exec.env, "NAME=VALUE", "set a variable; can be repeated"),
	COMMAND_TEXT("user", "u", exec.options.user, "UID[:GID]", "who it asks to be"),
	COMMAND_LIST("additional-gids", "g", exec.groups, "GID", "one more group; can be repeated"),
	COMMAND_LIST("cap", "c", exec.caps, "CAPABILITY",
	    "one more capability, if the container has it; can be repeated"),
	COMMAND_TEXT("apparmor", NULL, exec.options.apparmor, "PROFILE",
	    "confine it, where the container has no profile of its own"),
	COMMAND_TEXT("process-label", NULL, exec.options.process_label, "LABEL",
	    "its SELinux label, where the container has none"),
	COMMAND_FLAG("no-new-privs", NULL, exec.options.no_new_privs,
	    "set-id bits and file capabilities are inert"),
	COMMAND_NUMBER("preserve-fds", NULL, exec.options.preserve_fds, "N",
	    "pass on N file descriptors after stderr"),
	COMMAND_LIST("cgroup", NULL, exec.cgroups, "[CONTROLLER:]PATH",
	    "run in this cgroup below the container's own"),
	COMMAND_FLAG("ignore-paused", NULL, exec.options.ignore_paused,
	    "in a paused container wait until it is resumed"),
	COMMAND_TEXT("pidfd-socket", NULL, exec.options.pidfd_socket, "SOCKET",
	    "send a pidfd of the process there"),
	{ .name = NULL },
};

static struct container_words
words_of(const struct option_list *list)
{
	return (struct container_words) { list->items, list->count };
}

int
cmd_exec(const struct command *command, struct error *err)
{
	const struct command_exec *given = &command->options.exec;
	struct container_exec_options options = given->options;
	int status = 0;

	options.args.items = (const char *const *)command->rest;
	options.args.count = (uint64_t)command->rest_count;
	options.env = words_of(&given->env);
	options.groups = words_of(&given->groups);
	options.caps = words_of(&given->caps);
	options.cgroups = words_of(&given->cgroups);
	if (container_exec(&command->host, command->id, &options, &status, err) < 0)
		return -1;
	return status;
}
