/* Capabilities of the payload: what config.json grants, within a small set that production needs
 * and that says nothing about users (DESIGN 4). Pure. */
#include "policy/capabilities.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/words.h"
#include "policy/pass.h"

#include <linux/capability.h>
#include <string.h>

#define BIT(capability) (UINT64_C(1) << (capability))

/* Files whoever owns them, and ports below 1024. */
static const uint64_t kept_set =
    BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_FOWNER) | BIT(CAP_NET_BIND_SERVICE);

/* Root's program gets what is permitted and in the bounding set; another user's what is ambient,
 * which the kernel holds only while permitted and inheritable. A bounding set wider than the
 * permitted one is not counted as granted: under no_new_privs it would give nothing either. */
uint64_t
capabilities_granted(const struct spec_process *process)
{
	const struct plan_caps *caps = &process->caps;

	if (!process->has_caps)
		return 0;
	if (process->uid == 0)
		return caps->permitted & caps->bounding;
	return caps->ambient & caps->permitted & caps->inheritable;
}

/* Sets that survive execve(2): ambient for a user, and for root the plain ones (its execve fills
 * permitted from the bounding set). Inheritable stays empty unless ambient needs it
 * (CVE-2022-29162). */
static struct plan_caps
sets_of(uint64_t caps, uint32_t uid)
{
	struct plan_caps sets = { .bounding = caps, .effective = caps, .permitted = caps };

	if (uid != 0) {
		sets.inheritable = caps;
		sets.ambient = caps;
	}
	return sets;
}

/* "CAP_FOWNER CAP_KILL", or "none". NULL when memory is exhausted. */
static const char *
caps_text(struct compile *c, uint64_t caps)
{
	const struct plan_words *words = plan_words(FIELD_AS_CAPS);
	const char *text = NULL;

	for (size_t i = 0; i < words->count; i++) {
		if (!(caps & words->rows[i].value))
			continue;
		text = arena_printf(
		    c->arena, "%s%s%s", text ? text : "", text ? " " : "", words->rows[i].word);
		if (!text)
			return NULL;
	}
	return text ? text : "none";
}

static int
note_caps(struct compile *c, uint64_t granted, uint64_t kept, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_CHANGED,
		.what = "process.capabilities",
		.from = caps_text(c, granted),
		.to = caps_text(c, kept),
		.why = "payloads administer nothing; the host's policy can widen the set",
	};

	if (!entry.from || !entry.to)
		return pass_no_memory(err);
	if (c->policy.identity_mode == PLAN_MODE_AUDIT) {
		entry.kind = REPORT_KEPT;
		entry.why = arena_printf(c->arena, "audit: enforced, it would be %s", entry.to);
		entry.to = NULL;
	}
	return entry.why ? pass_note(c, &entry, err) : pass_no_memory(err);
}

/* Ambient ones must be permitted and inheritable as well (capabilities(7)): what configs ask for
 * beyond that runc leaves out, too. */
static int
limit_ambient(struct compile *c, struct error *err)
{
	struct plan_caps *caps = &c->plan->process.caps;
	uint64_t possible = caps->permitted & caps->inheritable;
	struct report_entry entry = {
		.kind = REPORT_CHANGED,
		.what = "process.capabilities.ambient",
		.from = caps_text(c, caps->ambient),
		.to = caps_text(c, caps->ambient & possible),
		.why = "the kernel has as ambient only what is permitted and inheritable",
	};

	if (!entry.from || !entry.to)
		return pass_no_memory(err);
	if ((caps->ambient & ~possible) == 0)
		return 0;
	caps->ambient &= possible;
	return pass_note(c, &entry, err);
}

int
pass_capabilities(struct compile *c, struct error *err)
{
	uint64_t granted = capabilities_granted(&c->spec->process);
	uint64_t kept = granted & (kept_set | c->policy.extra_caps);

	if (c->policy.identity_mode == PLAN_MODE_OFF)
		return limit_ambient(c, err); /* of config.json's own sets, copied already */
	if (kept != granted && note_caps(c, granted, kept, err) < 0)
		return -1;
	if (c->policy.identity_mode == PLAN_MODE_ENFORCE)
		c->plan->process.caps = sets_of(kept, c->plan->process.uid);
	return limit_ambient(c, err);
}

/* Without no_new_privs filters are loaded before the identity is changed (init/launch.c): capset
 * then must be allowed, or would be asked about by a process that nobody can answer yet. */
static int
must_load_late(const struct compile *c)
{
	return c->policy.tier == POLICY_TIER_MINIMAL && c->policy.syscalls_mode != PLAN_MODE_OFF;
}

/* Set-id bits and file capabilities are other identities by the back door. */
int
pass_no_new_privs(struct compile *c, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_CHANGED,
		.what = "process.noNewPrivileges",
		.from = "false",
		.to = "true",
		.why = "set-id bits and file capabilities are inert: one identity for life",
	};

	if (c->spec->process.no_new_privs)
		return 0;
	if (c->policy.identity_mode != PLAN_MODE_ENFORCE && must_load_late(c)) {
		c->plan->process.no_new_privs = 1;
		entry.why = "the tier minimal lacks what it takes to change identity after its "
			    "filter is loaded";
		return pass_note(c, &entry, err);
	}
	if (c->policy.identity_mode == PLAN_MODE_OFF)
		return 0;
	if (c->policy.identity_mode == PLAN_MODE_ENFORCE) {
		c->plan->process.no_new_privs = 1;
		return pass_note(c, &entry, err);
	}
	entry.kind = REPORT_KEPT;
	entry.to = NULL;
	entry.why = "audit: enforced, it would be true";
	return pass_note(c, &entry, err);
}
