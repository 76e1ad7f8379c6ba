/* Directories and files below one directory; the kernel fills what mkdir(2) makes. */
#include "kernel/resctrl.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/resctrl_schemata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ROOT "/sys/fs/resctrl"
#define SCHEMATA_MAX 65536u
#define STATUS_MAX 4096u
#define MONITOR_MAX 300 /* mon_groups/ID */

/* ------------------------------------------------------------------------------ places */

static int
open_root(const char *root, struct error *err)
{
	AUTO_FD int fd = open(root ? root : ROOT, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || faccessat(fd, "schemata", F_OK, 0) < 0)
		return error_num(err, ENOENT,
		    "resctrl is not mounted at %s (where the machine has it: mount -t resctrl "
		    "resctrl %s; else leave linux.intelRdt out)",
		    root ? root : ROOT, root ? root : ROOT);
	return take_fd(&fd);
}

/* The directory of the class; "" is the root's own. */
static int
open_group(int root, const struct plan *plan, struct error *err)
{
	const char *name = *plan->rdt.group ? plan->rdt.group : ".";
	int fd = openat(root, name, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return error_sys(
		    err, "closID %s (it is made only where schemata say what it is to be)", name);
	return fd < 0 ? error_sys(err, "open %s", name) : fd;
}

static const char *
monitor_path(const struct plan *plan, char path[MONITOR_MAX])
{
	(void)snprintf(path, MONITOR_MAX, "mon_groups/%s", plan->id); /* ids are shorter */
	return path;
}

/* ------------------------------------------------------------------------------ schemata */

/* What the kernel says of the last write, in its own file. */
static int
refused(int root, struct error *err)
{
	int errnum = errno;
	struct error unread;
	size_t length = 0;
	AUTO_FREE char *status =
	    file_read(root, "info/last_cmd_status", STATUS_MAX, &length, &unread);

	if (!status || length == 0 || strncmp(status, "ok", 2) == 0)
		return error_num(err, errnum, "write schemata");
	return error_num(err, errnum, "write schemata (%.*s)", (int)strcspn(status, "\n"), status);
}

/* As a whole: the kernel takes all lines of one write(2), or says which not. */
static int
write_schemata(int root, int group, const char *text, struct error *err)
{
	AUTO_FD int fd = openat(group, "schemata", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return error_sys(err, "open schemata");
	return write(fd, text, strlen(text)) < 0 ? refused(root, err) : 0;
}

static int
compare_schemata(int group, const struct plan *plan, struct error *err)
{
	size_t length = 0;
	AUTO_FREE char *has = file_read(group, "schemata", SCHEMATA_MAX, &length, err);

	if (!has || schemata_match(plan->rdt.schemata, has, err) < 0)
		return error_in(err, "closID %s, which is there already", plan->rdt.group);
	return 0;
}

/* ------------------------------------------------------------------------------ making */

static int
make_group(int root, const struct plan *plan, struct resctrl *resctrl, struct error *err)
{
	const char *name = plan->rdt.group;

	if (!*name || (!plan->rdt.own && !plan->rdt.schemata))
		return 0;
	if (mkdirat(root, name, 0755) == 0) {
		resctrl->made = 1;
		return 0;
	}
	if (errno == EEXIST && !plan->rdt.own)
		return 0;
	if (errno == EEXIST)
		return error_set(err,
		    "there is a group %s already: remove it, or name it in linux.intelRdt.closID",
		    name);
	if (errno == ENOSPC)
		return error_sys(
		    err, "make group %s (the machine has no class of service left)", name);
	return error_sys(err, "make group %s", name);
}

static int
make_monitor(int root, const struct plan *plan, struct error *err)
{
	char path[MONITOR_MAX];
	AUTO_FD int group = -1;

	if (!plan->rdt.monitoring)
		return 0;
	group = open_group(root, plan, err);
	if (group < 0)
		return -1;
	return mkdirat(group, monitor_path(plan, path), 0755) < 0 ? error_sys(err, "make %s", path)
								  : 0;
}

/* What was made of the class; the error that led here stays. */
static void
drop_group(int root, const struct plan *plan, struct resctrl *resctrl)
{
	if (resctrl->made)
		(void)unlinkat(root, plan->rdt.group, AT_REMOVEDIR); /* new: nobody is in it */
	resctrl->made = 0;
}

int
resctrl_make(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err)
{
	AUTO_FD int base = open_root(root, err);

	*resctrl = RESCTRL_NONE;
	if (base < 0 || make_group(base, plan, resctrl, err) < 0)
		return -1;
	if (make_monitor(base, plan, err) == 0)
		return 0;
	drop_group(base, plan, resctrl);
	return -1;
}

static int
open_tasks(int group, const struct plan *plan, struct resctrl *resctrl, struct error *err)
{
	char path[MONITOR_MAX + sizeof("/tasks")];
	char monitor[MONITOR_MAX];

	resctrl->group = openat(group, "tasks", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (resctrl->group < 0)
		return error_sys(err, "open tasks");
	if (!plan->rdt.monitoring)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/tasks", monitor_path(plan, monitor)); /* fits */
	resctrl->monitor = openat(group, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	return resctrl->monitor < 0 ? error_sys(err, "open %s", path) : 0;
}

int
resctrl_fill(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err)
{
	AUTO_FD int base = open_root(root, err);
	AUTO_FD int group = base < 0 ? -1 : open_group(base, plan, err);
	int result = group < 0 ? -1 : 0;

	if (result == 0 && plan->rdt.schemata)
		result = resctrl->made ? write_schemata(base, group, plan->rdt.schemata, err)
				       : compare_schemata(group, plan, err);
	return result < 0 ? -1 : open_tasks(group, plan, resctrl, err);
}

int
resctrl_open(const char *root, const struct plan *plan, struct resctrl *resctrl, struct error *err)
{
	AUTO_FD int base = open_root(root, err);
	AUTO_FD int group = base < 0 ? -1 : open_group(base, plan, err);

	*resctrl = RESCTRL_NONE;
	return group < 0 ? -1 : open_tasks(group, plan, resctrl, err);
}

/* The class first: the kernel counts in a group of the task's own class only. */
int
resctrl_enter(const struct resctrl *resctrl)
{
	const int files[] = { resctrl->group, resctrl->monitor };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i] >= 0 && write(files[i], "0", 1) < 0)
			return errno;
	return 0;
}

int
resctrl_change(const char *root, const struct plan *plan, const char *schemata, struct error *err)
{
	AUTO_FD int base = open_root(root, err);
	AUTO_FD int group = base < 0 ? -1 : open_group(base, plan, err);

	return group < 0 ? -1 : write_schemata(base, group, schemata, err);
}

/* ------------------------------------------------------------------------------ removing */

static int
remove_directory(int at, const char *path, struct error *err)
{
	return unlinkat(at, path, AT_REMOVEDIR) < 0 && errno != ENOENT
		   ? error_sys(err, "remove %s", path)
		   : 0;
}

int
resctrl_remove(
    const char *root, const struct plan *plan, const struct resctrl *resctrl, struct error *err)
{
	char path[MONITOR_MAX];
	AUTO_FD int base = open_root(root, err);
	AUTO_FD int group = base < 0 ? -1 : open_group(base, plan, err);

	if (group < 0)
		return err->errnum == ENOENT ? 0 : -1;
	if (plan->rdt.monitoring && remove_directory(group, monitor_path(plan, path), err) < 0)
		return -1;
	if (!plan->rdt.own && !resctrl->made)
		return 0;
	return remove_directory(base, plan->rdt.group, err);
}

void
resctrl_close(struct resctrl *resctrl)
{
	auto_close(&resctrl->group);
	auto_close(&resctrl->monitor);
	*resctrl = RESCTRL_NONE;
}
