/* The host's policy as read from /etc/osless/NAME.json (DESIGN 7): typed, checked, defaults filled
 * in. It lives in this folder because JSON is read nowhere else; what it means is policy's. See
 * osless-policy(5).
 *
 *     { "modes": { "identity": "enforce", "syscalls": "enforce",
 *                  "supervision": "enforce" },   or "audit", or "off"
 *       "identity": "strip",                   or "keep", or "UID:GID"
 *       "tier": "gvisor",                      or "minimal"
 *       "capabilities": [ "CAP_NET_ADMIN" ],   kept besides the usual ones, if config grants them
 *       "annotations": { "mayLoosen": [ "dev.osless.tier" ] },
 *       "rules": { "restarts": "enforce",      or "audit", or "off"; so orphans, unwaited, zombies,
 *                                              stopped
 *                  "handleWithin": 10,         durations: seconds, or "250ms", "5s", "2m", "1h"
 *                  "zombieWithin": 60 },
 *       "tree": { "intensity": 100, "period": 1, "children": 64 } }   bounds of declared trees
 *
 * Every key may be left out; the first value of each line above is then in force, and the lists are
 * empty. */
#ifndef OSLESS_SPEC_POLICY_FILE_H
#define OSLESS_SPEC_POLICY_FILE_H

#include "plan/plan.h"

#include <stdint.h>

struct arena;
struct error;

enum policy_identity {
	POLICY_IDENTITY_STRIP, /* DESIGN 4: nobody, or the config's uid */
	POLICY_IDENTITY_KEEP, /* the config's uid and gid, also root's; set*id still does nothing */
	POLICY_IDENTITY_FIXED, /* uid:gid below, whatever the config says */
};

enum policy_tier {
	POLICY_TIER_GVISOR,
	POLICY_TIER_MINIMAL,
};

#define POLICY_WITHIN_LEAST_MS 100 /* handleWithin, zombieWithin */

/* What a declared tree may ask for. */
struct policy_bounds {
	uint32_t intensity; /* at most */
	uint32_t period_ms; /* at least */
	uint32_t children;  /* at most, supervisors and workers, the root not counted */
};

struct host_policy {
	const char *path;       /* the file it came from; NULL = built-in defaults */
	uint32_t identity_mode; /* enum plan_mode */
	uint32_t syscalls_mode;
	uint32_t supervision_mode;
	uint32_t identity; /* enum policy_identity */
	uint32_t uid;      /* POLICY_IDENTITY_FIXED */
	uint32_t gid;
	uint32_t tier;           /* enum policy_tier */
	uint64_t extra_caps;     /* widens the kept set; bit n = capability n */
	struct plan_rules rules; /* what annotations may tighten */
	struct policy_bounds bounds;
	PLAN_LIST(const char *)
	loosening; /* dev.osless.* keys that annotations may use to loosen */
};

/* The built-in policy: everything enforced. */
void host_policy_default(struct host_policy *policy);

/* Reads the policy at path into *policy. A missing file is an error only where required is
 * POLICY_REQUIRED (--policy FILE); else the defaults stand. Unknown keys are errors that name the
 * nearest known one, or all. The file must be owned by root (or the caller) and not be writable by
 * others: it decides what a container may do. -1: err names file, JSON path and cure. */
enum policy_need { POLICY_OPTIONAL, POLICY_REQUIRED };
int host_policy_load(const char *path, enum policy_need need, struct arena *arena,
    struct host_policy *policy, struct error *err);

/* The same from a text in memory; name is what errors and policy->path call it. For tests. */
int host_policy_parse(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct host_policy *policy, struct error *err);

#endif
