/* events: what happens, as lines of JSON. Options are runc's, and --no-follow. */
#include "cli/verbs.h"

#include "cli/duration.h"

#include <stdio.h>

#define INTERVAL_MS 5000 /* runc's default */

const struct option_row events_options[] = {
	COMMAND_FLAG("stats", NULL, stats, "print the cgroup's statistics once, and end"),
	COMMAND_FLAG("no-follow", NULL, no_follow, "print what has happened so far, and end"),
	COMMAND_TEXT(
	    "interval", NULL, interval, "TIME", "between statistics: 500ms, 5s, 1m (default: 5s)"),
	{ .name = NULL },
};

int
cmd_events(const struct command *command, struct error *err)
{
	struct container_events_options options = {
		.stats = command->options.stats,
		.follow = !command->options.no_follow,
		.interval_ms = INTERVAL_MS,
	};

	if (command->options.interval &&
	    duration_parse(command->options.interval, &options.interval_ms, err) < 0)
		return -1;
	return container_events(&command->host, command->id, &options, stdout, err);
}
