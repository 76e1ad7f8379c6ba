/* The control socket. */
#include "container/control.h"

#include "base/auto.h"
#include "base/error.h"
#include "container/state.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define CONNECT_S 2 /* a full backlog holds connect(2) up */

/* The path through /proc/self/fd keeps a long --root within sun_path's 108 bytes. */
static struct sockaddr_un
address_of(const struct state_dir *dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/control",
	    dir->fd); /* fits */
	return address;
}

int
control_listen(const struct state_dir *dir, struct error *err)
{
	struct sockaddr_un address = address_of(dir);
	AUTO_FD int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(sock, 8) < 0)
		return error_sys(err, "bind and listen");
	return take_fd(&sock);
}

int
control_connect(const struct state_dir *dir, struct error *err)
{
	struct sockaddr_un address = address_of(dir);
	AUTO_FD int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	struct timeval longest = { .tv_sec = CONNECT_S };

	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof(longest)) < 0 ||
	    connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_sys(err, "connect to init");
	return take_fd(&sock);
}
