/* osless-init: started by `osless create` or exec in the container's namespaces, with the fds of
 * plan/exchange.h and nothing else. Not for use by hand. */
#include "base/auto.h"
#include "base/error.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "init/init.h"
#include "kernel/process.h"
#include "plan/exchange.h"
#include "plan/image.h"
#include "supervise/tend.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define STATUS_FAILED 1

static struct plan *
map_plan(struct error *err)
{
	struct stat info;
	void *image;

	if (fstat(INIT_PLAN_FD, &info) < 0 || info.st_size <= 0) {
		(void)error_set(err, "no plan: osless-init is run by osless, not by hand");
		return NULL;
	}
	image =
	    mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, INIT_PLAN_FD, 0);
	if (image == MAP_FAILED) {
		(void)error_sys(err, "map the plan");
		return NULL;
	}
	(void)close(INIT_PLAN_FD); /* the mapping stays */
	return plan_decode(image, (size_t)info.st_size, err);
}

static int
harden(struct error *err)
{
	if (sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return error_sys(err, "close_range");
	(void)prctl(PR_SET_NAME, "osless-init", 0, 0, 0); /* else ps shows the memfd's name */
	process_default_signals();
	(void)umask(0); /* modes in the plan are meant as they stand */
	return 0;
}

int
init_move_up(int *fd, const struct plan *plan, struct error *err)
{
	int moved;

	if (plan->preserve_fds == 0)
		return 0; /* there are none of the payload's */
	moved = fcntl(*fd, F_DUPFD_CLOEXEC, INIT_FIRST_PRESERVED_FD + (int)plan->preserve_fds);

	if (moved < 0)
		return error_sys(err, "move a descriptor");
	(void)close(*fd); /* the copy goes on */
	*fd = moved;
	return 0;
}

/* With supervision off nobody would write it. */
static int
open_journal(struct init *init, struct error *err)
{
	int result = 0;

	if (init->plan->supervision_mode != PLAN_MODE_OFF)
		result = journal_open(&init->tend.journal, init->journal, &init->plan->tree, err);

	auto_close(&init->journal); /* the mapping stays */
	init->journal = -1;
	return result;
}

static int
take_over(struct init *init, struct error *err)
{
	if (harden(err) < 0)
		return -1;
	init->signals = signals_open(err);
	if (init->signals < 0)
		return -1;
	init->plan = map_plan(err);
	if (!init->plan || init_move_up(&init->channel, init->plan, err) < 0 ||
	    init_move_up(&init->control, init->plan, err) < 0 ||
	    init_move_up(&init->journal, init->plan, err) < 0)
		return -1;
	return 0;
}

/* systemd has its units around processes that are there: nothing is done before the limits are set.
 */
static int
wait_cgroup(const struct init *init, struct error *err)
{
	struct wire_message message;
	int got;

	if (!init->plan->cgroup.unit.name)
		return 0;
	got = wire_receive(init->channel, &message, -1, err);
	if (got < 0)
		return -1;
	auto_close(&message.fd); /* the host sends none */
	return got && message.kind == MSG_IN_CGROUP
		   ? 0
		   : error_set(err, "the host has gone before the cgroup was made");
}

static int
make_container(struct init *init, struct error *err)
{
	if (wait_cgroup(init, err) < 0 || init_make(init, err) < 0 || open_journal(init, err) < 0)
		return -1;
	return wire_send(init->channel, &WIRE_MESSAGE(MSG_CREATED), err);
}

/* As init of a new container: returns 1 when its tree is started; else as init_wait_for_start. */
static int
start_container(struct init *init, int *status, struct error *err)
{
	if (make_container(init, err) < 0) {
		init_tell_failure(init->channel, err);
		return -1;
	}
	return init_wait_for_start(init, status, err);
}

/* After the first start nothing of the host's is left open but stdio and, where a worker may be
 * started again, the descriptors that were passed for it. Else their peers must see the end when
 * the payload closes its own. The control socket stays for those who come in by exec: with an init
 * of their own they have only their listeners to send. */
static int
tend(struct init *init, struct error *err)
{
	auto_close(&init->channel);
	init->tend.control = init->control;
	if (init->plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_NEW &&
	    init->plan->denials != PLAN_DENIALS_INIT) {
		auto_close(&init->control);
		init->tend.control = -1;
	}
	if (init->plan->preserve_fds && !init->plan->tree.declared)
		(void)sys_close_range(INIT_FIRST_PRESERVED_FD,
		    INIT_FIRST_PRESERVED_FD + init->plan->preserve_fds - 1, 0);
	return tend_run(&init->tend, err);
}

int
main(void)
{
	struct init init = {
		.channel = INIT_CHANNEL_FD,
		.control = INIT_CONTROL_FD,
		.journal = INIT_JOURNAL_FD,
		.host = -1,
		.signals = -1,
		.proc = -1,
		.container = -1,
		.root = -1,
		.proc_mount = -1,
		.sys_mount = -1,
		.masks = MASKS_INIT,
		.tend.oom = -1,
	};
	struct error err = { 0 };
	int status = STATUS_FAILED, started;

	if (take_over(&init, &err) < 0) {
		init_tell_failure(init.channel, &err);
		return STATUS_FAILED;
	}
	started = init.plan->exec ? init_join(&init, &err) : start_container(&init, &status, &err);
	if (started <= 0)
		return started == 0 ? status : STATUS_FAILED;
	status = tend(&init, &err);
	return status < 0 ? STATUS_FAILED : status;
}
