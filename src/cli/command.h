/* A parsed command line: what cli.c hands to a verb. */
#ifndef OSLESS_CLI_COMMAND_H
#define OSLESS_CLI_COMMAND_H

#include "cli/options.h"
#include "container/container.h"

#include <stddef.h>
#include <stdint.h>

struct verb;

/* Options of exec that may stand there several times, and its own flags; the rest is where others
 * have it. */
struct command_exec {
	struct container_exec_options options;
	struct option_list env;
	struct option_list groups;
	struct option_list caps;
	struct option_list cgroups;
};

/* Options of update, as written. */
struct command_update {
	const char *resources;
	const char *blkio_weight;
	const char *cpu_burst;
	const char *cpu_idle;
	const char *cpu_period;
	const char *cpu_quota;
	const char *cpu_rt_period;
	const char *cpu_rt_runtime;
	const char *cpu_share;
	const char *cpuset_cpus;
	const char *cpuset_mems;
	const char *kernel_memory;
	const char *kernel_memory_tcp;
	const char *l3_cache_schema;
	const char *mem_bw_schema;
	const char *memory;
	const char *memory_reservation;
	const char *memory_swap;
	const char *pids_limit;
};

/* Where the options of all verbs go; a verb's own tables name the fields it has. */
struct command_options {
	struct container_options container; /* create, run, plan, spec */
	struct command_exec exec;           /* exec */
	struct command_update update;       /* update */
	const char *id;                     /* plan --id */
	uint32_t all;                       /* kill */
	uint32_t force;                     /* delete */
	uint32_t stats;                     /* events */
	uint32_t no_follow;                 /* events */
	const char *interval;               /* events */
	const char *trace;                  /* check */
	uint32_t quiet;                     /* list */
	uint32_t format;   /* list, plan, check, tree, explain, ps: index of the word */
	uint32_t tier;     /* check: index of the word */
	uint32_t rootless; /* spec */
	uint32_t ignored;  /* taken for runc's callers, without effect here */
	uint32_t help;
};

struct command {
	const struct verb *verb;
	struct container_host host;
	struct command_options options;
	const char *id;         /* verbs that need one; else NULL */
	const char *word;       /* the optional word (signal, bundle, verb); NULL = not given */
	const char *const *ids; /* verbs that take any number of them */
	size_t id_count;
	char **rest; /* exec, ps: what stands after the ID, as it stands, without a "--" */
	int rest_count;
};

#endif
