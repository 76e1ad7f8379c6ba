/* What host and init say to each other. One socketpair while the container is made (fd
 * INIT_CHANNEL_FD in init), and the control socket in the state directory afterwards; one framing
 * on both (base/wire.h).
 *
 * create:
 *
 *     host (container/create.c)            init (init/steps.c)
 *      | clone, exec --------------------> |
 *      | MSG_IN_CGROUP ------------------> |  only where systemd makes the cgroup: around init
 *      | <-------------------- MSG_MAP_IDS |  only with a new user namespace
 *      | writes uid_map, gid_map           |
 *      | MSG_IDS_MAPPED -----------------> |
 *      |                                   |  rootfs, mounts, devices
 *      | <------------------ MSG_RUN_HOOKS |  only where the plan has prestart,
 *      | prestart, createRuntime           |  createRuntime or createContainer hooks
 *      | MSG_HOOKS_RAN (OCI state) ------> |
 *      |                                   |  createContainer hooks, masks, pivot_root
 *      | <-------------------- MSG_CREATED |
 *      | writes the status file            |
 *      | MSG_PUBLISHED ------------------> |  from here on it lives on without the channel
 *
 * start, over the channel (`run`) or a connection to the control socket:
 *
 *      | MSG_START (OCI state) ----------> |
 *      |                                   |  startContainer hooks, launches the payload
 *      | <------------------- MSG_LISTENER |  only where the bundle's agent gets the listener of
 *      | passes it on (listenerPath)       |  the payload's filter; from the payload to be
 *      | <-------------------- MSG_STARTED |  (supervision off: exec closes the socket instead)
 *
 * exec, to a process that is born in the container's cgroups and namespaces; in a PID namespace of
 * the container's own its init is told, over a connection to the control socket:
 *
 *     host (container/exec.c)              joined process (init/join.c)
 *      | clone, exec --------------------> |
 *      |                                   |  root, time namespace, keyring
 *      |                                  init (supervise/tend.c)
 *      | MSG_ADOPT (pidfd, name) -------> |  a process that has not yet exec'd
 *      | <------------------- MSG_ADOPTED |  from here on its family is tended, too
 *      |
 *      | MSG_START ----------------------> |  launches the program: in its own place, or where
 *      |                                   |  it has to stay as the family's parent, as a child
 *      | <------------- MSG_LISTENER (fd) |  of its filter, where somebody is told of refusals
 *      |                                  init
 *      | MSG_LISTEN (fd) ----------------> |  or the bundle's agent gets it
 *      | <-------------------- MSG_STARTED |  (in its own place: exec closes the channel instead)
 *
 * At any point instead of its answer init may send MSG_FAILED (number: errno, text: what), and then
 * exits. If the host's end closes before MSG_PUBLISHED, init exits, and the kernel takes the
 * half-made container with it. */
#ifndef OSLESS_PLAN_EXCHANGE_H
#define OSLESS_PLAN_EXCHANGE_H

#include "plan/plan.h"

/* The fds that init starts with; the payload's preserved fds follow the last one, then the mounts
 * that the host made (mount_is_host_made). */
enum {
	INIT_CHANNEL_FD = 3,
	INIT_PLAN_FD = 4,
	INIT_CONTROL_FD = 5, /* listening */
	INIT_JOURNAL_FD = 6, /* supervise/journal.h */
	INIT_FIRST_PRESERVED_FD = 7,

	/* With plan.exec the two before are these. After the preserved fds comes the container's
	 * time namespace, where it is not the host's (setns(2) wants a memory of one's own). */
	EXEC_ROOT_FD = 5,      /* the container's root directory */
	EXEC_CONTAINER_FD = 6, /* pidfd of its init */
};

enum message {
	MSG_IN_CGROUP = 1,
	MSG_MAP_IDS,
	MSG_IDS_MAPPED,
	MSG_RUN_HOOKS,
	MSG_HOOKS_RAN,
	MSG_CREATED,
	MSG_PUBLISHED,
	MSG_START,
	MSG_STARTED,
	MSG_ADOPT,
	MSG_ADOPTED,
	MSG_LISTENER,
	MSG_LISTEN,
	MSG_FAILED,
};

/* Whether the program takes osless-init's own place; else it becomes a child, which is tended. A
 * process that joins a PID namespace of the container's own leaves its orphans to init there. */
static inline int
exchange_is_in_place(const struct plan *plan)
{
	return plan->supervision_mode == PLAN_MODE_OFF ||
	       (plan->exec && plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW);
}

#endif
