/* A process of a container in the foreground of the caller. */
#ifndef OSLESS_CONTAINER_WAIT_H
#define OSLESS_CONTAINER_WAIT_H

struct error;
struct spawned;

/* Until it ends: passes signals on (from signals_open's fd; for SIGINT, which is what a terminal
 * sends, interrupt) and reaps it. *status gets its exit status, 128 + n for signal n; process->pid
 * is then -1. */
int
wait_process(struct spawned *process, int signals, int interrupt, int *status, struct error *err);

#endif
