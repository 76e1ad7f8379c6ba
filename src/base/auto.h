/* Clean-up on scope exit: AUTO_FD and AUTO_FREE on the declaration; take_fd and take_ptr hand over
 * what they hold. Cleaners keep errno. close(2) is never retried: Linux has released the fd even
 * when it reports EINTR. */
#ifndef OSLESS_BASE_AUTO_H
#define OSLESS_BASE_AUTO_H

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static inline void
auto_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd); /* nothing was written that close could lose */
	errno = saved;
}

static inline void
auto_free(void *ptr)
{
	int saved = errno;

	free(*(void **)ptr);
	errno = saved;
}

#define AUTO_FD __attribute__((cleanup(auto_close)))
#define AUTO_FREE __attribute__((cleanup(auto_free)))

/* Takes the fd out of its variable, which then holds -1. */
static inline int
take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Takes the pointer out of its variable, which then holds NULL. */
#define take_ptr(ptr) \
	({ \
		__typeof__(*(ptr)) taken_ = *(ptr); \
		*(ptr) = NULL; \
		taken_; \
	})

#endif
