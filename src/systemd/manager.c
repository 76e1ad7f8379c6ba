/* Which bus. For root systemd's own socket comes first, as systemctl has it: it works without a
 * dbus-daemon, before that is started and while it hangs, and answers are one process nearer. A
 * user's manager is asked over his bus first, since that is what engines start and pass on; without
 * one its own socket serves. An address in the environment is meant, and nothing else is tried. */
#include "systemd/manager.h"

#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_US 50000u
#define ADDRESS_MAX 4096
#define USEC_PER_SEC UINT64_C(1000000)

/* ------------------------------------------------------------------------------- time */

static uint64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * USEC_PER_SEC + (uint64_t)now.tv_nsec / 1000;
}

void
manager_begin(struct manager *manager)
{
	manager->deadline_us = now_us() + manager->limit_us;
}

uint64_t
manager_left(const struct manager *manager)
{
	uint64_t now = now_us();

	return now < manager->deadline_us ? manager->deadline_us - now : 0;
}

int
manager_pause(const struct manager *manager)
{
	if (manager_left(manager) < PAUSE_US)
		return 0;
	(void)usleep(PAUSE_US); /* shorter is as good */
	return 1;
}

/* ------------------------------------------------------------------------------ buses */

enum bus_kind {
	BUS_DAEMON, /* says hello to a bus driver */
	BUS_DIRECT, /* systemd itself is the other end */
};

struct place {
	enum bus_kind kind;
	char address[ADDRESS_MAX]; /* "": none */
};

/* Returns a negative errno, as all of sd-bus does. */
static int
open_place(const struct place *place, sd_bus **bus)
{
	int result = sd_bus_new(bus);

	if (result >= 0)
		result = sd_bus_set_address(*bus, place->address);
	if (result >= 0 && place->kind == BUS_DAEMON)
		result = sd_bus_set_bus_client(*bus, 1);
	if (result >= 0)
		result = sd_bus_start(*bus);
	if (result < 0)
		*bus = sd_bus_unref(*bus);
	return result;
}

static void
set_place(struct place *place, enum bus_kind kind, const char *address, const char *below)
{
	int length = snprintf(place->address, sizeof(place->address), "%s%s", address, below);

	place->kind = kind;
	if (length < 0 || (size_t)length >= sizeof(place->address))
		place->address[0] = '\0';
}

/* Where a user's sockets are. */
static void
runtime_address(const struct manager *manager, char *address, size_t size)
{
	const char *given = getenv("XDG_RUNTIME_DIR");

	if (given && *given == '/')
		(void)snprintf(address, size, "unix:path=%s", given); /* cut is not found */
	else
		(void)snprintf(address, size, "unix:path=/run/user/%u", manager->uid); /* fits */
}

