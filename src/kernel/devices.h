/* Device nodes and the symlinks of /dev. */
#ifndef OSLESS_KERNEL_DEVICES_H
#define OSLESS_KERNEL_DEVICES_H

#include "plan/plan.h"

struct error;

enum device_source {
	DEVICE_MKNOD, /* made in place: needs the initial user namespace */
	DEVICE_BIND,  /* the host's node of the same path, checked to be that device, mounted over a
			 file */
};

/* Makes the device below root. What is already there stays when it is that very device; else it is
 * an error (a node that a rootfs or a shared volume holds is not to be trusted). */
int device_make(
    int root, const struct plan_device *device, enum device_source source, struct error *err);

/* Makes a symlink below root unless something is there. */
int device_link(int root, const char *path, const char *target, struct error *err);

#endif
