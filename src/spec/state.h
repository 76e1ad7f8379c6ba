/* The OCI state of a container (runtime.md, State) as JSON: what `state` prints, what hooks get on
 * stdin, what the state directory keeps. */
#ifndef OSLESS_SPEC_STATE_H
#define OSLESS_SPEC_STATE_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct error;

struct state_doc {
	const char *oci_version;
	const char *id;
	int32_t pid;         /* host's; always written, 0 when stopped */
	const char *status;  /* creating, created, running, paused, stopped */
	const char *bundle;  /* absolute */
	const char *rootfs;  /* this and the next two: not in the OCI text; runc prints them */
	const char *created; /* RFC 3339 */
	const char *owner;
	PLAN_LIST(struct plan_pair) annotations;
};

enum state_style {
	STATE_PRETTY,  /* indented, newline at the end: for people */
	STATE_COMPACT, /* one line without newline: for hooks and files */
};

/* The text, NUL-terminated, in memory from malloc(3) that the caller frees; *length gets its
 * bytes and may be NULL. Members that are NULL are left out; the OCI text requires oci_version, id,
 * status and bundle. NULL: err says why. */
char *state_doc_write(
    const struct state_doc *state, enum state_style style, size_t *length, struct error *err);

#endif
