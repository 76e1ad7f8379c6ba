/* The one thing that a new network namespace lacks to be usable: its loopback is down. */
#ifndef OSLESS_KERNEL_NETWORK_H
#define OSLESS_KERNEL_NETWORK_H

struct error;

/* Brings lo up in the caller's network namespace (netdevice(7)). */
int network_loopback_up(struct error *err);

#endif
