#include "kernel/notify.h"

#include <string.h>
#include <sys/ioctl.h>

/* The kernel copies as many bytes as its own structure has, which grows with time
 * (SECCOMP_GET_NOTIF_SIZES); what is beyond ours is of no use here. */
#define ROOM 256

union received {
	struct seccomp_notif call;
	unsigned char room[ROOM];
};

union answered {
	struct seccomp_notif_resp answer;
	unsigned char room[ROOM];
};

int
notify_receive(int listener, struct notify_call *call)
{
	union received received;

	memset(&received, 0, sizeof(received)); /* the kernel insists */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &received) < 0)
		return 0;
	call->id = received.call.id;
	call->tid = (pid_t)received.call.pid;
	call->data = received.call.data;
	return 1;
}

int
notify_is_waiting(int listener, uint64_t id)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static void
answer(int listener, uint64_t id, int errnum, uint32_t flags)
{
	union answered answered;

	memset(&answered, 0, sizeof(answered));
	answered.answer.id = id;
	answered.answer.error = -errnum;
	answered.answer.flags = flags;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answered); /* ENOENT: it has ended */
}

void
notify_refuse(int listener, uint64_t id, int errnum)
{
	answer(listener, id, errnum, 0);
}

void
notify_execute(int listener, uint64_t id)
{
	answer(listener, id, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}
