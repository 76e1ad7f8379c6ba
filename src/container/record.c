/* What a status file's record says of init, and what has become of it since. */
#include "container/state.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/process_stat.h"
#include "base/syscalls.h"
#include "kernel/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static int
read_stat(pid_t pid, struct process_stat *stat)
{
	char path[40], text[1024];
	AUTO_FD int fd = -1;
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (length <= 0)
		return -1;
	if (process_stat_parse(text, (size_t)length, stat) < 0) {
		errno = EPROTO;
		return -1;
	}
	return 0;
}

int
state_record_init(struct state_record *record, pid_t init, struct error *err)
{
	struct process_stat stat;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	*record = (struct state_record) {
		.magic = STATE_MAGIC,
		.status = STATE_CREATING,
		.init = init,
		.created_s = now.tv_sec,
		.created_ns = now.tv_nsec,
		.owner = geteuid(),
	};
	if (read_stat(init, &stat) < 0)
		return error_sys(err, "read the start time of process %d", (int)init);
	record->init_started = stat.started;
	return 0;
}

int
state_init_alive(const struct state_record *record)
{
	struct process_stat stat;

	return read_stat(record->init, &stat) == 0 && stat.started == record->init_started &&
	       stat.state != 'Z' && stat.state != 'X';
}

int
state_init_pidfd(const struct state_record *record)
{
	AUTO_FD int pidfd = sys_pidfd_open(record->init, 0);

	if (pidfd >= 0 &&
	    !state_init_alive(
		record)) { /* asked after opening: the pid cannot be reused any more */
		errno = ESRCH;
		return -1;
	}
	return take_fd(&pidfd);
}

/* Another program would be one that a dying init has left to the guard. */
static int
runs_same(pid_t a, pid_t b)
{
	char path[40];
	struct stat info_a, info_b;

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)a); /* fits, as below */
	if (stat(path, &info_a) < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)b);
	return stat(path, &info_b) == 0 && info_a.st_ino == info_b.st_ino &&
	       info_a.st_dev == info_b.st_dev;
}

/* The guard's one child. 0: there is none. */
static pid_t
read_child(pid_t pid)
{
	char path[64], text[32];
	AUTO_FD int fd = -1;
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	return (pid_t)strtol(text, NULL, 10);
}

int
state_inner_pidfd(const struct state_record *record, const struct plan *plan, pid_t *pid)
{
	AUTO_FD int pidfd = state_init_pidfd(record);
	AUTO_FD int child = -1;

	*pid = record->init;
	if (pidfd < 0 || plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW ||
	    plan->supervision_mode == PLAN_MODE_OFF)
		return take_fd(&pidfd);
	*pid = read_child(record->init);
	child = *pid > 0 ? sys_pidfd_open(*pid, 0) : -1;
	/* asked after opening, and alive after asking: so what was seen is the pidfd's process */
	if (child < 0 || !runs_same(record->init, *pid) || sys_pidfd_send_signal(child, 0) < 0 ||
	    sys_pidfd_send_signal(pidfd, 0) < 0) {
		errno = ESRCH;
		return -1;
	}
	return take_fd(&child);
}

static int
is_frozen(const struct plan *plan)
{
	struct cgroup cgroup = CGROUP_NONE;
	struct error ignored;
	int frozen = 0;

	if (plan->cgroup.dirs.count &&
	    cgroup_open(NULL, &plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, &ignored) == 0)
		frozen = cgroup_is_frozen(&cgroup, &ignored) == 1;
	cgroup_close(&cgroup);
	return frozen;
}

enum state_status
state_status(const struct state_record *record, const struct plan *plan)
{
	if (!state_init_alive(record))
		return STATE_STOPPED;
	return is_frozen(plan) ? STATE_PAUSED : (enum state_status)record->status;
}

void
state_record_guess(const struct state_dir *dir, struct state_record *record)
{
	struct stat info;

	*record = (struct state_record) { .status = STATE_CREATING };
	if (fstat(dir->fd, &info) < 0)
		return; /* zeros are as good a guess */
	record->created_s = info.st_mtim.tv_sec;
	record->created_ns = info.st_mtim.tv_nsec;
	record->owner = info.st_uid;
}
