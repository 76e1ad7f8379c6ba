/* User, groups and capabilities of a process that is about to exec: dropped once, then read back
 * and tried (capabilities(7), credentials(7); CVE-2022-29162: inheritable stays empty unless
 * ambient needs it). */
#ifndef OSLESS_KERNEL_IDENTITY_H
#define OSLESS_KERNEL_IDENTITY_H

#include "plan/plan.h"

struct error;

/* From here on access(2) counts capabilities, as open(2) does, though the real uid is not 0;
 * changes of uid no longer change capabilities (SECBIT_NO_SETUID_FIXUP, capabilities(7)). Needs
 * CAP_SETPCAP; exec keeps it. */
int identity_count_caps_in_access(struct error *err);

/* Becomes process' uid, gid, groups and capability sets, in the calling thread only (so also in a
 * vfork child). -1: err; the caller must not go on then, whatever rights are left. userns 1: within
 * a user namespace that is not the host's. */
int identity_become(const struct plan_process *process, int userns, struct error *err);

/* Proves that it is so: ids and capability sets as the kernel shows them equal the plan, and power
 * that the plan lacks cannot be regained. */
int identity_check(const struct plan_process *process, struct error *err);

/* In the first process of a new user namespace, before exec: all capabilities become ambient, as
 * exec from a uid that is not mapped yet would clear them. System calls only. 0 or an errno. */
int identity_keep_caps_over_exec(void);

/* After the maps are written: the mapped root, or where 0 is not mapped the ids given, with
 * capabilities kept. */
int identity_become_mapped(uint32_t uid, uint32_t gid, struct error *err);

/* no_new_privs: set-id bits and file capabilities are inert from here on (prctl(2)). */
int identity_no_new_privs(struct error *err);

#endif
