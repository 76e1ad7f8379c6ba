/* The filter of the annotation dev.osless.processes: one process, with as many threads as it
 * likes. Pure. */
#ifndef OSLESS_PROFILE_PROCESSES_H
#define OSLESS_PROFILE_PROCESSES_H

#include <linux/filter.h>

#include "profile/table.h"

#define PROCESSES_FILTER_MAX 32 /* instructions */

/* The architecture that this was compiled for. */
enum profile_arch processes_native(void);

/* Writes the filter for arch; returns its length. fork, vfork and clone without CLONE_THREAD answer
 * EAGAIN, as at the end of RLIMIT_NPROC; clone3, whose flags lie behind a pointer, ENOSYS, so that
 * libc takes clone; another architecture's entry point, x32 too, ENOSYS for everything, since its
 * numbers mean other calls. All else is allowed. */
unsigned short
processes_filter(enum profile_arch arch, struct sock_filter code[PROCESSES_FILTER_MAX]);

#endif
