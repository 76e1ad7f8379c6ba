/* The in-container program: executes the plan step by step, says `created`, waits for `start`,
 * launches the payload and stays as its parent. It holds no parser and no library but libc. The
 * conversation with the host: plan/exchange.h. */
#ifndef OSLESS_INIT_INIT_H
#define OSLESS_INIT_INIT_H

#include "kernel/masks.h"
#include "plan/plan.h"
#include "supervise/tend.h"

#include <sys/types.h>

struct error;

struct init {
	const struct plan *plan;
	int channel;    /* to the host that creates; -1 when it is gone */
	int host;       /* whoever asked for the start, while it waits for it; else -1 */
	int control;    /* listening socket in the state directory */
	int journal;    /* its file, until it is mapped */
	int signals;    /* signals_open */
	pid_t guard;    /* parent that watches this process (guard.c), or 0 */
	int proc;       /* private procfs, or -1 while none was needed */
	int published;  /* 1: the host has written the status file; later verbs find us */
	int container;  /* exec: pidfd of the container's init, without which the guard must not
			   go on; else -1 */
	int root;       /* the container's root mount, until it is entered */
	int proc_mount; /* the container's /proc and /sys, or -1: masks are found through them,
			   since */
	int sys_mount;  /* who can write to the rootfs can move the directories that they are on */
	struct masks masks;
	struct tend tend;
};

/* What a worker runs, and how: its own words, or where the plan gives none the process'. */
struct init_command {
	const char *const *args;
	const char *const *env; /* NULL: none */
	uint64_t env_count;
	const char *cwd;
};

struct init_command init_command_of(const struct plan *plan, uint32_t child);

/* Makes the container: every row of init_steps. -1: err, prefixed by the row's name. */
int init_make(struct init *init, struct error *err);

/* exec: becomes a process of the container that is there (every row of join_steps), and begins at
 * the host's word. Returns 1 where this process stays as the program's parent; where it does not,
 * only on failure: -1 with err, already told. */
int init_join(struct init *init, struct error *err);

/* Starts the plan's tree below this process (init->tend), or where nothing is to stay resident its
 * program in this one's place: then it returns only on failure. 0, or -1 with err. */
int init_begin(struct init *init, struct error *err);

/* In a user namespace of the container's own (which this process is in): its root, with all
 * capabilities. Everywhere: neither readable nor traceable from here on. */
int init_become_mapped(const struct init *init, struct error *err);

/* Takes orphans in, unless PID 1, who does so anyway. */
int init_become_reaper(const struct init *init, struct error *err);

/* Moves a descriptor out of the way of the payload's, if it gets any: launch puts them to 3 and up.
 * -1: err; it is then where it was. */
int init_move_up(int *fd, const struct plan *plan, struct error *err);

/* The labels of the plan can be set; where there are any, the private procfs is made for it. */
int init_check_labels(struct init *init, struct error *err);

/* A session keyring of the container's own, with its label. */
int init_join_keyring(struct init *init, struct error *err);

/* The private procfs, made at the first call. */
int init_proc(struct init *init, struct error *err);

/* In a PID namespace that is not the container's own: forks; the parent becomes the guard and never
 * returns, the child goes on as init. */
int guard_start(struct init *init, struct error *err);

/* Waits for MSG_START on the channel or a control connection, runs the startContainer hooks, starts
 * the tree (init->tend) and answers. Returns 1; 0 when a signal ended the wait (*status is then the
 * exit status); -1 with err, already told to whoever asked. */
int init_wait_for_start(struct init *init, int *status, struct error *err);

/* Sends MSG_FAILED to sock. */
void init_tell_failure(int sock, const struct error *err);

/* Starts a worker as a child of init (workers_launcher; init is a struct init). Returns its pid, or
 * -1 with err: what failed, exec included; no child is then left. */
pid_t launch_worker(void *init, uint32_t child, struct error *err);

/* Runs the plan's process in place of init. Returns only on failure: -1 with err. */
int launch_in_place(struct init *init, struct error *err);

/* Gives the calling process the payload's identity and filters, for startContainer hooks (struct
 * hook_become). */
int launch_become(const void *init, struct error *err);

#endif
