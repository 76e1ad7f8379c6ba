/* Verbs that only look: state, list. They take no lock, so a container in the making does not
 * hold them up. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "container/keep.h"
#include "container/look.h"
#include "container/state_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define OCI_VERSION "1.3.0"

/* --------------------------------------------------------------------------- state */

/* Of a container whose plan is not written yet, no more than its name is known. */
static int
guess(struct container *c, const char *id, struct error *err)
{
	struct plan *plan = arena_alloc(&c->arena, sizeof(*plan));

	if (!plan)
		return error_num(err, ENOMEM, "state");
	*plan = (struct plan) { .oci_version = OCI_VERSION, .id = id, .bundle = "", .rootfs = "" };
	c->plan = plan;
	return 0;
}

/* While there is no status file the container is being created, and there is no process to name. */
static int
look_at(const struct container_host *host, const char *id, struct container *c, void **image,
    enum state_status *status, struct error *err)
{
	if (state_check_id(id, err) < 0 || state_open(host, id, STATE_UNLOCKED, &c->dir, err) < 0)
		return -1;
	c->plan = state_read_plan(&c->dir, image, err);
	if (!c->plan && (state_has_record(&c->dir) || guess(c, id, err) < 0))
		return -1;
	if (state_read_record(&c->dir, &c->record, err) == 0) {
		*status = state_status(&c->record, c->plan);
		return 0;
	}
	*status = STATE_CREATING;
	state_record_guess(&c->dir, &c->record);
	return err->errnum == ENOENT ? 0 : -1;
}

int
container_state(const struct container_host *host, const char *id, FILE *out, struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	AUTO_FREE char *text = NULL;
	enum state_status status = STATE_STOPPED;

	if (look_at(host, id, &container, &image, &status, err) == 0)
		text =
		    state_json(container.plan, &container.record, status, STATE_PRETTY, NULL, err);
	container_close(&container);
	if (!text)
		return -1;
	(void)fputs(text, out); /* a caller that stops reading has enough */
	return 0;
}

/* ---------------------------------------------------------------------------- list */

/* Of what another version made, all but its bundle is known; `state` asks that version. */
static int
look_at_foreign(struct container *c, const char *id, enum state_status *status, struct error *err)
{
	if (guess(c, id, err) < 0 || state_read_record(&c->dir, &c->record, err) < 0)
		return -1;
	*status = state_status(&c->record, c->plan);
	return 0;
}

static int
look_at_any(const struct container_host *host, const char *id, struct container *c, void **image,
    enum state_status *status, struct error *err)
{
	if (look_at(host, id, c, image, status, err) == 0)
		return 0;
	if (c->dir.fd < 0 || !keep_has_other(&c->dir))
		return -1;
	return look_at_foreign(c, id, status, err);
}

/* A container that vanishes between listing and looking is not listed. Damaged ones cannot be, but
 * must not stay hidden. */
static void
add_row(const struct container_host *host, const char *id, struct state_table *table)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	enum state_status status = STATE_STOPPED;
	char words[ERROR_TEXT_MAX + 128];
	struct error err;

	if (look_at_any(host, id, &container, &image, &status, &err) == 0)
		state_table_add(table, container.plan, &container.record, status);
	else if (container.dir.fd >= 0 && state_has_record(&container.dir))
		log_line(LOG_WARNING, "%s is not listed: %s; `delete --force %s` removes it", id,
		    error_words(&err, words, sizeof(words)), id);
	container_close(&container);
}

int
container_list(const struct container_host *host, enum container_list_format format, FILE *out,
    struct error *err)
{
	struct state_table table = { .format = format, .out = out };
	char **ids = NULL;
	size_t count = 0;

	if (look_ids(host->root, &ids, &count, err) < 0)
		return -1;
	state_table_begin(&table);
	for (size_t i = 0; i < count; i++) {
		if (ids[i])
			add_row(host, ids[i], &table);
		free(ids[i]);
	}
	free(ids);
	state_table_end(&table);
	return 0;
}
