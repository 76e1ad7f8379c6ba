/* Between `created` and `running`: init waits for start, from the host that created it (the
 * channel) or from a later `osless start` (a connection to the control socket). */
#include "init/init.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "kernel/hook.h"
#include "kernel/peer.h"
#include "plan/exchange.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

#define REQUEST_MS 5000 /* a host that connects and says nothing must not hold the container up */

void
init_tell_failure(int sock, const struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(MSG_FAILED);
	struct error ignored;

	message.number = err->errnum;
	(void)snprintf(message.text, sizeof(message.text), "%s", err->text); /* as long as it is */
	if (sock >= 0)
		(void)wire_send(
		    sock, &message, &ignored); /* a host that is gone does not want to know */
}

/* With supervision off a launch that succeeds does not return: exec closes sock, which is the
 * host's answer. */
static int
start(struct init *init, int sock, int state, struct error *err)
{
	const struct hook_become become = { launch_become, init };
	int result =
	    hooks_run(&init->plan->hooks_start_container, "startContainer", state, &become, err);

	init->host = sock;
	if (result == 0)
		result = init_begin(init, err);
	init->host = -1;
	if (result < 0)
		init_tell_failure(sock, err);
	else
		(void)wire_send(sock, &WIRE_MESSAGE(MSG_STARTED), err); /* it runs, heard or not */
	return result < 0 ? -1 : 1;
}

enum served { SERVED, PEER_CLOSED };

/* One message on sock. *started gets 1, -1 with err when starting failed, 0 when this was no
 * start. */
static enum served
serve(struct init *init, int sock, int *started, struct error *err)
{
	struct wire_message message;

	*started = 0;
	if (wire_receive(sock, &message, REQUEST_MS, err) <= 0)
		return PEER_CLOSED;
	if (message.kind == MSG_PUBLISHED && sock == init->channel)
		init->published = 1;
	if (message.kind == MSG_START)
		*started = start(init, sock, message.fd, err);
	auto_close(&message.fd);
	return SERVED;
}

static int
serve_connection(struct init *init, struct error *err)
{
	AUTO_FD int connection = accept4(init->control, NULL, NULL, SOCK_CLOEXEC);
	int started = 0;

	if (connection >= 0 && peer_is_host(connection, init->plan))
		(void)serve(
		    init, connection, &started, err); /* one that closes asked for nothing */
	return started;
}

/* The channel has a request, or its other end is closed: `create` is done, and init waits on; or it
 * died before the container was known to anybody, who could then never delete it. */
static int
serve_channel(struct init *init, struct error *err)
{
	int started;

	if (serve(init, init->channel, &started, err) == SERVED)
		return started;
	if (!init->published)
		return error_set(err, "the creator is gone");
	auto_close(&init->channel);
	init->channel = -1;
	return 0;
}

/* A signal before start ends the container where its default action would end a process. */
static int
take_signal(const struct init *init)
{
	int number;

	while ((number = signals_next(init->signals)) > 0)
		if (number != SIGCHLD && number != SIGCONT && number != SIGURG &&
		    number != SIGWINCH && !signals_is_stop(number))
			return 128 + number;
	return 0;
}

int
init_wait_for_start(struct init *init, int *status, struct error *err)
{
	for (;;) {
		struct pollfd wake[3] = {
			{ .fd = init->signals, .events = POLLIN },
			{ .fd = init->channel, .events = POLLIN },
			{ .fd = init->control, .events = POLLIN },
		};
		int started = 0;

		if (poll(wake, 3, -1) < 0 && errno != EINTR)
			return error_sys(err, "poll");
		if (wake[0].revents && (*status = take_signal(init)) != 0)
			return 0;
		if (wake[1].revents)
			started = serve_channel(init, err);
		else if (wake[2].revents)
			started = serve_connection(init, err);
		if (started != 0)
			return started;
	}
}
