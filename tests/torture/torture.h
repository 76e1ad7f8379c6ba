/* What the parts of the program share: how a family tells that it stands, and the words for what
 * nobody else may do. Whatever fails here ends the process by SIGABRT (give_up): no exit status
 * that a test could be waiting for. */
#ifndef OSLESS_TORTURE_H
#define OSLESS_TORTURE_H

#include <sys/types.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

extern const char *program; /* absolute: vfork and posix_spawn run it again */

_Noreturn void give_up(const char *what);

/* A line on stdout. */
void say(const char *text);

/* "NAME accepted", or the errno where result is negative. */
void say_result(const char *name, long result);

/* The word for a few errnos, "accepted" for 0, else the number. Valid until the next call. */
const char *errno_name(int errnum);

/* Until a signal kills it. */
_Noreturn void linger(void);

void sleep_ms(long ms);
long now_us(void);

/* fork_lingerer: a child that does nothing but exist. */
pid_t must_fork(void);
void fork_lingerer(void);

/* One of the family stands where it should; so many do. tell never blocks. */
void tell(void);
void await(int count);

/* All of it does: from the head to main. */
void tell_built(void);
void await_built(void);

/* What a head does after that: it says so, and ends when main wants it. */
_Noreturn void finish_head(void);

/* Until the last writer to this pipe is gone; until this child is, and reap it. */
void await_end(int fd);
void await_death(pid_t child);

/* Makes an orphan, and returns when it is dead: so the tree has been looked at since. */
void await_a_reconcile(void);

/* The letter in /proc/PID/stat; '?' where there is no such process. */
char state_of(pid_t pid);

/* families.c: built by the head, which then dies. The bombs and the storm want a pids limit. */
void chain(void);
void daemons(void);
void family(void);
void fan_out(void);
void growing_bomb(void);
void leader_ends(void);
void moving_bomb(void);
void spawn(void);
void storm(void);
void threads(void);
void vfork_exec(void);
void vfork_hang(void);

/* escapes.c: ways out of supervision, tried by main. */
void clone_parent(void);
void clone3_ways(void);
void new_pids(void);
void no_child_wait(void);
void sigchld_ignored(void);
void subreaper(void);

/* escapes.c: with dev.osless.processes = 1. */
void one_process(void);

/* escapes.c: those whom nobody may touch, main's own children. */
void leader_lives(void);
void thread_ends(void);

/* stops.c: who stops, or tries to. */
void timer_stops(void);
void stops(void);
void stops_again(void);
void timer_stops_main(void);

/* waits.c: parents of zombies, main's children all but one. */
void frozen(void);
void unwaited(void);
void unwaited_audited(void);
void unwaited_main(void);
void zombies(void);

/* latency.c: words are TRIALS GAP_MS BUDGET_MS. Prints "trials median p99 max", times in
 * microseconds; returns an exit status. */
int latency(char **words);

#endif
