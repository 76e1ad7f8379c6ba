/* clone3(2) in the manner of vfork(2): the child shares the caller's memory and runs on a stack of
 * its own, the caller sleeps until the child execs or exits. Costs less than copying page tables,
 * and lets the child report into the caller's variables. */
#ifndef OSLESS_BASE_CLONE_H
#define OSLESS_BASE_CLONE_H

#include <stdint.h>
#include <sys/types.h>

struct error;

#define CLONE_STACK_SIZE 65536u

struct clone_vfork {
	uint64_t
	    flags; /* CLONE_NEW*, CLONE_PARENT, CLONE_INTO_CGROUP; CLONE_VM|CLONE_VFORK are added */
	int cgroup_fd;   /* with CLONE_INTO_CGROUP */
	int exit_signal; /* SIGCHLD; 0 with CLONE_PARENT */
	int *pidfd;      /* gets the child's pidfd, close-on-exec; NULL = not wanted */
	/* The child: system calls only, no allocation, no stdio, and no change to the caller's
	 * memory other than to its own report. What it returns is the exit status. */
	int (*run)(void *context);
	void *context;
	void *stack; /* lowest address of CLONE_STACK_SIZE bytes, 16-byte aligned, the caller's */
};

/* Returns the child's pid as the caller counts, or -1 with errno. All signals that the caller
 * handles must be blocked or harmless to run in the child before it resets them. */
pid_t clone_vfork(const struct clone_vfork *child);

/* The same for a child that execs a program, what, and tells in err what it could not do: then it
 * is reaped. -1: err. */
pid_t clone_program(const struct clone_vfork *child, const char *what, struct error *err);

#endif
