/* The program that made a container, kept with it. Only programs of its own layout and generation
 * can read a container's plan and talk to its init (plan/image.h). When osless is replaced by
 * another version while containers run, that one has each verb for them done by the program that
 * made them.
 *
 *     ROOT/.programs/NAME    this program, or its helper: one copy for all; NAME tells
 *                            layout and build
 *     ROOT/ID/program        a hard link to the one
 *     ROOT/ID/osless-systemd a hard link to the other, where a unit is systemd's
 *
 * The links are what keeps a copy: in .programs those of other versions go when a new one comes.
 * container_run_kept uses them. */
#ifndef OSLESS_CONTAINER_KEEP_H
#define OSLESS_CONTAINER_KEEP_H

struct error;
struct state_dir;

#define KEEP_DIRECTORY ".programs"

/* Both before the plan is there. -1: err; what was made goes with the state directory. */
int keep_program(const struct state_dir *dir, struct error *err);
int keep_helper(const struct state_dir *dir, struct error *err);

/* Whether a program of another layout made the container, and is kept. */
int keep_has_other(const struct state_dir *dir);

/* Whether this is a kept program, at work for a newer one. */
int keep_is_kept(void);

#endif
