/* The host's half of the conversation while a container is made: the ladder is in plan/exchange.h.
 */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/log.h"
#include "base/wire.h"
#include "kernel/hook.h"
#include "kernel/idmap_helper.h"
#include "kernel/namespaces.h"
#include "plan/exchange.h"

#include <errno.h>
#include <sys/wait.h>

int
container_run_hooks(struct container *c, const plan_hooks *hooks, const char *word,
    enum state_status status, struct error *err)
{
	AUTO_FD int state = -1;

	if (hooks->count == 0)
		return 0;
	log_line(LOG_DEBUG, "%s: %s hooks: %llu", c->id, word, (unsigned long long)hooks->count);
	state = state_memfd(c->plan, &c->record, status, STATE_PID_HOST, err);
	return state < 0 ? -1 : hooks_run(hooks, word, state, NULL, err);
}

static int
answer_map_ids(struct container *c, struct error *err)
{
	int mapped = idmap_helper_needed(c->plan) ? idmap_helper_write(c->init.pid, c->plan, err)
						  : namespaces_map_ids(c->init.pid, c->plan, err);

	if (mapped < 0)
		return error_in(err, "map user and group ids");
	return wire_send(c->init.channel, &WIRE_MESSAGE(MSG_IDS_MAPPED), err);
}

static int
answer_run_hooks(struct container *c, struct error *err)
{
	struct wire_message ran = WIRE_MESSAGE(MSG_HOOKS_RAN);
	AUTO_FD int state = -1;

	if (container_run_hooks(c, &c->plan->hooks_prestart, "prestart", STATE_CREATING, err) < 0 ||
	    container_run_hooks(
		c, &c->plan->hooks_create_runtime, "createRuntime", STATE_CREATING, err) < 0)
		return -1;
	state = state_memfd(c->plan, &c->record, STATE_CREATING, STATE_PID_INSIDE, err);
	if (state < 0)
		return -1;
	ran.fd = state;
	return wire_send(c->init.channel, &ran, err);
}

/* Init closed the channel without a word: then its end tells. */
static int
explain_silence(struct container *c, struct error *err)
{
	int status = 0;

	if (waitpid(c->init.pid, &status, 0) < 0)
		return error_sys(err, "wait for init");
	c->init.pid = -1;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return error_set(err, "init was killed: the " CGROUP_MEMORY_TOO_LOW);
	if (WIFSIGNALED(status))
		return error_set(err, "init was ended by signal %d", WTERMSIG(status));
	return error_set(err, "init exited with status %d without a word", WEXITSTATUS(status));
}

int
container_converse(struct container *c, struct error *err)
{
	struct wire_message message;

	for (;;) {
		int got = wire_receive(c->init.channel, &message, -1, err);
		int done = 0;

		if (got < 0)
			return -1;
		if (got == 0)
			return explain_silence(c, err);
		auto_close(&message.fd); /* init sends none */
		switch (message.kind) {
		case MSG_MAP_IDS:
			done = answer_map_ids(c, err);
			break;
		case MSG_RUN_HOOKS:
			done = answer_run_hooks(c, err);
			break;
		case MSG_CREATED:
			return 0;
		case MSG_FAILED:
			return error_num(err, message.number, "%s", message.text);
		default:
			return error_set(err, "init sent an unknown message %u", message.kind);
		}
		if (done < 0)
			return err->errnum == EPIPE ? explain_silence(c, err) : -1;
	}
}
