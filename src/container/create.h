/* A container in the making, and its unmaking: what the rows of create_steps work on. For this
 * folder only. */
#ifndef OSLESS_CONTAINER_CREATE_H
#define OSLESS_CONTAINER_CREATE_H

#include "container/compile.h"
#include "container/container.h"
#include "container/spawn.h"
#include "container/state.h"
#include "kernel/cgroup.h"
#include "kernel/netdevices.h"
#include "kernel/resctrl.h"
#include "kernel/unit.h"

struct container {
	const struct container_host *host;
	const char *id;
	const struct container_options *options; /* create and run; NULL for later verbs */
	const struct plan *plan;                 /* NULL where the creator did not get so far */
	struct arena arena;
	struct state_dir dir;
	struct state_record record; /* init 0: there is no first process, or not yet */
	struct cgroup cgroup;       /* create: made by it; later verbs: nothing open */
	int plan_fd;                /* sealed memfd with the plan's image */
	int control_fd;             /* listening socket, for init */
	int journal_fd;             /* for init */
	struct spawned init;
	struct unit_manager systemd;   /* connected while its unit is made; else not */
	uint32_t unit_asked;           /* 1: systemd was, whatever the record says */
	struct resctrl resctrl;        /* open while a process is to be born in it */
	struct netdevices net_devices; /* create: those that are in the container now */
};

#define CONTAINER_NONE \
	((struct container) { \
	    .dir = STATE_DIR_NONE, \
	    .cgroup = CGROUP_NONE, \
	    .plan_fd = -1, \
	    .control_fd = -1, \
	    .journal_fd = -1, \
	    .init = SPAWNED_NONE, \
	    .systemd = UNIT_MANAGER_NONE, \
	    .resctrl = RESCTRL_NONE, \
	    .net_devices = NETDEVICES_NONE, \
	})

/* Makes the container of compiled: every row, or none. On success the state directory stays locked
 * and init waits for start; the caller ends with container_close. */
int container_make(struct container *container, const struct compiled *compiled, struct error *err);

/* The undo column from the last row to the first, however much of it there is to undo. It ends at
 * the first that fails (-1): what is left then still has its state directory, so that `delete` can
 * try again. */
int container_unmake(struct container *container, struct error *err);

/* Opens an existing container; record and plan are read where they are. *image is freed by the
 * caller after container_close. -1: err. */
int container_open(const struct container_host *host, const char *id, enum state_lock lock,
    struct container *container, void **image, struct error *err);

/* Closes what is open. The container itself stays as it is. */
void container_close(struct container *container);

/* Answers init's requests while it makes the inside, until it says that all is made. */
int container_converse(struct container *container, struct error *err);

/* Runs host hooks with the OCI state on stdin. None is success. */
int container_run_hooks(struct container *container, const plan_hooks *hooks, const char *word,
    enum state_status status, struct error *err);

/* Asks init over sock (the channel, or a connection) to start the payload, then publishes "running"
 * and runs the poststart hooks; if one of those fails the container is killed, as the OCI text
 * wants it. */
int container_launch(struct container *container, int sock, struct error *err);

/* Kills init and with it everything, frozen or not, and waits until it is gone. Success when there
 * is none. */
int container_kill_init(struct container *container, struct error *err);

#endif
