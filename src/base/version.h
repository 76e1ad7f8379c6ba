/* Which osless this is, as the build says. */
#ifndef OSLESS_BASE_VERSION_H
#define OSLESS_BASE_VERSION_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif
#ifndef OSLESS_COMMIT
#define OSLESS_COMMIT "unknown"
#endif

/* Whether osless-systemd is built beside osless. */
#ifdef HAVE_SYSTEMD
#define OSLESS_HAS_SYSTEMD 1
#else
#define OSLESS_HAS_SYSTEMD 0
#endif

#endif
