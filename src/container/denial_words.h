/* Refused system calls in words. Pure. What the payload chose comes out as printable ASCII. All
 * texts lie in the arena or are constants; NULL where memory is exhausted. For this folder only. */
#ifndef OSLESS_CONTAINER_DENIAL_WORDS_H
#define OSLESS_CONTAINER_DENIAL_WORDS_H

#include "plan/plan.h"
#include "supervise/journal.h"

struct arena;

/* "ptrace"; "i386 call 11", "x32 call 59"; "unknown call 472". */
const char *denial_call(const struct journal_denial *denial, struct arena *arena);

/* The same without a number: "ptrace", "i386 call", "unknown call". There are only so many. */
const char *denial_call_group(const struct journal_denial *denial, struct arena *arena);

/* "AF_ALG, SOCK_SEQPACKET, 0", of the first time. */
const char *denial_arguments(const struct journal_denial *denial, struct arena *arena);

/* "x86_64", "x32", "i386", "aarch64", "arm", or the number of AUDIT_ARCH_*, in hex. */
const char *denial_arch(const struct journal_denial *denial, struct arena *arena);

/* "EPERM"; "errno 4095" where it has no name; "0" for what would be pretended. */
const char *denial_errno(const struct journal_denial *denial, struct arena *arena);

/* The program by its path: "/usr/bin/redis", ".../bin/redis" where the journal has only the end;
 * without one, "a process". */
const char *denial_program(const struct journal_denial *denial, struct arena *arena);

/* Why it is refused, in a few words. */
const char *
denial_reason(const struct journal_denial *denial, const struct plan *plan, struct arena *arena);

/* What can be done by whoever needs the call; NULL where nothing can. A constant: the same cure is
 * the same pointer. */
const char *denial_cure(const struct journal_denial *denial, const struct plan *plan);

#endif
