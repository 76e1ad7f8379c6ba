/* Plan to image: copies each object behind the last one and puts its offset where the pointer was.
 */
#include "plan/image.h"

#include "base/auto.h"
#include "base/error.h"
#include "plan/image_walk.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 32768u /* an engine's plan fits */

/* Makes room for size more bytes, zeroed. Returns their offset or -1. */
static int64_t
reserve(struct walk *walk, size_t size, struct error *err)
{
	size_t at = walk->used;
	size_t wanted = walk->size;
	unsigned char *block;

	if (size > PLAN_IMAGE_MAX - at - IMAGE_ALIGN)
		return error_set(err, "the plan is larger than %u bytes", PLAN_IMAGE_MAX);
	walk->used = walk_align(at + size);
	while (wanted < walk->used)
		wanted *= 2;
	if (wanted > walk->size) {
		block = realloc(walk->block, wanted);
		if (!block)
			return error_sys(err, "memory for the plan");
		memset(block + walk->size, 0, wanted - walk->size);
		walk->block = block;
		walk->size = wanted;
	}
	return (int64_t)at;
}

/* Copies size bytes from where the pointer at slot leads, with end zeroed bytes behind. */
static int64_t
copy(struct walk *walk, size_t slot, size_t size, size_t end, struct error *err)
{
	const void *from;
	int64_t at;

	memcpy(&from, walk->block + slot, sizeof(from));
	at = reserve(walk, size + end, err);
	if (at < 0)
		return -1;
	memcpy(walk->block + at, from, size);
	walk_store(walk, slot, (uint64_t)at);
	return at;
}

static int64_t
copy_text(struct walk *walk, size_t slot, struct error *err)
{
	const char *text;

	memcpy(&text, walk->block + slot, sizeof(text));
	return text ? copy(walk, slot, strlen(text) + 1, 0, err) : 0;
}

static int64_t
copy_items(
    struct walk *walk, size_t slot, uint64_t count, size_t item_size, size_t end, struct error *err)
{
	if (count > PLAN_IMAGE_MAX / item_size)
		return error_set(err, "the plan is larger than %u bytes", PLAN_IMAGE_MAX);
	if (count == 0) {
		walk_store(walk, slot, 0);
		return 0;
	}
	return copy(walk, slot, count * item_size, end, err);
}

void *
plan_encode(const struct plan *plan, size_t *size, struct error *err)
{
	struct walk walk = { .bring_text = copy_text, .bring_items = copy_items };
	struct image_header header = { IMAGE_MAGIC, plan_layout(), 0 };
	size_t start = sizeof(header) + sizeof(*plan);
	int failed;

	walk.block = calloc(1, FIRST_SIZE);
	if (!walk.block) {
		(void)error_sys(err, "memory for the plan");
		return NULL;
	}
	walk.size = FIRST_SIZE;
	walk.used = walk_align(start);
	memcpy(walk.block + sizeof(header), plan, sizeof(*plan));
	failed = walk_record(&walk, sizeof(header), &record_plan, err) < 0;
	header.size = walk.used;
	memcpy(walk.block, &header, sizeof(header));
	if (failed) {
		free(walk.block);
		return NULL;
	}
	*size = walk.used;
	return walk.block;
}
