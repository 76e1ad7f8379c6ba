/* Masked and read-only paths. Every path is resolved once inside root; what is mounted over it is a
 * file that was checked by fd, never one that the container could have put there (CVE-2025-31133,
 * CVE-2025-52565). */
#ifndef OSLESS_KERNEL_MASKS_H
#define OSLESS_KERNEL_MASKS_H

struct error;

/* What masks are made of; zero-initialise with MASKS_INIT, close with masks_close. */
struct masks {
	int null;  /* the host's /dev/null, checked to be the device 1:3 */
	int empty; /* an empty read-only tmpfs: the first masked directory's, copied for the rest */
};

#define MASKS_INIT \
	{ \
		.null = -1, .empty = -1 \
	}

/* Hides path: a file behind /dev/null, a directory behind an empty read-only tmpfs. Missing is
 * success. Needs the host's /dev still at /dev of the calling process (before pivot_root). */
int mask_path(struct masks *masks, int root, const char *path, struct error *err);

/* Makes path and everything mounted below it read-only. Missing is success. */
int mask_readonly(int root, const char *path, struct error *err);

void masks_close(struct masks *masks);

#endif