static void
list_places(const struct manager *manager, struct place places[2])
{
	const char *given =
	    getenv(manager->is_user ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS");
	char runtime[ADDRESS_MAX - 32];

	if (given && *given) {
		set_place(&places[0], BUS_DAEMON, given, "");
	} else if (manager->is_user) {
		runtime_address(manager, runtime, sizeof(runtime));
		set_place(&places[0], BUS_DAEMON, runtime, "/bus");
		set_place(&places[1], BUS_DIRECT, runtime, "/systemd/private");
	} else {
		set_place(&places[0], geteuid() == 0 ? BUS_DIRECT : BUS_DAEMON,
		    geteuid() == 0 ? "unix:path=/run/systemd/private"
				   : "unix:path=/run/dbus/system_bus_socket",
		    "");
		if (geteuid() == 0)
			set_place(
			    &places[1], BUS_DAEMON, "unix:path=/run/dbus/system_bus_socket", "");
	}
}

/* The first that can be opened. Returns a negative errno of the one before, where there is none. */
static int
open_any(const struct manager *manager, sd_bus **bus)
{
	struct place places[2] = { 0 };
	int first = -ENOENT;

	list_places(manager, places);
	for (size_t i = 0; i < 2 && places[i].address[0]; i++) {
		int result = open_place(&places[i], bus);

		if (result >= 0)
			return 0;
		if (i == 0)
			first = result;
	}
	return first;
}

/* ------------------------------------------------------------------------- connection */

/* Without one of these nobody will ever listen there. */
static int
is_absent(const struct manager *manager, int result)
{
	if (result == -ENOENT || result == -EACCES || result == -EINVAL)
		return 1;
	return !manager->is_user && !getenv("DBUS_SYSTEM_BUS_ADDRESS") && sd_booted() <= 0;
}

static int
fail_absent(const struct manager *manager, int result, struct error *err)
{
	if (manager->is_user)
		return error_num(err, -result,
		    "connect to systemd of user %u (is DBUS_SESSION_BUS_ADDRESS right, and does "
		    "`systemctl --user` work?)",
		    manager->uid);
	return error_num(err, -result,
	    "connect to systemd (where it is not what runs this machine, use the cgroupfs driver)");
}

int
manager_connect(struct manager *manager, struct error *err)
{
	uint64_t left = manager_left(manager);

	while (!manager->bus) {
		int result = open_any(manager, &manager->bus);

		if (result >= 0 && manager->on_connect)
			result = manager->on_connect(manager, manager->context);
		if (result >= 0)
			break;
		manager_disconnect(manager);
		if (is_absent(manager, result) || !manager_pause(manager))
			return fail_absent(manager, result, err);
	}
	/* What is asked without a limit of its own gets this; it cannot fail. */
	(void)sd_bus_set_method_call_timeout(manager->bus, left ? left : 1);
	return 0;
}

void
manager_disconnect(struct manager *manager)
{
	manager->bus = sd_bus_close_unref(manager->bus);
}

/* ------------------------------------------------------------------------------ calls */

/* What the connection's end looks like, and what a bus says while systemd starts itself anew. */
static int
is_lost(int returned, const sd_bus_error *failure)
{
	static const char *const names[] = {
		"org.freedesktop.DBus.Error.Disconnected",
		"org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.NoReply",
		"org.freedesktop.DBus.Error.ServiceUnknown",
		"org.freedesktop.DBus.Error.Spawn.ChildExited",
		"System.Error.ECONNREFUSED",
		"System.Error.ECONNRESET",
		"System.Error.ENOTCONN",
		"System.Error.EPIPE",
		"System.Error.ESHUTDOWN",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sd_bus_error_has_name(failure, names[i]))
			return 1;
	return returned == -ENOTCONN || returned == -ECONNRESET || returned == -EPIPE ||
	       returned == -ESHUTDOWN || returned == -ECONNREFUSED;
}

enum manager_result
manager_judge(struct manager *manager, int returned, sd_bus_error *failure)
{
	if (returned >= 0)
		return MANAGER_OK;
	if (failure && !sd_bus_error_is_set(failure))
		(void)sd_bus_error_set_errno(failure, returned); /* returns what it was given */
	if (!is_lost(returned, failure) || !manager_pause(manager))
		return MANAGER_REFUSED;
	manager_disconnect(manager);
	return MANAGER_LOST;
}

enum manager_result
manager_call(
    struct manager *manager, sd_bus_message *call, sd_bus_message **reply, sd_bus_error *failure)
{
	uint64_t left = manager_left(manager);

	return manager_judge(
	    manager, sd_bus_call(manager->bus, call, left ? left : 1, failure, reply), failure);
}

int
manager_refused(const sd_bus_error *failure, struct error *err)
{
	int errnum = sd_bus_error_get_errno(failure);
	const char *words =
	    failure->message && *failure->message ? failure->message : failure->name;

	if (errnum == ETIMEDOUT || sd_bus_error_has_name(failure, SD_BUS_ERROR_NO_REPLY))
		return error_num(err, ETIMEDOUT, "systemd does not answer");
	return error_set(err, "systemd: %.*s", (int)strcspn(words, "\n"), words);
}

/* --------------------------------------------------------------------- its own facts */

/* "252.30-1~deb12u2", "v245". */
static uint32_t
version_number(const char *text)
{
	return (uint32_t)strtoul(text + strcspn(text, "0123456789"), NULL, 10);
}

/* *text is from malloc(3), the caller's. */
static enum manager_result
get_text(struct manager *manager, const char *name, char **text, sd_bus_error *failure)
{
	int returned = sd_bus_get_property_string(
	    manager->bus, MANAGER_NAME, MANAGER_PATH, MANAGER_INTERFACE, name, failure, text);

	return manager_judge(manager, returned, failure);
}

static enum manager_result
try_learn(struct manager *manager, char *texts[2], sd_bus_error *failure)
{
	static const char *const names[2] = { "Version", "ControlGroup" };
	enum manager_result result = MANAGER_OK;

	(void)sd_bus_set_method_call_timeout(
	    manager->bus, manager_left(manager)); /* else its own */
	for (size_t i = 0; i < 2 && result == MANAGER_OK; i++)
		if (!texts[i])
			result = get_text(manager, names[i], &texts[i], failure);
	return result;
}

static int
copy_facts(char *const texts[2], uint32_t *version, char *cgroup, uint32_t size, struct error *err)
{
	*version = version_number(texts[0]);
	if (strlen(texts[1]) >= size)
		return error_set(err, "systemd's own cgroup has too long a path");
	(void)snprintf(cgroup, size, "%s", strcmp(texts[1], "/") == 0 ? "" : texts[1]); /* fits */
	return 0;
}

int
manager_learn(
    struct manager *manager, uint32_t *version, char *cgroup, uint32_t size, struct error *err)
{
	char *texts[2] = { NULL, NULL };
	enum manager_result result = MANAGER_LOST;
	int failed = -1;

	while (result == MANAGER_LOST) {
		sd_bus_error failure = SD_BUS_ERROR_NULL;

		if (manager_connect(manager, err) < 0)
			break;
		result = try_learn(manager, texts, &failure);
		if (result == MANAGER_REFUSED)
			(void)manager_refused(&failure, err); /* always -1 */
		sd_bus_error_free(&failure);
	}
	if (result == MANAGER_OK)
		failed = copy_facts(texts, version, cgroup, size, err);
	free(texts[0]);
	free(texts[1]);
	return failed;
}
