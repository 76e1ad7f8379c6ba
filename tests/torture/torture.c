/* Payloads that try to outlive their parents, inside a container: one word a scenario, named in the
 * table at the end. Static, so that it runs in any rootfs.
 *
 *     torture SCENARIO live   the family's head dies; main says "ready" and lives on,
 *                             until a number written to /go is its exit status
 *     torture SCENARIO die    main says "ready" and dies at once, with DIE_STATUS
 *
 *   main --fork--> head --fork--> the family    main alone is allowed to be there after "ready"
 *     |               |<-- stands --|
 *     |<--- built ----|
 *     |---- leave --->| head ends
 *
 * Some scenarios have no head: main itself builds what must not live on, or must not be touched.
 * All but main bear the program's own name, in comm too, by which the host finds them (census.c).
 */
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIE_STATUS 43
#define MAIN_NAME "torture-main" /* comm, for the host; of init's child alone */

const char *program;
static int stands[2]; /* one byte for each of the family that stands where it should */
static int built[2];  /* one byte: all of it does */
static int leave[2];  /* closed by main: the head may end */

/* ------------------------------------------------------------------------------------- helpers */

_Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "torture: %s: %s\n", what, strerror(errno));
	kill(getpid(), SIGABRT); /* no exit status that a test could wait for */
	_exit(1);
}

void
say(const char *text)
{
	printf("%s\n", text);
	fflush(stdout);
}

_Noreturn void
linger(void)
{
	for (;;)
		pause();
}

void
sleep_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

pid_t
must_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork");
	return pid;
}

void
fork_lingerer(void)
{
	if (must_fork() == 0)
		linger();
}

/* Never blocks: a bomb tells more than anybody reads. */
void
tell(void)
{
	ssize_t ignored = write(stands[1], "", 1);

	(void)ignored;
}

static void
await_byte(int fd)
{
	char byte;

	while (read(fd, &byte, 1) != 1)
		if (errno != EINTR)
			give_up("read");
}

void
await(int count)
{
	for (; count > 0; count--)
		await_byte(stands[0]);
}

void
tell_built(void)
{
	if (write(built[1], "", 1) != 1)
		give_up("write");
}

void
await_built(void)
{
	await_byte(built[0]);
}

/* Until the last writer has closed it. */
void
await_end(int fd)
{
	char byte;
	ssize_t got;

	do
		got = read(fd, &byte, 1);
	while (got > 0 || (got < 0 && errno == EINTR));
}

void
await_death(pid_t child)
{
	while (waitpid(child, NULL, 0) < 0)
		if (errno != EINTR)
			give_up("waitpid");
}

/* An orphan, made here and now, is gone: so the tree has been looked at since. */
void
await_a_reconcile(void)
{
	int life[2];
	pid_t pid;

	if (pipe(life) < 0)
		give_up("pipe");
	pid = must_fork();
	if (pid == 0) {
		fork_lingerer();
		_exit(0);
	}
	close(life[1]);
	await_death(pid);
	await_end(life[0]); /* the orphan has the other one */
	close(life[0]);
}

/* The letter in /proc/PID/stat; '?' where there is no such process. */
char
state_of(pid_t pid)
{
	char path[64], text[512], *end = NULL;
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	if (length > 0) {
		text[length] = '\0';
		end = strrchr(text, ')'); /* comm may hold anything */
	}
	return end ? end[2] : '?';
}

const char *
errno_name(int errnum)
{
	static const struct {
		int errnum;
		const char *name;
	} names[] = {
		{ 0, "accepted" },
		{ EAGAIN, "EAGAIN" },
		{ EINVAL, "EINVAL" },
		{ ENOSYS, "ENOSYS" },
		{ EPERM, "EPERM" },
	};
	static char number[16];

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].errnum == errnum)
			return names[i].name;
	snprintf(number, sizeof(number), "%d", errnum);
	return number;
}

/* "NAME accepted", or the errno. */
void
say_result(const char *name, long result)
{
	printf("%s %s\n", name, errno_name(result < 0 ? errno : 0));
	fflush(stdout);
}

/* What a head does after it has built. */
_Noreturn void
finish_head(void)
{
	tell_built();
	await_end(leave[0]);
	_exit(0);
}

/* ----------------------------------------------------------------------------------- scenarios */

