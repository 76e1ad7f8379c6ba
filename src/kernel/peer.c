/* SO_PEERCRED. */
#include "kernel/peer.h"

#include <sys/socket.h>
#include <unistd.h>

int
peer_is_host(int connection, const struct plan *plan)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int own_pids = plan->namespaces[PLAN_NS_PID].mode == PLAN_NS_NEW;
	int own_users = plan->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST;

	if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return 0;
	if (own_pids && peer.pid != 0)
		return 0;
	return own_users ||
	       peer.uid == geteuid(); /* seen from a user namespace, the host's ids are unmapped */
}
