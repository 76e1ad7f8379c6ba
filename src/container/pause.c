/* pause and resume: the container's freezer. Init is frozen with the payload, and takes the time
 * out of its clock when it goes on (supervise/pulse.h).
 *
 * Both take the lock: a freeze in the midst of a delete would keep what was killed from dying. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"

#include <stdlib.h>

static int
check_running(enum state_status status, struct error *err)
{
	static const char refusal[] = "cannot pause a container that is not running";

	switch (status) {
	case STATE_CREATED:
	case STATE_RUNNING:
		return 0;
	case STATE_PAUSED:
		return error_set(err, "%s: it is paused already", refusal);
	case STATE_CREATING:
		return error_set(err, "%s: it is still being created", refusal);
	case STATE_STOPPED:
		break;
	}
	return error_set(err, "%s: container not running", refusal);
}

static int
check_paused(enum state_status status, struct error *err)
{
	if (status == STATE_PAUSED)
		return 0;
	return error_set(err, "container not paused: it is %s", state_word(status));
}

static int
set_freezer(const struct container *c, enum cgroup_freezer_state state, struct error *err)
{
	struct cgroup cgroup = CGROUP_NONE;
	int result;

	if (c->plan->cgroup.dirs.count == 0)
		return error_set(err,
		    "the container has no cgroups, and only those can be frozen: create it "
		    "without --cgroup-manager disabled");
	if (cgroup_open(NULL, &c->plan->cgroup, CGROUP_OPEN_LOOK, &cgroup, err) < 0)
		return -1;
	result = cgroup_freeze(&cgroup, state, err);
	cgroup_close(&cgroup);
	return result;
}

static int
change(const struct container_host *host, const char *id, enum cgroup_freezer_state state,
    struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	int result = container_open(host, id, STATE_LOCKED, &container, &image, err);

	if (result == 0) {
		enum state_status status = state_status(&container.record, container.plan);

		result =
		    state == CGROUP_FROZEN ? check_running(status, err) : check_paused(status, err);
	}
	if (result == 0)
		result = set_freezer(&container, state, err);
	if (result == 0)
		log_line(LOG_DEBUG, "container %s is %s", id,
		    state == CGROUP_FROZEN ? "frozen" : "thawed");
	container_close(&container);
	return result;
}

int
container_pause(const struct container_host *host, const char *id, struct error *err)
{
	return change(host, id, CGROUP_FROZEN, err);
}

int
container_resume(const struct container_host *host, const char *id, struct error *err)
{
	return change(host, id, CGROUP_THAWED, err);
}
