/* osless-init as an open file that can be run and never written: the copy inside this binary, in a
 * sealed memfd. No file of the host is then reachable through /proc/PID/exe (CVE-2019-5736). */
#ifndef OSLESS_CONTAINER_PROGRAM_H
#define OSLESS_CONTAINER_PROGRAM_H

struct error;

/* Returns the fd (close-on-exec) for execveat(2), or -1. Where memfds may not be executed
 * (vm.memfd_noexec=2, Linux 6.3) it is the installed file on a detached, read-only mount. */
enum program_view {
	PROGRAM_PLAIN,
	PROGRAM_HIDDEN, /* not readable, so not dumpable from birth, and its memory belongs to the
			   host's user namespace: members of the container's can neither trace it
			   nor look through its /proc/PID/root (ptrace(2), access mode checking) */
};
int program_open(enum program_view view, struct error *err);

#endif
