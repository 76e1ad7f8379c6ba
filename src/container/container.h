/* The host side of each verb. cli/ calls these and nothing else of this folder; each takes words
 * already parsed, does its work in the order that its table of steps shows, and leaves nothing
 * behind when it fails.
 *
 * All take the runtime's state root ("/run/osless" or --root) and the container's ID, and check the
 * ID's form first. */
#ifndef OSLESS_CONTAINER_CONTAINER_H
#define OSLESS_CONTAINER_CONTAINER_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct error;
struct plan_resources;

/* Whether cgroups that the caller may not make are left out, instead of being an error. */
enum container_rootless {
	CONTAINER_ROOTLESS_AUTO, /* unless the caller is the host's root */
	CONTAINER_ROOTLESS_YES,
	CONTAINER_ROOTLESS_NO,
};

/* What the global options say. */
struct container_host {
	const char *root;        /* --root: where state directories are */
	const char *policy_path; /* --policy FILE, else /etc/osless/NAME.json */
	uint32_t policy_given;   /* 1: --policy was given, so the file must exist */
	uint32_t cgroup_manager; /* enum plan_cgroup_manager */
	uint32_t rootless;       /* enum container_rootless */
};

/* Options of create and run. */
struct container_options {
	const char *bundle;         /* NULL: the current directory */
	const char *pid_file;       /* NULL: none */
	const char *console_socket; /* always refused, with the cure */
	const char *pidfd_socket;   /* NULL: none */
	uint32_t no_pivot;
	uint32_t no_new_keyring;
	uint32_t
	    preserve_fds; /* --preserve-fds N; LISTEN_FDS is read from the environment besides */
	uint32_t detach;  /* run: return when the payload has started */
	uint32_t keep;    /* run: do not delete afterwards */
};

/* Words of a repeatable option, and of a command line. */
struct container_words {
	const char *const *items;
	uint64_t count;
};

/* Options of exec. */
struct container_exec_options {
	const char *process; /* document with the whole process; NULL: args and what follows */
	struct container_words args;
	struct container_words env;    /* NAME=value: over the container's */
	struct container_words groups; /* numbers: --additional-gids */
	struct container_words caps;   /* CAP_*: besides the container's process' own */
	const char *cwd;               /* NULL: the container's, as the next */
	const char *user;              /* UID or UID:GID */
	const char *apparmor;
	const char *process_label;
	uint32_t no_new_privs;
	uint32_t tty;

	struct container_words cgroups; /* PATH, or CONTROLLER[,CONTROLLER]:PATH below its own */
	const char *pid_file;
	const char *pidfd_socket;
	const char *console_socket; /* always refused, with the cure */
	uint32_t preserve_fds;
	uint32_t ignore_paused;
	uint32_t detach;
};

/* Where another version of osless made the container, and its program is kept beside the state,
 * runs that in this one's place, with the words that this one was called with: it then does not
 * return. 0: the verb is for this program to do. -1: err. For verbs on one container that is there.
 */
int container_run_kept(
    const struct container_host *host, const char *id, char *const argv[], struct error *err);

/* One more process in a created or running container. *status gets its exit status, as from
 * container_run. */
int container_exec(const struct container_host *host, const char *id,
    const struct container_exec_options *options, int *status, struct error *err);

int container_create(const struct container_host *host, const char *id,
    const struct container_options *options, struct error *err);

int container_start(const struct container_host *host, const char *id, struct error *err);

/* create, start, and unless detached: wait, pass signals on, delete. *status gets the payload's
 * exit status (128 + n for a signal); 0 when detached. */
int container_run(const struct container_host *host, const char *id,
    const struct container_options *options, int *status, struct error *err);

/* number: 0 (is it running?) to 64. KILL_ALL: to every process of the container. */
enum container_kill_whom { KILL_INIT, KILL_ALL };
int container_kill(const struct container_host *host, const char *id, int number,
    enum container_kill_whom whom, struct error *err);

