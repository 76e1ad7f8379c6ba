/* What is said of a program: findings from its name, its file's mode, its imports and its code,
 * under the rules that the container will have. Pure. */
#ifndef OSLESS_CHECK_JUDGE_H
#define OSLESS_CHECK_JUDGE_H

#include "check/elf.h"
#include "check/finding.h"
#include "check/follow.h"
#include "profile/profile.h"

#include <sys/types.h>

/* How the container will run. */
struct check_rules {
	enum profile_tier tier;
	uint32_t uid; /* the payload's */
	uint32_t gid;
	uint32_t calls_enforced; /* 0: refused calls execute (audit, off); so the next two */
	uint32_t identity_enforced;
	uint32_t supervision_enforced;
};

enum judge_role {
	JUDGE_ENTRY,   /* it will be run */
	JUDGE_NAMED,   /* a script names it */
	JUDGE_LIBRARY, /* a program loads it */
};

struct judge {
	const struct check_rules *rules;
	struct findings *findings;
};

/* The file that is judged. */
struct judged {
	const char *path;
	const char *by; /* what leads to it; NULL = nothing */
	enum judge_role role;
};

/* All return 0, or -1 when memory is exhausted. */

/* By the names that it is called and found by. args: its command line, as far as known. */
int judge_name(const struct judge *judge, const struct judged *file, const char *called,
    const struct follow_args *args);

/* What it can call, by its imports and its code. Not for the C library, which can call all. */
int judge_elf(const struct judge *judge, const struct judged *file, const struct elf *elf);

/* Set-id bits and file capabilities (has_caps) of a program that is reached. */
int judge_privileges(
    const struct judge *judge, const struct judged *file, mode_t mode, uid_t owner, int has_caps);

/* 1: the C library or its dynamic linker, by the name of its file. */
int judge_is_libc(const char *path);

#endif
