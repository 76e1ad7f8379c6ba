/* metrics: OpenMetrics text of some containers, or of all. */
#include "cli/verbs.h"

#include <stdio.h>

int
cmd_metrics(const struct command *command, struct error *err)
{
	return container_metrics(&command->host, command->ids, command->id_count, stdout, err);
}
