/* The words of mounts[].options (config.md, mount(8)). One table is both the parser and the list
 * that `features` prints. Pure. */
#ifndef OSLESS_SPEC_MOUNT_OPTIONS_H
#define OSLESS_SPEC_MOUNT_OPTIONS_H

#include "plan/plan.h"

#include <stddef.h>

enum mount_option_verdict {
	MOUNT_OPTION_APPLIED,     /* it is in the mount now */
	MOUNT_OPTION_FILE_SYSTEM, /* the file system's: one for fsconfig(2) */
	MOUNT_OPTION_REFUSED,     /* known, and not possible here */
};

/* Applies one word to the mount's flags, attributes and propagation; a later word wins over an
 * earlier one that contradicts it. Attributes are those of mount_setattr(2): an access-time mode in
 * attr_set comes with MOUNT_ATTR__ATIME in attr_clear, as the kernel demands. */
enum mount_option_verdict mount_option_apply(const char *word, struct plan_mount *mount);

/* The index-th word that is known and not refused, NULL past the last one. */
const char *spec_mount_option_word(size_t index);

#endif
