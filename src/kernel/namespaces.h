/* Namespaces: which clone flags, joining by fd, id maps, time offsets. namespaces(7),
 * user_namespaces(7). */
#ifndef OSLESS_KERNEL_NAMESPACES_H
#define OSLESS_KERNEL_NAMESPACES_H

#include "plan/plan.h"

#include <stdint.h>
#include <sys/types.h>

struct error;

/* The CLONE_NEW* flags for the first process. Cgroup and time are not among them: init unshares the
 * former when it stands in its cgroup, so that this is the namespace's root, and the latter since
 * its offsets must be set before anyone enters. */
uint64_t namespaces_clone_flags(const struct plan *plan);

/* Whether any namespace is to be joined. */
int namespaces_any_joined(const struct plan *plan);

/* Opens the joined ones' files into fds[PLAN_NS_COUNT] (-1 for the rest) and checks each to be a
 * namespace of its type (NS_GET_NSTYPE), and not the runtime's own where the plan sets something in
 * it (hostname, sysctls, network devices). Time is left to init, since joining it takes a memory of
 * one's own. -1: err names the path; nothing stays open. */
int namespaces_open(const struct plan *plan, int fds[PLAN_NS_COUNT], struct error *err);
void namespaces_close(int fds[PLAN_NS_COUNT]);

/* Joins them, in an order that needs the least rights: all with the caller's own first, then user,
 * then what was refused before. System calls only (runs in a vfork child). 0, or an errno; *which
 * gets the index that failed. */
int namespaces_join(const int fds[PLAN_NS_COUNT], int *which);

/* Writes the id maps of a new user namespace, as its parent: pid's /proc files. setgroups stays
 * allowed only for a privileged caller (CVE-2014-8989). */
int namespaces_map_ids(pid_t pid, const struct plan *plan, struct error *err);

/* Init: new cgroup and time namespaces (see above); proc is a private procfs. */
int namespaces_unshare_cgroup(struct error *err);
int namespaces_join_time(const char *path, struct error *err);
int namespaces_unshare_time(const struct plan *plan, int proc, struct error *err);

/* Opens a new user namespace that holds only the given maps, for idmapped mounts. Returns its fd or
 * -1. */
int namespaces_idmap_fd(const plan_idmaps *uids, const plan_idmaps *gids, struct error *err);

/* The namespace's name as config.json spells it ("pid", "network" ...). */
const char *namespace_word(enum plan_ns which);

#endif
