/* Plan -> image -> plan, and images that are not what plan_encode made. */
#include "plan/image.h"

#include "base/error.h"
#include "plan_fill.h"
#include "tap.h"

static struct error err;

/* A copy of its own, of exactly that size, so that the address sanitizer sees a byte too many. */
static void *
copy_image(const void *image, size_t size)
{
	void *copy = malloc(size ? size : 1);

	return copy ? memcpy(copy, image, size) : NULL;
}

static const char *
decode_copy(const void *image, size_t size)
{
	void *copy = copy_image(image, size);
	int good;

	err.text[0] = '\0';
	good = plan_decode(copy, size, &err) != NULL;
	free(copy);
	return good ? NULL : err.text;
}

static void
test_round_trip(const struct plan *plan, const char *what)
{
	size_t size = 0;
	void *image = plan_encode(plan, &size, &err);
	void *moved = image ? copy_image(image, size) : NULL;
	struct plan *back;

	free(image);
	back = moved ? plan_decode(moved, size, &err) : NULL;
	OK(back, what);
	if (back)
		EQ_STR(
		    fill_differs((const unsigned char *)plan, (unsigned char *)back, &record_plan),
		    NULL, "comes back the same");
	free(moved);
}

static void
test_texts_end_with_null(const struct plan *plan)
{
	size_t size = 0;
	void *image = plan_encode(plan, &size, &err);
	struct plan *back = image ? plan_decode(image, size, &err) : NULL;

	OK(back && !back->process.args.items[back->process.args.count], "args end with NULL");
	OK(back && !back->process.env.items[back->process.env.count], "env ends with NULL");
	free(image);
}

static void
test_every_cut(const void *image, size_t size)
{
	size_t accepted = 0;

	for (size_t cut = 0; cut < size; cut++) {
		if (!decode_copy(image, cut))
			accepted++;
	}
	EQ_INT(accepted, 0, "no shorter image is taken");
}

/* Whatever eight bytes are overwritten, the result is a plan or an error. */
static void
test_every_word(void *image, size_t size)
{
	static const uint64_t words[] = { 0, 1, 8, 24, 0x7fffffffffffffff, UINT64_MAX };
	size_t refused = 0;
	uint64_t saved;

	for (size_t at = 0; at < size; at += sizeof(saved)) {
		unsigned char *slot = (unsigned char *)image + at;

		memcpy(&saved, slot, sizeof(saved));
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			memcpy(slot, &words[i], sizeof(words[i]));
			refused += decode_copy(image, size) != NULL;
		}
		memcpy(slot, &saved, sizeof(saved));
	}
	OK(refused > 1000, "damaged offsets, counts and ends are refused");
	EQ_STR(decode_copy(image, size), NULL, "the undamaged image is taken again");
}

static void
test_refusals(unsigned char *image, size_t size)
{
	HAS_STR(decode_copy("text", 4), "cut off", "too short for a header");
	image[0] ^= 1;
	HAS_STR(decode_copy(image, size), "not a plan's image", "magic");
	OK(!plan_is_foreign(image), "what is no image is no other version's");
	image[0] ^= 1;
	OK(!plan_is_foreign(image), "our own");
	image[8] ^= 1;
	HAS_STR(decode_copy(image, size), "another version", "layout");
	OK(plan_is_foreign(image), "another version's");
	image[8] ^= 1;
}

static void
test_too_large(void)
{
	struct plan plan = { .process.args.count = UINT64_MAX / 4 };
	size_t size = 0;
	char *text = malloc(PLAN_IMAGE_MAX);

	OK(!plan_encode(&plan, &size, &err), "a list beyond all bounds");
	HAS_STR(err.text, "larger than", "says so");
	if (!text)
		return;
	memset(text, 'x', PLAN_IMAGE_MAX - 1);
	text[PLAN_IMAGE_MAX - 1] = '\0';
	plan = (struct plan) { .hostname = text };
	OK(!plan_encode(&plan, &size, &err), "a text beyond all bounds");
	free(text);
}

int
main(void)
{
	struct arena arena = { 0 };
	struct plan full;
	struct plan empty = { 0 };
	size_t size = 0;
	void *image;

	fill_plan(&arena, &full);
	test_round_trip(&full, "a full plan");
	test_round_trip(&empty, "an empty plan");
	test_texts_end_with_null(&full);
	image = plan_encode(&full, &size, &err);
	OK(image && size % 8 == 0, "an image's size is a multiple of 8");
	if (image) {
		test_every_cut(image, size);
		test_every_word(image, size);
		test_refusals(image, size);
	}
	free(image);
	test_too_large();
	arena_free(&arena);
	DONE();
}
