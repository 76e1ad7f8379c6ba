/* Workers as children of init: how their processes are made, and how the listeners of their filters
 * come to init. */
#include "init/launch.h"

#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "base/wire.h"
#include "plan/exchange.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Init sleeps until it has exec'd or failed: fast, and err is shared. */
static pid_t
vfork_worker(struct launch *launch, struct error *err)
{
	_Alignas(16) unsigned char stack[CLONE_STACK_SIZE]; /* on ours, to be given back with it */
	struct clone_vfork clone = {
		.exit_signal = SIGCHLD,
		.run = launch_run,
		.context = launch,
		.stack = stack,
	};

	launch->err = err;
	return clone_program(&clone, "the payload", err);
}

/* ---------------------------------------------------------------------------- listeners */

/* Once only: the number can be another descriptor's by then. */
static void
close_end(int *end)
{
	auto_close(end);
	*end = -1;
}

static void
take_listener(struct init *init, const struct wire_message *message)
{
	tend_listen(&init->tend, message->number ? -message->number : message->fd);
}

/* Until the child has exec'd, or has ended: either closes its end of sock. */
static void
answer_until_exec(struct init *init, int sock)
{
	struct wire_message message;
	struct error lost;
	int listening = 0;

	for (;;) {
		if (tend_answer_until(&init->tend, sock, &lost) < 0 ||
		    wire_receive(sock, &message, -1, &lost) <= 0)
			break;
		take_listener(init, &message);
		listening = 1;
	}
	if (!listening)
		tend_listen(&init->tend, -EPIPE);
}

/* Without no_new_privs the filters are loaded before the rows that change the identity, and can ask
 * about those: so init has to be awake, and the child has memory of its own. ends[1] is closed. */
static pid_t
fork_worker(struct launch *launch, struct init *init, int ends[2], struct error *err)
{
	struct error *shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (shared == MAP_FAILED)
		return error_sys(err, "make room for the payload's error");
	launch->err = shared; /* all zero */
	pid = fork();
	if (pid == 0)
		_exit(launch_run(launch));
	if (pid < 0)
		(void)error_sys(err, "fork the payload");
	close_end(&ends[1]);
	if (pid > 0)
		answer_until_exec(init, ends[0]);
	if (pid > 0 && shared->text[0]) {
		*err = *shared;
		(void)waitpid(pid, NULL, 0); /* 127: err tells more */
		pid = -1;
	}
	(void)munmap(shared, sizeof(*shared)); /* just mapped */
	return pid;
}

/* What the child has sent before it exec'd. */
static pid_t
vfork_listened(struct launch *launch, struct init *init, int ends[2], struct error *err)
{
	pid_t pid = vfork_worker(launch, err);
	struct wire_message message;
	struct error lost;

	close_end(&ends[1]);
	if (pid < 0)
		return -1;
	if (wire_receive(ends[0], &message, 0, &lost) > 0)
		take_listener(init, &message);
	else
		tend_listen(&init->tend, -EPIPE);
	return pid;
}

/* The listener of its filter is for init. */
static pid_t
run_listened(struct launch *launch, struct init *init, struct error *err)
{
	int ends[2];
	pid_t pid = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_sys(err, "make a socket for the listener");
	if (init_move_up(&ends[0], init->plan, err) == 0 &&
	    init_move_up(&ends[1], init->plan, err) == 0) {
		launch->tell = ends[1];
		pid = launch->process->no_new_privs ? vfork_listened(launch, init, ends, err)
						    : fork_worker(launch, init, ends, err);
	}
	close_end(&ends[0]);
	close_end(&ends[1]);
	return pid;
}

/* Who comes in by exec with an init of its own sends its listener to the host, as a bundle's agent
 * gets it from there. */
pid_t
launch_worker(void *context, uint32_t child, struct error *err)
{
	struct init *init = context;
	struct launch launch = launch_of(init, child);
	int listened = init->plan->denials == PLAN_DENIALS_INIT && !init->plan->exec;
	size_t size;
	void *room;
	pid_t pid;

	if (launch_add_listen_pid(&launch, &room, &size, err) < 0)
		return -1;
	pid = listened ? run_listened(&launch, init, err) : vfork_worker(&launch, err);
	if (room)
		(void)munmap(room, size); /* the child has exec'd */
	return pid;
}
