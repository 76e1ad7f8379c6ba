/* A container's state directory, ROOT/ID, mode 0700:
 *
 *     plan     the plan's image: before all that only it tells to undo
 *     control  init's listening socket
 *     journal  what has happened in the container (supervise/journal.h), written by init
 *     status   one struct state_record: who init is, and how far the container has come
 *     program  the osless that made it, for another version to use (container/keep.h)
 *
 * The directory itself is the lock: flock(2), exclusive, by every verb that changes something; kill
 * does without, as the record tells a reused pid. A record that says "creating" while nobody holds
 * the lock is what a killed creator left.
 *
 * Names in ROOT that begin with a dot are no containers; profile/cache.h and container/keep.h
 * have one each. */
#ifndef OSLESS_CONTAINER_STATE_H
#define OSLESS_CONTAINER_STATE_H

#include "base/arena.h"
#include "plan/plan.h"
#include "spec/state.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct container_host;
struct error;

enum state_status {
	STATE_CREATING,
	STATE_CREATED,
	STATE_RUNNING,
	STATE_PAUSED,
	STATE_STOPPED,
};

#define STATE_PROGRAM "program"

#define STATE_MAGIC 0x314554415453534fULL /* "OSSTATE1" */

struct state_record {
	uint64_t magic;        /* 0 or missing: not written yet */
	uint32_t status;       /* CREATING, CREATED or RUNNING; what has become of it since,
				  state_status finds */
	int32_t init;          /* host's pid */
	uint64_t init_started; /* field 22 of /proc/PID/stat: tells a reused pid */
	int64_t created_s;     /* CLOCK_REALTIME */
	int64_t created_ns;
	uint32_t owner; /* uid of the creator */
	uint32_t reserved;
};

struct state_dir {
	int root; /* fd of ROOT */
	int fd;   /* fd of ROOT/ID, which holds the lock */
	const char *id;
};

#define STATE_DIR_NONE ((struct state_dir) { .root = -1, .fd = -1 })

/* Letters, digits, _ + - ., not starting with a dot; matched whole. -1: err names the rule. */
int state_check_id(const char *id, struct error *err);

/* Opens ROOT, which is made where it is not there: mode 0700. Returns its fd; -1: err. */
int state_open_root(const struct container_host *host, struct error *err);

/* Makes and locks ROOT/ID. -1: err; an ID in use is an error. */
int state_reserve(
    const struct container_host *host, const char *id, struct state_dir *dir, struct error *err);

enum state_lock { STATE_UNLOCKED, STATE_LOCKED };

/* Opens ROOT/ID. Waits for the lock up to 10 s. -1: err; errnum ENOENT and "container ID does not
 * exist" where it is unknown. */
int state_open(const struct container_host *host, const char *id, enum state_lock lock,
    struct state_dir *dir, struct error *err);

void state_close(struct state_dir *dir);

/* Gives the lock back and takes it again (run in the foreground). state_lock: -1 also when the
 * directory is gone by then. */
void state_unlock(struct state_dir *dir);
int state_lock(struct state_dir *dir, struct error *err);

/* Removes ROOT/ID with what is in it. */
int state_drop(struct state_dir *dir, struct error *err);

int
state_write_plan(const struct state_dir *dir, const void *image, size_t size, struct error *err);

/* Puts another plan's image in the place of the one that is there, as a whole: readers take no
 * lock.
 */
int
state_replace_plan(const struct state_dir *dir, const void *image, size_t size, struct error *err);

/* Makes the journal's file of size bytes, all zero, the first of them, a number of at_first, also
 * there: init's writes to them through its mapping can then not fail for want of space. Returns its
 * fd, or -1. */
int
state_make_journal(const struct state_dir *dir, size_t at_first, size_t size, struct error *err);

/* Opens it for reading. -1: err; ENOENT where the creator did not get so far. */
int state_open_journal(const struct state_dir *dir, struct error *err);

/* The plan, in memory from malloc(3) that *image gets and the caller frees. NULL: err; ENOENT where
 * the creator did not get so far. */
struct plan *state_read_plan(const struct state_dir *dir, void **image, struct error *err);

/* Writes the status file, which must not be there yet. */
int state_write_record(
    const struct state_dir *dir, const struct state_record *record, struct error *err);

/* Changes the record's status, and that word of the file in one write(2). */
int state_set_status(const struct state_dir *dir, struct state_record *record,
    enum state_status status, struct error *err);

/* Whether there is a record at all. */
int state_has_record(const struct state_dir *dir);

/* -1: err, with ENOENT while the container is being created. */
int state_read_record(const struct state_dir *dir, struct state_record *record, struct error *err);

/* What can be said while there is no record yet: of the directory's maker and time. */
void state_record_guess(const struct state_dir *dir, struct state_record *record);

/* A new record for init, which has just been created. */
int state_record_init(struct state_record *record, pid_t init, struct error *err);

/* Whether the process is still the one of the record, and not a zombie. */
int state_init_alive(const struct state_record *record);

/* A pidfd of the record's init; -1 with ESRCH when it has ended. */
int state_init_pidfd(const struct state_record *record);

/* A pidfd of the process whose root and namespaces are the container's: the record's init, or where
 * a guard stands above it (init/guard.c) its child. *pid gets its pid. -1 with errno; ESRCH when it
 * has ended. */
int state_inner_pidfd(const struct state_record *record, const struct plan *plan, pid_t *pid);

/* What the container is now: the record's word, unless its init has ended (stopped) or its cgroup
 * is frozen (paused). */
enum state_status state_status(const struct state_record *record, const struct plan *plan);
const char *state_word(enum state_status status);

/* "2026-11-23T17:00:00.000000000Z", and "root" or the uid. */
void state_format_time(const struct state_record *record, char text[64]);
void state_format_owner(uint32_t uid, char text[64]);

/* The OCI state as JSON; malloc'd, the caller's; NULL: err. */
char *state_json(const struct plan *plan, const struct state_record *record,
    enum state_status status, enum state_style style, size_t *length, struct error *err);

/* The same as a sealed memfd, for hooks. Those in the container's namespaces are told the pid as
 * they would see it (runtime.md, State). Returns the fd or -1. */
enum state_pid { STATE_PID_HOST, STATE_PID_INSIDE };
int state_memfd(const struct plan *plan, const struct state_record *record,
    enum state_status status, enum state_pid pid, struct error *err);

#endif
