/* Device programs (cgroup_device_program.h) into the kernel and onto a cgroup v2 directory, by
 * bpf(2). It stays there until the directory goes, whoever removes it. */
#ifndef OSLESS_KERNEL_CGROUP_DEVICE_ATTACH_H
#define OSLESS_KERNEL_CGROUP_DEVICE_ATTACH_H

#include "base/error.h"
#include "kernel/cgroup_device_program.h"

/* An fd, the caller's; -1 with err. EPERM without CAP_BPF and CAP_NET_ADMIN in the host's user
 * namespace. */
int cgroup_device_load(const struct cgroup_device_program *program, struct error *err);

/* In place of the one that an earlier call put there, if any: at no moment is there none or are
 * there two. Programs of others (systemd's DeviceAllow=) stay; all must allow. */
int cgroup_device_attach(int dir, int program, struct error *err);

#endif
