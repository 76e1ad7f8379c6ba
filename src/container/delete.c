/* delete: create's undo column, on whatever is there: a stopped container, with --force a running
 * one, or what a creator that was killed left behind. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>

/* Reads what can be read: each missing piece only means that there is less to undo. A plan that is
 * there and cannot be read is different: what it names would be left behind unseen. */
static int
open_remains(const struct container_host *host, const char *id, uint32_t force, struct container *c,
    void **image, struct error *err)
{
	struct error missing = { 0 };

	c->host = host;
	c->id = id;
	if (state_check_id(id, err) < 0 || state_open(host, id, STATE_LOCKED, &c->dir, err) < 0)
		return -1;
	c->plan = state_read_plan(&c->dir, image, &missing);
	if (!c->plan && missing.errnum != ENOENT && !force) {
		*err = missing;
		return error_in(err, "its cgroups cannot be known; --force leaves them");
	}
	if (!c->plan && missing.errnum != ENOENT)
		log_line(LOG_WARNING, "delete %s: %s: its cgroups may be left", id, missing.text);
	if (state_read_record(&c->dir, &c->record, &missing) < 0)
		c->record = (struct state_record) { 0 };
	return 0;
}

static int
check_deletable(const struct container *c, struct error *err)
{
	enum state_status status;

	if (!c->plan || !c->record.init)
		return 0; /* half made, and its creator is gone: we hold the lock */
	status = state_status(&c->record, c->plan);
	if (status == STATE_STOPPED || status == STATE_CREATED)
		return 0;
	return error_set(err, "cannot delete container %s that is not stopped: %s (see --force)",
	    c->id, state_word(status));
}

int
container_delete(
    const struct container_host *host, const char *id, uint32_t force, struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	int result = open_remains(host, id, force, &container, &image, err);

	if (result < 0 && force && err->errnum == ENOENT && container.dir.fd < 0) {
		container_close(&container);
		return 0; /* gone already: what the caller wants */
	}
	if (result == 0 && !force)
		result = check_deletable(&container, err);
	if (result == 0)
		result = container_unmake(&container, err);
	container_close(&container);
	return result;
}
