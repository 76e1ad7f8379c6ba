/* The listener of a process' filter, which the process sends when it has loaded it (MSG_LISTENER,
 * plan/exchange.h): handed on to whoever answers it. */
#ifndef OSLESS_CONTAINER_LISTENER_H
#define OSLESS_CONTAINER_LISTENER_H

#include "container/create.h"

#include <sys/types.h>

struct error;
struct wire_message;

/* Before a process is asked over sock to start: where the bundle has an agent, connects to it, so
 * that one that cannot be reached ends the start while nothing runs, and makes sock tell who sends.
 * *agent gets the connection, which the caller closes, or -1. */
int listener_prepare(const struct plan *plan, int sock, int *agent, struct error *err);

/* Receives the next message that is no MSG_LISTENER, and hands on those that come before it: to the
 * agent as the OCI text has it (config-linux.md, containerProcessState), status being the
 * container's; or to the container's init, which answers for processes that have come in by exec.
 * Returns as wire_receive does; also -1 where the agent does not take it. An init that cannot be
 * reached is ending. */
int listener_receive(const struct container *container, enum state_status status, int sock,
    int agent, struct wire_message *message, struct error *err);

#endif
