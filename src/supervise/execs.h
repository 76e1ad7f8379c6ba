/* Processes that have come into the container's PID namespace by `exec`. They are nobody's children
 * there, so init learns of them over the control socket, each with a pidfd (MSG_ADOPT,
 * plan/exchange.h). From then on the walk covers their families; what they leave behind becomes
 * init's and dies by rule R2. */
#ifndef OSLESS_SUPERVISE_EXECS_H
#define OSLESS_SUPERVISE_EXECS_H

#include "supervise/journal.h"
#include "supervise/rules.h"

#include <sys/types.h>

struct error;
struct parents;
struct walk;
struct wire_message;

#define EXECS_MAX 256 /* at once; more are not adopted, and told so */

struct execs {
	int count;
	struct seen known[EXECS_MAX]; /* as when they came */
};

/* Carries out a MSG_ADOPT of the host's and answers it on connection. proc: a private procfs. */
void execs_adopt(struct execs *execs, int connection, const struct wire_message *request, int proc,
    struct parents *parents, struct journal *journal);

/* Forgets those who have ended. */
void execs_forget_dead(struct execs *execs, int proc, struct journal *journal);

/* Adds them to a walk. */
void execs_walk(const struct execs *execs, struct walk *walk);

#endif
