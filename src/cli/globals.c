/* The table, and defaults that depend on who calls. */
#include "cli/globals.h"

#include "base/error.h"
#include "base/log.h"
#include "container/container.h"
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

#define POLICY_DIR "/etc/osless"
#define ROOT_OF_ROOT "/run/osless"
#define NAME_LONGEST 255 /* NAME_MAX of Linux file systems */

static const char *const log_formats[] = {
	[LOG_TEXT] = "text",
	[LOG_JSON] = "json",
	NULL,
};

static const char *const cgroup_managers[] = {
	[PLAN_CGROUP_CGROUPFS] = "cgroupfs",
	[PLAN_CGROUP_SYSTEMD] = "systemd",
	[PLAN_CGROUP_DISABLED] = "disabled",
	NULL,
};

static const char *const rootless_words[] = {
	[CONTAINER_ROOTLESS_AUTO] = "auto",
	[CONTAINER_ROOTLESS_YES] = "true",
	[CONTAINER_ROOTLESS_NO] = "false",
	NULL,
};

#define GLOBAL(field) offsetof(struct globals, field)

_Static_assert(PLAN_CGROUP_CGROUPFS == 0 && PLAN_CGROUP_SYSTEMD == 1,
    "--systemd-cgroup's false and true are no cgroup managers");

const struct option_row global_options[] = {
	{ "root", NULL, OPTION_TEXT, GLOBAL(root), "DIR", NULL,
	    "where state is kept (default /run/osless)" },
	{ "log", NULL, OPTION_TEXT, GLOBAL(log), "FILE", NULL, "append errors to this file too" },
	{ "log-format", NULL, OPTION_CHOICE, GLOBAL(log_format), "text|json", log_formats,
	    "how the log file is written" },
	{ "debug", NULL, OPTION_FLAG, GLOBAL(debug), NULL, NULL, "log what is done" },
	{ "policy", NULL, OPTION_TEXT, GLOBAL(policy), "FILE", NULL,
	    "host policy (default /etc/osless/NAME.json)" },
	{ "cgroup-manager", NULL, OPTION_CHOICE, GLOBAL(cgroup_manager),
	    "cgroupfs|systemd|disabled", cgroup_managers, "who makes cgroups" },
	{ "systemd-cgroup", NULL, OPTION_FLAG, GLOBAL(cgroup_manager), NULL, NULL,
	    "same as --cgroup-manager systemd" },
	{ "rootless", NULL, OPTION_CHOICE, GLOBAL(rootless), "auto|true|false", rootless_words,
	    "leave cgroups out that may not be made (auto: for all but root)" },
	{ "criu", NULL, OPTION_TEXT, GLOBAL(criu), "PATH", NULL,
	    "taken for runc's callers, without effect" },
	{ "version", "v", OPTION_FLAG, GLOBAL(version), NULL, NULL, "show versions" },
	{ "help", "h", OPTION_FLAG, GLOBAL(help), NULL, NULL, "show this help" },
	{ .name = NULL },
};

/* Root's state is the machine's; another user's is kept where login made a directory for him
 * alone, never in a directory that others can write to. Who made himself root in a user namespace
 * (podman) still is that user; who finds himself in one without such a directory, in a container
 * say, has its /run. */
static int
default_root(struct globals *globals, const struct caller *caller, struct error *err)
{
	const char *runtime_dir = caller->runtime_dir;
	size_t size = sizeof(globals->default_root);
	int length;

	if (caller->uid == 0 && !(caller->in_userns && runtime_dir && *runtime_dir))
		length = snprintf(globals->default_root, size, "%s", ROOT_OF_ROOT);
	else if (runtime_dir && *runtime_dir)
		length = snprintf(globals->default_root, size, "%s/osless", runtime_dir);
	else
		length = snprintf(globals->default_root, size, "/run/user/%u/osless", caller->uid);
	if (length < 0 || (size_t)length >= size)
		return error_set(
		    err, "XDG_RUNTIME_DIR is too long for a state directory: use --root");
	globals->root = globals->default_root;
	return 0;
}

static int
default_policy(struct globals *globals, const char *program, struct error *err)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;

	if (!*name)
		name = "osless";
	if (strlen(name) > NAME_LONGEST)
		return error_set(err, "the program's name is longer than a file's name can be");
	(void)snprintf(globals->default_policy, sizeof(globals->default_policy),
	    POLICY_DIR "/%s.json", name); /* fits: checked above */
	return 0;
}

int
globals_parse(
    struct globals *globals, const struct caller *caller, struct words *words, struct error *err)
{
	static const struct option_row *const tables[] = { global_options, NULL };

	if (options_parse(tables, OPTIONS_FIRST, words, globals, "osless --help", err) < 0)
		return -1;
	if (!globals->root && default_root(globals, caller, err) < 0)
		return -1;
	if (!globals->policy && default_policy(globals, caller->program, err) < 0)
		return -1;
	return 0;
}

void
globals_host(const struct globals *globals, struct container_host *host)
{
	host->root = globals->root;
	host->policy_path = globals->policy ? globals->policy : globals->default_policy;
	host->policy_given = globals->policy != NULL;
	host->cgroup_manager = globals->cgroup_manager;
	host->rootless = globals->rootless;
}
