/* The bundle's own linux.seccomp, compiled through libseccomp into a filter for seccomp(2).
 *
 * The input below is independent of JSON; src/spec fills it and owns every string. Words are those
 * of the OCI text (config-linux.md, Seccomp); an unknown word is an error that lists the known
 * ones. Where the text is silent this does what runc does: an absent errno is EPERM, names that no
 * kernel header knows are skipped, a rule that repeats the default action is dropped, several
 * conditions on one argument are alternatives, and calls newer than all that the profile names
 * answer ENOSYS instead of the default errno, so that libc falls back. */
#ifndef OSLESS_PROFILE_BUNDLE_H
#define OSLESS_PROFILE_BUNDLE_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct bundle_arg {
	uint32_t index; /* 0..5 */
	uint64_t value;
	uint64_t value_two; /* of SCMP_CMP_MASKED_EQ: what value's bits must give */
	const char *op;     /* SCMP_CMP_* */
};

struct bundle_rule {
	const char *const *names;
	size_t names_count;
	const char *action; /* SCMP_ACT_* */
	int has_errno;
	uint32_t errnum;
	const struct bundle_arg *args; /* all must hold */
	size_t args_count;
};

/* Foreign entry points (i386 and x32 on x86_64, arm on aarch64) multiply the filter and most of the
 * time that libseccomp takes: measured 10 ms for three architectures, 1.5 ms for one. */
enum bundle_foreign {
	BUNDLE_FOREIGN_TOO,     /* as the profile says */
	BUNDLE_FOREIGN_REFUSED, /* left to the built-in filter, loaded as well and enforced */
};

struct bundle_seccomp {
	enum bundle_foreign foreign;
	const char *default_action;
	int has_default_errno;
	uint32_t default_errno;
	const char *const *flags; /* SECCOMP_FILTER_FLAG_* */
	size_t flags_count;
	const char *const *architectures; /* SCMP_ARCH_*; none = this machine's */
	size_t architectures_count;
	const struct bundle_rule *rules;
	size_t rules_count;
	const char *listener_path;     /* NULL = none; only SCMP_ACT_NOTIFY asks for it here */
	const char *listener_metadata; /* for the agent there; nothing to the compiler */
};

struct bundle_filter {
	struct sock_filter *code; /* malloc'd; the caller's, see bundle_filter_free */
	unsigned short length;    /* in instructions */
	uint32_t flags;           /* for seccomp(2); has NEW_LISTENER where a rule notifies */
	const char **unknown;     /* malloc'd list of names skipped; the strings are the input's */
	size_t unknown_count;
};

/* Returns 0 with *out filled, or -1 with err naming the offending word; *out is then empty.
 * Changes nothing in the calling process; needs memfd_create(2). */
int bundle_seccomp_compile(
    const struct bundle_seccomp *seccomp, struct bundle_filter *out, struct error *err);

/* Frees what *filter holds; it can be an empty one. */
void bundle_filter_free(struct bundle_filter *filter);

/* The words that bundle_seccomp_compile takes, for `features`: the index-th of a list, NULL past
 * its end. */
enum bundle_list { BUNDLE_ACTIONS, BUNDLE_OPERATORS, BUNDLE_ARCHITECTURES, BUNDLE_FLAGS };

const char *bundle_known_word(enum bundle_list list, size_t index);

#endif