enum head {
	HEAD_EXITS,
	HEAD_IS_KILLED,  /* by main */
	HEAD_IS_OUTSIDE, /* the test kills it after "ready"; main says "dead" then */
	NO_HEAD,
};

static const struct scenario {
	const char *name;
	void (*build)(void);
	enum head head;
} scenarios[] = {
	{ "chain", chain, HEAD_EXITS },
	{ "clone-parent", clone_parent, NO_HEAD },
	{ "clone3", clone3_ways, NO_HEAD },
	{ "daemons", daemons, HEAD_EXITS },
	{ "family", family, HEAD_IS_OUTSIDE },
	{ "fan-out", fan_out, HEAD_EXITS },
	{ "frozen", frozen, NO_HEAD },
	{ "growing-bomb", growing_bomb, HEAD_EXITS },
	{ "leader", leader_ends, HEAD_EXITS },
	{ "leader-lives", leader_lives, NO_HEAD },
	{ "moving-bomb", moving_bomb, HEAD_EXITS },
	{ "new-pids", new_pids, NO_HEAD },
	{ "no-child-wait", no_child_wait, NO_HEAD },
	{ "one-process", one_process, NO_HEAD },
	{ "sigchld-ignored", sigchld_ignored, NO_HEAD },
	{ "spawn", spawn, HEAD_EXITS },
	{ "stopped-orphans", timer_stops, HEAD_EXITS },
	{ "stops", stops, NO_HEAD },
	{ "stops-again", stops_again, NO_HEAD },
	{ "storm", storm, HEAD_EXITS },
	{ "subreaper", subreaper, NO_HEAD },
	{ "thread-ends", thread_ends, NO_HEAD },
	{ "threads", threads, HEAD_EXITS },
	{ "timer-stops", timer_stops, NO_HEAD },
	{ "timer-stops-main", timer_stops_main, NO_HEAD },
	{ "unwaited", unwaited, NO_HEAD },
	{ "unwaited-audited", unwaited_audited, NO_HEAD },
	{ "unwaited-main", unwaited_main, NO_HEAD },
	{ "vfork-exec", vfork_exec, HEAD_EXITS },
	{ "vfork-hang", vfork_hang, HEAD_IS_KILLED },
	{ "zombies", zombies, NO_HEAD },
};

static pid_t
start_head(const struct scenario *scenario)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		close(leave[1]);
		scenario->build();
		finish_head();
	}
	return pid;
}

static int
status_from_outside(void)
{
	FILE *go = fopen("/go", "r");
	int status;

	if (!go || fscanf(go, "%d", &status) != 1)
		give_up("/go");
	fclose(go);
	return status;
}

/* The head has ended, or the test is asked to see to it. */
static void
end_head(const struct scenario *scenario, pid_t head)
{
	prctl(PR_SET_NAME, MAIN_NAME);
	if (scenario->head == HEAD_IS_OUTSIDE) {
		say("ready");
		await_death(head);
		say("dead");
		return;
	}
	close(leave[1]);
	if (scenario->head == HEAD_IS_KILLED)
		kill(head, SIGKILL);
	if (scenario->head != NO_HEAD)
		await_death(head);
	say("ready");
}

static int
run(const struct scenario *scenario, int live)
{
	pid_t head = 0;

	if (scenario->head == NO_HEAD) {
		scenario->build();
	} else {
		head = start_head(scenario);
		await_built();
	}
	if (live) {
		end_head(scenario, head);
		return status_from_outside();
	}
	say("ready");
	return DIE_STATUS;
}

static const struct scenario *
find_scenario(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(scenarios); i++)
		if (strcmp(scenarios[i].name, name) == 0)
			return &scenarios[i];
	fprintf(stderr, "torture: no scenario %s\n", name);
	exit(2);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "linger") == 0)
		linger();
	program = argv[0];
	if (pipe(stands) < 0 || pipe(built) < 0 || pipe(leave) < 0 ||
	    fcntl(stands[1], F_SETFL, O_NONBLOCK) < 0)
		give_up("pipe");
	if (argc == 5 && strcmp(argv[1], "latency") == 0)
		return latency(argv + 2);
	if (argc != 3)
		return 2;
	return run(find_scenario(argv[1]), strcmp(argv[2], "live") == 0);
}
