/* Questions to the kernel over netlink(7). A namespace is asked through a socket that was made in
 * it; the caller never leaves its own. */
#ifndef OSLESS_KERNEL_NETLINK_H
#define OSLESS_KERNEL_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

#define NETLINK_REQUEST_MAX 1024u

/* One message on its way: header, fixed part, attributes. */
struct netlink_request {
	_Alignas(NLMSG_ALIGNTO) unsigned char bytes[NETLINK_REQUEST_MAX];
	size_t length; /* more than NETLINK_REQUEST_MAX: it did not fit, and will not be sent */
};

/* The header, of a type that the protocol defines, and what stands right after it. */
void netlink_begin(
    struct netlink_request *request, uint16_t type, uint16_t flags, const void *fixed, size_t size);
void
netlink_attribute(struct netlink_request *request, uint16_t type, const void *value, size_t size);

/* The network namespace of a process: an fd, or -1. */
int netlink_namespace(pid_t pid, struct error *err);

#define NETLINK_HERE (-1) /* the caller's own namespace */

/* A socket of this protocol (NETLINK_ROUTE ...) in the network namespace that the fd holds. -1:
 * err. */
int netlink_open(int namespace, int protocol, struct error *err);

/* What an answer holds behind its header. */
typedef void netlink_take(void *context, const void *payload, size_t length);

/* Sends the request, which asks for an acknowledgement (NLM_F_ACK) or for a list (NLM_F_DUMP), and
 * hands over each answer until the last. take NULL: none is wanted. -1: err says act, and the
 * kernel's own reason where it gives one. */
int netlink_ask(int sock, const struct netlink_request *request, netlink_take *take, void *context,
    const char *act, struct error *err);

#endif
