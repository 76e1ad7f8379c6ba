/* Signals as both programs take them: all blocked, read from one descriptor. */
#ifndef OSLESS_BASE_SIGNALS_H
#define OSLESS_BASE_SIGNALS_H

struct error;

/* Blocks every signal and returns a signalfd (close-on-exec, non-blocking) that has them all, or
 * -1. Blocked signals are kept even by a PID 1 without handlers (signal(7), pid_namespaces(7)). */
int signals_open(struct error *err);

/* The next signal's number from signals_open's fd; 0 when there is none. */
int signals_next(int signals);

/* SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: nothing is ever stopped here (rule R5). */
int signals_is_stop(int number);

/* A wait status as shells and engines tell it: the exit status, or 128 + n for signal n. */
int signals_exit_status(int wait_status);

#endif
