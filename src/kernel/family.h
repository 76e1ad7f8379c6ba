/* Processes and what stands below them, as the host's /proc tells. A walk beside living processes
 * is a picture of no single moment: who ends or is born meanwhile may be missing. */
#ifndef OSLESS_KERNEL_FAMILY_H
#define OSLESS_KERNEL_FAMILY_H

#include "base/process_stat.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FAMILY_MAX 16384 /* processes of one family; further ones are left out */

struct relative {
	pid_t pid;      /* host's */
	pid_t parent;   /* host's */
	pid_t inside;   /* in the PID namespace at the level that family_read was given */
	uint32_t depth; /* 0: the root */
	uint32_t threads;
	char state;                  /* R S D T t Z I ... (proc(5)) */
	char comm[PROCESS_COMM_MAX]; /* the payload chooses it: may hold any byte but NUL */
};

struct family {
	struct relative *items; /* depth first, children by pid; malloc'd */
	size_t count;
	size_t capacity;
	int is_cut; /* 1: there were more than FAMILY_MAX */
};

/* How many PID namespaces deep the process is, its own included; 0: it is gone. */
uint32_t family_level(pid_t pid);

/* Appends root and all processes below it. -1 with errno ENOMEM; a root that is gone adds none. */
int family_read(pid_t root, uint32_t level, struct family *family);

/* The index of the process with this pid inside, at or after from; count where there is none. */
size_t family_find_inside(const struct family *family, size_t from, pid_t inside);

/* The index after the last one below item at. */
size_t family_end(const struct family *family, size_t at);

/* "running", "sleeping", "zombie", "stopped" ... */
const char *family_state_word(const struct relative *relative);

void family_free(struct family *family);

#endif
