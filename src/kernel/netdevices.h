/* Network devices of the host that a container gets (linux.netDevices): each goes into the
 * container's network namespace, with its addresses, and is brought up there. rtnetlink(7). */
#ifndef OSLESS_KERNEL_NETDEVICES_H
#define OSLESS_KERNEL_NETDEVICES_H

#include "plan/plan.h"

struct arena;
struct error;
struct netdevice;

/* Those that are in the container now, and what is needed to get them back. */
struct netdevices {
	int host;  /* the caller's own namespace */
	int here;  /* sockets in it and in the container's, which they keep alive: a virtual */
	int there; /* device would end with its namespace */
	struct netdevice *items;
	uint64_t count;
};

#define NETDEVICES_NONE ((struct netdevices) { .host = -1, .here = -1, .there = -1 })

/* Moves the plan's devices from the caller's network namespace into this one, under their new
 * names. Permanent addresses of global scope go along, all others stay behind, as do routes. Where
 * one cannot be moved, all are back (-1: err names it, and before it what could not go back). */
int netdevices_move(const struct plan *plan, int namespace, struct arena *arena,
    struct netdevices *moved, struct error *err);

/* Back to the host, with the name, the addresses and the state that each had there. What is in the
 * container's namespace no more is no failure. -1: err names one that stays there. */
int netdevices_return(struct netdevices *moved, struct error *err);

/* They stay where they are. */
void netdevices_close(struct netdevices *moved);

#endif
