/* One message moves a device and renames it; the kernel takes it down and its addresses away, which
 * are therefore listed first. Everything else that netdevice(7) can say is asked by ioctl(2), which
 * any socket of the namespace answers. */
#include "kernel/netdevices.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "kernel/netlink.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define TEMPLATES_MAX 1000 /* devices of one name and a number */

/* As the kernel told it: struct ifaddrmsg, then attributes. */
struct address {
	struct address *next;
	size_t length;
	unsigned char message[];
};

struct netdevice {
	char host_name[IFNAMSIZ];
	char name[IFNAMSIZ]; /* in the container */
	int was_up;
	struct address *addresses; /* in the kernel's order */
};

/* ------------------------------------------------------------------------------ by ioctl */

static struct ifreq
ask_for(const char *name)
{
	struct ifreq request = { 0 };

	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name); /* fits */
	return request;
}

/* Its number in the socket's namespace; 0: it has none of this name, or errno says why not. */
static int
find(int sock, const char *name)
{
	struct ifreq request = ask_for(name);

	errno = 0;
	return ioctl(sock, SIOCGIFINDEX, &request) < 0 ? 0 : request.ifr_ifindex;
}

/* The name that it goes by, of several that it may have. */
static int
read_name(int sock, int index, char name[IFNAMSIZ], struct error *err)
{
	struct ifreq request = { .ifr_ifindex = index };

	if (ioctl(sock, SIOCGIFNAME, &request) < 0)
		return error_sys(err, "read its name");
	(void)snprintf(name, IFNAMSIZ, "%s", request.ifr_name); /* fits */
	return 0;
}

static int
is_up(int sock, const char *name)
{
	struct ifreq request = ask_for(name);

	return ioctl(sock, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP);
}

