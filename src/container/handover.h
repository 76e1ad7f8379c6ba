/* A new process made known to whoever waits for it. */
#ifndef OSLESS_CONTAINER_HANDOVER_H
#define OSLESS_CONTAINER_HANDOVER_H

#include <sys/types.h>

struct error;

/* Writes the pid, decimal and without a newline, whole. path NULL: nothing to do. */
int handover_pid_file(const char *path, pid_t pid, struct error *err);

/* Sends the pidfd to a Unix socket at path: like a console socket's, a stream, one message with the
 * descriptor (unix(7), SCM_RIGHTS). path NULL: nothing to do. */
int handover_pidfd(const char *path, int pidfd, struct error *err);

#endif
