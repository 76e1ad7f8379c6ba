/* Files as the container will see them: in the rootfs, or in what is bind-mounted over it. Nothing
 * is opened but regular files and directories, never blocking. Symlinks are followed one by one in
 * the container's view, so that they lead from the rootfs into a mount and back, and never out to
 * the host (every single step is an openat2(2) that refuses symlinks, base/path.h). */
#ifndef OSLESS_CHECK_PLACE_H
#define OSLESS_CHECK_PLACE_H

#include "plan/plan.h"

#include <limits.h>
#include <stddef.h>
#include <sys/stat.h>

struct arena;

struct places {
	int root; /* O_PATH fd of the rootfs */
	const struct plan_mount *mounts;
	const char **destinations; /* of each mount, with symlinks resolved */
	size_t mount_count;
};

enum place_result {
	PLACE_FOUND,
	PLACE_MISSING, /* no such file */
	PLACE_HIDDEN,  /* under a mount whose content is not known here */
	PLACE_DENIED,  /* it is there, and may not be read */
};

struct place {
	int fd; /* the caller's to close; -1 = none. Not opened where it is no regular file or
		   directory */
	struct stat status;
	char real[PATH_MAX]; /* absolute in the container, with symlinks resolved where it was
				found */
};

/* places->root is set by the caller, and stays its. -1 when memory is exhausted. */
int places_start(
    struct places *places, const struct plan_mount *mounts, size_t count, struct arena *arena);

/* path is absolute in the container. PLACE_DENIED fills status as well where it is known. */
enum place_result place_open(const struct places *places, const char *path, struct place *place);

/* 1: a regular file that somebody may execute. */
int place_is_program(const struct place *place);

#endif
