/* What stands below orphans that have been killed and are not dead yet. Its turn comes by itself,
 * when its parent's death makes it init's child; but in a storm of forks the dying wait long for a
 * processor, while their children fork on. So those are killed where they stand. */
#ifndef OSLESS_SUPERVISE_DOOMED_H
#define OSLESS_SUPERVISE_DOOMED_H

#include <sys/types.h>

#define DOOMED_MAX 4096 /* processes of one round; what is left out is for the next */

/* SIGKILL to all below the count roots, which are dying. proc: a private procfs. Each is killed by
 * a pidfd, once its parent is known to be the one that it was found with, or init already: a pid
 * could be somebody else's by now. */
void doomed_kill(int proc, const pid_t *roots, int count);

#endif
