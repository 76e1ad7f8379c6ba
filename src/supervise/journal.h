/* The journal: one mapped file of fixed size in the state directory, written by init alone, read by
 * verbs on the host. It outlives init, so that a stopped container can still be explained. The
 * payload cannot reach it: init maps it, closes the descriptor, and cannot be traced.
 *
 *     struct journal_head      what it is, counters, where the ring's end is
 *     struct journal_child []  one a child of the plan's tree, in its order
 *     struct journal_event []  ring of the last JOURNAL_EVENTS events; in a container without a
 *                              declared tree, which has less to tell and is to start fast, of the
 *                              last JOURNAL_EVENTS_PLAIN
 *     struct journal_denial [] refused system calls, one entry for each (program, call, errno); the
 *                              first JOURNAL_DENIALS of them, the rest are only counted. Pages of
 *                              it exist once they are written
 *
 * There are no locks: readers map it read-only and cannot hold the writer up. Every entry has a
 * sequence number that the writer takes away before it changes the entry and sets after: a reader
 * copies, looks again, and knows a torn copy by that. An entry that a killed init left half written
 * stays torn, and is reported so: head.last counts it from before it is written. The word `wake`
 * counts up with every batch of changes; followers sleep on it by FUTEX_WAIT (futex(2), not
 * FUTEX_PRIVATE: two processes), which works on a read-only mapping.
 *
 * Times: wall_ns is CLOCK_REALTIME, which no namespace changes; mono_ns is CLOCK_MONOTONIC as init
 * sees it, for differences between two of them only. Both sides are the same build. */
#ifndef OSLESS_SUPERVISE_JOURNAL_H
#define OSLESS_SUPERVISE_JOURNAL_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct error;

#define JOURNAL_MAGIC UINT64_C(0x314c4e4a4c534f) /* "OSLJNL1" */
#define JOURNAL_EVENTS 256
#define JOURNAL_EVENTS_PLAIN 64
#define JOURNAL_DENIALS 128
#define JOURNAL_EXE_MAX 136
#define JOURNAL_ID_MAX 48
#define JOURNAL_COMM_MAX 16
#define JOURNAL_NO_CHILD UINT32_MAX

enum journal_kind {
	JOURNAL_STARTED = 1,  /* a worker: child, pid; number: how often so far */
	JOURNAL_START_FAILED, /* child; number: errno */
	JOURNAL_EXITED,       /* a worker's process: child, pid, status */
	JOURNAL_RESTART,      /* R1: child will be restarted after number ms; status: its last */
	JOURNAL_GAVE_UP,      /* R1: supervisor child had number restarts within its period */
	JOURNAL_SHUTDOWN,     /* an orderly shutdown begins; number: the signal that asked, or 0 */
	JOURNAL_SIGNALLED,    /* child was sent signal number to stop */
	JOURNAL_KILLED,       /* child did not stop in time, or its shutdown is kill */
	JOURNAL_ENDED,        /* the container ends with status */
	JOURNAL_ORPHAN,       /* R2: pid has lost its parent; number: further ones like it */
	JOURNAL_UNWAITED, /* R3: parent has not waited for pid, a zombie with status; number: ms */
	JOURNAL_ZOMBIE,   /* R4: the same for a zombie of any status */
	JOURNAL_STOPPED,  /* R5: pid was stopped; number: how often so far */
	JOURNAL_EXEC_BEGUN, /* pid has come in by `exec` */
	JOURNAL_EXEC_ENDED, /* it has ended */
	JOURNAL_DENIED,     /* pid was refused a system call for the first time; number: the entry
			       among the denials, which has the rest. At most as many as half the
			       ring has room for */
	JOURNAL_KINDS,
};

/* What was done about it. */
enum journal_action {
	JOURNAL_NOTHING,  /* it is only told */
	JOURNAL_KILL,     /* pid was killed (R3, R4: parent was) */
	JOURNAL_CONTINUE, /* pid was continued */
	JOURNAL_WOULD,    /* audit: enforced, it would have been */
	JOURNAL_ACTIONS,
};

struct journal_event {
	uint64_t sequence; /* 1, 2, ...; 0 while it is being written */
	int64_t wall_ns;
	int64_t mono_ns;
	uint32_t kind;   /* enum journal_kind */
	uint32_t action; /* enum journal_action */
	uint32_t child;  /* index in the plan's tree, or JOURNAL_NO_CHILD */
	int32_t pid;     /* in init's PID namespace, as parent */
	int32_t parent;
	int32_t status; /* wait status (wait(2)) */
	uint32_t number;
	uint32_t reserved;
	char comm[JOURNAL_COMM_MAX];        /* of pid, terminated */
	char parent_comm[JOURNAL_COMM_MAX]; /* of parent */
	uint64_t spare[5];
};

