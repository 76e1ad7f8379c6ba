/* From the system-call table to a seccomp filter. Pure: no system calls; used at build time by
 * mkprofile, and by unit tests.
 *
 * Shape of the filter: another architecture's entry point is refused; then a decision tree over the
 * system-call number; then, for the calls that have a rule, a tree for each word looked at. x32
 * calls, on x86_64, carry the architecture's own mark and bit 30 in the number: beyond every known
 * number, hence refused as unknown.
 *
 * Foreign and unknown calls answer ENOSYS and do not kill: that is what a kernel without the entry
 * point or the call says, so programs that probe go on, and a refusal by errno can become an event
 * that names the caller, whereas a kill leaves only a dead process. Nothing executes either way. */
#ifndef OSLESS_PROFILE_COMPILE_H
#define OSLESS_PROFILE_COMPILE_H

#include "base/error.h"
#include "profile/profile.h"

struct compile_variant {
	enum profile_arch arch;
	enum profile_tier tier;
	enum profile_mode mode;
	enum profile_ids ids;
};

struct compile_out {
	struct sock_filter *code; /* malloc'd; the caller's */
	unsigned short length;
};

/* Compiles count rows. Returns 0, or -1 with err. The same rows give the same instructions. */
int compile_table(const struct profile_call *calls, size_t count,
    const struct compile_variant *variant, struct compile_out *out, struct error *err);

#endif
