/* One sendmsg(2), one recvmsg(2) a message. */
#include "base/wire.h"

#include "base/error.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct wire_head {
	uint32_t kind;
	int32_t number;
	uint32_t length; /* of the text that follows, without its NUL */
};

/* Room for one descriptor (cmsg(3)). */
union fd_room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* And for who has sent it, where that was asked for. */
union sender_room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

static void
attach_fd(struct msghdr *datagram, union fd_room *room, int fd)
{
	struct cmsghdr *head;

	memset(room, 0, sizeof(*room));
	datagram->msg_control = room->bytes;
	datagram->msg_controllen = sizeof(room->bytes);
	head = CMSG_FIRSTHDR(datagram);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
}

static int
send_datagram(int sock, const struct msghdr *datagram, struct error *err)
{
	while (sendmsg(sock, datagram, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return error_sys(err, "send a message");
	return 0;
}

int
wire_send(int sock, const struct wire_message *message, struct error *err)
{
	struct wire_head head = {
		.kind = message->kind,
		.number = message->number,
		.length = (uint32_t)strlen(message->text),
	};
	struct iovec parts[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)(uintptr_t)message->text,
		    .iov_len = head.length }, /* only read */
	};
	struct msghdr datagram = { .msg_iov = parts, .msg_iovlen = 2 };
	union fd_room room;

	if (message->fd >= 0)
		attach_fd(&datagram, &room, message->fd);
	return send_datagram(sock, &datagram, err);
}

int
wire_send_fd(int sock, int fd, struct error *err)
{
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr datagram = { .msg_iov = &part, .msg_iovlen = 1 };
	union fd_room room;

	attach_fd(&datagram, &room, fd);
	return send_datagram(sock, &datagram, err);
}

int
wire_send_text(int sock, const char *text, int fd, struct error *err)
{
	size_t length = strlen(text);
	struct iovec part = { .iov_base = (void *)(uintptr_t)text, .iov_len = length }; /* read */
	struct msghdr datagram = { .msg_iov = &part, .msg_iovlen = 1 };
	union fd_room room;
	ssize_t sent;

	attach_fd(&datagram, &room, fd);
	do
		sent = sendmsg(sock, &datagram, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	for (size_t done = 0; sent >= 0 && (done += (size_t)sent) < length;)
		sent = send(sock, text + done, length - done, MSG_NOSIGNAL);
	return sent < 0 ? error_sys(err, "send a message") : 0;
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

/* The descriptor that came along, or -1. The kernel has cut the list to what there is room for. */
static int
take_attached(struct msghdr *datagram, pid_t *sender)
{
	int fd = -1;

	for (struct cmsghdr *head = CMSG_FIRSTHDR(datagram); head;
	     head = CMSG_NXTHDR(datagram, head)) {
		struct ucred who;

		if (head->cmsg_level != SOL_SOCKET)
			continue;
		if (head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(&fd, CMSG_DATA(head), sizeof(fd));
		if (head->cmsg_type == SCM_CREDENTIALS && head->cmsg_len == CMSG_LEN(sizeof(who))) {
			memcpy(&who, CMSG_DATA(head), sizeof(who));
			*sender = who.pid;
		}
	}
	return fd;
}

static int
refuse(struct wire_message *message, struct error *err)
{
	if (message->fd >= 0)
		(void)close(message->fd); /* somebody else's */
	message->fd = -1;
	return error_num(err, EBADMSG, "receive a message");
}

/* room, of size bytes, is for what comes along. */
static int
receive(int sock, struct wire_message *message, void *room, size_t size, pid_t *sender,
    struct error *err)
{
	struct wire_head head;
	struct iovec parts[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = message->text, .iov_len = sizeof(message->text) - 1 },
	};
	struct msghdr datagram = {
		.msg_iov = parts,
		.msg_iovlen = 2,
		.msg_control = room,
		.msg_controllen = size,
	};
	ssize_t got;

	message->fd = -1;
	do /* ECONNRESET: closed with something of ours unread; what was said before comes next */
		got = recvmsg(sock, &datagram, MSG_CMSG_CLOEXEC);
	while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got < 0)
		return error_sys(err, "receive a message");
	if (got == 0)
		return 0;
	message->fd = take_attached(&datagram, sender);
	if ((datagram.msg_flags & MSG_TRUNC) || (size_t)got < sizeof(head) ||
	    head.length != (size_t)got - sizeof(head))
		return refuse(message, err);
	message->kind = head.kind;
	message->number = head.number;
	message->text[head.length] = '\0';
	return 1;
}

int
wire_receive(int sock, struct wire_message *message, int timeout_ms, struct error *err)
{
	union fd_room room;
	pid_t nobody;

	message->fd = -1;
	if (timeout_ms >= 0 && wait_readable(sock, timeout_ms, err) < 0)
		return -1;
	return receive(sock, message, room.bytes, sizeof(room.bytes), &nobody, err);
}

int
wire_ask_sender(int sock, struct error *err)
{
	const int on = 1;

	if (setsockopt(sock, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return error_sys(err, "SO_PASSCRED");
	return 0;
}

int
wire_receive_from(int sock, struct wire_message *message, pid_t *sender, struct error *err)
{
	union sender_room room;

	*sender = 0;
	return receive(sock, message, room.bytes, sizeof(room.bytes), sender, err);
}