enum journal_counter {
	JOURNAL_COUNT_RESTARTS_EXIT,    /* restarts after an exit with status 0 (permanent) */
	JOURNAL_COUNT_RESTARTS_ERROR,   /* after an exit with another status */
	JOURNAL_COUNT_RESTARTS_SIGNAL,  /* after death by signal */
	JOURNAL_COUNT_RESTARTS_START,   /* after a start that failed */
	JOURNAL_COUNT_RESTARTS_SIBLING, /* one_for_all, rest_for_one: because of another */
	JOURNAL_COUNT_ESCALATIONS,      /* supervisors that gave up */
	JOURNAL_COUNT_ORPHANS,          /* R2: killed, or in audit seen */
	JOURNAL_COUNT_UNWAITED,         /* R3: parents killed, or in audit due */
	JOURNAL_COUNT_ZOMBIES,          /* R4: likewise */
	JOURNAL_COUNT_STOPPED,          /* R5: found stopped */
	JOURNAL_COUNT_STOPPED_KILLED,   /* R5: and killed, as it happened again and again */
	JOURNAL_COUNT_EXECS,            /* came in by exec */
	JOURNAL_COUNT_REAPED,           /* processes that init has waited for, workers included */
	JOURNAL_COUNT_DENIED,           /* system calls refused with an event */
	JOURNAL_COUNT_WOULD_DENY,       /* audit: executed, where they would have been refused */
	JOURNAL_COUNT_UNLISTED,         /* of these two, those that no entry had room for */
	JOURNAL_COUNT_OOM_KILLS, /* killed by the kernel for want of memory, as of the last death
				    by SIGKILL that init saw */
	JOURNAL_COUNTERS,
};

/* What became of one child of the tree. */
struct journal_child {
	uint64_t sequence;       /* 0 while it is being written */
	char id[JOURNAL_ID_MAX]; /* cut to fit, terminated */
	uint32_t state;          /* enum tree_state */
	int32_t pid;             /* TREE_UP, TREE_STOPPING: of the worker's process; else 0 */
	uint32_t starts;
	uint32_t restarts;   /* supervisors: within the period, as of updated_wall_ns */
	int32_t last_status; /* wait status, where exits > 0 */
	uint32_t exits;
	int64_t started_wall_ns; /* last start; 0 = never */
	int64_t exited_wall_ns;  /* last exit; 0 = never */
	int64_t due_wall_ns;     /* TREE_STOPPING, TREE_DELAYED: see tree_due_ms; else 0 */
	int64_t updated_wall_ns; /* of this entry */
	uint64_t spare[2];
};

enum journal_denial_flag {
	JOURNAL_DENIAL_WOULD = 1,  /* audit: it was executed */
	JOURNAL_DENIAL_BUNDLE = 2, /* refused by the bundle's own profile, not by the tier */
};

/* A system call that was refused, or pretended or refused had it been enforced, to one program.
 * What its first occurrence was is kept; errnum 0 is a pretence (audit only: else it is no event).
 */
struct journal_denial {
	uint64_t sequence; /* how often the entry was written; 0 while it is being written */
	uint64_t count;
	int64_t first_wall_ns;
	int64_t last_wall_ns;
	uint64_t args[6]; /* as the kernel got them; pointers are the program's */
	int32_t number;   /* of the call, on arch */
	uint32_t arch;    /* AUDIT_ARCH_* (linux/audit.h): another than this machine's is a foreign
			     entry point */
	int32_t errnum;
	uint32_t flags; /* enum journal_denial_flag */
	int32_t pid;    /* process, in init's PID namespace; 0 = not to be seen from there */
	uint32_t reserved;
	char comm[JOURNAL_COMM_MAX]; /* of the thread, terminated */
	char exe[JOURNAL_EXE_MAX];   /* /proc/PID/exe as the container sees it, its end where it is
					too long; "" = not to be had. Bytes of the payload's choice */
};

/* Whether refusals are told at all, as far as init knows; what the plan says of it comes first
 * (plan.denials). */
enum journal_listening {
	JOURNAL_NOT_LISTENING,  /* nothing was started yet */
	JOURNAL_LISTENING,      /* at least one listener was had */
	JOURNAL_LISTENER_ABOVE, /* seccomp(2) gave EBUSY: whoever started osless listens already */
	JOURNAL_LISTENER_LOST,  /* seccomp(2) or its handing over failed */
};

struct journal_head {
	uint64_t magic;          /* 0 while the file is being made */
	uint32_t size;           /* of the file, bytes */
	uint32_t children;       /* entries */
	uint32_t events;         /* offset of the ring, bytes */
	uint32_t wake;           /* futex */
	uint64_t last;           /* sequence of the newest event; 0 = none */
	int64_t begun_wall_ns;   /* when init first wrote: about the container's creation */
	int64_t started_wall_ns; /* the first start; 0 = not started */
	int64_t ended_wall_ns;   /* 0 = runs, or init was killed */
	int32_t end_status;      /* wait status, where ended_wall_ns is not 0 */
	uint32_t ring;           /* entries */
	int64_t alive_wall_ns;   /* init's last sign of life, about once a second at the least */
	uint32_t denials;        /* offset of the denials, bytes */
	uint32_t denials_used;   /* entries that have been written; never falls */
	uint32_t listening;      /* enum journal_listening */
	uint32_t reserved;
	uint64_t counters[JOURNAL_COUNTERS];
	uint64_t spare[8];
};

