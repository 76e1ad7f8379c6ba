/* The container's root: attached in init's mount namespace, and entered. */
#ifndef OSLESS_KERNEL_ROOTFS_H
#define OSLESS_KERNEL_ROOTFS_H

#include <stdint.h>

struct error;

/* Keeps what the container mounts from the host (propagation: MS_*, 0 = the default, rslave), then
 * mounts a copy of the tree at path over itself. path must be a directory and no symlink. Returns
 * an fd of the new root, to which everything later is relative, or -1. Must run in a mount
 * namespace of the container's own. */
enum rootfs_nodes {
	ROOTFS_NODES_WORK,  /* the plan has no /dev of its own: its devices are made in the root */
	ROOTFS_NODES_INERT, /* device nodes that an image brings along open nothing
			       (MOUNT_ATTR_NODEV) */
};
int
rootfs_attach(const char *path, uint64_t propagation, enum rootfs_nodes nodes, struct error *err);

/* What becomes of the host's mounts in the container's namespace: MS_PRIVATE, MS_SLAVE, or 0: they
 * stay what they are, and mounts go both ways. propagation as above. */
uint64_t rootfs_host_propagation(uint64_t propagation);

enum rootfs_change { ROOTFS_PIVOT, ROOTFS_CHROOT };

/* Makes root the process's root and cwd, and the host's tree unreachable: pivot_root(2), or where
 * the host's root cannot be pivoted (--no-pivot: initramfs), MS_MOVE and chroot(2). propagation as
 * above, applied to the new "/" when not 0. */
int rootfs_enter(int root, enum rootfs_change change, uint64_t propagation, struct error *err);

/* Makes the root mount itself read-only; mounts below it keep their own setting. */
int rootfs_seal(int root, struct error *err);

#endif
