/* check: will it run? Runs nothing unless asked to. */
#include "cli/verbs.h"

#include "base/error.h"
#include "cli/duration.h"

#include <stdio.h>

static const char *const check_formats[] = {
	[SHOW_TEXT] = "text",
	[SHOW_JSON] = "json",
	NULL,
};
static const char *const check_tiers[] = {
	[CHECK_TIER_POLICY] = "policy",
	[CHECK_TIER_GVISOR] = "gvisor",
	[CHECK_TIER_MINIMAL] = "minimal",
	NULL,
};

const struct option_row check_options[] = {
	COMMAND_TEXT("bundle", "b", container.bundle, "DIR",
	    "the bundle or root file system (default: current directory)"),
	COMMAND_CHOICE("format", "f", format, "text|json", check_formats, "how to print it"),
	COMMAND_CHOICE("tier", NULL, tier, "policy|gvisor|minimal", check_tiers,
	    "the system calls it will have (default: as policy says)"),
	COMMAND_TEXT("trace", NULL, trace, "DURATION",
	    "also run it so long, with nothing refused and all recorded"),
	{ .name = NULL },
};

/* The first word is the bundle, unless --bundle is given; the rest is the program. */
int
cmd_check(const struct command *command, struct error *err)
{
	size_t skip = !command->options.container.bundle && command->id_count > 0;
	struct container_check_options options = {
		.bundle = skip ? command->word : command->options.container.bundle,
		.args = { command->ids + skip, command->id_count - skip },
		.tier = command->options.tier,
		.format = command->options.format,
	};
	int status = 0;

	if (command->options.trace &&
	    duration_parse(command->options.trace, &options.trial_ms, err) < 0)
		return error_in(err, "--trace");
	if (container_check(&command->host, &options, stdout, &status, err) < 0)
		return -1;
	return status;
}
