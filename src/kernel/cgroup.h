/* The container's cgroups: found, made, entered, frozen, emptied, removed. The cgroupfs driver, and
 * what systemd leaves to its caller, on
 * v1 (each controller its own mount), hybrid (and a cgroup2 mount, "unified") and v2 alone.
 *
 *     cgroup_locate   paths, once, by `create`; they go into the plan and so to later verbs
 *     cgroup_keep_permitted   for a caller who is not root of the host
 *     cgroup_make     directories and limits, before anything runs
 *     clone3          CLONE_INTO_CGROUP with .into (v2); then in the child
 *     cgroup_enter    (v1)
 *     cgroup_open     what later verbs begin with
 *     cgroup_remove   by `delete`, and as undo
 *
 * Host side only, save cgroup_enter. No step costs more on a host with many mounts or containers:
 * /proc/self/mountinfo is never read; hierarchies are where systemd, cgroupfs-mount and every
 * distribution put them, below /sys/fs/cgroup, and one that is not there is skipped. */
#ifndef OSLESS_KERNEL_CGROUP_H
#define OSLESS_KERNEL_CGROUP_H

#include "base/arena.h"
#include "base/error.h"
#include "kernel/cgroup_limits.h"
#include "plan/plan.h"

#include <stddef.h>
#include <sys/types.h>

/* Hierarchies at once: the kernel has 14 controllers; the rest is for named ones and cgroup2. */
#define CGROUP_DIRS_MAX 24

/* Where cgroups are. Every function that takes one takes NULL for this machine; tests give others.
 */
struct cgroup_host {
	int root;         /* directory fd that stands for /sys/fs/cgroup; the caller's */
	const char *path; /* its path */
	const char *self; /* text of /proc/self/cgroup */
};

struct cgroup_dir {
	int fd;           /* O_PATH; -1 where the directory is gone */
	int tasks;        /* v1: O_WRONLY on `tasks`; -1 where not asked for, and for v2 */
	uint32_t version; /* 1 or 2 */
	uint32_t v1;      /* controllers in it, bits; 0 for v2 and named ones */
	const char *path; /* below the host's root: "memory/docker/ID"; the plan's memory */
	uint32_t mount;   /* so many bytes of path are the mount point; 0 for v2 alone */
	uint32_t there;   /* so many bytes of path were there before cgroup_make */
};

/* Open cgroups of one container. Every fd is CLOEXEC. The plan must outlive it (paths). */
struct cgroup {
	int root;                /* of the host */
	int into;                /* v2 directory for clone3, owned by dirs; -1 = no v2 */
	uint32_t count;          /* of dirs, in the plan's order */
	uint32_t rights_lacking; /* the plan's */
	struct cgroup_dir dirs[CGROUP_DIRS_MAX];
	const struct cgroup_not_applied *not_applied; /* cgroup_make's and cgroup_update's arena */
	const struct cgroup_undo *undo;               /* of the last cgroup_update */
};

/* Nothing open: what cgroup_close may be given in any case. */
#define CGROUP_NONE ((struct cgroup) { .root = -1, .into = -1 })

/* Fills out->dirs (in the arena). configured_path is linux.cgroupsPath: absolute = below each
 * hierarchy's root; relative, or NULL (then id) = below the runtime's own cgroup, on v2 alone below
 * its parent, since a v2 cgroup with processes cannot hand out controllers. Returns -1 for a path
 * with "..", and where no hierarchy is mounted. systemd's slice:prefix:name is for the caller. */
int cgroup_locate(const struct cgroup_host *host, const char *configured_path, const char *id,
    struct arena *arena, struct plan_cgroup *out, struct error *err);

/* Leaves out what the caller has no right to make; cgroup->rights_lacking says whether anything
 * was. Limits that would need it are then not applied, instead of an error. This machine's cgroups
 * only.
 */
void cgroup_keep_permitted(struct plan_cgroup *cgroup);

/* Makes plan->dirs with missing parents, and writes the limits. All or nothing: on -1 everything
 * that it made is gone again, and out is CGROUP_NONE. A leaf that exists already must be empty and
 * not frozen. out also holds what cgroup_enter needs. out->not_applied is in the arena. */
