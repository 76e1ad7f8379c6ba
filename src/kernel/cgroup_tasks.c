/* The processes in a container's cgroups: listed, frozen, killed. */
#include "kernel/cgroup.h"

#include "kernel/cgroup_files.h"

#include "base/auto.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>

#define FREEZE_WAIT_MS 2000
#define KILL_WAIT_MS 10000

static const struct cgroup_dir *
find_v2(const struct cgroup *cgroup)
{
	for (uint32_t i = 0; i < cgroup->count; i++)
		if (cgroup->dirs[i].fd >= 0 && cgroup->dirs[i].version == 2)
			return &cgroup->dirs[i];
	return NULL;
}

/* v1's where there is one: in a hybrid, it is the one that engines use. NULL = none at all. */
static const struct cgroup_dir *
find_freezer(const struct cgroup *cgroup)
{
	for (uint32_t i = 0; i < cgroup->count; i++)
		if (cgroup->dirs[i].fd >= 0 && (cgroup->dirs[i].v1 & (1u << CGROUP_FREEZER)))
			return &cgroup->dirs[i];
	return find_v2(cgroup);
}

/* pids */

/* Where all processes of the container are: freezer, v2, or else any. */
static const struct cgroup_dir *
find_members(const struct cgroup *cgroup)
{
	const struct cgroup_dir *dir = find_freezer(cgroup);

	for (uint32_t i = 0; !dir && i < cgroup->count; i++)
		if (cgroup->dirs[i].fd >= 0)
			dir = &cgroup->dirs[i];
	return dir;
}

static int
add_tree_pids(int dir, const struct cgroup_tree *tree, pid_t **pids, size_t *count)
{
	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->paths[i];
		AUTO_FD int fd = cgroup_files_open_dir(dir, path, strlen(path));

		if (fd < 0 && errno != ENOENT)
			return -1;
		/* Gone meanwhile, or threaded (EOPNOTSUPP): its processes are in its parent. */
		if (fd >= 0 && cgroup_files_add_pids(fd, pids, count) < 0 && errno != ENODEV &&
		    errno != EOPNOTSUPP && errno != ENOENT)
			return -1;
	}
	return 0;
}

int
cgroup_pids(const struct cgroup *cgroup, pid_t **pids, size_t *count, struct error *err)
{
	const struct cgroup_dir *dir = find_members(cgroup);
	AUTO_FREE pid_t *list = NULL;
	struct cgroup_tree tree;
	int result;

	*pids = NULL;
	*count = 0;
	if (!dir)
		return 0;
	if (cgroup_files_walk(dir->fd, &tree) < 0)
		return error_sys(err, "list the cgroups below %s", dir->path);
	result = add_tree_pids(dir->fd, &tree, &list, count);
	cgroup_files_free(&tree);
	if (result < 0) {
		*count = 0;
		return error_sys(err, "list the processes of cgroup %s", dir->path);
	}
	*pids = take_ptr(&list);
	return 0;
}

/* freezer */

struct freezer {
	const char *file;
	const char *words[2]; /* [CGROUP_THAWED], [CGROUP_FROZEN] */
	const char *state;    /* where it is seen */
	const char *frozen;   /* the word in it, once it is so */
};

static const struct freezer freezers[] = {
	[1] = { "freezer.state", { "THAWED", "FROZEN" }, "freezer.state", "FROZEN" },
	[2] = { "cgroup.freeze", { "0", "1" }, "cgroup.events", "frozen 1" },
};

static int
is_settled(const struct cgroup_dir *dir, enum cgroup_freezer_state state)
{
	const struct freezer *freezer = &freezers[dir->version];
	char text[256];

	if (cgroup_files_read(dir->fd, freezer->state, text, sizeof text) < 0)
		return -1;
	if (state == CGROUP_FROZEN)
		return strstr(text, freezer->frozen) != NULL;
	return dir->version == 1 ? strcmp(text, "THAWED") == 0 : !strstr(text, freezer->frozen);
}

