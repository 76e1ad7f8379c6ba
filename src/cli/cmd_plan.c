/* plan: what a bundle becomes. Runs nothing and needs no rights. */
#include "cli/verbs.h"

#include "base/error.h"

#include <stdio.h>

static const char *const plan_formats[] = {
	[PLAN_TEXT] = "text",
	[PLAN_JSON] = "json",
	NULL,
};

const struct option_row plan_options[] = {
	COMMAND_TEXT(
	    "bundle", "b", container.bundle, "DIR", "the bundle (default: current directory)"),
	COMMAND_CHOICE("format", "f", format, "text|json", plan_formats, "how to print it"),
	COMMAND_TEXT("id", NULL, id, "ID", "plan for this container ID"),
	COMMAND_FLAG("no-pivot", NULL, container.no_pivot, "as for create"),
	COMMAND_FLAG("no-new-keyring", NULL, container.no_new_keyring, "as for create"),
	COMMAND_NUMBER("preserve-fds", NULL, container.preserve_fds, "N", "as for create"),
	{ .name = NULL },
};

int
cmd_plan(const struct command *command, struct error *err)
{
	struct container_options options = command->options.container;
	enum container_plan_format format =
	    command->options.format == PLAN_JSON ? PLAN_JSON : PLAN_TEXT;

	if (command->word && options.bundle)
		return error_set(err, "two bundles, \"%s\" and \"%s\": leave out one",
		    options.bundle, command->word);
	if (command->word)
		options.bundle = command->word;
	return container_plan(&command->host, command->options.id, &options, format, stdout, err);
}
