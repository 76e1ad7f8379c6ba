/* Which user namespace this program runs in (user_namespaces(7)). */
#ifndef OSLESS_BASE_USERNS_H
#define OSLESS_BASE_USERNS_H

/* 1 where every id is mapped to itself, as in the host's; 0 in one that somebody has made, where
 * uid 0 is root of that alone. A kernel without user namespaces has the host's. */
int userns_is_host(void);

#endif
