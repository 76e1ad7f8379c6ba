/* The built-in system-call filters: compiled from the table at build time, ready for seccomp(2).
 *
 * Nothing here loads a filter. To load one the caller sets no_new_privs and calls
 * seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &(struct sock_fprog){ length,
 * code }), or turns its answers into plain ones first (answer_plain). The filters let
 * seccomp(2) through, so that a bundle's own filter can be stacked afterwards; the kernel then
 * takes the stricter of the two answers and, among errnos, that of the filter loaded last
 * (seccomp(2)). */
#ifndef OSLESS_PROFILE_PROFILE_H
#define OSLESS_PROFILE_PROFILE_H

#include <linux/filter.h>

#include "profile/table.h"

enum profile_tier {
	PROFILE_GVISOR,  /* what a gVisor-like sandbox supports */
	PROFILE_MINIMAL, /* less what no network service needs in the long run */
	PROFILE_TIERS,
};

enum profile_mode {
	PROFILE_ENFORCE, /* refused and pretended calls are answered; the loud refusals by whoever
			    has the listener (plan/answer.h) */
	PROFILE_AUDIT,   /* they execute, and the listener is told; what is probed routinely just
			    executes */
	PROFILE_MODES,
};

enum profile_ids {
	PROFILE_ONE_ID,   /* set*id, setgroups and chown answer 0 and do nothing */
	PROFILE_REAL_IDS, /* they execute */
	PROFILE_TOLD_IDS, /* they execute, and the listener is told: for identity in audit */
	PROFILE_ROOT_IDS, /* chown as with one id; set*id and setgroups execute, and the kernel
			     refuses them: for a uid 0 that stays 0 */
	PROFILE_IDS,
};

struct profile_filter {
	const struct sock_filter *code;
	unsigned short length; /* in instructions */
};

/* The filter for this machine's architecture. Never NULL; the caller owns nothing. */
const struct profile_filter *
profile_builtin(enum profile_tier tier, enum profile_mode mode, enum profile_ids ids);

/* A filter that only sorts: SECCOMP_RET_ERRNO for the calls of class PROFILE_DENY_QUIET, another
 * answer for all else. As above. */
const struct profile_filter *profile_quiet(void);

/* The table's row for a number of this machine's architecture; NULL where the table has none. */
const struct profile_call *profile_call_of(unsigned number);

/* The call's name, or NULL where the table has none. */
const char *profile_syscall_name(unsigned number);

/* The class in a tier: what `minimal` takes away is PROFILE_DENY there. Unknown numbers are
 * PROFILE_DENY (they answer ENOSYS). */
enum profile_class profile_class_of(unsigned number, enum profile_tier tier);

/* The same for a row. */
enum profile_class profile_class_in(const struct profile_call *call, enum profile_tier tier);

/* Whether this machine's architecture has the call. */
int profile_is_native(const struct profile_call *call);

/* "gvisor", "minimal". */
const char *profile_tier_word(enum profile_tier tier);

/* How many calls of this machine's architecture a tier gives a class, for reports. */
unsigned profile_count(enum profile_tier tier, enum profile_class wanted);

#endif
