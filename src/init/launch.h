/* From init to a program: what the rows of launch_steps work on. For this folder only. */
#ifndef OSLESS_INIT_LAUNCH_H
#define OSLESS_INIT_LAUNCH_H

#include "init/init.h"

/* Who passes a row: the payload passes all. */
enum launch_for { PAYLOAD_ONLY, FOR_HOOKS };

struct launch {
	const struct init *init;
	enum launch_for whom; /* passes the rows */
	const struct plan_process *process;
	struct init_command command;
	const char *const *env; /* the command's, and LISTEN_PID where sockets are passed */
	char listen_pid[32];    /* written by the child: only it knows its pid */
	int tell;               /* socket that the filter's listener is sent to, or -1 */
	struct error *err;      /* launch_run's */
};

struct launch launch_of(const struct init *init, uint32_t child);

/* The payload's rows (context: a struct launch), up to exec. Returns only where one fails: 127, and
 * launch->err is filled; it must have been empty. */
int launch_run(void *context);

/* Puts LISTEN_PID at the end of the environment, in a copy that *room gets, of *size bytes; NULL
 * where no sockets are passed. */
int launch_add_listen_pid(struct launch *launch, void **room, size_t *size, struct error *err);

#endif