/* Freezes a created or running container with all its processes; thaws it. -1 as well where it is
 * already as asked. */
int container_pause(const struct container_host *host, const char *id, struct error *err);
int container_resume(const struct container_host *host, const char *id, struct error *err);

/* Options of update. */
struct container_update_options {
	const char *resources; /* file with a LinuxResources document; "-": stdin; NULL: none */
	const struct plan_resources *limits; /* over the document's; zero is unset; NULL: none */
	const char *l3_cache_schema;         /* of linux.intelRdt, as the next; NULL: unset */
	const char *mem_bw_schema;
};

/* Changes limits of a container that is not stopped: all that are asked for, or none. Device rules
 * stay as they are. */
int container_update(const struct container_host *host, const char *id,
    const struct container_update_options *options, struct error *err);

/* DELETE_FORCE: kills first; an unknown container is then success. */
enum container_delete_how { DELETE_STOPPED, DELETE_FORCE };
int container_delete(const struct container_host *host, const char *id,
    enum container_delete_how how, struct error *err);

/* Prints the OCI state as JSON. */
int
container_state(const struct container_host *host, const char *id, FILE *out, struct error *err);

enum container_list_format { LIST_TABLE, LIST_JSON, LIST_QUIET };
int container_list(const struct container_host *host, enum container_list_format format, FILE *out,
    struct error *err);

/* The container's processes: PS_JSON the host's pids, in ascending order; PS_TABLE their lines in
 * what the host's ps(1) writes with these options, -ef where there are none. */
enum container_ps_format { PS_TABLE, PS_JSON };
int container_ps(const struct container_host *host, const char *id, enum container_ps_format format,
    const struct container_words *options, FILE *out, struct error *err);

/* tree, events, explain, metrics: what the journal, /proc and the cgroup tell. They take no lock
 * and change nothing. */
enum container_show { SHOW_TEXT, SHOW_JSON };
int container_tree(const struct container_host *host, const char *id, enum container_show format,
    FILE *out, struct error *err);

struct container_events_options {
	uint32_t stats;       /* print the cgroup's statistics once, nothing else */
	uint32_t follow;      /* go on until the container ends */
	uint32_t interval_ms; /* between statistics while following; not 0 */
};

/* Prints lines of JSON. Returns when the container has ended, when nobody reads out any more, or
 * ends the process with status 0 on SIGTERM and SIGINT. */
int container_events(const struct container_host *host, const char *id,
    const struct container_events_options *options, FILE *out, struct error *err);

/* State, why, what happened, what next, what to do. */
int container_explain(const struct container_host *host, const char *id, enum container_show format,
    FILE *out, struct error *err);

/* OpenMetrics text of these containers; of all where count is 0. */
int container_metrics(const struct container_host *host, const char *const *ids, size_t count,
    FILE *out, struct error *err);

/* Reads what the bundle's or root file system's command line reaches, and prints whether it will
 * run, with reasons and cures; runs nothing but the trial that is asked for. Rights are needed for
 * files that others may not read, and the trial. *status gets 0 works, 2 works with changes, 3 will
 * not run, 4 cannot tell. */
enum container_check_tier { CHECK_TIER_POLICY, CHECK_TIER_GVISOR, CHECK_TIER_MINIMAL };
struct container_check_options {
	const char *bundle;          /* a directory without config.json is a rootfs; NULL: cwd */
	struct container_words args; /* instead of process.args; count 0: those */
	uint32_t tier;               /* enum container_check_tier */
	uint32_t format;             /* enum container_show */
	uint32_t trial_ms;           /* so long it is run in audit; 0: not at all */
};
int container_check(const struct container_host *host,
    const struct container_check_options *options, FILE *out, int *status, struct error *err);

/* Compiles and prints plan and report; runs nothing, needs no rights. id may be NULL. */
enum container_plan_format { PLAN_TEXT, PLAN_JSON };
int container_plan(const struct container_host *host, const char *id,
    const struct container_options *options, enum container_plan_format format, FILE *out,
    struct error *err);

#endif
