/* One sendmsg(2), one recvmsg(2) a message. */
#include "base/wire.h"

#include "base/error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

int
wire_send(
    int sock, uint32_t kind, int32_t number, const char *text, size_t length, struct error *err)
{
	struct wire_head head = { .kind = kind, .number = number, .length = (uint32_t)length };
	struct iovec parts[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)(uintptr_t)text, .iov_len = length }, /* sendmsg only reads */
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = length ? 2 : 1 };

	if (length >= WIRE_TEXT_MAX)
		return error_num(err, EMSGSIZE, "send message %u of %zu bytes", kind, length);
	while (sendmsg(sock, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return error_sys(err, "send message %u", kind);
	return 0;
}

int
wire_send_fd(int sock, int fd, struct error *err)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	while (sendmsg(sock, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return error_sys(err, "send a descriptor");
	return 0;
}

static int
wait_readable(int sock, int timeout_ms, struct error *err)
{
	struct pollfd ready = { .fd = sock, .events = POLLIN };
	int got;

	do
		got = poll(&ready, 1, timeout_ms);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_sys(err, "poll");
	if (got == 0)
		return error_num(err, ETIMEDOUT, "no answer within %d ms", timeout_ms);
	return 0;
}

int
wire_receive(
    int sock, struct wire_head *head, char *text, size_t size, int timeout_ms, struct error *err)
{
	struct iovec parts[2] = {
		{ .iov_base = head, .iov_len = sizeof(*head) },
		{ .iov_base = text, .iov_len = size - 1 },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t got;

	if (timeout_ms >= 0 && wait_readable(sock, timeout_ms, err) < 0)
		return -1;
	do
		got = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == ECONNRESET)
		got = 0;
	if (got < 0)
		return error_sys(err, "receive message");
	if (got == 0)
		return 0;
	if ((message.msg_flags & MSG_TRUNC) || (size_t)got < sizeof(*head) ||
	    head->length != (size_t)got - sizeof(*head))
		return error_num(err, EBADMSG, "receive message");
	text[head->length] = '\0';
	return 1;
}
