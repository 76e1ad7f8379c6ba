/* systemd, asked by a second program, osless-systemd (plan/unit_exchange.h): libsystemd is a shared
 * library, and the dynamic linker would be a tenth of the time of `osless run` for those who need
 * it not. Host side only. Every answer is waited for, at most UNIT_LIMIT_MS and a little. */
#ifndef OSLESS_KERNEL_UNIT_H
#define OSLESS_KERNEL_UNIT_H

#include "kernel/unit_limits.h"
#include "plan/plan.h"

#include <stdint.h>
#include <sys/types.h>

struct arena;
struct error;

#define UNIT_PROGRAM "osless-systemd"
#define UNIT_LIMIT_MS 30000 /* for one request: systemd may be busy, or loading its units anew */

/* A connection to a manager. */
struct unit_manager {
	int sock;
	pid_t pid; /* osless-systemd's; 0: not connected */
	uint32_t version;
	const char *cgroup; /* its own, in the arena: "" is the root */
};

#define UNIT_MANAGER_NONE ((struct unit_manager) { .sock = -1 })

/* Where the second program is: beside this one where that is not installed, else where it is
 * installed, never by $PATH. From malloc(3), the caller's. NULL: err. */
char *unit_program(struct error *err);

/* Connects to the machine's manager, or to the caller's own, by the second program in the directory
 * kept; -1: by unit_program's. -1: err; nothing is then open. */
int unit_connect(const struct plan_unit *unit, int kept, struct arena *arena,
    struct unit_manager *manager, struct error *err);

/* Ends the connection; may be called twice. */
void unit_disconnect(struct unit_manager *manager);

/* Starts the unit with these properties, and waits until it runs. *cgroup gets where, below the
 * manager's root, in the arena. -1: err, with ETIMEDOUT where systemd takes too long; the unit may
 * then be there. */
int unit_start(const struct unit_manager *manager, const char *name,
    const struct unit_properties *properties, struct arena *arena, const char **cgroup,
    struct error *err);

/* Changes properties until the machine starts anew, as the unit itself lives no longer. All or
 * none. */
int unit_set(const struct unit_manager *manager, const char *name,
    const struct unit_properties *properties, struct error *err);

/* Stops the unit and has it forgotten. One that is not there is success. */
int unit_stop(const struct unit_manager *manager, const char *name, struct error *err);

#endif
