/* A seccomp listener (seccomp_unotify(2)): who made a call that a filter asks about, and the answer
 * to it. */
#ifndef OSLESS_KERNEL_NOTIFY_H
#define OSLESS_KERNEL_NOTIFY_H

#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/types.h>

struct notify_call {
	uint64_t id; /* the kernel's, of this listener; the thread waits until it is answered */
	pid_t tid;   /* thread, as the caller's PID namespace counts; 0 = not in it */
	struct seccomp_data data;
};

/* The next call. Only when poll(2) says that there is one: else it waits, whatever the descriptor's
 * flags. Returns 1, or 0: its thread has ended meanwhile. */
int notify_receive(int listener, struct notify_call *call);

/* Whether the thread still waits: what was read of its pid in /proc before was then its own. */
int notify_is_waiting(int listener, uint64_t id);

/* The call fails with errnum (0: it seems to succeed), or is executed. Who has ended needs no
 * answer. */
void notify_refuse(int listener, uint64_t id, int errnum);
void notify_execute(int listener, uint64_t id);

#endif
