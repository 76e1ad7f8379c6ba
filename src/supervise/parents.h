/* The processes that have children, each watched by a pidfd: when one dies the kernel gives its
 * children to init, and that comes before the pidfd's wake-up. One that starts its first child
 * after a walk is found by the next. */
#ifndef OSLESS_SUPERVISE_PARENTS_H
#define OSLESS_SUPERVISE_PARENTS_H

#include <sys/types.h>

struct error;
struct walk;

#define PARENTS_MAX 1024 /* further ones are left to the beat */

struct parents {
	int events; /* epoll instance: readable when a watched parent has died; -1 at first */
	int count;
	struct {
		pid_t pid;
		int pidfd;
	} watched[PARENTS_MAX];
};

/* Watches whoever has children by this walk, and is not watched yet. -1: err. */
int parents_watch(struct parents *parents, const struct walk *walk, struct error *err);

/* Watches a process by a pidfd that stays the caller's. -1: err. */
int parents_add(struct parents *parents, pid_t pid, int pidfd, struct error *err);

/* Takes the dead ones off the list. Returns how many they were. */
int parents_forget_dead(struct parents *parents);

#endif
