/* start: the one request that init waits for. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "base/wire.h"
#include "container/control.h"
#include "container/listener.h"
#include "plan/exchange.h"

#include <stdlib.h>

static int
send_start(struct container *c, int sock, struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(MSG_START);
	AUTO_FD int state = -1;

	if (c->plan->hooks_start_container.count) {
		state = state_memfd(c->plan, &c->record, STATE_CREATED, STATE_PID_INSIDE, err);
		if (state < 0)
			return -1;
	}
	message.fd = state;
	return wire_send(sock, &message, err);
}

static int
ask_start(struct container *c, int sock, int agent, struct error *err)
{
	struct wire_message message;
	int got;

	if (send_start(c, sock, err) < 0)
		return -1;
	got = listener_receive(c, STATE_CREATED, sock, agent, &message, err);
	if (got < 0)
		return -1;
	if (got == 0 && c->plan->supervision_mode == PLAN_MODE_OFF)
		return 0; /* closed by exec: a failure would have been told before */
	if (got == 0)
		return error_set(err, "init ended before it could start the program: it was "
				      "killed, or the " CGROUP_MEMORY_TOO_LOW);
	auto_close(&message.fd); /* init sends none */
	if (message.kind == MSG_FAILED)
		return error_num(err, message.number, "%s", message.text);
	return message.kind == MSG_STARTED ? 0 : error_set(err, "init sent an unknown message");
}

/* "Running" is written before init is asked: were this process killed in between, a running payload
 * must never pass for a created container. Whatever fails afterwards ends init, and so the
 * container is stopped. */
int
container_launch(struct container *c, int sock, struct error *err)
{
	struct error ignored;
	AUTO_FD int agent = -1;

	if (listener_prepare(c->plan, sock, &agent, err) < 0 ||
	    state_set_status(&c->dir, &c->record, STATE_RUNNING, err) < 0)
		return -1;
	if (ask_start(c, sock, agent, err) == 0 &&
	    container_run_hooks(c, &c->plan->hooks_poststart, "poststart", STATE_RUNNING, err) == 0)
		return 0;
	(void)container_kill_init(c, &ignored); /* the reason for it is what the caller must hear */
	return -1;
}

static int
check_startable(const struct container *c, struct error *err)
{
	switch (state_status(&c->record, c->plan)) {
	case STATE_CREATED:
		return 0;
	case STATE_STOPPED:
		return error_set(err, "cannot start a container that has stopped");
	case STATE_RUNNING:
	case STATE_PAUSED:
		return error_set(err, "cannot start an already running container");
	case STATE_CREATING:
		break;
	}
	return error_set(err, "the container is still being created");
}

int
container_start(const struct container_host *host, const char *id, struct error *err)
{
	struct container container = CONTAINER_NONE;
	AUTO_FREE void *image = NULL;
	AUTO_FD int sock = -1;
	int result = -1;

	if (container_open(host, id, STATE_LOCKED, &container, &image, err) == 0 &&
	    check_startable(&container, err) == 0) {
		log_line(LOG_DEBUG, "%s: start: ask osless-init, pid %d", id,
		    (int)container.record.init);
		sock = control_connect(&container.dir, err);
		if (sock >= 0)
			result = container_launch(&container, sock, err);
	}
	container_close(&container);
	return result;
}
