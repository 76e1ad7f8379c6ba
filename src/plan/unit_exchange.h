/* What osless and osless-systemd say to each other over a socketpair, which is the latter's fd 0.
 * Both are of one build; the first argument says which. One framing (base/wire.h).
 *
 *     osless (kernel/unit.c)               osless-systemd (systemd/main.c)
 *      | clone, exec --------------------> |
 *      |                                   |  connects to systemd
 *      | <------------------- UNIT_MANAGER |  number: its version, text: its cgroup
 *      |
 *      | UNIT_START (words) -------------> |  starts a transient unit, waits for the job
 *      | <---------------------- UNIT_DONE |  text: the unit's cgroup
 *      |
 *      | UNIT_SET (words) ---------------> |  changes properties of a unit
 *      | <---------------------- UNIT_DONE |
 *      |
 *      | UNIT_STOP (words) --------------> |  stops it, and lets systemd forget it
 *      | <---------------------- UNIT_DONE |
 *
 * There may be any number of requests, one after the other; osless-systemd ends when the socket is
 * closed. At any point instead of its answer it may send UNIT_FAILED (text: why).
 *
 * Words are a file of texts that each end in a NUL: the unit's name, then of each property its
 * name, its D-Bus type and its value as busctl(1) takes it. */
#ifndef OSLESS_PLAN_UNIT_EXCHANGE_H
#define OSLESS_PLAN_UNIT_EXCHANGE_H

#include "base/version.h"

enum unit_message {
	UNIT_MANAGER = 1,
	UNIT_START,
	UNIT_SET,
	UNIT_STOP,
	UNIT_DONE,
	UNIT_FAILED,
};

/* Its arguments: UNIT_BUILD, "system" or "user", the user's id on the host, milliseconds that one
 * request may take. */
#define UNIT_BUILD PACKAGE_VERSION " " OSLESS_COMMIT
#define UNIT_ARGUMENTS 4
#define UNIT_WORDS_MAX (4u << 20) /* bytes */

#endif
