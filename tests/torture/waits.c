/* Parents and their dead children: those who do not tell the kernel that they have noticed (rules
 * R3, R4), those who do, and those who have nothing to notice.
 *
 *   main --fork--> head, one a case --fork--> child, which ends at once     head is judged
 *   main --fork--> head --fork--> middle --fork--> child                    first middle is
 *
 * Each that has a child to answer for prints "case NAME PARENT CHILD" (pids); main, which waits for
 * all heads, "fate NAME lives" or "fate NAME killed" once all have died that are to die. */
#include "torture.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LATE_MS (WITHIN_MS / 3)   /* late, and in time */
#define FATES_MS (WITHIN_MS * 13) /* those who live so long live */

static void
say_case(const char *name, pid_t child)
{
	dprintf(STDOUT_FILENO, "case %s %d %d\n", name, (int)getpid(), (int)child);
}

/* A child that exits with status; or, where that is negative, is killed by signal -status. */
static pid_t
fork_failure(const char *name, int status)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		if (status < 0)
			kill(getpid(), -status);
		_exit(status);
	}
	say_case(name, pid);
	return pid;
}

static void
never_waits_for_1(const char *name)
{
	(void)fork_failure(name, 1);
}

static void
never_waits_for_killed(const char *name)
{
	(void)fork_failure(name, -SIGTERM);
}

static void
never_waits_for_0(const char *name)
{
	(void)fork_failure(name, 0);
}

static void
never_waits_for_three(const char *name)
{
	for (int i = 0; i < 3; i++)
		(void)fork_failure(name, 2);
}

/* The kernel tells its parent nothing, and it has to be asked for with __WALL. */
static void
never_waits_for_silent(const char *name)
{
	long pid = syscall(SYS_clone, 0, 0, 0, 0, 0);

	if (pid < 0)
		give_up("clone");
	if (pid == 0)
		_exit(3);
	say_case(name, (pid_t)pid);
}

/* A look that leaves the zombie there is not enough. */
static void
only_looks(const char *name)
{
	siginfo_t info;

	(void)fork_failure(name, 1);
	(void)waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
}

static void
waits_late(const char *name)
{
	pid_t pid = fork_failure(name, 1);

	sleep_ms(LATE_MS);
	await_death(pid);
}

static void
ignores(const char *name)
{
	signal(SIGCHLD, SIG_IGN);
	(void)fork_failure(name, 1);
}

static void
wants_no_zombies(const char *name)
{
	struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };

	sigaction(SIGCHLD, &action, NULL);
	(void)fork_failure(name, 1);
}

static void *
thread_waits(void *child)
{
	await_death(*(pid_t *)child);
	return NULL;
}

/* Any thread may wait for any other thread's child. */
static void
waits_in_thread(const char *name)
{
	pthread_t thread;
	pid_t pid = fork_failure(name, 1);

	if (pthread_create(&thread, NULL, thread_waits, &pid) != 0)
		give_up("pthread_create");
	pthread_join(thread, NULL);
}

static void *
thread_forks_failure(void *name)
{
	(void)fork_failure(name, 1);
	linger();
}

static void
never_waits_for_threads_child(const char *name)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_forks_failure, (void *)(size_t)name) != 0)
		give_up("pthread_create");
}

/* Between the head and the child that nobody waits for. */
static pid_t
fork_middle(const char *name)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		(void)fork_failure(name, 1);
		linger();
	}
	return pid;
}

/* Its child is killed, and it waits for that one. */
static void
notices(const char *name)
{
	int status;

	if (waitpid(fork_middle(name), &status, 0) < 0 || !WIFSIGNALED(status))
		give_up("the middle is not killed");
}

/* Its child is killed, and it does not. */
static void
climbs(const char *name)
{
	say_case("climbs-on", fork_middle(name));
}

enum fate { LIVES, KILLED };

static const struct wait_case {
	const char *name;
	void (*act)(const char *name);
	enum fate unwaited; /* by R3 alone */
	enum fate zombies;  /* by R4 alone */
} cases[] = {
	{ "climbs", climbs, KILLED, KILLED },
	{ "exit-0", never_waits_for_0, LIVES, KILLED },
	{ "exit-1", never_waits_for_1, KILLED, KILLED },
	{ "ignored", ignores, LIVES, LIVES },
	{ "late", waits_late, LIVES, LIVES },
	{ "looks", only_looks, KILLED, KILLED },
	{ "no-child-wait", wants_no_zombies, LIVES, LIVES },
	{ "notices", notices, LIVES, LIVES },
	{ "signalled", never_waits_for_killed, KILLED, KILLED },
	{ "silent", never_waits_for_silent, KILLED, KILLED },
	{ "thread", waits_in_thread, LIVES, LIVES },
	{ "threads-child", never_waits_for_threads_child, KILLED, KILLED },
	{ "three", never_waits_for_three, KILLED, KILLED },
};

static pid_t heads[COUNT_OF(cases)]; /* 0: killed */

static void
start_cases(void)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		heads[i] = must_fork();
		if (heads[i] == 0) {
			cases[i].act(cases[i].name);
			linger();
		}
	}
}

static void
take_deaths(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < COUNT_OF(cases); i++)
			if (heads[i] == pid)
				heads[i] = 0;
}

static int
is_to_die(enum fate fate, size_t at)
{
	return heads[at] != 0 && fate == KILLED;
}

static int
some_are_to_die(int zombies)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (is_to_die(zombies ? cases[i].zombies : cases[i].unwaited, i))
			return 1;
	return 0;
}

/* The climber is last: when it is dead, all the others have had their time, and the same again. */
static void
say_fates(int zombies)
{
	long until_us = now_us() + FATES_MS * 1000L;

	start_cases();
	do {
		sleep_ms(10);
		take_deaths();
	} while (some_are_to_die(zombies) && now_us() < until_us);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		dprintf(
		    STDOUT_FILENO, "fate %s %s\n", cases[i].name, heads[i] ? "lives" : "killed");
}

void
unwaited(void)
{
	say_fates(0);
}

void
zombies(void)
{
	say_fates(1);
}

/* Only audited: the head that waits for its child to be killed would wait for ever. */
void
unwaited_audited(void)
{
	start_cases();
}

/* main is the sinner. */
void
unwaited_main(void)
{
	(void)fork_failure("main", 1);
}

/* A parent that wants some time of its own before it waits: time in which it is frozen is none. */
void
frozen(void)
{
	pid_t head = must_fork(), child;

	if (head > 0)
		return;
	child = fork_failure("frozen", 1);
	for (int i = 0; i < WITHIN_MS / 2 / 10; i++)
		sleep_ms(10); /* one long sleep would be over when it is thawed */
	await_death(child);
	linger();
}
