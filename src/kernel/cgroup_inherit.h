/* What a fresh cgroup must be given from above before it is of use. */
#ifndef OSLESS_KERNEL_CGROUP_INHERIT_H
#define OSLESS_KERNEL_CGROUP_INHERIT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* v1: a new cpuset has no CPUs and no memory nodes, and takes no process. Gives path (below root)
 * those of its parent, and the parent its parent's, should another runtime be just making it. */
int cgroup_inherit_cpuset(int root, const char *path, struct error *err);

struct cgroup_inherited {
	uint32_t have;  /* bits of the controllers that path has */
	size_t blocked; /* so many bytes of path are a cgroup that hands none down, as it has
			   processes of its own; 0: there is none */
};

/* v2: hands controllers (bits; UINT32_MAX = all that there are) down to path (below root), whose
 * hierarchy starts at its first mount bytes. Those that a cgroup on the way does not hand down are
 * missing in the end, which matters only where a limit needs one. Never from a cgroup that has
 * processes (cgroups(7), "no internal processes"): what the kernel does allow there would make it
 * threaded, and the container's no place for a process. */
int cgroup_inherit_controllers(int root, const char *path, size_t mount, uint32_t controllers,
    struct cgroup_inherited *out, struct error *err);

#endif
