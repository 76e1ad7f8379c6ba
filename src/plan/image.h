/* The plan as one contiguous, pointer-free, length-checked block (DESIGN 2): what goes into init's
 * memfd and what later verbs read back from the state directory. Both sides are the same build:
 * magic and version guard against anything else.
 *
 * Layout: struct plan_header, struct plan, then everything that it points to, 8-byte aligned; a
 * pointer is stored as its offset from the start of the block, 0 for NULL. */
#ifndef OSLESS_PLAN_IMAGE_H
#define OSLESS_PLAN_IMAGE_H

#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct error;

#define PLAN_IMAGE_MAX (8u << 20) /* bytes; a plan is 4 to 40 KiB */

/* Encodes plan into a block from malloc(3) that the caller frees; *size gets its length. NULL: err
 * says why. */
void *plan_encode(const struct plan *plan, size_t *size, struct error *err);

/* Turns the block (8-byte aligned, writable, private to the caller) back into a plan, in place:
 * every offset, count and string end is checked against size first. The plan lives as long as the
 * block. NULL: err says what is wrong. Allocates nothing: also used by init. */
struct plan *plan_decode(void *image, size_t size, struct error *err);

#endif
