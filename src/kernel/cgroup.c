/* Makes, enters, opens and removes the container's cgroups.
 *
 * A bare mkdir and rmdir in ten hierarchies is most of what this costs; so nothing is read back,
 * and a file is opened only if something is written to it. All paths are below one directory fd for
 * /sys/fs/cgroup, and were cleaned by cgroup_locate. */
#include "kernel/cgroup.h"

#include "kernel/cgroup_apply.h"
#include "kernel/cgroup_delegate.h"
#include "kernel/cgroup_files.h"
#include "kernel/cgroup_inherit.h"
#include "kernel/cgroup_names.h"

#include "base/auto.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REMOVE_WAIT_MS 2000

/* Another runtime may remove a parent, empty by then, just before it is used. */
#define MAKE_ATTEMPTS 16

/* open and close */

static int
open_root(const struct cgroup_host *host, struct error *err)
{
	int fd = host ? fcntl(host->root, F_DUPFD_CLOEXEC, 3) : cgroup_files_open_root();

	return fd < 0 ? error_sys(err, "open /sys/fs/cgroup") : fd;
}

/* The part of a planned path that is below the host's root; NULL with err where it is not. */
static const char *
path_below(const struct cgroup_host *host, const char *path, struct error *err)
{
	const char *root = host ? host->path : "/sys/fs/cgroup";
	size_t length = strlen(root);

	if (strncmp(path, root, length) == 0 && path[length] == '/' && path[length + 1])
		return path + length + 1;
	(void)error_set(err, "cgroup %s is not below %s", path, root);
	return NULL;
}

static int
start_dir(const struct cgroup_host *host, const struct plan_cgroup_dir *plan,
    struct cgroup_dir *dir, struct error *err)
{
	int is_v2 = !*plan->name || strcmp(plan->name, "unified") == 0;

	*dir = (struct cgroup_dir) {
		.fd = -1,
		.tasks = -1,
		.version = is_v2 ? 2 : 1,
		.v1 = is_v2 ? 0 : cgroup_names_controllers(plan->name),
		.path = path_below(host, plan->path, err),
		.mount = (uint32_t)strlen(plan->name),
	};
	if (!dir->path)
		return -1;
	dir->there = (uint32_t)strlen(dir->path);
	return 0;
}

/* All but the fds of dirs. */
static int
start_cgroup(const struct cgroup_host *host, const struct plan_cgroup *plan, struct cgroup *out,
    struct error *err)
{
	*out = CGROUP_NONE;
	if (plan->dirs.count > CGROUP_DIRS_MAX)
		return error_set(err, "more than %d cgroup hierarchies", CGROUP_DIRS_MAX);
	for (uint64_t i = 0; i < plan->dirs.count; i++)
		if (start_dir(host, &plan->dirs.items[i], &out->dirs[i], err) < 0)
			return -1;
	out->root = open_root(host, err);
	if (out->root < 0)
		return -1;
	out->count = (uint32_t)plan->dirs.count;
	out->rights_lacking = plan->rights_lacking;
	return 0;
}

