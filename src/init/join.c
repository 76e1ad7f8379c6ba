/* exec: a process that the host has born into a container that is there. It becomes a part of it,
 * and then the program: in its own place in a PID namespace of the container's own, where init
 * takes in what the program leaves; elsewhere it stays as the parent of its family, with a guard
 * above it, so that nothing outlives the program there either.
 *
 * Relies on the host for its namespaces but time, its cgroups, and its oom score. */
#include "init/init.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "plan/exchange.h"

static int
become_mapped(struct init *init, struct error *err)
{
	return init_become_mapped(init, err);
}

static int
enter_time_namespace(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	AUTO_FD int space = -1;

	if (plan->namespaces[PLAN_NS_TIME].mode == PLAN_NS_HOST)
		return 0;
	space = INIT_FIRST_PRESERVED_FD + (int)plan->preserve_fds;
	return setns(space, CLONE_NEWTIME) < 0 ? error_sys(err, "join the time namespace") : 0;
}

/* setns(2) leaves it at the mount namespace's root, which is another one where init entered its own
 * by chroot. */
static int
enter_root(struct init *init, struct error *err)
{
	AUTO_FD int root = take_fd(&init->root);

	if (fchdir(root) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return error_sys(err, "enter the container's root");
	return 0;
}

static int
become_reaper(struct init *init, struct error *err)
{
	return init_become_reaper(init, err);
}

static const struct join_step {
	const char *name;
	int (*act)(struct init *init, struct error *err);
} join_steps[] = {
	{ "user ids", become_mapped }, /* first: the rest needs the mapped root */
	{ "time namespace", enter_time_namespace },
	{ "root", enter_root },
	{ "labels", init_check_labels }, /* where it must, by the procfs of the root */
	{ "keyring", init_join_keyring },
	{ "guard", guard_start }, /* in the root: where it must, it takes the procfs there */
	{ "reaper", become_reaper },
};

static int
run_steps(struct init *init, struct error *err)
{
	for (size_t i = 0; i < sizeof(join_steps) / sizeof(join_steps[0]); i++) {
		const struct join_step *step = &join_steps[i];

		if (fault_check(init->plan->fail_step, "join", step->name, err) < 0 ||
		    step->act(init, err) < 0)
			return error_in(err, "%s", step->name);
	}
	return 0;
}

/* The host's word, or its end: then nobody wants the program any more. */
static int
wait_for_start(const struct init *init, struct error *err)
{
	struct wire_message message;
	int got = wire_receive(init->channel, &message, -1, err);

	if (got < 0)
		return -1;
	auto_close(&message.fd); /* the host sends none */
	return got && message.kind == MSG_START ? 0 : error_set(err, "the host gave up");
}

int
init_join(struct init *init, struct error *err)
{
	int result = -1;

	init->root = take_fd(&init->control);      /* EXEC_ROOT_FD */
	init->container = take_fd(&init->journal); /* EXEC_CONTAINER_FD */
	init->host = init->channel;
	if (run_steps(init, err) == 0 && wait_for_start(init, err) == 0)
		result = init_begin(init, err);
	init->host = -1;
	if (result < 0)
		init_tell_failure(init->channel, err);
	else
		(void)wire_send(
		    init->channel, &WIRE_MESSAGE(MSG_STARTED), err); /* it runs, heard or not */
	return result < 0 ? -1 : 1;
}
