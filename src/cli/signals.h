/* Signal words of `kill`. Pure. */
#ifndef OSLESS_CLI_SIGNALS_H
#define OSLESS_CLI_SIGNALS_H

struct error;

/* "TERM", "sigterm", "15", "RTMIN+2", "RTMAX-1": the signal's number, 1..64; "0": 0, which
 * only asks whether there is a process (kill(2)). -1: unknown, or one that would stop the payload
 * (DESIGN R5). */
int signal_parse(const char *word, struct error *err);

#endif
