/* Hands cpusets (v1) and controllers (v2) down to a fresh cgroup. */
#include "kernel/cgroup_inherit.h"

#include "kernel/cgroup_files.h"
#include "kernel/cgroup_limits.h"
#include "kernel/cgroup_names.h"

#include "base/auto.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* "cpuset/docker/cpuset.cpus" from path's first length bytes and a file. -1 where it is too long.
 */
static int
join_name(char *name, size_t size, const char *path, size_t length, const char *file)
{
	int written = snprintf(name, size, "%.*s/%s", (int)length, path, file);

	return written < 0 || (size_t)written >= size ? -1 : 0;
}

/* In value: what the nearest cgroup above length has. Returns its length in path, or -1. The
 * hierarchy's own root, one name deep, always has something. */
static ssize_t
find_value(int root, const char *path, size_t length, const char *file, char *value, size_t size,
    struct error *err)
{
	char name[PATH_MAX];

	while ((length = cgroup_names_parent(path, length)) > 0) {
		if (join_name(name, sizeof name, path, length, file) < 0)
			return error_set(err, "cgroup path is too long");
		if (cgroup_files_read(root, name, value, size) < 0)
			return error_sys(err, "read %s", name);
		if (*value)
			return (ssize_t)length;
	}
	return error_set(err, "%s is empty in all cgroups above %s", file, path);
}

static int
inherit_file(int root, const char *path, const char *file, struct error *err)
{
	char name[PATH_MAX];
	char value[4096];
	ssize_t from = find_value(root, path, strlen(path), file, value, sizeof value, err);

	if (from < 0)
		return -1;
	for (size_t length = (size_t)from; path[length];) {
		length += 1 + strcspn(path + length + 1, "/");
		if (join_name(name, sizeof name, path, length, file) < 0)
			return error_set(err, "cgroup path is too long");
		if (cgroup_files_write(root, name, value) < 0)
			return error_sys(err, "write %s to %s", value, name);
	}
	return 0;
}

int
cgroup_inherit_cpuset(int root, const char *path, struct error *err)
{
	if (inherit_file(root, path, "cpuset.cpus", err) < 0)
		return -1;
	return inherit_file(root, path, "cpuset.mems", err);
}

/* "+cpu +memory": what is among offered and wanted, but not in handed. Returns the length. */
static size_t
missing_words(const char *offered, const char *handed, uint32_t wanted, char *words, size_t size)
{
	size_t used = 0;

	while (*offered) {
		size_t length = strcspn(offered, " ");
		uint32_t bit = cgroup_limits_controller(offered, length);

		if ((wanted == UINT32_MAX || (wanted & bit)) &&
		    !cgroup_names_has_word(handed, offered, length) && used + length + 2 < size)
			used += (size_t)snprintf(
			    words + used, size - used, "+%.*s ", (int)length, offered);
		offered += length + (offered[length] == ' ');
	}
	words[used] = '\0';
	return used;
}

/* All at once, or, where one is refused, each for itself. */
static void
enable_words(int dir, char *words)
{
	char *state = NULL;

	if (cgroup_files_write(dir, "cgroup.subtree_control", words) == 0)
		return;
	for (char *word = strtok_r(words, " ", &state); word; word = strtok_r(NULL, " ", &state))
		/* What is refused is missing in the end: the caller looks there. */
		(void)cgroup_files_write(dir, "cgroup.subtree_control", word);
}

static int
has_processes(int dir)
{
	char pid[16];

	return cgroup_files_read(dir, "cgroup.procs", pid, sizeof pid) > 0;
}

/* One cgroup on the way hands all that it has, and that is wanted, to its children. 1: it may not.
 */
static int
enable_at(
    int root, const char *path, size_t length, int is_root, uint32_t wanted, struct error *err)
{
	AUTO_FD int dir = cgroup_files_open_dir(root, path, length);
	char offered[512];
	char handed[512];
	char words[1024];

	if (dir < 0 || cgroup_files_read(dir, "cgroup.controllers", offered, sizeof offered) < 0 ||
	    cgroup_files_read(dir, "cgroup.subtree_control", handed, sizeof handed) < 0)
		return error_sys(err, "controllers of cgroup %.*s", (int)length, path);
	if (!missing_words(offered, handed, wanted, words, sizeof words))
		return 0;
	if (!is_root && has_processes(dir))
		return 1;
	enable_words(dir, words);
	return 0;
}

static uint32_t
words_bits(const char *text)
{
	uint32_t bits = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		bits |= cgroup_limits_controller(text, length);
		text += length + (text[length] == ' ');
	}
	return bits;
}

static int
read_words(int root, const char *path, size_t length, char *text, size_t size, struct error *err)
{
	AUTO_FD int dir = cgroup_files_open_dir(root, path, length);

	if (dir < 0 || cgroup_files_read(dir, "cgroup.controllers", text, size) < 0)
		return error_sys(err, "read %.*s/cgroup.controllers", (int)length, path);
	return 0;
}

/* From the root of the hierarchy to the parent of path, or as far as it goes. */
static int
enable_down(int root, const char *path, size_t mount, uint32_t controllers, size_t *blocked,
    struct error *err)
{
	for (size_t i = mount; path[i]; i++) {
		int result;

		if (i != mount && path[i] != '/')
			continue;
		result = enable_at(root, path, i, i == mount, controllers, err);
		if (result > 0)
			*blocked = i;
		if (result)
			return result < 0 ? -1 : 0;
	}
	return 0;
}

int
cgroup_inherit_controllers(int root, const char *path, size_t mount, uint32_t controllers,
    struct cgroup_inherited *out, struct error *err)
{
	size_t end = strlen(path);
	char top[512] = { 0 };
	char leaf[512] = { 0 };

	*out = (struct cgroup_inherited) { 0 };
	if (read_words(root, path, mount, top, sizeof top, err) < 0 ||
	    read_words(root, path, end, leaf, sizeof leaf, err) < 0)
		return -1;
	if (controllers != UINT32_MAX)
		controllers &= words_bits(top);
	/* Mostly all is there: an earlier container has had it handed down. */
	if (strcmp(top, leaf) != 0 && (words_bits(leaf) & controllers) != controllers) {
		if (enable_down(root, path, mount, controllers, &out->blocked, err) < 0 ||
		    read_words(root, path, end, leaf, sizeof leaf, err) < 0)
			return -1;
	}
	out->have = words_bits(leaf);
	return 0;
}
