/* checkpoint and restore: engines know these verbs, so they get an answer of their own. */
#include "cli/verbs.h"

#include "base/error.h"

int
cmd_unsupported(const struct command *command, struct error *err)
{
	return error_set(err,
	    "%s is not supported: osless never freezes a program to disk; delete the container and "
	    "run it anew",
	    command->verb->name);
}
