/* create: a container from a bundle, its program not yet running. */
#include "cli/verbs.h"

const struct option_row create_options[] = {
	COMMAND_TEXT(
	    "bundle", "b", container.bundle, "DIR", "the bundle (default: current directory)"),
	COMMAND_TEXT(
	    "pid-file", NULL, container.pid_file, "FILE", "write the first process's pid there"),
	COMMAND_TEXT("console-socket", NULL, container.console_socket, "SOCKET",
	    "refused: there are no terminals"),
	COMMAND_TEXT("pidfd-socket", NULL, container.pidfd_socket, "SOCKET",
	    "send a pidfd of the first process there"),
	COMMAND_FLAG(
	    "no-pivot", NULL, container.no_pivot, "enter the root by chroot (initramfs hosts)"),
	COMMAND_FLAG(
	    "no-new-keyring", NULL, container.no_new_keyring, "keep the caller's session keyring"),
	COMMAND_NUMBER("preserve-fds", NULL, container.preserve_fds, "N",
	    "pass on N file descriptors after stderr"),
	COMMAND_FLAG(
	    "no-subreaper", NULL, ignored, "taken for runc's and crun's callers, without effect"),
	{ .name = NULL },
};

int
cmd_create(const struct command *command, struct error *err)
{
	return container_create(&command->host, command->id, &command->options.container, err);
}
