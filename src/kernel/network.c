/* Loopback. */
#include "kernel/network.h"

#include "base/auto.h"
#include "base/error.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int
network_loopback_up(struct error *err)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	AUTO_FD int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return error_sys(err, "open a socket");
	if (ioctl(sock, SIOCSIFFLAGS, &request) < 0)
		return error_sys(err, "bring lo up");
	return 0;
}