/* Bytes of the journal's file for a plan; and those at its start that must be there from the
 * beginning: for the rest, the denials, init finds out when it needs them. */
size_t journal_size(const struct plan_tree *tree);
size_t journal_size_at_first(const struct plan_tree *tree);

/* ---- the writer: init. No call fails: without a journal (NULL map) each does nothing. */

struct journal {
	struct journal_head *head; /* NULL: none */
	const struct plan_tree *tree;
	uint32_t changed; /* 1: since the last journal_wake */
};

/* Maps fd, a file of journal_size bytes, all zero, and writes its head and the children's names
 * (TREE_DOWN). -1: err. The caller closes fd. */
int journal_open(struct journal *journal, int fd, const struct plan_tree *tree, struct error *err);

/* event: sequence and times are filled in; the names need not be terminated. */
void journal_add(struct journal *journal, const struct journal_event *event);

void journal_count(struct journal *journal, enum journal_counter which, uint32_t by);

/* Replaces a child's entry; sequence, id and updated_wall_ns are filled in. */
void journal_set_child(struct journal *journal, uint32_t child, const struct journal_child *entry);

/* Counts an occurrence (counters included) of what denial's exe, arch, number, errnum and flags
 * say, and returns its entry's index; JOURNAL_DENIALS where there is no room, or no journal. A new
 * one is kept with all that the caller has filled in but sequence, count and times, and told as an
 * event; of one that is known the rest is not looked at: so the caller may ask with
 * journal_has_denial before it gathers the rest. */
uint32_t journal_add_denial(struct journal *journal, const struct journal_denial *denial);

int journal_has_denial(const struct journal *journal, const struct journal_denial *denial);

void journal_set_listening(struct journal *journal, enum journal_listening listening);

void journal_started(struct journal *journal);
void journal_ended(struct journal *journal, int32_t status);
void journal_alive(struct journal *journal); /* alone it wakes nobody */

/* Wakes followers if anything has changed. */
void journal_wake(struct journal *journal);

/* ---- readers: journal_read.c, which init does not link. What is read may be damaged: offsets are
 * checked once, copies' names are terminated, numbers are to be taken with care. */

struct journal_view {
	const struct journal_head *head; /* NULL: none */
	size_t size;
	uint32_t children;
	uint32_t ring;
};

/* Maps the file at fd read-only and checks it. -1: err ("is not a journal of this osless"), errnum
 * ENODATA where init has not written it yet; the caller closes fd and ends with journal_unmap. */
int journal_map(struct journal_view *view, int fd, struct error *err);
void journal_unmap(struct journal_view *view);

/* Copies the head. What it says about the end comes with all that was written before the end. */
void journal_read_head(const struct journal_view *view, struct journal_head *head);

enum journal_got {
	JOURNAL_GONE = -1, /* overwritten by newer ones */
	JOURNAL_NOT_YET = 0,
	JOURNAL_GOT = 1,
	JOURNAL_TORN = 2, /* its writer was killed in the middle */
};

/* Copies the event with this sequence number. Gives a writer in the middle 100 ms to end, before it
 * is called torn. */
enum journal_got
journal_event(const struct journal_view *view, uint64_t sequence, struct journal_event *event);

/* The oldest sequence that may still be there; head->last + 1 where there is none. */
uint64_t journal_oldest(const struct journal_view *view);

/* Copies child's entry: JOURNAL_GOT or JOURNAL_TORN (then what could be read). JOURNAL_NOT_YET:
 * there is no such child. */
enum journal_got
journal_child(const struct journal_view *view, uint32_t child, struct journal_child *entry);

/* Copies the index-th denial: JOURNAL_GOT or JOURNAL_TORN. JOURNAL_NOT_YET: there is none, nor any
 * after it. */
enum journal_got
journal_denial(const struct journal_view *view, uint32_t index, struct journal_denial *denial);

/* Sleeps until there may be something after sequence seen, or timeout_ms (-1: for ever); a signal
 * that is handled ends it, too. Returns at once when the container has ended. */
void journal_follow(const struct journal_view *view, uint64_t seen, int timeout_ms);

/* ---- words: journal_words.c */

/* "restart", "orphan" ...: the kind's word, as `events` prints it, "unknown" where it is none; and
 * the rule behind it, "R2", or NULL. */
const char *journal_kind_word(enum journal_kind kind);
const char *journal_kind_rule(enum journal_kind kind);

/* "down", "up", "stopping", "failed", "delayed", "done" (enum tree_state); "unknown" for others. */
const char *journal_state_word(uint32_t state);

/* "none", "kill", "continue", "would": what was done, as `events` prints it. */
const char *journal_action_word(enum journal_action action);

#endif
