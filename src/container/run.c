/* run: create and start in one process, over init's own channel; in the foreground also wait and
 * delete. */
#include "container/create.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/signals.h"
#include "container/wait.h"

#include <signal.h>

/* The lock is not held while the payload runs: kill, state, exec must get through. */
static int
run_in_foreground(struct container *c, int signals, int *status, struct error *err)
{
	/* A declared tree would restart its main worker: who interrupts the whole wants its end. */
	int interrupt = c->plan->tree.declared ? SIGTERM : SIGINT;
	struct error undo_err;
	int result;

	state_unlock(&c->dir);
	result = wait_process(&c->init, signals, interrupt, status, err);
	if (c->options->keep || state_lock(&c->dir, &undo_err) < 0)
		return result; /* deleted meanwhile by somebody else: just as well */
	if (container_unmake(c, &undo_err) < 0 && result == 0) {
		*err = undo_err;
		return -1;
	}
	return result;
}

static int
run(struct container *c, const struct compiled *compiled, int signals, int *status,
    struct error *err)
{
	struct error undo_err;

	if (container_make(c, compiled, err) < 0)
		return -1;
	if (container_launch(c, c->init.channel, err) < 0) {
		(void)container_unmake(c, &undo_err); /* the launch's error is the one to tell */
		return -1;
	}
	*status = 0;
	return c->options->detach ? 0 : run_in_foreground(c, signals, status, err);
}

int
container_run(const struct container_host *host, const char *id,
    const struct container_options *options, int *status, struct error *err)
{
	struct compiled compiled = { 0 };
	struct container container = CONTAINER_NONE;
	AUTO_FD int signals = -1;
	int result = -1;

	container.host = host;
	container.id = id;
	container.options = options;
	if (state_check_id(id, err) == 0 &&
	    compile_bundle(host, id, options, COMPILE_CACHED, &compiled, err) == 0) {
		signals = signals_open(
		    err); /* from before create on: no signal ends us between two rows */
		if (signals >= 0)
			result = run(&container, &compiled, signals, status, err);
	}
	container_close(&container);
	compiled_free(&compiled);
	return result;
}