static int
bring_up(int sock, const char *name, struct error *err)
{
	struct ifreq request = ask_for(name);

	if (ioctl(sock, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags |= IFF_UP;
		if (ioctl(sock, SIOCSIFFLAGS, &request) == 0)
			return 0;
	}
	return error_sys(err, "bring it up");
}

/* ------------------------------------------------------------------------------ addresses */

struct listing {
	struct arena *arena;
	unsigned index;
	struct address **last;
	int lacking; /* memory */
};

static void
take_address(void *context, const void *payload, size_t length)
{
	struct listing *listing = context;
	const struct ifaddrmsg *message = payload;
	struct address *kept;

	if (length < sizeof(*message) || message->ifa_index != listing->index)
		return;
	kept = arena_alloc(listing->arena, sizeof(*kept) + length);
	if (!kept) {
		listing->lacking = 1;
		return;
	}
	kept->length = length;
	memcpy(kept->message, payload, length);
	*listing->last = kept;
	listing->last = &kept->next;
}

static int
list_addresses(
    int sock, int index, struct arena *arena, struct address **addresses, struct error *err)
{
	const struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	struct listing listing = { arena, (unsigned)index, addresses, 0 };
	struct netlink_request request;

	netlink_begin(&request, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	if (netlink_ask(sock, &request, take_address, &listing, "list its addresses", err) < 0)
		return -1;
	return listing.lacking ? error_num(err, ENOMEM, "list its addresses") : 0;
}

/* Where an address of a device goes to. */
enum place {
	TO_CONTAINER,
	TO_HOST, /* where it came from */
};

/* Others depend on the network that the device leaves, or are the kernel's to make. */
static int
belongs(const struct ifaddrmsg *message, enum place place)
{
	if (place == TO_CONTAINER)
		return (message->ifa_flags & IFA_F_PERMANENT) &&
		       message->ifa_scope == RT_SCOPE_UNIVERSE;
	return message->ifa_family != AF_INET6 || message->ifa_scope != RT_SCOPE_LINK;
}

/* A label begins with the device's name, and how long an address lives may go on only there. */
static int
is_for(uint16_t type, enum place place)
{
	return place == TO_HOST || (type != IFA_LABEL && type != IFA_CACHEINFO);
}

static int
add_address(int sock, int index, const struct address *address, enum place place, struct error *err)
{
	struct ifaddrmsg message;
	struct netlink_request request;
	const struct nlattr *from;

	memcpy(&message, address->message, sizeof(message));
	if (!belongs(&message, place))
		return 0;
	message.ifa_index = (unsigned)index;
	netlink_begin(&request, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &message,
	    sizeof(message));
	for (size_t at = NLMSG_ALIGN(sizeof(message)); at + sizeof(*from) <= address->length;
	     at += NLA_ALIGN(from->nla_len)) {
		from = (const void *)(address->message + at);
		if (from->nla_len < NLA_HDRLEN || from->nla_len > address->length - at)
			break;
		if (is_for(from->nla_type, place))
			netlink_attribute(&request, from->nla_type,
			    address->message + at + NLA_HDRLEN, from->nla_len - NLA_HDRLEN);
	}
	return netlink_ask(sock, &request, NULL, NULL, "give it its addresses", err);
}

static int
settle(
    int sock, const struct netdevice *device, const char *name, enum place place, struct error *err)
{
	int index = find(sock, name);

	if (index == 0)
		return error_sys(err, "find it as %s", name);
	for (const struct address *at = device->addresses; at; at = at->next)
		if (add_address(sock, index, at, place, err) < 0)
			return -1;
	return place == TO_CONTAINER || device->was_up ? bring_up(sock, name, err) : 0;
}

/* ------------------------------------------------------------------------------ one device */

static int
change_namespace(int sock, int index, int namespace, const char *name, struct error *err)
{
	const struct ifinfomsg which = { .ifi_index = index };
	const uint32_t fd = (uint32_t) namespace;
	struct netlink_request request;

	netlink_begin(&request, RTM_NEWLINK, NLM_F_ACK, &which, sizeof(which));
	netlink_attribute(&request, IFLA_NET_NS_FD, &fd, sizeof(fd));
	netlink_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
	return netlink_ask(sock, &request, NULL, NULL, "change its network namespace", err);
}

/* "eth%d": the lowest number that nobody has there yet, as the kernel would choose. */
static int
choose_name(int sock, const char *wanted, char name[IFNAMSIZ], struct error *err)
{
	const char *number = strstr(wanted, "%d");

	(void)snprintf(name, IFNAMSIZ, "%s", wanted); /* fits: spec has seen to it */
	if (!number)
		return find(sock, name) ? error_set(err,
					      "the container's network namespace has a device %s "
					      "already: give it another name",
					      name)
					: 0;
	for (int i = 0; i < TEMPLATES_MAX; i++) {
		int length = snprintf(name, IFNAMSIZ, "%.*s%d%s", (int)(number - wanted), wanted, i,
		    number + strlen("%d"));

		if (length >= IFNAMSIZ)
			break;
		if (!find(sock, name))
			return 0;
	}
	return error_set(
	    err, "no name like %s is free in the container's network namespace", wanted);
}

static int
return_one(const struct netdevices *moved, const struct netdevice *device, struct error *err)
{
	int index = find(moved->there, device->name);

	if (index == 0 && errno == ENODEV)
		return 0; /* nobody has it any more: its peer is gone, or its driver */
	if (index == 0)
		return error_sys(err, "find it as %s", device->name);
	if (change_namespace(moved->there, index, moved->host, device->host_name, err) < 0)
		return -1;
	return settle(moved->here, device, device->host_name, TO_HOST, err);
}

/* The kernel moves it first and renames it then: what fails between may have moved it. Once it is
 * there it counts, and whatever fails is undone by its return. */
static int
move_one(struct netdevices *moved, const struct plan_net_device *from, int namespace,
    struct arena *arena, struct error *err)
{
	struct netdevice *device = &moved->items[moved->count];
	int index = find(moved->here, from->name);
	int result;

	if (index == 0)
		return error_sys(err, "find it on the host");
	device->was_up = is_up(moved->here, from->name);
	if (read_name(moved->here, index, device->host_name, err) < 0 ||
	    list_addresses(moved->here, index, arena, &device->addresses, err) < 0 ||
	    choose_name(moved->there, from->new_name ? from->new_name : device->host_name,
		device->name, err) < 0)
		return -1;
	result = change_namespace(moved->here, index, namespace, device->name, err);
	if (result < 0 && find(moved->here, device->host_name))
		return -1;
	if (result < 0)
		memcpy(device->name, device->host_name, IFNAMSIZ);
	moved->count++;
	return result < 0 ? -1 : settle(moved->there, device, device->name, TO_CONTAINER, err);
}

/* ------------------------------------------------------------------------------ interface */

static int
open_both(int namespace, struct netdevices *moved, struct error *err)
{
	moved->host = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (moved->host < 0)
		return error_sys(err, "open /proc/self/ns/net");
	moved->here = netlink_open(NETLINK_HERE, NETLINK_ROUTE, err);
	if (moved->here < 0)
		return -1;
	moved->there = netlink_open(namespace, NETLINK_ROUTE, err);
	return moved->there < 0 ? -1 : 0;
}

int
netdevices_move(const struct plan *plan, int namespace, struct arena *arena,
    struct netdevices *moved, struct error *err)
{
	if (open_both(namespace, moved, err) < 0)
		return -1;
	moved->items = arena_array(arena, plan->net_devices.count, sizeof(*moved->items));
	if (!moved->items)
		return error_num(err, ENOMEM, "list the network devices");
	for (uint64_t i = 0; i < plan->net_devices.count; i++) {
		const struct plan_net_device *device = &plan->net_devices.items[i];
		struct error back;

		if (move_one(moved, device, namespace, arena, err) == 0)
			continue;
		(void)error_in(err, "%s", device->name); /* always -1 */
		return netdevices_return(moved, &back) < 0 ? error_in(err, "%s; before", back.text)
							   : -1;
	}
	return 0;
}

int
netdevices_return(struct netdevices *moved, struct error *err)
{
	int result = 0;

	for (; moved->count > 0; moved->count--) {
		const struct netdevice *device = &moved->items[moved->count - 1];

		if (return_one(moved, device, err) < 0)
			result = error_in(err, "return %s to the host", device->host_name);
	}
	return result;
}

void
netdevices_close(struct netdevices *moved)
{
	auto_close(&moved->host);
	auto_close(&moved->here);
	auto_close(&moved->there);
	*moved = NETDEVICES_NONE;
}
