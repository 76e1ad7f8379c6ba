/* Where exec's process goes: the container's own cgroups; with --cgroup below them, in all
 * hierarchies or in those named; or where the container's init has gone. */
#include "container/exec.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "base/syscalls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CGROUP_FILE_MAX 65536u

static int
no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "--cgroup");
}

/* No ".." gets out, and nothing is looked up through a link anyway (kernel/cgroup_files.h). */
static int
check_path(const char *path, struct error *err)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
			return error_set(err, "--cgroup: %s is not a sub cgroup path", path);
	}
	return 0;
}

/* path without slashes at both ends and without double ones, below dir's. */
static int
descend(struct plan_cgroup_dir *dir, const char *path, struct arena *arena, struct error *err)
{
	while (path && *path) {
		size_t length = strcspn(path, "/");

		if (length && !(length == 1 && *path == '.'))
			dir->path = arena_printf(arena, "%s/%.*s", dir->path, (int)length, path);
		if (!dir->path)
			return no_memory(err);
		path += length + (path[length] == '/');
	}
	return 0;
}

/* Whether name ("cpu,cpuacct") has this controller. */
static int
has_controller(const char *name, const char *controller, size_t length)
{
	while (*name) {
		size_t part = strcspn(name, ",");

		if (part == length && strncmp(name, controller, length) == 0)
			return 1;
		name += part + (name[part] == ',');
	}
	return 0;
}

static int
descend_in(
    struct exec *exec, const char *controller, size_t length, const char *path, struct error *err)
{
	for (uint64_t i = 0; i < exec->place.dirs.count; i++) {
		const char *own = exec->container.plan->cgroup.dirs.items[i].path;
		struct plan_cgroup_dir *dir = &exec->place.dirs.items[i];
		const char *before = dir->path;

		if (!has_controller(dir->name, controller, length))
			continue;
		dir->path = own;
		if (descend(dir, path, &exec->compiled.arena, err) < 0)
			return -1;
		if (before == own || strcmp(before, dir->path) == 0)
			return 0;
		return error_set(err, "--cgroup: two paths for controller %.*s: leave out one",
		    (int)length, controller);
	}
	return error_set(err, "--cgroup: the container has no cgroup of controller %.*s",
	    (int)length, controller);
}

/* PATH alone: in every hierarchy. */
static int
descend_everywhere(struct exec *exec, const char *path, struct error *err)
{
	if (exec->options->cgroups.count > 1)
		return error_set(err, "--cgroup %s: of several, each needs its CONTROLLER:", path);
	for (uint64_t i = 0; i < exec->place.dirs.count; i++)
		if (descend(&exec->place.dirs.items[i], path, &exec->compiled.arena, err) < 0)
			return -1;
	return 0;
}

static int
apply(struct exec *exec, const char *word, struct error *err)
{
	const char *colon = strchr(word, ':');
	const char *path = colon ? colon + 1 : word;

	if (check_path(path, err) < 0)
		return -1;
	if (!colon)
		return descend_everywhere(exec, path, err);
	if (colon == word)
		return error_set(
		    err, "--cgroup %s: name a controller, or leave out the colon", word);
	while (word < colon) {
		size_t length = strcspn(word, ",:");

		if (descend_in(exec, word, length, path, err) < 0)
			return -1;
		word += length + (word[length] == ',');
	}
	return 0;
}

static int
copy_dirs(struct exec *exec)
{
	const struct plan_cgroup *own = &exec->container.plan->cgroup;
	struct plan_cgroup_dir *dirs =
	    arena_array(&exec->compiled.arena, own->dirs.count, sizeof(*dirs));

	exec->place = *own;
	if (!dirs)
		return -1;
	memcpy(dirs, own->dirs.items, own->dirs.count * sizeof(*dirs));
	exec->place.dirs.items = dirs;
	return 0;
}

int
exec_find_cgroups(struct exec *exec, struct error *err)
{
	const struct plan_cgroup *own = &exec->container.plan->cgroup;
	const struct container_words *wanted = &exec->options->cgroups;

	exec->place = *own;
	if (wanted->count == 0)
		return 0;
	if (own->dirs.count == 0)
		return error_set(err, "--cgroup: the container has no cgroups");
	if (copy_dirs(exec) < 0)
		return no_memory(err);
	for (uint64_t i = 0; i < wanted->count; i++)
		if (apply(exec, wanted->items[i], err) < 0)
			return -1;
	return 0;
}

/* The line "0::PATH" of init's cgroup file. */
static const char *
read_v2_path(struct exec *exec)
{
	char name[48];
	size_t length;
	struct error ignored;
	AUTO_FREE char *text = NULL;
	const char *line;

	(void)snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)exec->joined_pid); /* fits */
	text = file_read(AT_FDCWD, name, CGROUP_FILE_MAX, &length, &ignored);
	if (!text || sys_pidfd_send_signal(exec->joined, 0) < 0)
		return NULL; /* ended: it may have been another's */
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return NULL;
	line = strchr(line, '/');
	return line ? arena_printf(&exec->compiled.arena, "%.*s", (int)strcspn(line, "\n"), line)
		    : NULL;
}

static int
is_below(const char *path, const char *top)
{
	size_t length = strlen(top);

	return strncmp(path, top, length) == 0 && path[length] == '/';
}

int
exec_follow_init(struct exec *exec)
{
	const char *path = exec->options->cgroups.count ? NULL : read_v2_path(exec);

	if (!path || copy_dirs(exec) < 0)
		return -1;
	for (uint64_t i = 0; i < exec->place.dirs.count; i++) {
		struct plan_cgroup_dir *dir = &exec->place.dirs.items[i];
		const char *mounted = *dir->name ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";
		const char *there;

		if (*dir->name && strcmp(dir->name, "unified") != 0)
			continue;
		there = arena_printf(&exec->compiled.arena, "%s%s", mounted, path);
		if (!there || !is_below(there, dir->path))
			return -1;
		dir->path = there;
		return 0;
	}
	return -1;
}
