/* Families that do not want to die with their head. */
#include "torture.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD_NAME "torture-head" /* of a head that the test kills */
#define BOMB_MS 10000            /* a bomb goes out by itself: the test may have failed to */

extern char **environ;

/* Each the parent of the next. */
void
chain(void)
{
	if (must_fork() == 0) {
		for (int depth = 1; depth < 200; depth++)
			if (must_fork() > 0)
				linger();
		tell();
		linger();
	}
	await(1);
}

void
fan_out(void)
{
	for (int i = 0; i < 500; i++)
		fork_lingerer();
}

/* As daemons are made: two forks, a session of its own, deaf to all signals that can be ignored. */
void
daemons(void)
{
	for (int i = 0; i < 20; i++) {
		pid_t pid = must_fork();

		if (pid == 0) {
			setsid();
			for (int number = 1; number < 32; number++)
				signal(number, SIG_IGN);
			if (must_fork() == 0) {
				setsid();
				linger();
			}
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

/* Everybody forks whenever there is room; nobody ever waits. */
static _Noreturn void
storm_member(long until_us)
{
	tell();
	while (now_us() < until_us) {
		pid_t pid = fork();

		if (pid == 0)
			tell();
		if (pid < 0)
			sleep_ms(5);
	}
	_exit(0);
}

void
storm(void)
{
	for (int i = 0; i < 4; i++)
		if (must_fork() == 0)
			storm_member(now_us() + BOMB_MS * 1000L);
	await(60);
}

/* Whoever is looked for has made children, and is gone. */
static _Noreturn void
moving_member(long until_us, int children)
{
	int made = 0;

	while (made < children && now_us() < until_us) {
		pid_t pid = fork();

		if (pid == 0) {
			made = 0;
		} else if (pid > 0) {
			made++;
		} else if (made > 0) {
			break; /* no room for more: the one there will do */
		}
	}
	_exit(0);
}

/* As many members as there is room for. The bomb may be dead before its head is: nothing waits. */
static void
start_moving_bomb(int members, int children)
{
	for (int i = 0; i < members; i++) {
		pid_t pid = fork();

		if (pid == 0)
			moving_member(now_us() + BOMB_MS * 1000L, children);
		if (pid < 0)
			break;
	}
}

void
moving_bomb(void)
{
	start_moving_bomb(32, 1);
}

void
growing_bomb(void)
{
	start_moving_bomb(4, 2);
}

static void *
thread_forks(void *unused)
{
	(void)unused;
	for (int i = 0; i < 8; i++)
		fork_lingerer();
	tell();
	linger();
}

void
threads(void)
{
	for (int i = 0; i < 8; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, thread_forks, NULL) != 0)
			give_up("pthread_create");
	}
	await(8);
}

void
vfork_exec(void)
{
	for (int i = 0; i < 10; i++)
		if (vfork() == 0) {
			execl(program, program, "linger", (char *)NULL);
			_exit(127);
		}
}

/* The head hangs in vfork, since the child does not exec. main kills it. */
void
vfork_hang(void)
{
	if (vfork() == 0) {
		tell_built();
		linger();
	}
}

void
spawn(void)
{
	char linger_word[] = "linger", *words[] = { (char *)(size_t)program, linger_word, NULL };

	for (int i = 0; i < 10; i++) {
		errno = posix_spawn(&(pid_t) { 0 }, program, NULL, NULL, words, environ);
		if (errno != 0)
			give_up("posix_spawn");
	}
}

/* Five children with a child each, and a head that the test finds by name. */
void
family(void)
{
	for (int i = 0; i < 5; i++)
		if (must_fork() == 0) {
			signal(SIGHUP, SIG_IGN); /* sent to stopped members of an orphaned group */
			fork_lingerer();
			tell();
			linger();
		}
	await(5);
	prctl(PR_SET_NAME, HEAD_NAME);
}

static void *
outlive_leader(void *unused)
{
	(void)unused;
	while (state_of(getpid()) != 'Z')
		sched_yield();
	for (int i = 0; i < 4; i++)
		fork_lingerer();
	finish_head();
}

/* The first thread ends before the others do. */
void
leader_ends(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, outlive_leader, NULL) != 0)
		give_up("pthread_create");
	syscall(SYS_exit, 0); /* this thread, not the process */
	linger();
}
