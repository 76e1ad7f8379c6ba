/* The TCP sockets that listen in a network namespace, and how many connections wait there to be
 * accepted (sock_diag(7)). */
#ifndef OSLESS_KERNEL_SOCKETS_H
#define OSLESS_KERNEL_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

#define SOCKETS_MAX 256 /* ports of one namespace; further ones are left out */

struct listening {
	uint16_t port;
	uint32_t depth;   /* connections that nobody has accepted yet */
	uint32_t backlog; /* how many there may be (listen(2)) */
};

/* The ports of pid's network namespace, one entry each however many sockets share it, sorted.
 * Returns how many; 0 where the namespace is the caller's own; -1 with err. */
int sockets_listening(pid_t pid, struct listening list[SOCKETS_MAX], struct error *err);

#endif