/* 0; -1 with errno, ETIMEDOUT included. A request is repeated, since v1 may miss a process that is
 * just being forked. */
static int
settle(const struct cgroup_dir *dir, enum cgroup_freezer_state state)
{
	struct cgroup_patience patience = cgroup_files_patience(FREEZE_WAIT_MS);
	const struct freezer *freezer = &freezers[dir->version];

	do {
		int settled;

		if (cgroup_files_write(dir->fd, freezer->file, freezer->words[state]) < 0)
			return -1;
		settled = is_settled(dir, state);
		if (settled)
			return settled < 0 ? -1 : 0;
	} while (cgroup_files_wait(&patience));
	return errno = ETIMEDOUT, -1;
}

int
cgroup_freeze(const struct cgroup *cgroup, enum cgroup_freezer_state state, struct error *err)
{
	const struct cgroup_dir *dir = find_freezer(cgroup);
	const char *act = state == CGROUP_FROZEN ? "freeze" : "thaw";

	if (!dir)
		return error_set(err, "cannot %s: the freezer controller is not mounted", act);
	if (settle(dir, state) == 0)
		return 0;
	(void)error_sys(err, "%s cgroup %s", act, dir->path);
	if (state == CGROUP_FROZEN)
		(void)settle(dir, CGROUP_THAWED); /* the first failure is the one to tell */
	return -1;
}

int
cgroup_is_frozen(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_dir *dir = find_freezer(cgroup);
	char text[64];

	if (!dir)
		return 0;
	if (cgroup_files_read(dir->fd, freezers[dir->version].file, text, sizeof text) < 0)
		return errno == ENOENT || errno == ENODEV
			   ? 0
			   : error_sys(err, "read the freezer of cgroup %s", dir->path);
	return strcmp(text, dir->version == 1 ? "THAWED" : "0") != 0;
}

/* kill */

/* SIGKILL for each. A pid is not given out again while its process is frozen, hence the freeze; one
 * that cannot be frozen (D state, no freezer) is killed all the same. */
static int
kill_listed(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_dir *freezer = find_freezer(cgroup);
	AUTO_FREE pid_t *pids = NULL;
	size_t count;
	int result;

	if (freezer)
		(void)settle(freezer, CGROUP_FROZEN);
	result = cgroup_pids(cgroup, &pids, &count, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		(void)kill(pids[i], SIGKILL); /* ESRCH: it is what is wanted */
	if (freezer)
		(void)settle(freezer, CGROUP_THAWED); /* a v1 frozen process does not die */
	return result;
}

/* cgroup.kill (Linux 5.14) takes all at once, forks included. 0 where there is none. */
static int
kill_at_once(const struct cgroup *cgroup)
{
	const struct cgroup_dir *v2 = find_v2(cgroup);
	const struct cgroup_dir *freezer = find_freezer(cgroup);

	if (!v2 || cgroup_files_write(v2->fd, "cgroup.kill", "1") < 0)
		return 0;
	if (freezer->version == 1)
		(void)settle(freezer, CGROUP_THAWED); /* or it would not die */
	return 1;
}

int
cgroup_kill(const struct cgroup *cgroup, struct error *err)
{
	struct cgroup_patience patience = cgroup_files_patience(KILL_WAIT_MS);

	for (unsigned round = 0;; round++) {
		AUTO_FREE pid_t *pids = NULL;
		size_t count;

		if (cgroup_pids(cgroup, &pids, &count, err) < 0)
			return -1;
		if (!count)
			return 0;
		/* Every eighth round one by one: some may be in v1's hierarchies only. */
		if ((round % 8 == 7 || !kill_at_once(cgroup)) && kill_listed(cgroup, err) < 0)
			return -1;
		if (!cgroup_files_wait(&patience))
			return error_set(err, "%zu processes of the cgroup do not die", count);
	}
}
