/* Resource control of a container (linux.intelRdt): its class of service, which is a directory of
 * the resctrl file system with a share of caches and memory bandwidth in `schemata`, and a group
 * below that which counts what it uses. The kernel's Documentation/filesystems/resctrl.rst.
 *
 *     resctrl_make      the directories, before anything runs
 *     resctrl_fill      their schemata; what resctrl_enter needs
 *     resctrl_enter     in the child: what it starts is born in them
 *     resctrl_open      exec, instead of the first two
 *     resctrl_remove    by `delete`, and as undo
 *
 * root is where the file system is; NULL for this machine's place. The plan has rdt.given. */
#ifndef OSLESS_KERNEL_RESCTRL_H
#define OSLESS_KERNEL_RESCTRL_H

#include "plan/plan.h"

struct error;

struct resctrl {
	int group;   /* O_WRONLY on `tasks` of the class; -1: not open */
	int monitor; /* and of the group that counts; -1: none */
	int made;    /* 1: resctrl_make made the class's directory */
};

#define RESCTRL_NONE ((struct resctrl) { .group = -1, .monitor = -1 })

/* A class that the container has to itself must not be there yet; one that has a name of its own
 * must be, unless schemata say what it is to be. All or nothing. */
int
resctrl_make(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err);

/* Writes the schemata of a class that was made, compares those of one that was there. */
int
resctrl_fill(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err);

int
resctrl_open(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err);

/* The calling thread goes in, as cgroup_enter has it. 0 or an errno. */
int resctrl_enter(const struct resctrl *resctrl);

/* Writes these lines to the class's schemata. -1: err has the kernel's words. */
int
resctrl_change(const char *root, const struct plan *plan, const char *schemata, struct error *err);

/* The group that counts, and the class where it is the container's own or resctrl says that it was
 * made just now. What is gone already is success. */
int resctrl_remove(
    const char *root, const struct plan *plan, const struct resctrl *resctrl, struct error *err);

/* May be called twice. */
void resctrl_close(struct resctrl *resctrl);

#endif
