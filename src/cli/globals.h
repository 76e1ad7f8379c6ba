/* Global options: those before the verb. Pure. */
#ifndef OSLESS_CLI_GLOBALS_H
#define OSLESS_CLI_GLOBALS_H

#include "cli/options.h"

#include <stdint.h>
#include <sys/types.h>

struct container_host;
struct error;

struct globals {
	const char *root;
	const char *log;
	const char *criu;
	const char *policy;
	uint32_t log_format; /* enum log_format */
	uint32_t debug;
	uint32_t cgroup_manager; /* enum plan_cgroup_manager */
	uint32_t rootless;       /* enum container_rootless */
	uint32_t help;
	uint32_t version;
	char default_root[256];   /* where root points if not given */
	char default_policy[288]; /* the same for policy */
};

extern const struct option_row global_options[];

/* Who calls; defaults depend on it. */
struct caller {
	const char *program;     /* argv[0]: the policy's file is named after it */
	const char *runtime_dir; /* $XDG_RUNTIME_DIR; NULL = unset */
	uid_t uid;               /* effective */
	int in_userns;           /* root of a user namespace that is not the host's */
};

/* Reads the options in front of the verb and fills in the defaults. globals starts zeroed; its
 * strings point into words and itself. */
int globals_parse(
    struct globals *globals, const struct caller *caller, struct words *words, struct error *err);

/* The part that container/ wants. Its strings are those of globals. */
void globals_host(const struct globals *globals, struct container_host *host);

#endif
