/* exec --cgroup: below the container's own cgroups, in all hierarchies or in those named. */
#include "container/exec.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>

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
		struct plan_cgroup_dir *dir = &exec->place.dirs.items[i];

		if (has_controller(dir->name, controller, length))
			return descend(dir, path, &exec->compiled.arena, err);
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
	while (word < colon) {
		size_t length = strcspn(word, ",:");

		if (descend_in(exec, word, length, path, err) < 0)
			return -1;
		word += length + (word[length] == ',');
	}
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
	exec->place.dirs.items =
	    arena_array(&exec->compiled.arena, own->dirs.count, sizeof(*own->dirs.items));
	if (!exec->place.dirs.items)
		return no_memory(err);
	memcpy(exec->place.dirs.items, own->dirs.items, own->dirs.count * sizeof(*own->dirs.items));
	for (uint64_t i = 0; i < wanted->count; i++)
		if (apply(exec, wanted->items[i], err) < 0)
			return -1;
	return 0;
}
