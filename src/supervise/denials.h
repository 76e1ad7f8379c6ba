/* Refused system calls: answers what the filters ask (plan/answer.h), and keeps it in the journal.
 * The only holder of the listeners that workers and programs that came in by exec send along.
 *
 * A call that is asked about costs its thread two switches of context, and init some microseconds.
 * That a flood of them slows only who makes it, each kind (program, call, errno) is answered at
 * once DENIALS_PER_WINDOW times in DENIALS_WINDOW_MS; further answers wait for the window's end.
 * Audit, which executes the calls, holds nobody up. */
#ifndef OSLESS_SUPERVISE_DENIALS_H
#define OSLESS_SUPERVISE_DENIALS_H

#include "plan/plan.h"
#include "supervise/journal.h"

#include <stdint.h>

struct error;

#define DENIALS_WINDOW_MS 100
#define DENIALS_PER_WINDOW 1000
#define DENIALS_HELD_MAX 256 /* threads that wait for a window's end; more are answered at once */

struct denials {
	int events;                    /* epoll of the listeners, or -1 while there are none */
	int64_t window_us;             /* CLOCK_MONOTONIC, when the current window ends */
	char own_exe[JOURNAL_EXE_MAX]; /* of init's program, once known; else "" */
	uint32_t held_count;
	uint16_t answered[JOURNAL_DENIALS + 1]; /* in this window, by entry; the last: all others */
	struct {
		int listener;
		uint32_t answer; /* the filter's */
		uint64_t id;
	} held[DENIALS_HELD_MAX];
};

/* Lets changes of identity be told apart that init's own program makes on its way to a payload's:
 * in audit they are executed, and not told. proc: a private procfs. */
void denials_know_self(struct denials *denials, int proc);

/* Takes a listener over. -1: err, and it is closed: its filter's calls then answer ENOSYS. */
int denials_watch(struct denials *denials, int listener, struct error *err);

/* Whether calls wait for an answer. Closes the listeners whose processes are all gone. */
int denials_wait(struct denials *denials);

/* Answers some of what waits, when the events descriptor is readable. proc: a private procfs. */
void denials_serve(
    struct denials *denials, const struct plan_filter *filter, int proc, struct journal *journal);

/* Answers those held whose time has come. Returns when that is next due, CLOCK_MONOTONIC
 * microseconds, INT64_MAX where none is held. */
int64_t denials_release(struct denials *denials);

#endif
