/* The table of verbs. */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/nearest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row help_option[] = {
	COMMAND_FLAG("help", "h", help, "show this help"),
	{ .name = NULL },
};

const struct verb verbs[] = {
	{ "create", cmd_create, NEEDS_NEW_ID, "make a container from a bundle, ready to start",
	    { create_options, help_option } },
	{ "start", cmd_start, NEEDS_ID, "run a created container's program", { help_option } },
	{ "run", cmd_run, NEEDS_NEW_ID, "create, start, wait and delete in one",
	    { create_options, run_options, help_option } },
	{ "exec", cmd_exec, NEEDS_ID_TAKES_PROGRAM, "run one more program in a container",
	    { exec_options, help_option } },
	{ "state", cmd_state, NEEDS_ID, "print a container's state as JSON", { help_option } },
	{ "kill", cmd_kill, NEEDS_ID_TAKES_SIGNAL,
	    "send a signal to a container's program (TERM if none is named)",
	    { kill_options, help_option } },
	{ "pause", cmd_pause, NEEDS_ID, "stop all processes of a container until resume",
	    { help_option } },
	{ "resume", cmd_resume, NEEDS_ID, "let a paused container go on", { help_option } },
	{ "ps", cmd_ps, NEEDS_ID_TAKES_PS_OPTIONS, "list a container's processes",
	    { ps_options, help_option } },
	{ "update", cmd_update, NEEDS_ID, "change a container's limits",
	    { update_options, help_option } },
	{ "delete", cmd_delete, NEEDS_ID, "remove a stopped container",
	    { delete_options, help_option } },
	{ "list", cmd_list, NEEDS_NOTHING, "list the containers of this state directory",
	    { list_options, help_option } },
	{ "spec", cmd_spec, NEEDS_NOTHING, "write a config.json to start from",
	    { spec_options, help_option } },
	{ "features", cmd_features, NEEDS_NOTHING, "print what this runtime supports as JSON",
	    { help_option } },
	{ "plan", cmd_plan, TAKES_BUNDLE,
	    "show what a bundle becomes and what is stripped; run nothing",
	    { plan_options, help_option } },
	{ "check", cmd_check, TAKES_BUNDLE_AND_PROGRAM,
	    "say whether a bundle or root file system will run", { check_options, help_option } },
	{ "tree", cmd_tree, NEEDS_ID, "show a container's supervisors, workers and processes",
	    { tree_options, help_option } },
	{ "events", cmd_events, NEEDS_ID, "print what happens in a container, as lines of JSON",
	    { events_options, help_option } },
	{ "explain", cmd_explain, NEEDS_ID, "say why a container is as it is, and what to do",
	    { explain_options, help_option } },
	{ "metrics", cmd_metrics, TAKES_IDS, "print measurements in the OpenMetrics form",
	    { help_option } },
	{ "checkpoint", cmd_unsupported, TAKES_ANYTHING, "not supported", { NULL } },
	{ "restore", cmd_unsupported, TAKES_ANYTHING, "not supported", { NULL } },
	{ "help", cmd_help, TAKES_VERB, "show this help, or that of a verb", { help_option } },
	{ .name = NULL },
};

const struct verb_shape verb_shapes[VERB_WORDS_COUNT] = {
	[NEEDS_NOTHING] = { "", 0, 0, EXIT_FAILURE },
	[NEEDS_NEW_ID] = { "ID", 1, 1, EXIT_FAILURE },
	[NEEDS_ID] = { "ID", 1, 1, EXIT_FAILURE },
	[NEEDS_ID_TAKES_SIGNAL] = { "ID [SIGNAL]", 1, 2, EXIT_FAILURE },
	[NEEDS_ID_TAKES_PROGRAM] = { "ID [PROGRAM [ARGUMENT...]]", 1, INT_MAX, 255 },
	[NEEDS_ID_TAKES_PS_OPTIONS] = { "ID [PS-OPTION...]", 1, INT_MAX, EXIT_FAILURE },
	[TAKES_IDS] = { "[ID...]", 0, INT_MAX, EXIT_FAILURE },
	[TAKES_VERB] = { "[VERB]", 0, 1, EXIT_FAILURE },
	[TAKES_BUNDLE] = { "[BUNDLE]", 0, 1, EXIT_FAILURE },
	[TAKES_BUNDLE_AND_PROGRAM] = { "[BUNDLE|ROOTFS] [-- PROGRAM [ARGUMENT...]]", 0, INT_MAX,
	    EXIT_FAILURE },
	[TAKES_ANYTHING] = { "...", 0, 0, EXIT_FAILURE },
};

const struct verb *
verb_find(const char *name, struct error *err)
{
	struct nearest nearest;

	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	nearest_start(&nearest, name, strlen(name));
	for (const struct verb *verb = verbs; verb->name; verb++)
		nearest_offer(&nearest, verb->name);
	if (nearest.best)
		(void)error_set(err, "unknown verb \"%s\": did you mean %s? see osless --help",
		    name, nearest.best);
	else
		(void)error_set(err, "unknown verb \"%s\": see osless --help", name);
	return NULL; /* err says why */
}
