/* Names and paths of cgroups, and the lines of /proc/self/cgroup. Pure.
 *
 * Paths are relative here and below, without "." and "..", without empty parts: "memory/docker/ID".
 */
#ifndef OSLESS_KERNEL_CGROUP_NAMES_H
#define OSLESS_KERNEL_CGROUP_NAMES_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* One line of /proc/self/cgroup (cgroups(7)): "4:cpu,cpuacct:/docker/ID". Points into the text. */
struct cgroup_line {
	const char *controllers; /* "cpu,cpuacct", "name=systemd", "" for v2 */
	size_t controllers_length;
	const char *path;
	size_t path_length;
};

/* Takes a line off *text. 1, or 0 at the end; lines that make no sense are skipped. */
int cgroup_names_line(const char **text, struct cgroup_line *line);

/* Where a line's hierarchy is mounted, below /sys/fs/cgroup: "cpu,cpuacct", "systemd", "unified".
 * NULL when memory is exhausted. */
const char *cgroup_names_mount(const struct cgroup_line *line, struct arena *arena);

/* Controllers of a mount's name as bits (cgroup_limits.h). */
uint32_t cgroup_names_controllers(const char *mount);

/* path without empty parts and ".", without slashes at its ends. NULL with err for "..", for a part
 * longer than 255, and when memory is exhausted. */
const char *cgroup_names_clean(const char *path, struct arena *arena, struct error *err);

/* Length of path's first length bytes without their last part, and without its slash; 0 where there
 * is only one. */
size_t cgroup_names_parent(const char *path, size_t length);

/* Whether word (length bytes) is among the words of text, which spaces part. */
int cgroup_names_has_word(const char *text, const char *word, size_t length);

#endif
