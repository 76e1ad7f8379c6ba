/* What an update of limits has changed so far, to be taken back where a later one is refused. For
 * cgroup_apply.c alone. */
#ifndef OSLESS_KERNEL_CGROUP_UNDO_H
#define OSLESS_KERNEL_CGROUP_UNDO_H

#include "kernel/cgroup.h"

struct cgroup_undo {
	const struct cgroup_undo *next;   /* the change before */
	const struct cgroup_write *write; /* what was written, in dir */
	int dir;                          /* cgroup_dir's fd */
	const char *old; /* what the file said before; NULL: not to be had back by one write */
};

/* What write's file in dir says now, where writing that again would restore it; in the arena. */
const char *cgroup_undo_read(int dir, const struct cgroup_write *write, struct arena *arena);

/* Takes back last and what was changed before it, and adds to err, which has the refusal, what is
 * changed still. */
void cgroup_undo_all(const struct cgroup_undo *last, struct error *err);

#endif
