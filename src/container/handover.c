/* Pid file and pidfd socket, as runc has them. */
#include "container/handover.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "base/wire.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

int
handover_pid_file(const char *path, pid_t pid, struct error *err)
{
	char text[16];
	int length;

	if (!path)
		return 0;
	length = snprintf(text, sizeof(text), "%d", (int)pid); /* fits */
	return file_replace(AT_FDCWD, path, text, (size_t)length, 0644, err);
}

int
handover_pidfd(const char *path, int pidfd, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_FD int sock = -1;

	if (!path)
		return 0;
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
	    (int)sizeof(address.sun_path))
		return error_num(err, ENAMETOOLONG, "--pidfd-socket %s", path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_sys(err, "connect to %s", path);
	return wire_send_fd(sock, pidfd, err);
}
