/* The config.json to start from, for `spec`: runc's, less what an operatingsystemless payload
 * does not get (terminal, devpts, POSIX queues). */
#ifndef OSLESS_SPEC_TEMPLATE_H
#define OSLESS_SPEC_TEMPLATE_H

#include <stdint.h>

struct error;

enum template_kind {
	TEMPLATE_ROOT,
	TEMPLATE_ROOTLESS, /* in a user namespace whose root is the caller; host's network */
};

/* The document, indented, newline at the end, in memory from malloc(3) that the caller frees. uid
 * and gid are the caller's, for TEMPLATE_ROOTLESS. NULL: err says why. */
char *template_write(enum template_kind kind, uint32_t uid, uint32_t gid, struct error *err);

#endif
