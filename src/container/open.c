/* An existing container, for verbs after create. */
#include "container/create.h"

#include "base/error.h"

#include <errno.h>

int
container_open(const struct container_host *host, const char *id, enum state_lock lock,
    struct container *c, void **image, struct error *err)
{
	c->host = host;
	c->id = id;
	if (state_check_id(id, err) < 0 || state_open(host, id, lock, &c->dir, err) < 0)
		return -1;
	c->plan = state_read_plan(&c->dir, image, err);
	if (!c->plan)
		return error_in(err, "container %s is only half made: delete it", id);
	if (state_read_record(&c->dir, &c->record, err) < 0)
		return error_in(err, "container %s is only half made: delete it", id);
	return 0;
}
