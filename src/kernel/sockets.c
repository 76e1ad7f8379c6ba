/* Asking sock_diag. */
#include "kernel/sockets.h"

#include "base/auto.h"
#include "base/error.h"
#include "kernel/netlink.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/stat.h>

#define TCP_STATE_LISTEN 10 /* include/net/tcp_states.h */

static int
is_our_own(int namespace)
{
	struct stat there, here;

	return fstat(namespace, &there) == 0 && stat("/proc/self/ns/net", &here) == 0 &&
	       there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

/* ------------------------------------------------------------------- question and answers */

struct ports {
	struct listening *list;
	int count;
};

static void
add_port(struct ports *ports, const struct inet_diag_msg *found)
{
	uint16_t port = ntohs(found->id.idiag_sport);
	int at = 0;

	while (at < ports->count && ports->list[at].port < port)
		at++;
	if (at == ports->count || ports->list[at].port != port) {
		if (ports->count == SOCKETS_MAX)
			return;
		memmove(&ports->list[at + 1], &ports->list[at],
		    (size_t)(ports->count - at) * sizeof(*ports->list));
		ports->list[at] = (struct listening) { .port = port };
		ports->count++;
	}
	ports->list[at].depth += found->idiag_rqueue;
	ports->list[at].backlog += found->idiag_wqueue;
}

/* context: struct ports. */
static void
take_socket(void *context, const void *payload, size_t length)
{
	if (length >= sizeof(struct inet_diag_msg))
		add_port(context, payload);
}

static int
ask(int sock, uint8_t family, struct ports *ports, struct error *err)
{
	const struct inet_diag_req_v2 listening = {
		.sdiag_family = family,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_states = 1u << TCP_STATE_LISTEN,
	};
	struct netlink_request request;

	netlink_begin(&request, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &listening, sizeof(listening));
	return netlink_ask(sock, &request, take_socket, ports, "ask sock_diag", err);
}

int
sockets_listening(pid_t pid, struct listening list[SOCKETS_MAX], struct error *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct ports ports = { .list = list };
	AUTO_FD int namespace = netlink_namespace(pid, err);
	AUTO_FD int sock = -1;

	if (namespace < 0)
		return -1;
	if (is_our_own(namespace))
		return 0;
	sock = netlink_open(namespace, NETLINK_SOCK_DIAG, err);
	if (sock < 0)
		return -1;
	for (size_t i = 0; i < sizeof(families); i++)
		if (ask(sock, families[i], &ports, err) < 0)
			return -1;
	return ports.count;
}
