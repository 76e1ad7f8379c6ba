/* osless-systemd: what osless asks of systemd, over its bus. Started by osless with a socket as fd
 * 0 (plan/unit_exchange.h draws the conversation); not for use by hand. */
#include "base/error.h"
#include "base/wire.h"
#include "plan/unit_exchange.h"
#include "systemd/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHANNEL_FD 0

struct conversation {
	struct manager manager;
	struct job job;
};

/* Always -1. */
static int
tell_failure(const struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(UNIT_FAILED);
	struct error ignored;

	message.number = err->errnum;
	(void)snprintf(message.text, sizeof(message.text), "%s", err->text); /* as long */
	(void)wire_send(CHANNEL_FD, &message, &ignored); /* nobody is left to be told */
	return -1;
}

static int
parse_arguments(struct conversation *talk, int count, char **args, struct error *err)
{
	if (count != 1 + UNIT_ARGUMENTS)
		return error_set(err, "osless-systemd is run by osless, not by hand");
	if (strcmp(args[1], UNIT_BUILD) != 0)
		return error_set(err,
		    "osless-systemd is of another build (" UNIT_BUILD ") than osless (%s): install "
		    "both of one",
		    args[1]);
	talk->manager.is_user = strcmp(args[2], "user") == 0;
	talk->manager.uid = (uint32_t)strtoul(args[3], NULL, 10);
	talk->manager.limit_us = strtoull(args[4], NULL, 10) * 1000;
	return 0;
}

static int
greet(struct conversation *talk, struct error *err)
{
	struct wire_message message = WIRE_MESSAGE(UNIT_MANAGER);
	uint32_t version;

	unit_watch_jobs(&talk->manager, &talk->job);
	manager_begin(&talk->manager);
	if (manager_learn(&talk->manager, &version, message.text, sizeof(message.text), err) < 0)
		return -1;
	message.number = (int32_t)version;
	return wire_send(CHANNEL_FD, &message, err);
}

static int
do_request(struct conversation *talk, uint32_t kind, struct words *words, char *cgroup,
    uint32_t size, struct error *err)
{
	switch (kind) {
	case UNIT_START:
		return unit_start(&talk->manager, &talk->job, words, cgroup, size, err);
	case UNIT_SET:
		return unit_set(&talk->manager, words, err);
	case UNIT_STOP:
		return unit_stop(&talk->manager, &talk->job, words, err);
	default:
		return error_set(err, "osless sent an unknown request %u", kind);
	}
}

static int
answer(struct conversation *talk, const struct wire_message *request, struct error *err)
{
	struct wire_message done = WIRE_MESSAGE(UNIT_DONE);
	struct words words;
	int result;

	if (words_read(request->fd, &words, err) < 0)
		return -1;
	result = do_request(talk, request->kind, &words, done.text, sizeof(done.text), err);
	words_free(&words);
	return result < 0 ? -1 : wire_send(CHANNEL_FD, &done, err);
}

/* Until osless closes its end. A request that fails is answered, and the next one can follow. */
static int
converse(struct conversation *talk, struct error *err)
{
	struct wire_message request;

	for (;;) {
		int got = wire_receive(CHANNEL_FD, &request, -1, err);

		if (got <= 0)
			return got;
		if (answer(talk, &request, err) < 0)
			(void)tell_failure(err); /* always -1 */
		if (request.fd >= 0)
			(void)close(request.fd); /* read */
	}
}

int
main(int count, char **args)
{
	struct conversation talk = { 0 };
	struct error err = { 0 };
	int result = parse_arguments(&talk, count, args, &err);

	if (result == 0)
		result = greet(&talk, &err);
	if (result < 0)
		result = tell_failure(&err);
	else
		result = converse(&talk, &err);
	manager_disconnect(&talk.manager);
	return result < 0;
}
