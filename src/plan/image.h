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

/* To be raised where what this program, init and the files in a state directory say to each other
 * (plan/exchange.h, supervise/journal.h, container/state.h) changes its meaning, but no plan its
 * form: programs of other generations then leave the container alone. */
#define PLAN_IMAGE_GENERATION 0u

#define PLAN_IMAGE_START 24 /* bytes that tell whose an image is */

/* Whether it is an image, but that of a program of another layout or generation. */
int plan_is_foreign(const unsigned char start[PLAN_IMAGE_START]);

/* This program's own layout and generation. */
uint64_t plan_layout(void);

/* Encodes plan into a block from malloc(3) that the caller frees; *size gets its length. NULL: err
 * says why. */
void *plan_encode(const struct plan *plan, size_t *size, struct error *err);

/* Turns the block (8-byte aligned, writable, private to the caller) back into a plan, in place:
 * every offset, count and string end is checked against size first. The plan lives as long as the
 * block. NULL: err says what is wrong. Allocates nothing: also used by init. */
struct plan *plan_decode(void *image, size_t size, struct error *err);

#endif
