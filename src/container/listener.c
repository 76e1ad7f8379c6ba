#include "container/listener.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "base/wire.h"
#include "container/control.h"
#include "container/json.h"
#include "plan/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* containerProcessState around the container's own state. */
static void
put_process(struct json *json, const struct plan *plan, const char *state, pid_t pid)
{
	json_open(json, NULL, '{');
	json_text(json, "ociVersion", plan->oci_version);
	json_open(json, "fds", '[');
	json_text(json, NULL, "seccompFd"); /* of the descriptors that come along, the first */
	json_close(json, ']');
	json_signed(json, "pid", pid);
	json_text_if(json, "metadata", plan->listener_metadata);
	json_verbatim(json, "state", state);
	json_close(json, '}');
}

/* malloc'd, the caller's. */
static char *
process_json(const struct container *c, enum state_status status, pid_t pid, struct error *err)
{
	char *text = NULL;
	size_t length = 0;
	AUTO_FREE char *state =
	    state_json(c->plan, &c->record, status, STATE_COMPACT, &length, err);
	FILE *out;

	if (!state)
		return NULL;
	out = open_memstream(&text, &length);
	if (!out) {
		(void)error_sys(err, "write the process' state");
		return NULL;
	}
	put_process(&(struct json) { .out = out, .style = JSON_LINE }, c->plan, state, pid);
	if (fclose(out) != 0) {
		(void)error_sys(err, "write the process' state");
		free(text);
		return NULL;
	}
	return text;
}

static int
connect_agent(const char *path, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_FD int sock = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_num(err, ENAMETOOLONG, "connect to %s", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_sys(err, "connect to %s (is its agent running?)", path);
	return take_fd(&sock);
}

static int
tell_agent(const struct container *c, enum state_status status, int agent, int listener, pid_t pid,
    struct error *err)
{
	AUTO_FREE char *text = process_json(c, status, pid, err);

	if (!text || wire_send_text(agent, text, listener, err) < 0)
		return error_in(err, "linux.seccomp.listenerPath");
	return shutdown(agent, SHUT_WR) < 0 ? error_sys(err, "end the agent's message") : 0;
}

static void
tell_init(const struct container *c, int listener)
{
	struct wire_message message = WIRE_MESSAGE(MSG_LISTEN);
	struct error unheard;
	AUTO_FD int sock = control_connect(&c->dir, &unheard);

	message.fd = listener;
	if (sock < 0 || wire_send(sock, &message, &unheard) < 0)
		log_line(LOG_DEBUG, "%s: exec: nobody listens: %s", c->id, unheard.text);
}

int
listener_prepare(const struct plan *plan, int sock, int *agent, struct error *err)
{
	*agent = -1;
	if (plan->denials != PLAN_DENIALS_AGENT)
		return 0;
	*agent = connect_agent(plan->listener_path, err);
	if (*agent < 0)
		return error_in(err, "linux.seccomp.listenerPath");
	return wire_ask_sender(sock, err);
}

int
listener_receive(const struct container *c, enum state_status status, int sock, int agent,
    struct wire_message *message, struct error *err)
{
	for (;;) {
		pid_t sender;
		int got = wire_receive_from(sock, message, &sender, err);
		int result = 0;

		if (got <= 0 || message->kind != MSG_LISTENER)
			return got;
		if (message->fd < 0)
			continue; /* there is none: somebody above listens */
		if (agent >= 0)
			result = tell_agent(c, status, agent, message->fd, sender, err);
		else
			tell_init(c, message->fd);
		auto_close(&message->fd);
		if (result < 0)
			return -1;
	}
}
