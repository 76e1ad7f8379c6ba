/* What the passes of policy share. Inside this folder only.
 *
 * A pass makes one part of the plan from the spec and the effective policy, and notes in the report
 * whatever differs from what config.json asks. The order of passes is policy.c's table. A pass
 * returns 0, or -1 with err naming object and cure. It never writes to the spec: lists that it
 * changes are copies. */
#ifndef OSLESS_POLICY_PASS_H
#define OSLESS_POLICY_PASS_H

#include "policy/policy.h"

#include <stddef.h>

struct compile {
	const struct spec *spec;
	const struct policy_facts *facts;
	struct host_policy policy; /* the host's, and what annotations made of it */
	struct arena *arena;
	struct plan *plan;
	struct report *report;
};

int pass_annotations(struct compile *c, struct error *err);
int pass_common(struct compile *c, struct error *err);
int pass_environment(struct compile *c, struct error *err);
int pass_namespaces(struct compile *c, struct error *err);
int pass_identity(struct compile *c, struct error *err);
int pass_capabilities(struct compile *c, struct error *err);
int pass_no_new_privs(struct compile *c, struct error *err);
int pass_mounts(struct compile *c, struct error *err);
int pass_mqueue(struct compile *c, struct error *err);
int pass_devices(struct compile *c, struct error *err);
int pass_device_rules(struct compile *c, struct error *err);
int pass_terminal(struct compile *c, struct error *err);
int pass_sysctls(struct compile *c, struct error *err);
int pass_cgroup(struct compile *c, struct error *err);
int pass_tree(struct compile *c, struct error *err);
int pass_unsupported(struct compile *c, struct error *err);

/* Parts of the above that exec passes, too. */
void pass_process(const struct spec_process *from, struct plan_process *to);
int pass_terminal_request(struct compile *c, struct error *err);

/* Whether the host lets annotations of this key loosen its policy. */
int policy_may_loosen(const struct compile *c, const char *key);

/* One entry of the report; -1 with err when memory is exhausted. */
int pass_note(struct compile *c, const struct report_entry *entry, struct error *err);

int pass_no_memory(struct error *err);

/* The policy file's name for errors that send the reader there. */
const char *pass_policy_name(const struct compile *c);

/* *env = the process' environment with own's variables in it, instead of those of the same name. */
struct plan_child;
int pass_worker_environment(
    struct compile *c, const struct plan_child *own, struct plan_child *to, struct error *err);

/* A copy of count items of size bytes with room for extra zeroed ones; NULL with err. */
void *pass_copy(struct compile *c, const void *items, uint64_t count, uint64_t extra, size_t size,
    struct error *err);

/* Gives *list a copy of *from with room for extra more; count stays from's. */
#define PASS_COPY(c, list, from, extra, err) \
	({ \
		(list)->items = pass_copy( \
		    c, (from)->items, (from)->count, extra, sizeof(*(list)->items), err); \
		(list)->count = (from)->count; \
		(list)->items ? 0 : -1; \
	})

/* path with "//", "." and ".." resolved by its letters alone, absolute; NULL with err. For
 * comparing with well-known names, never for opening. */
const char *pass_clean_path(struct compile *c, const char *path, struct error *err);

#endif
