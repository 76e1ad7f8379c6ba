/* Words for denials; their cures are denial_cures.c. */
#include "container/denial_words.h"

#include "base/bpf.h"
#include "base/arena.h"
#include "container/call_words.h"
#include "container/denial_cures.h"
#include "container/plain.h"
#include "profile/profile.h"

#include <inttypes.h>
#include <linux/audit.h>
#include <string.h>

#define X32_BIT 0x40000000 /* __X32_SYSCALL_BIT, of x86_64 alone */

static int
is_x32(const struct journal_denial *denial)
{
	return denial->arch == AUDIT_ARCH_X86_64 && denial->number >= X32_BIT;
}

/* The table's row, by this machine's numbers; NULL where there is none. */
static const struct profile_call *
row_of(const struct journal_denial *denial)
{
	if (denial->arch != BPF_NATIVE || denial->number < 0)
		return NULL;
	return profile_call_of((unsigned)denial->number);
}

const char *
denial_call_group(const struct journal_denial *denial, struct arena *arena)
{
	const struct profile_call *row = row_of(denial);

	if (row)
		return row->name;
	if (denial->arch == BPF_NATIVE && !is_x32(denial))
		return "unknown call";
	return arena_printf(arena, "%s call", denial_arch(denial, arena));
}

const char *
denial_call(const struct journal_denial *denial, struct arena *arena)
{
	const char *group = denial_call_group(denial, arena);

	if (!group || row_of(denial))
		return group;
	return arena_printf(arena, "%s %" PRId32, group,
	    is_x32(denial) ? denial->number & ~X32_BIT : denial->number);
}

const char *
denial_arguments(const struct journal_denial *denial, struct arena *arena)
{
	const struct profile_call *row = row_of(denial);

	return call_arguments(row ? row->name : NULL, denial->args, arena);
}

const char *
denial_arch(const struct journal_denial *denial, struct arena *arena)
{
	if (is_x32(denial))
		return "x32";
	switch (denial->arch) {
	case AUDIT_ARCH_X86_64:
		return "x86_64";
	case AUDIT_ARCH_I386:
		return "i386";
	case AUDIT_ARCH_AARCH64:
		return "aarch64";
	case AUDIT_ARCH_ARM:
		return "arm";
	default:
		return arena_printf(arena, "0x%" PRIx32, denial->arch);
	}
}

const char *
denial_errno(const struct journal_denial *denial, struct arena *arena)
{
	const char *name = strerrorname_np(denial->errnum);

	return name ? name : arena_printf(arena, "errno %" PRId32, denial->errnum);
}

const char *
denial_program(const struct journal_denial *denial, struct arena *arena)
{
	const char *name = plain_process(arena, denial->exe);

	if (!*denial->exe || *denial->exe == '/')
		return name;
	return arena_printf(arena, "...%s", name);
}

/* -------------------------------------------------------------------------------- reasons */

/* The row's reason, unless it is about the other tier: "minimal: ..." */
static const char *
own_reason(const struct profile_call *row, const struct plan *plan)
{
	return plan->tier != PROFILE_MINIMAL && strncmp(row->reason, "minimal:", 8) == 0
		   ? ""
		   : row->reason;
}

static const char *
reason_of(const struct profile_call *row, const struct plan *plan, struct arena *arena)
{
	const char *tier = plan->tier == PROFILE_MINIMAL ? "minimal" : "gvisor";
	const char *reason = own_reason(row, plan);

	if (row->class == PROFILE_ALLOW_IF &&
	    !(plan->tier == PROFILE_MINIMAL && row->minimal == PROFILE_TAKE))
		return arena_printf(arena, "not with these arguments in tier %s%s%s", tier,
		    *reason ? ": " : "", reason);
	return *reason ? reason : arena_printf(arena, "tier %s refuses it", tier);
}

const char *
denial_reason(const struct journal_denial *denial, const struct plan *plan, struct arena *arena)
{
	const struct profile_call *row = row_of(denial);

	if (denial->flags & JOURNAL_DENIAL_BUNDLE)
		return "the bundle's own seccomp profile refuses it";
	if (denial->arch != BPF_NATIVE || is_x32(denial))
		return "another architecture's entry point, whose numbers mean other calls";
	if (!row)
		return "a number that this osless does not know: it answers as an older kernel "
		       "would";
	if (denial->errnum == 0)
		return "one identity for life: answered, and nothing done";
	return reason_of(row, plan, arena);
}

const char *
denial_cure(const struct journal_denial *denial, const struct plan *plan)
{
	const struct profile_call *row = row_of(denial);

	if (denial->flags & JOURNAL_DENIAL_BUNDLE)
		return cure_bundle;
	if (!row)
		return denial->arch != BPF_NATIVE || is_x32(denial) ? cure_foreign : NULL;
	if (denial->errnum == 0)
		return cure_pretended;
	if (plan->tier == PROFILE_MINIMAL && row->minimal == PROFILE_TAKE)
		return cure_minimal;
	return cure_call(row->name, denial->args);
}