int cgroup_make(const struct cgroup_host *host, const struct plan_cgroup *plan, struct arena *arena,
    struct cgroup *out, struct error *err);

/* The same around a process that does nothing yet, in cgroups that somebody else (systemd) has made
 * for it: missing ones are made, and it is put into all. On -1 what was made stays, as the process
 * may be in it: cgroup_remove. */
int cgroup_make_around(const struct cgroup_host *host, const struct plan_cgroup *plan, pid_t inside,
    struct arena *arena, struct cgroup *out, struct error *err);

/* Takes back cgroup_make, parents that it made included, where nothing else is in them by now.
 * Does not close. (`delete` cannot know who made a parent, and leaves it, as runc does.) */
int cgroup_unmake(const struct cgroup *cgroup, struct error *err);

enum cgroup_enter_what {
	CGROUP_ENTER_V1,  /* clone3 has put the task into .into already, or there is no v2 */
	CGROUP_ENTER_ALL, /* v2 by write as well, where clone3 could not */
};

/* Moves the calling thread, which must be its process's only one, into all cgroups. For a
 * CLONE_VM|CLONE_VFORK child: system calls only, touches no memory but its stack (and errno).
 * A new cgroup namespace must be made after this, as its root is where the task is by then.
 * Writing 0 to `tasks` spares v1 the lock over all forks and exits of the machine, which a pid in
 * cgroup.procs takes: that waits for an RCU grace period where nobody took it just before (nine
 * hierarchies on a quiet 6.18: 80 us against 7 ms). v2 by write has no such way round, clone3 has.
 * Returns 0 or an errno. */
int cgroup_enter(const struct cgroup *cgroup, enum cgroup_enter_what what);

enum cgroup_open_for {
	CGROUP_OPEN_LOOK,  /* pids, freeze, kill, update */
	CGROUP_OPEN_ENTER, /* and cgroup_enter: exec */
};

/* Opens what cgroup_make made once. Directories that are gone are skipped; -1 with errnum ENOENT
 * where all are. */
int cgroup_open(const struct cgroup_host *host, const struct plan_cgroup *plan,
    enum cgroup_open_for what, struct cgroup *out, struct error *err);

/* Closes all; may be called twice. */
void cgroup_close(struct cgroup *cgroup);

/* Removes the container's directories with those that the payload made below. Missing ones are
 * success. Dying tasks keep a cgroup busy: waits for them, at most 2 s in all, then returns -1 and
 * has removed what it could. */
int
cgroup_remove(const struct cgroup_host *host, const struct plan_cgroup *plan, struct error *err);

enum cgroup_freezer_state {
	CGROUP_THAWED,
	CGROUP_FROZEN,
};

/* Freezes or thaws, and waits until it is so; a freeze that takes longer than 2 s is taken back,
 * and -1. */
int cgroup_freeze(const struct cgroup *cgroup, enum cgroup_freezer_state state, struct error *err);

/* 1 frozen (or on the way), 0 not, or no freezer at all; -1 with err. */
int cgroup_is_frozen(const struct cgroup *cgroup, struct error *err);

/* SIGKILL to everything in it and below, whether frozen or not; returns when it is empty of all
 * that has not become a zombie yet, or -1 after 10 s. Not the caller's own: it must be outside. */
int cgroup_kill(const struct cgroup *cgroup, struct error *err);

/* All processes in it and below, host pids, unordered; *pids is malloc'd, the caller's, NULL where
 * count is 0. */
int cgroup_pids(const struct cgroup *cgroup, pid_t **pids, size_t *count, struct error *err);

/* Changes the limits of a running container; what is unset stays, and so do device rules. Where one
 * is refused, those before it are taken back, and err says which could not be.
 * cgroup->not_applied is set, in the arena, and what cgroup_take_back needs. */
int cgroup_update(struct cgroup *cgroup, const struct plan_resources *resources,
    struct arena *arena, struct error *err);

/* Takes the last cgroup_update back, for a failure that err has. */
void cgroup_take_back(const struct cgroup *cgroup, struct error *err);

#endif
