/* Image to plan, in place. Nothing in the image is believed: an error is the worst that a damaged
 * one can give. Linked by init: no allocation, no output. */
#include "plan/image.h"

#include "base/error.h"
#include "plan/image_walk.h"

#include <string.h>

static int
refuse(struct error *err, const char *what, size_t at)
{
	return error_set(err, "the plan's image is damaged at byte %zu: %s", at, what);
}

/* Turns the offset at slot, which must be the next object's, into a pointer to size checked bytes.
 */
static int64_t
settle(struct walk *walk, size_t slot, size_t size)
{
	size_t at = walk->used;
	void *pointer = walk->block + at;

	memcpy(walk->block + slot, &pointer, sizeof(pointer));
	walk->used = walk_align(at + size); /* no overflow: at + size <= walk->size */
	return (int64_t)at;
}

static int64_t
settle_text(struct walk *walk, size_t slot, struct error *err)
{
	uint64_t at = walk_load(walk, slot);
	const unsigned char *end;

	if (at == 0)
		return 0;
	if (at != walk->used || at >= walk->size)
		return refuse(err, "a text is not where it belongs", slot);
	end = memchr(walk->block + at, '\0', walk->size - at);
	if (!end)
		return refuse(err, "a text without end", at);
	return settle(walk, slot, (size_t)(end - (walk->block + at)) + 1);
}

static int
is_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] != 0)
			return 0;
	}
	return 1;
}

static int64_t
settle_items(
    struct walk *walk, size_t slot, uint64_t count, size_t item_size, size_t end, struct error *err)
{
	uint64_t at = walk_load(walk, slot);

	if (count == 0)
		return at == 0 ? 0 : refuse(err, "an empty list with items", slot);
	if (at != walk->used || at >= walk->size)
		return refuse(err, "a list is not where it belongs", slot);
	if (walk->size - at < end || count > (walk->size - at - end) / item_size)
		return refuse(err, "a list is longer than the image", slot);
	if (!is_zero(walk->block + at + count * item_size, end))
		return refuse(err, "a list of texts without end", slot);
	return settle(walk, slot, count * item_size + end);
}

uint64_t
plan_layout(void)
{
	return fields_layout() ^ PLAN_IMAGE_GENERATION;
}

int
plan_is_foreign(const unsigned char start[PLAN_IMAGE_START])
{
	struct image_header header;

	_Static_assert(sizeof(header) == PLAN_IMAGE_START, "an image starts with its header");
	memcpy(&header, start, sizeof(header));
	return header.magic == IMAGE_MAGIC && header.layout != plan_layout();
}

static int
check_header(const struct image_header *header, size_t size, struct error *err)
{
	if (header->magic != IMAGE_MAGIC)
		return error_set(err, "not a plan's image");
	if (header->layout != plan_layout())
		return error_set(err, "the plan's image is of another version of osless: use that "
				      "version for this container, or delete it with --force");
	if (header->size != size || size > PLAN_IMAGE_MAX)
		return error_set(err, "the plan's image is cut off");
	return 0;
}

struct plan *
plan_decode(void *image, size_t size, struct error *err)
{
	struct walk walk = { .block = image, .size = size };
	struct image_header header;

	walk.bring_text = settle_text;
	walk.bring_items = settle_items;
	walk.used = walk_align(sizeof(header) + sizeof(struct plan));
	if (size < walk.used) {
		(void)error_set(err, "the plan's image is cut off");
		return NULL;
	}
	memcpy(&header, image, sizeof(header));
	if (check_header(&header, size, err) < 0)
		return NULL;
	if (walk_record(&walk, sizeof(header), &record_plan, err) < 0)
		return NULL;
	if (walk.used != size) {
		(void)refuse(err, "bytes that belong to nothing", walk.used);
		return NULL;
	}
	return (struct plan *)((unsigned char *)image + sizeof(header));
}
