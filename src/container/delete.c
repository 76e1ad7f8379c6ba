/* delete: create's undo column, on whatever is there: a stopped container, with --force a running
 * one, or what a creator that was killed left behind. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "base/syscalls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

/* Reads what can be read: each missing piece only means that there is less to undo. A plan that is
 * there and cannot be read is different: what it names would be left behind unseen, unless there is
 * no record, as then nothing had been made when its creator was killed. */
static int
read_remains(struct container *c, enum container_delete_how how, void **image, struct error *err)
{
	struct error missing = { 0 };
	int known;

	c->plan = state_read_plan(&c->dir, image, &missing);
	known = c->plan || missing.errnum == ENOENT || !state_has_record(&c->dir);
	if (!known && how == DELETE_STOPPED) {
		*err = missing;
		return error_in(err, "its cgroups cannot be known; --force leaves them");
	}
	if (!known)
		log_line(
		    LOG_WARNING, "delete %s: %s: its cgroups may be left", c->id, missing.text);
	if (state_read_record(&c->dir, &c->record, &missing) < 0) {
		c->record = (struct state_record) { 0 };
		c->unit_asked = state_has_record(&c->dir); /* a spoilt one is later than the unit */
	}
	return 0;
}

/* Without the lock: whoever holds it may be waiting for just this process (a start that hangs in a
 * hook). */
static void
kill_by_record(const struct container *c)
{
	struct state_record record;
	struct error unknown;
	AUTO_FD int pidfd = -1;

	if (state_read_record(&c->dir, &record, &unknown) == 0)
		pidfd = state_init_pidfd(&record);
	if (pidfd >= 0)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL); /* what it does not end, unmake will */
}

/* state_open's errors are left to the caller: an unknown container can be success. */
static int
open_remains(struct container *c, enum container_delete_how how, void **image, struct error *err)
{
	if (how == DELETE_FORCE)
		kill_by_record(c);
	if (state_lock(&c->dir, err) < 0)
		return -1;
	return read_remains(c, how, image, err);
}

static int
check_deletable(const struct container *c, struct error *err)
{
	enum state_status status;

	if (!c->plan || !c->record.init || c->record.status == STATE_CREATING)
		return 0; /* half made, and its creator is gone: we hold the lock */
	status = state_status(&c->record, c->plan);
	if (status == STATE_STOPPED || status == STATE_CREATED)
		return 0;
	return error_set(err, "cannot delete container %s that is not stopped: %s (see --force)",
	    c->id, state_word(status));
}

int
container_delete(const struct container_host *host, const char *id, enum container_delete_how how,
    struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	int result;

	container.host = host;
	container.id = id;
	if (state_check_id(id, err) < 0)
		return -1;
	result = state_open(host, id, STATE_UNLOCKED, &container.dir, err);
	if (result == 0)
		result = open_remains(&container, how, &image, err);
	if (result < 0 && how == DELETE_FORCE && err->errnum == ENOENT) {
		container_close(&container);
		return 0; /* gone already: what the caller wants */
	}
	if (result == 0 && how == DELETE_STOPPED)
		result = check_deletable(&container, err);
	if (result == 0)
		result = container_unmake(&container, err);
	container_close(&container);
	return result;
}
