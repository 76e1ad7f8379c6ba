/* Asking sock_diag. The socket that is asked must be made inside the namespace; a child that shares
 * our descriptors does that, so that the caller never leaves its own namespace. */
#include "kernel/sockets.h"

#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/syscalls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TCP_STATE_LISTEN 10 /* include/net/tcp_states.h */
#define ANSWER_BYTES 32768

/* ------------------------------------------------------------------- a socket over there */

struct visit {
	int namespace;
	int sock;  /* the answer: our own by then, too; or -1 */
	int error; /* errno behind -1 */
};

static int
make_socket(void *context)
{
	struct visit *visit = context;

	if (setns(visit->namespace, CLONE_NEWNET) == 0)
		visit->sock = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	visit->error = errno;
	return 0;
}

static int
open_namespace(pid_t pid, struct error *err)
{
	char path[40];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid); /* fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? error_sys(err, "open %s", path) : fd;
}

static int
is_our_own(int namespace)
{
	struct stat there, here;

	return fstat(namespace, &there) == 0 && stat("/proc/self/ns/net", &here) == 0 &&
	       there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

static int
socket_in(int namespace, struct error *err)
{
	AUTO_FREE void *stack = aligned_alloc(16, CLONE_STACK_SIZE);
	struct visit visit = { .namespace = namespace, .sock = -1 };
	const struct clone_vfork child = {
		.flags = CLONE_FILES,
		.exit_signal = SIGCHLD,
		.run = make_socket,
		.context = &visit,
		.stack = stack,
	};
	pid_t pid = stack ? clone_vfork(&child) : -1;

	if (pid < 0)
		return error_sys(err, "clone");
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (visit.sock < 0)
		return error_num(err, visit.error, "open a socket in the network namespace");
	return visit.sock;
}

/* ------------------------------------------------------------------- question and answers */

struct ports {
	struct listening *list;
	int count;
};

static int
ask(int sock, uint8_t family, struct error *err)
{
	const struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} question = {
		.header = { .nlmsg_len = sizeof(question),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.request = { .sdiag_family = family,
		    .sdiag_protocol = IPPROTO_TCP,
		    .idiag_states = 1u << TCP_STATE_LISTEN },
	};

	if (send(sock, &question, sizeof(question), 0) < 0)
		return error_sys(err, "ask sock_diag");
	return 0;
}

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

/* One datagram of answers. 1: that was all; 0: there are more; -1: errno. */
static int
take_answers(struct ports *ports, const char *data, size_t length)
{
	const struct nlmsghdr *header;
	const void *payload; /* NLMSG_DATA, which drops const */
	size_t at = 0;

	for (; at + sizeof(*header) <= length; at += NLMSG_ALIGN(header->nlmsg_len)) {
		header = (const void *)(data + at);
		if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > length - at)
			break;
		payload = data + at + NLMSG_HDRLEN;
		if (header->nlmsg_type == NLMSG_DONE)
			return 1;
		if (header->nlmsg_type == NLMSG_ERROR) {
			errno = header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr))
				    ? -((const struct nlmsgerr *)payload)->error
				    : EPROTO;
			return -1;
		}
		if (header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
			add_port(ports, payload);
	}
	return 0;
}

/* The kernel answers at once, so this does not wait for anybody. */
static int
collect(int sock, struct ports *ports, struct error *err)
{
	AUTO_FREE char *answer = malloc(ANSWER_BYTES);
	int done = 0;

	if (!answer)
		return error_num(err, ENOMEM, "ask sock_diag");
	while (!done) {
		ssize_t length = recv(sock, answer, ANSWER_BYTES, 0);

		if (length < 0 && errno == EINTR)
			continue;
		done = length <= 0 ? -1 : take_answers(ports, answer, (size_t)length);
		if (done < 0)
			return error_sys(err, "ask sock_diag");
	}
	return 0;
}

int
sockets_listening(pid_t pid, struct listening list[SOCKETS_MAX], struct error *err)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct ports ports = { .list = list };
	AUTO_FD int namespace = open_namespace(pid, err);
	AUTO_FD int sock = -1;

	if (namespace < 0)
		return -1;
	if (is_our_own(namespace))
		return 0;
	sock = socket_in(namespace, err);
	if (sock < 0)
		return -1;
	for (size_t i = 0; i < sizeof(families); i++)
		if (ask(sock, families[i], err) < 0 || collect(sock, &ports, err) < 0)
			return -1;
	return ports.count;
}
