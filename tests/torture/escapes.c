/* Ways out of supervision, each of which is refused; and those who only look like orphans or
 * zombies, and must be left alone. */
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

extern char **environ;

/* A child that dies after it has made a child. */
static void
orphan_one(void)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		fork_lingerer();
		_exit(0);
	}
	waitpid(pid, NULL, 0); /* ECHILD: main may have told the kernel that it does not care */
}

void
subreaper(void)
{
	say_result("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	orphan_one();
}

/* A child, by a raw clone, that lingers if there is one. */
static void
try_clone(const char *name, unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		linger();
	say_result(name, pid);
}

/* From a child: its clone would be main's child, not an orphan when the child dies. */
void
clone_parent(void)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		try_clone("clone-parent", CLONE_PARENT);
		try_clone("clone-parent-vfork", CLONE_PARENT | CLONE_VFORK);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	try_clone("clone-parent-of-main", CLONE_PARENT);
}

/* struct clone_args, first version (clone(2)). */
struct clone_request {
	unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static void
try_clone3(const char *name, unsigned long long flags, int exit_signal)
{
	struct clone_request request = { .flags = flags,
		.exit_signal = (unsigned long long)exit_signal };
	long pid = syscall(SYS_clone3, &request, sizeof(request));

	if (pid == 0)
		linger();
	say_result(name, pid);
}

void
clone3_ways(void)
{
	try_clone3("clone3", 0, SIGCHLD);
	try_clone3("clone3-parent", CLONE_PARENT, 0);
	try_clone3("clone3-newpid", CLONE_NEWPID, SIGCHLD);
	try_clone3("clone3-stop", 0, SIGSTOP);
	orphan_one();
}

void
new_pids(void)
{
	long self = syscall(SYS_pidfd_open, getpid(), 0);

	try_clone("newpid", CLONE_NEWPID);
	try_clone("newuser-newpid", CLONE_NEWUSER | CLONE_NEWPID);
	say_result("unshare-newpid", syscall(SYS_unshare, CLONE_NEWPID));
	say_result("unshare-newuser", syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWPID));
	say_result("setns", self < 0 ? -1 : syscall(SYS_setns, self, CLONE_NEWPID));
	orphan_one();
}

static void
twenty_that_exit(void)
{
	for (int i = 0; i < 20; i++)
		if (must_fork() == 0)
			_exit(i);
}

static void *
thread_does_nothing(void *unused)
{
	return unused;
}

/* All ways to a second process; a thread is none. */
void
one_process(void)
{
	char linger_word[] = "linger", *words[] = { (char *)(size_t)program, linger_word, NULL };
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0)
		linger();
	say_result("fork", pid);
	pid = vfork();
	if (pid == 0)
		_exit(1);
	say_result("vfork", pid);
	try_clone("clone", 0);
	try_clone("clone-files", CLONE_FILES | CLONE_FS);
	try_clone3("clone3", 0, SIGCHLD);
	errno = posix_spawn(&pid, program, NULL, NULL, words, environ);
	say_result("posix_spawn", errno ? -1 : 0);
	errno = pthread_create(&thread, NULL, thread_does_nothing, NULL);
	say_result("thread", errno ? -1 : 0);
	if (errno == 0)
		pthread_join(thread, NULL);
}

void
sigchld_ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
	twenty_that_exit();
	orphan_one();
}

void
no_child_wait(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };

	sigaction(SIGCHLD, &action, NULL);
	twenty_that_exit();
	orphan_one();
}

/* Their parent's thread is gone, and not their parent. */
static void *
thread_forks_and_ends(void *unused)
{
	(void)unused;
	for (int i = 0; i < 3; i++)
		fork_lingerer();
	return NULL;
}

void
thread_ends(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, thread_forks_and_ends, NULL) != 0)
		give_up("pthread_create");
	pthread_join(thread, NULL);
	await_a_reconcile();
}

/* A process without its first thread, and four children of it: five that live. */
void
leader_lives(void)
{
	if (must_fork() == 0)
		leader_ends();
	await_built();
	await_a_reconcile();
}
