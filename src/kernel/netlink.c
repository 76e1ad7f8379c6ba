/* A socket in another network namespace is made by a child that shares our descriptors. */
#include "kernel/netlink.h"

#include "base/auto.h"
#include "base/clone.h"
#include "base/error.h"
#include "base/syscalls.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define ANSWER_BYTES 32768u

/* ------------------------------------------------------------------- a socket over there */

int
netlink_namespace(pid_t pid, struct error *err)
{
	char path[40];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid); /* fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? error_sys(err, "open %s", path) : fd;
}

struct visit {
	int namespace;
	int protocol;
	int sock;  /* the answer: our own by then, too; or -1 */
	int error; /* errno behind -1 */
};

static int
make_socket(void *context)
{
	struct visit *visit = context;

	if (visit->namespace == NETLINK_HERE || setns(visit->namespace, CLONE_NEWNET) == 0)
		visit->sock = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, visit->protocol);
	visit->error = errno;
	return 0;
}

static int
visit_namespace(struct visit *visit, struct error *err)
{
	AUTO_FREE void *stack = aligned_alloc(16, CLONE_STACK_SIZE);
	const struct clone_vfork child = {
		.flags = CLONE_FILES,
		.exit_signal = SIGCHLD,
		.run = make_socket,
		.context = visit,
		.stack = stack,
	};
	pid_t pid = stack ? clone_vfork(&child) : -1;

	if (pid < 0)
		return error_sys(err, "clone");
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

int
netlink_open(int namespace, int protocol, struct error *err)
{
	struct visit visit = { .namespace = namespace, .protocol = protocol, .sock = -1 };
	const int one = 1;

	if (namespace == NETLINK_HERE)
		(void)make_socket(&visit); /* always 0 */
	else if (visit_namespace(&visit, err) < 0)
		return -1;
	if (visit.sock < 0)
		return error_num(err, visit.error, "open a socket in the network namespace");
	/* without them an error is a number only, as on old kernels */
	(void)setsockopt(visit.sock, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	(void)setsockopt(visit.sock, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	return visit.sock;
}

/* ------------------------------------------------------------------------------- questions */

/* Nothing is written beyond the end, but counted. */
static void
append(struct netlink_request *request, const void *data, size_t size)
{
	size_t padded = NLMSG_ALIGN(size);
	struct nlmsghdr *header = (void *)request->bytes;

	if (request->length + padded <= NETLINK_REQUEST_MAX) {
		memset(request->bytes + request->length, 0, padded);
		if (size)
			memcpy(request->bytes + request->length, data, size);
	}
	request->length += padded;
	header->nlmsg_len = (uint32_t)request->length;
}

void
netlink_begin(
    struct netlink_request *request, uint16_t type, uint16_t flags, const void *fixed, size_t size)
{
	const struct nlmsghdr header = {
		.nlmsg_type = type,
		.nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST),
	};

	request->length = 0;
	append(request, &header, sizeof(header));
	append(request, fixed, size);
}

void
netlink_attribute(struct netlink_request *request, uint16_t type, const void *value, size_t size)
{
	const struct nlattr attribute = {
		.nla_len = (uint16_t)(NLA_HDRLEN + size),
		.nla_type = type,
	};

	append(request, &attribute, sizeof(attribute));
	append(request, value, size);
}

/* --------------------------------------------------------------------------------- answers */

struct answers {
	netlink_take *take;
	void *context;
	const char *act;
	struct error *err;
};

/* The kernel's sentence behind an error (NETLINK_EXT_ACK), or NULL. */
static const char *
reason(const struct nlmsghdr *header)
{
	const unsigned char *at = (const void *)header;
	const unsigned char *end = at + header->nlmsg_len;
	const struct nlattr *attribute;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	for (at += NLMSG_LENGTH(sizeof(struct nlmsgerr)); at + NLA_HDRLEN <= end;
	     at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		if (attribute->nla_len <= NLA_HDRLEN || attribute->nla_len > end - at)
			return NULL;
		if (attribute->nla_type == NLMSGERR_ATTR_MSG && at[attribute->nla_len - 1] == '\0')
			return (const char *)at + NLA_HDRLEN;
	}
	return NULL;
}

/* The last word of the kernel: 1, or -1. */
static int
finish(const struct answers *answers, const struct nlmsghdr *header)
{
	const unsigned char *payload = (const unsigned char *)header + NLMSG_HDRLEN;
	const char *why;
	int error = 0;

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(error)))
		return error_num(answers->err, EPROTO, "%s", answers->act);
	memcpy(&error, payload, sizeof(error)); /* of nlmsgerr, or of a list's end */
	if (error == 0)
		return 1;
	why = header->nlmsg_type == NLMSG_ERROR ? reason(header) : NULL;
	return why ? error_num(answers->err, -error, "%s (%s)", answers->act, why)
		   : error_num(answers->err, -error, "%s", answers->act);
}

/* One datagram. 1: that was all; 0: there are more. */
static int
take_datagram(const struct answers *answers, const unsigned char *data, size_t length)
{
	const struct nlmsghdr *header;

	for (size_t at = 0; at + sizeof(*header) <= length; at += NLMSG_ALIGN(header->nlmsg_len)) {
		header = (const void *)(data + at);
		if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > length - at)
			return error_num(answers->err, EPROTO, "%s", answers->act);
		if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
			return finish(answers, header);
		if (answers->take)
			answers->take(answers->context, data + at + NLMSG_HDRLEN,
			    header->nlmsg_len - NLMSG_HDRLEN);
	}
	return 0;
}

/* The kernel answers at once, so this does not wait for anybody. */
int
netlink_ask(int sock, const struct netlink_request *request, netlink_take *take, void *context,
    const char *act, struct error *err)
{
	const struct answers answers = { take, context, act, err };
	_Alignas(struct nlmsghdr) unsigned char data[ANSWER_BYTES];
	int done = 0;

	if (request->length > NETLINK_REQUEST_MAX)
		return error_num(err, EMSGSIZE, "%s", act);
	if (send(sock, request->bytes, request->length, 0) < 0)
		return error_sys(err, "%s", act);
	while (done == 0) {
		ssize_t length = recv(sock, data, sizeof(data), 0);

		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0)
			return error_num(err, length < 0 ? errno : EPROTO, "%s", act);
		done = take_datagram(&answers, data, (size_t)length);
	}
	return done < 0 ? -1 : 0;
}
