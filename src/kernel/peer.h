/* Who is at the other end of a connection to the control socket (unix(7), SO_PEERCRED). */
#ifndef OSLESS_KERNEL_PEER_H
#define OSLESS_KERNEL_PEER_H

#include "plan/plan.h"

/* 1: root of the host, not somebody in the container: in a PID namespace of the container's own the
 * host's processes have no pid. */
int peer_is_host(int connection, const struct plan *plan);

#endif
