/* What a container is now, in words: status, OCI state. */
#include "container/state.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "kernel/cgroup.h"
#include "spec/state.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

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

const char *
state_word(enum state_status status)
{
	static const char *const words[] = {
		[STATE_CREATING] = "creating",
		[STATE_CREATED] = "created",
		[STATE_RUNNING] = "running",
		[STATE_PAUSED] = "paused",
		[STATE_STOPPED] = "stopped",
	};

	return words[status];
}

void
state_format_time(const struct state_record *record, char text[64])
{
	time_t seconds = (time_t)record->created_s;
	struct tm utc;
	size_t used;

	(void)gmtime_r(&seconds, &utc); /* the year fits for any time that a clock shows */
	used = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(
	    text + used, 64 - used, ".%09lldZ", (long long)record->created_ns); /* fits */
}

void
state_format_owner(uint32_t uid, char text[64])
{
	if (uid == 0)
		(void)snprintf(text, 64, "root");
	else
		(void)snprintf(text, 64, "%u", uid); /* fits */
}

char *
state_json(const struct plan *plan, const struct state_record *record, enum state_status status,
    int pretty, size_t *length, struct error *err)
{
	char created[64], owner[64];
	struct state_doc doc = {
		.oci_version = plan->oci_version,
		.id = plan->id,
		.pid = status == STATE_STOPPED ? 0 : record->init,
		.status = state_word(status),
		.bundle = plan->bundle,
		.rootfs = plan->rootfs,
		.created = created,
		.owner = owner,
		.annotations = { plan->annotations.items, plan->annotations.count },
	};

	state_format_time(record, created);
	state_format_owner(record->owner, owner);
	return state_doc_write(&doc, pretty ? STATE_PRETTY : STATE_COMPACT, length, err);
}
