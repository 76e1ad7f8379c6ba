/* Hooks: programs run with the OCI state on stdin (config.md#posix-platform-hooks). Used on both
 * sides. */
#ifndef OSLESS_KERNEL_HOOK_H
#define OSLESS_KERNEL_HOOK_H

#include "plan/plan.h"

#include <stddef.h>

struct error;

/* How a hook's process is changed before its exec; NULL = not at all. Runs in the vfork child:
 * system calls only. */
struct hook_become {
	int (*become)(const void *context, struct error *err);
	const void *context;
};

/* Runs the index-th hook: the OCI state on stdin (state: a sealed memfd, read from its start), its
 * own args and env and nothing else of the caller's: no other fd, default signals, a process group
 * of its own. stdout and stderr are read, and the first bytes shown when it fails. One that
 * outlives its timeout is killed. -1: "error running WORD hook #N: ...". */
int hook_run(const plan_hooks *hooks, uint64_t index, const char *word, int state,
    const struct hook_become *become, struct error *err);

/* The same for a program that is no hook; its error does not name it. */
int hook_run_program(
    const struct plan_hook *hook, int state, const struct hook_become *become, struct error *err);

/* All of them in order; the first that fails ends the list. */
int hooks_run(const plan_hooks *hooks, const char *word, int state,
    const struct hook_become *become, struct error *err);

#endif
