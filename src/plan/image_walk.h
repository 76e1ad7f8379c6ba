/* The one order in which an image is laid out, for its writer and its reader alike. Inside this
 * folder only.
 *
 * walk_record goes through a record that already lies in the block, field by field as the table
 * says; wherever a pointer stands it calls bring, which puts what the pointer leads to right behind
 * all that came before (encoding), or checks that it lies exactly there (decoding). So an image has
 * one valid form, without gaps or overlaps: each of its bytes is looked at once, and no offset can
 * be turned into a pointer twice. */
#ifndef OSLESS_PLAN_IMAGE_WALK_H
#define OSLESS_PLAN_IMAGE_WALK_H

#include "plan/fields.h"

struct error;

#define IMAGE_MAGIC UINT64_C(0x6e616c702e6c736f) /* "osl.plan" */
#define IMAGE_ALIGN 8u

struct image_header {
	uint64_t magic;
	uint64_t layout; /* plan_layout() */
	uint64_t size;   /* of the block */
};

struct walk {
	unsigned char *block;
	size_t size; /* bytes in block */
	size_t used; /* the next object's offset */

	/* slot: where in the block the pointer is. Both return the object's offset, 0 where the
	 * pointer is NULL, -1 with err. count is what the list says, end the bytes of the NULL that
	 * closes a list of texts. */
	int64_t (*bring_text)(struct walk *walk, size_t slot, struct error *err);
	int64_t (*bring_items)(struct walk *walk, size_t slot, uint64_t count, size_t item_size,
	    size_t end, struct error *err);
};

/* The record at offset at. */
int walk_record(struct walk *walk, size_t at, const struct record *record, struct error *err);

/* Eight bytes of the block. */
uint64_t walk_load(const struct walk *walk, size_t at);
void walk_store(struct walk *walk, size_t at, uint64_t value);

/* size rounded up to IMAGE_ALIGN; the caller knows that it cannot overflow. */
size_t walk_align(size_t size);

#endif
