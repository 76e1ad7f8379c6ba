/* A procfs of our own: made with fsopen, never attached anywhere, so no mount of the container can
 * stand in its place (CVE-2019-16884, CVE-2019-19921, CVE-2025-52881: writes redirected away from
 * /proc). It shows the caller's PID namespace. */
#ifndef OSLESS_KERNEL_PROCFS_H
#define OSLESS_KERNEL_PROCFS_H

#include <stddef.h>
#include <sys/types.h>

struct error;

/* A new detached procfs, checked to be one. Returns its root's fd (close-on-exec), or -1. Where the
 * kernel refuses that, since a user namespace of the container's own does not own its PID
 * namespace, it is the host's /proc: so call this while that is still at /proc. */
int procfs_open(struct error *err);

/* Writes text to a file below proc ("sys/net/core/somaxconn", "self/oom_score_adj") in one
 * write(2); no symlink is followed but procfs' own "self". -1: err. */
int procfs_write(int proc, const char *path, const char *text, struct error *err);

/* The first size - 1 bytes at most of such a file, with a '\0' behind them. Returns how many, or -1
 * with errno. */
ssize_t procfs_read(int proc, const char *path, char *text, size_t size);

/* The number after label in one of its files' texts ("Tgid:" of PID/status): the first line that
 * begins with it, but not the text's own first. 0: there is none, or it is none. */
long procfs_number(const char *text, const char *label);

#endif
