/* What the generated profile_data.c defines; for profile.c only. */
#ifndef OSLESS_PROFILE_PROFILE_DATA_H
#define OSLESS_PROFILE_PROFILE_DATA_H

#include "profile/profile.h"

extern const struct profile_filter profile_quiet_filter;
extern const struct profile_filter profile_filters[PROFILE_TIERS][PROFILE_MODES][PROFILE_IDS];

#endif
