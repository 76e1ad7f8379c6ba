/* Labels of AppArmor and SELinux, as a process asks for them by files of /proc/self/attr (proc(5);
 * security/apparmor/lsm.c, security/selinux/hooks.c): no library. A label that cannot be set is an
 * error, as in runc: who asked for it counts on it. */
#ifndef OSLESS_KERNEL_LABELS_H
#define OSLESS_KERNEL_LABELS_H

#include "plan/plan.h"

struct error;

/* Whether the plan has any. */
int labels_given(const struct plan *plan);

/* Whether the kernel's modules for those of the plan are there, as proc (kernel/procfs.h) tells.
 * -1: err names the property. */
int labels_check(int proc, const struct plan *plan, struct error *err);

/* Keys and keyrings that the caller makes from here on have the process' SELinux label. */
int labels_set_key(int proc, const struct plan_process *process, struct error *err);

/* The caller's next execve(2), and that of its children, goes into the profile and the label. */
int labels_set_exec(int proc, const struct plan_process *process, struct error *err);

#endif
