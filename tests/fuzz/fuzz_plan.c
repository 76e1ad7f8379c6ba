/* Fuzzes plan_decode: the input says which bytes of a good image to overwrite; what comes out is
 * decoded, walked and printed. The sanitizers judge. With libFuzzer (clang -fsanitize=fuzzer), or
 * alone with -DFUZZ_STANDALONE, which takes the number of rounds as argument. */
#include "plan/image.h"

#include "../unit/plan_fill.h"
#include "base/error.h"
#include "plan/print.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *
good_image(size_t *size)
{
	struct arena arena = { 0 };
	struct error err;
	struct plan plan;
	void *image;

	fill_plan(&arena, &plan);
	image = plan_encode(&plan, size, &err);
	arena_free(&arena);
	if (!image)
		abort();
	return image;
}

/* Each four bytes of data are one change: where, and the new byte. */
static void
damage(unsigned char *image, size_t image_size, const uint8_t *data, size_t size)
{
	for (; size >= 4; data += 4, size -= 4) {
		size_t at = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;

		image[at % image_size] = data[3];
	}
}

static void
print_plan(const struct plan *plan)
{
	FILE *out = fopen("/dev/null", "w");

	if (!out)
		abort();
	plan_print_text(plan, out);
	plan_print_json(plan, 0, out);
	(void)fclose(out); /* nothing is kept */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void *good;
	static size_t good_size;
	struct plan *plan;
	struct error err;
	size_t cut;
	unsigned char *image;

	if (!good)
		good = good_image(&good_size);
	cut = size % 4 == 0 ? good_size : good_size / (1 + size % 7);
	image = malloc(cut);
	if (!image)
		return 0;
	memcpy(image, good, cut);
	damage(image, cut, data, size);
	plan = plan_decode(image, cut, &err);
	if (plan)
		print_plan(plan);
	free(image);
	return 0;
}

#ifdef FUZZ_STANDALONE
/* Numerical Recipes' constants: any sequence will do, as long as it is the same each time. */
static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
	uint32_t state = 1;
	uint8_t data[64];

	for (unsigned long round = 0; round < rounds; round++) {
		size_t size = 1 + next_random(&state) % sizeof(data);

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)next_random(&state);
		(void)LLVMFuzzerTestOneInput(data, size); /* always 0 */
	}
	printf("%lu rounds\n", rounds);
	return 0;
}
#endif
