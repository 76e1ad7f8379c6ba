/* Device rules of a container as a program for cgroup v2, which has no files for them: the kernel
 * asks the program at each open and mknod of a device (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE with a
 * struct bpf_cgroup_dev_ctx; Linux Documentation/admin-guide/cgroup-v2.rst, "Device controller").
 * Pure.
 *
 * Later rules win, for each right by itself: the rules are gone through from the last, and what one
 * allows need not be allowed again. Where no rule is about all devices, those that no rule names
 * are left to the programs of the cgroups above, which all must allow as well. */
#ifndef OSLESS_KERNEL_CGROUP_DEVICE_PROGRAM_H
#define OSLESS_KERNEL_CGROUP_DEVICE_PROGRAM_H

#include "base/arena.h"
#include "base/error.h"
#include "plan/resources.h"

#include <linux/bpf.h>

struct cgroup_device_program {
	struct bpf_insn *code;
	uint32_t length;
	uint32_t allows_all; /* 1: it refuses nothing, so none is needed */
};

/* In the arena. -1: err. */
int cgroup_device_program(const struct plan_resources *resources, struct arena *arena,
    struct cgroup_device_program *out, struct error *err);

#endif
