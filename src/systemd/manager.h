/* A connection to a systemd manager over its bus, and one call with what can happen to it. */
#ifndef OSLESS_SYSTEMD_MANAGER_H
#define OSLESS_SYSTEMD_MANAGER_H

#include <stdint.h>
#include <systemd/sd-bus.h>

struct error;

#define MANAGER_NAME "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_INTERFACE "org.freedesktop.systemd1.Manager"

struct manager {
	sd_bus *bus; /* NULL: not connected */
	uint32_t is_user;
	uint32_t uid;
	uint64_t limit_us;    /* one request may take so long */
	uint64_t deadline_us; /* of the present one; CLOCK_MONOTONIC */
	int (*on_connect)(
	    struct manager *manager, void *context); /* matches; 0 or a negative errno */
	void *context;
};

/* Starts the clock of a request. */
void manager_begin(struct manager *manager);

/* Microseconds of the request's time that are left; 0: none. */
uint64_t manager_left(const struct manager *manager);

/* Sleeps a little. 0 when the time is up, and then it has not slept. */
int manager_pause(const struct manager *manager);

/* Connects, again where the connection is lost, and tries for as long as the request may take
 * where a manager is there but does not take connections: it is being started anew. -1: err. */
int manager_connect(struct manager *manager, struct error *err);
void manager_disconnect(struct manager *manager);

/* How a call went. */
enum manager_result {
	MANAGER_OK,
	MANAGER_REFUSED, /* systemd's answer is in the sd_bus_error */
	MANAGER_LOST,    /* nobody knows whether it was heard; the connection is closed */
};

/* Sends call and waits for its answer within the request's time. *reply is the caller's where it is
 * MANAGER_OK. failure is the caller's to free. */
enum manager_result manager_call(
    struct manager *manager, sd_bus_message *call, sd_bus_message **reply, sd_bus_error *failure);

/* The same judgement of what sd-bus has returned; failure, if any, then has a name. */
enum manager_result manager_judge(struct manager *manager, int returned, sd_bus_error *failure);

/* -1 with err: systemd's words of failure. */
int manager_refused(const sd_bus_error *failure, struct error *err);

/* systemd's version and its own cgroup ("" for the root), once for the whole connection. -1: err.
 */
int manager_learn(
    struct manager *manager, uint32_t *version, char *cgroup, uint32_t size, struct error *err);

#endif
