/* Finds where the container's cgroups are to be: one read of /proc/self/cgroup, and one statfs for
 * each hierarchy. */
#include "kernel/cgroup.h"

#include "kernel/cgroup_names.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

/* What all hierarchies have in common. */
struct place {
	const char *root;   /* "/sys/fs/cgroup" */
	const char *wanted; /* cleaned */
	int is_absolute;
	struct arena *arena;
	struct plan_cgroup *out;
};

/* 1, 2, or 0 where no cgroup file system is mounted there. */
static uint32_t
probe_version(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return 0;
	if (fs.f_type == CGROUP_SUPER_MAGIC)
		return 1;
	return fs.f_type == CGROUP2_SUPER_MAGIC ? 2 : 0;
}

/* The runtime's own cgroup, cleaned; for v2 alone its parent. */
static const char *
own_path(
    const struct place *place, const struct cgroup_line *line, int is_v2_alone, struct error *err)
{
	char *own = arena_printf(place->arena, "%.*s", (int)line->path_length, line->path);
	const char *clean;

	if (!own)
		return (void)error_set(err, "out of memory"), NULL;
	clean = cgroup_names_clean(own, place->arena, err);
	if (!clean)
		return (void)error_in(err, "the runtime's own cgroup"), NULL;
	if (!is_v2_alone)
		return clean;
	return arena_printf(
	    place->arena, "%.*s", (int)cgroup_names_parent(clean, strlen(clean)), clean);
}

static int
add_dir(
    const struct place *place, const struct cgroup_line *line, const char *mount, struct error *err)
{
	struct plan_cgroup_dir *dir = &place->out->dirs.items[place->out->dirs.count];
	const char *own = place->is_absolute ? "" : own_path(place, line, !*mount, err);

	if (!own)
		return -1;
	if (place->out->dirs.count == CGROUP_DIRS_MAX)
		return error_set(err, "more than %d cgroup hierarchies", CGROUP_DIRS_MAX);
	dir->name = mount;
	dir->link = strchr(mount, ',') ? mount : NULL;
	dir->path = arena_printf(place->arena, "%s%s%s%s%s/%s", place->root, *mount ? "/" : "",
	    mount, *own ? "/" : "", own, place->wanted);
	if (!dir->path)
		return error_set(err, "out of memory");
	place->out->dirs.count++;
	return 0;
}

/* A v1 hierarchy, or the cgroup2 mount of a hybrid. Where it is not mounted, it is skipped. */
static int
add_line(const struct place *place, const struct cgroup_line *line, struct error *err)
{
	const char *mount = cgroup_names_mount(line, place->arena);
	const char *path = mount ? arena_printf(place->arena, "%s/%s", place->root, mount) : NULL;

	if (!path)
		return error_set(err, "out of memory");
	if (strchr(mount, '/') || probe_version(path) != (line->controllers_length ? 1 : 2))
		return 0;
	return add_dir(place, line, mount, err);
}

static int
add_lines(const struct place *place, const char *self, struct error *err)
{
	int is_v2_alone = probe_version(place->root) == 2;
	struct cgroup_line line;

	while (cgroup_names_line(&self, &line)) {
		int result = 0;

		if (!is_v2_alone)
			result = add_line(place, &line, err);
		else if (!line.controllers_length)
			result = add_dir(place, &line, "", err);
		if (result < 0)
			return -1;
	}
	if (!place->out->dirs.count)
		return error_set(err, "no cgroup hierarchy is mounted below %s", place->root);
	return 0;
}

static int
read_self(char *text, size_t size, struct error *err)
{
	AUTO_FD int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got;

	if (fd < 0)
		return error_sys(err, "open /proc/self/cgroup");
	while ((got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	if (got < 0)
		return error_sys(err, "read /proc/self/cgroup");
	if (used == size - 1)
		return error_set(err, "/proc/self/cgroup is longer than %zu bytes", size);
	text[used] = '\0';
	return 0;
}

int
cgroup_locate(const struct cgroup_host *host, const char *configured_path, const char *id,
    struct arena *arena, struct plan_cgroup *out, struct error *err)
{
	const char *path = configured_path && *configured_path ? configured_path : id;
	struct place place = {
		.root = host ? host->path : "/sys/fs/cgroup",
		.wanted = cgroup_names_clean(path, arena, err),
		.is_absolute = *path == '/',
		.arena = arena,
		.out = out,
	};
	char self[16384];

	if (!place.wanted)
		return -1;
	if (!*place.wanted)
		return error_set(err, "cgroup path \"%s\" would be the root cgroup", path);
	out->dirs.count = 0;
	out->dirs.items = arena_array(arena, CGROUP_DIRS_MAX, sizeof *out->dirs.items);
	if (!out->dirs.items)
		return error_set(err, "cgroup: out of memory");
	if (!host && read_self(self, sizeof self, err) < 0)
		return -1;
	return add_lines(&place, host ? host->self : self, err);
}
