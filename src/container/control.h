/* The control socket in the state directory, by which later verbs reach init. A path, never an
 * abstract name (those live in the network namespace, which a payload can share with the host:
 * CVE-2020-15257). */
#ifndef OSLESS_CONTAINER_CONTROL_H
#define OSLESS_CONTAINER_CONTROL_H

struct error;
struct state_dir;

/* Makes it; returns the listening socket for init, or -1. */
int control_listen(const struct state_dir *dir, struct error *err);

/* Returns a connection to init, or -1 with err: at once where init listens no more, after 2 s where
 * it does not get to it. */
int control_connect(const struct state_dir *dir, struct error *err);

#endif