/* 0, or -1 with errno. */
static int
open_dir(struct cgroup *cgroup, struct cgroup_dir *dir, enum cgroup_open_for what)
{
	dir->fd = cgroup_files_open_dir(cgroup->root, dir->path, strlen(dir->path));
	if (dir->fd < 0)
		return -1;
	if (dir->version == 2)
		cgroup->into = dir->fd;
	else if (what == CGROUP_OPEN_ENTER)
		dir->tasks = openat(dir->fd, "tasks", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	return dir->version == 1 && what == CGROUP_OPEN_ENTER && dir->tasks < 0 ? -1 : 0;
}

int
cgroup_open(const struct cgroup_host *host, const struct plan_cgroup *plan,
    enum cgroup_open_for what, struct cgroup *out, struct error *err)
{
	uint32_t opened = 0;

	if (start_cgroup(host, plan, out, err) < 0)
		return -1;
	for (uint32_t i = 0; i < out->count; i++) {
		if (open_dir(out, &out->dirs[i], what) == 0) {
			opened++;
		} else if (errno != ENOENT) {
			(void)error_sys(err, "open cgroup %s", out->dirs[i].path);
			cgroup_close(out);
			return -1;
		}
	}
	if (opened || !out->count)
		return 0;
	cgroup_close(out);
	return error_num(err, ENOENT, "the container's cgroups are gone");
}

void
cgroup_close(struct cgroup *cgroup)
{
	for (uint32_t i = 0; i < cgroup->count; i++) {
		auto_close(&cgroup->dirs[i].fd);
		auto_close(&cgroup->dirs[i].tasks);
	}
	auto_close(&cgroup->root);
	*cgroup = CGROUP_NONE;
}

/* enter */

static int
enter_v2(const struct cgroup *cgroup)
{
	AUTO_FD int procs = openat(cgroup->into, "cgroup.procs", O_WRONLY | O_CLOEXEC);

	return procs < 0 || write(procs, "0", 1) < 0 ? errno : 0;
}

int
cgroup_enter(const struct cgroup *cgroup, enum cgroup_enter_what what)
{
	for (uint32_t i = 0; i < cgroup->count; i++)
		if (cgroup->dirs[i].tasks >= 0 && write(cgroup->dirs[i].tasks, "0", 1) < 0)
			return errno;
	if (what == CGROUP_ENTER_ALL && cgroup->into >= 0)
		return enter_v2(cgroup);
	return 0;
}

/* make */

/* Makes path's first length bytes a directory. 0, or -1 with errno. */
static int
make_part(int root, const char *path, size_t length)
{
	char part[PATH_MAX];

	if (length >= sizeof part)
		return errno = ENAMETOOLONG, -1;
	memcpy(part, path, length);
	part[length] = '\0';
	return mkdirat(root, part, 0755);
}

/* 0, or -1 with errno. dir->there goes down to what was there before the first part made. */
static int
make_parts(int root, struct cgroup_dir *dir)
{
	size_t end = strlen(dir->path);

	for (size_t length = dir->mount + 1; length <= end; length++) {
		if (length < end && dir->path[length] != '/')
			continue;
		if (make_part(root, dir->path, length) == 0) {
			size_t above = cgroup_names_parent(dir->path, length);

			if (above < dir->there)
				dir->there = (uint32_t)above;
		} else if (errno != EEXIST) {
			return -1;
		} else if (length == end) { /* somebody else's, just now */
			dir->there = (uint32_t)end;
			return errno = EEXIST, -1;
		}
	}
	return 0;
}

/* The leaf alone first: mostly its parents are there. */
static int
make_leaf(int root, struct cgroup_dir *dir)
{
	int result = mkdirat(root, dir->path, 0755);

	if (result == 0)
		dir->there = (uint32_t)cgroup_names_parent(dir->path, strlen(dir->path));
	for (int i = 0; result < 0 && errno == ENOENT && i < MAKE_ATTEMPTS; i++)
		result = make_parts(root, dir);
	return result;
}

static int
make_dir(struct cgroup *cgroup, struct cgroup_dir *dir, struct error *err)
{
	int is_fresh = make_leaf(cgroup->root, dir) == 0;

	if (!is_fresh && errno != EEXIST)
		return error_sys(err, "make cgroup %s", dir->path);
	if (is_fresh && (dir->v1 & (1u << CGROUP_CPUSET)) &&
	    cgroup_inherit_cpuset(cgroup->root, dir->path, err) < 0)
		return -1;
	if (open_dir(cgroup, dir, CGROUP_OPEN_ENTER) < 0)
		return error_sys(err, "open cgroup %s", dir->path);
	return is_fresh;
}

/* Something that is not ours, or frozen by somebody, would take our limits, or hang us. */
static int
check_unused(const struct cgroup *cgroup, pid_t inside, struct error *err)
{
	AUTO_FREE pid_t *pids = NULL;
	size_t count;
	int frozen;

	if (cgroup_pids(cgroup, &pids, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (pids[i] != inside)
			return error_set(err,
			    "container's cgroup is not empty: %zu processes, one is %d", count,
			    pids[i]);
	frozen = cgroup_is_frozen(cgroup, err);
	if (frozen > 0)
		return error_set(err, "container's cgroup unexpectedly frozen");
	return frozen;
}

static int
make_dirs(struct cgroup *cgroup, pid_t inside, struct error *err)
{
	int all_fresh = 1;

	for (uint32_t i = 0; i < cgroup->count; i++) {
		int is_fresh = make_dir(cgroup, &cgroup->dirs[i], err);

		if (is_fresh < 0)
			return -1;
		all_fresh &= is_fresh;
	}
	return all_fresh ? 0 : check_unused(cgroup, inside, err);
}

/* v1 is never given away (its controllers are not safe from their users); nor is v2 in a hybrid,
 * where it has no limits. */
static int
give_away(const struct cgroup *cgroup, uint64_t owner, struct error *err)
{
	if (!owner || cgroup->count != 1 || cgroup->into < 0)
		return 0;
	return cgroup_delegate(cgroup->into, (uid_t)owner, err);
}

/* inside: 0, or the process that may be there already. */
static int
make(const struct cgroup_host *host, const struct plan_cgroup *plan, pid_t inside,
    struct arena *arena, struct cgroup *out, struct error *err)
{
	struct error ignored;

	if (start_cgroup(host, plan, out, err) < 0)
		return -1;
	if (make_dirs(out, inside, err) == 0 &&
	    cgroup_apply_limits(out, &plan->resources, CGROUP_LIMITS_CREATE, arena, err) == 0 &&
	    give_away(out, plan->owner, err) == 0)
		return 0;
	if (!inside)
		(void)cgroup_unmake(out, &ignored); /* the first failure is the one to tell */
	cgroup_close(out);
	return -1;
}

int
cgroup_make(const struct cgroup_host *host, const struct plan_cgroup *plan, struct arena *arena,
    struct cgroup *out, struct error *err)
{
	return make(host, plan, 0, arena, out, err);
}

static int
put_process(const struct cgroup_dir *dir, const char *pid)
{
	return cgroup_files_write(dir->fd, dir->version == 2 ? "cgroup.procs" : "tasks", pid);
}

int
cgroup_make_around(const struct cgroup_host *host, const struct plan_cgroup *plan, pid_t inside,
    struct arena *arena, struct cgroup *out, struct error *err)
{
	char pid[16];

	if (make(host, plan, inside, arena, out, err) < 0)
		return -1;
	(void)snprintf(pid, sizeof pid, "%d", (int)inside); /* fits */
	for (uint32_t i = 0; i < out->count; i++) {
		if (put_process(&out->dirs[i], pid) < 0) {
			(void)error_sys(
			    err, "put the first process into cgroup %s", out->dirs[i].path);
			cgroup_close(out);
			return -1;
		}
	}
	return 0;
}

/* remove */

/* Removes what the payload made below path, children first. 0, or -1 with errno. */
static int
remove_below(int root, const char *path)
{
	AUTO_FD int dir = cgroup_files_open_dir(root, path, strlen(path));
	struct cgroup_tree tree;
	int result = 0;

	if (dir < 0 || cgroup_files_walk(dir, &tree) < 0)
		return -1;
	for (size_t i = tree.count; i-- > 1 && result == 0;)
		if (unlinkat(dir, tree.paths[i], AT_REMOVEDIR) < 0 && errno != ENOENT)
			result = -1;
	cgroup_files_free(&tree);
	return result;
}

/* A cgroup with cgroups in it is EBUSY, as is one whose last task is just dying. 0, or -1 with
 * errno. */
static int
remove_leaf(int root, const char *path, struct cgroup_patience *patience)
{
	while (unlinkat(root, path, AT_REMOVEDIR) < 0) {
		if (errno == ENOENT)
			return 0;
		if (errno != EBUSY && errno != ENOTEMPTY)
			return -1;
		if (remove_below(root, path) == 0 && unlinkat(root, path, AT_REMOVEDIR) == 0)
			return 0;
		if (errno == ENOENT)
			return 0;
		if (!cgroup_files_wait(patience))
			return errno = EBUSY, -1;
	}
	return 0;
}

int
cgroup_remove(const struct cgroup_host *host, const struct plan_cgroup *plan, struct error *err)
{
	struct cgroup_patience patience = cgroup_files_patience(REMOVE_WAIT_MS);
	struct cgroup cgroup;
	int result = 0;

	if (start_cgroup(host, plan, &cgroup, err) < 0)
		return -1;
	for (uint32_t i = 0; i < cgroup.count; i++)
		if (remove_leaf(cgroup.root, cgroup.dirs[i].path, &patience) < 0)
			result = error_sys(err, "remove cgroup %s", cgroup.dirs[i].path);
	cgroup_close(&cgroup);
	return result;
}

/* Removes the parents that were made, upwards, until one is in use by others. */
static void
remove_parents(int root, const struct cgroup_dir *dir)
{
	char path[PATH_MAX];
	size_t length = cgroup_names_parent(dir->path, strlen(dir->path));

	for (; length > dir->there && length < sizeof path;
	     length = cgroup_names_parent(dir->path, length)) {
		memcpy(path, dir->path, length);
		path[length] = '\0';
		if (unlinkat(root, path, AT_REMOVEDIR) < 0)
			return;
	}
}

int
cgroup_unmake(const struct cgroup *cgroup, struct error *err)
{
	struct cgroup_patience patience = cgroup_files_patience(REMOVE_WAIT_MS);
	int result = 0;

	for (uint32_t i = 0; i < cgroup->count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];

		if (dir->there == strlen(dir->path))
			continue;
		if (remove_leaf(cgroup->root, dir->path, &patience) < 0)
			result = error_sys(err, "remove cgroup %s", dir->path);
		else
			remove_parents(cgroup->root, dir);
	}
	return result;
}
