/* start: the one request that init waits for. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/wire.h"
#include "kernel/hook.h"
#include "plan/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

static int
connect_control(const struct state_dir *dir, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_FD int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/control",
	    dir->fd); /* fits */
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_sys(err, "connect to init");
	return take_fd(&sock);
}

static int
ask_start(struct container *c, int sock, struct error *err)
{
	size_t length = 0;
	AUTO_FREE char *state = state_json(c->plan, &c->record, STATE_CREATED, 0, &length, err);
	char text[ERROR_TEXT_MAX];
	struct wire_head head;
	int got;

	if (!state || wire_send(sock, MSG_START, 0, state, length, err) < 0)
		return -1;
	got = wire_receive(sock, &head, text, sizeof(text), -1, err);
	if (got < 0)
		return -1;
	if (got == 0 && c->plan->supervision_mode == PLAN_MODE_OFF)
		return 0; /* closed by exec: a failure would have been told before */
	if (got == 0)
		return error_set(err, "init ended before it could start the program");
	if (head.kind == MSG_FAILED)
		return error_num(err, head.number, "%s", text);
	return head.kind == MSG_STARTED ? 0 : error_set(err, "init sent an unknown message");
}

static int
run_poststart(struct container *c, struct error *err)
{
	size_t length = 0;
	AUTO_FREE char *state = NULL;

	if (c->plan->hooks_poststart.count == 0)
		return 0;
	state = state_json(c->plan, &c->record, STATE_RUNNING, 0, &length, err);
	return state ? hooks_run(&c->plan->hooks_poststart, "poststart", state, length, NULL, err)
		     : -1;
}

int
container_launch(struct container *c, int sock, struct error *err)
{
	struct error ignored;

	if (ask_start(c, sock, err) < 0)
		return -1;
	if (state_set_status(&c->dir, &c->record, STATE_RUNNING, err) == 0 &&
	    run_poststart(c, err) == 0)
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

	if (container_open(host, id, &container, &image, err) == 0 &&
	    check_startable(&container, err) == 0) {
		sock = connect_control(&container.dir, err);
		if (sock >= 0)
			result = container_launch(&container, sock, err);
	}
	container_close(&container);
	return result;
}
