/* Arena: alignment, zeroes, bounds. */
#include "base/arena.h"

#include "tests/unit/tap.h"

#include <stdint.h>

static int
is_zero(const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return 0;
	return 1;
}

static void
test_alloc(void)
{
	struct arena arena = { .blocks = NULL };
	int aligned = 1;
	int zeroed = 1;

	for (size_t size = 1; size < 3000; size += 7) {
		unsigned char *at = arena_alloc(&arena, size);

		if (!at)
			break;
		aligned &= (uintptr_t)at % _Alignof(max_align_t) == 0;
		zeroed &= is_zero(at, size);
		memset(at, 0xff, size);
	}
	OK(aligned, "aligned for any type");
	OK(zeroed, "zeroed, and no two overlap");
	OK(arena_alloc(&arena, 0) != NULL, "no bytes are not a failure");
	OK(arena_alloc(&arena, 5u << 20) != NULL, "larger than any block");
	arena_free(&arena);
	EQ_INT(arena.used, 0, "empty after arena_free");
	OK(arena_alloc(&arena, 1) != NULL, "usable after arena_free");
	arena_free(&arena);
}

static void
test_bounds(void)
{
	struct arena arena = { .limit = 1024 };

	OK(arena_alloc(&arena, SIZE_MAX) == NULL, "a size that overflows is refused");
	OK(arena_array(&arena, SIZE_MAX / 2, 4) == NULL, "a product that overflows is refused");
	OK(arena_array(&arena, 0, 8) != NULL, "an empty array");
	OK(arena_array(&arena, 8, 0) != NULL, "an array of nothing");
	OK(arena_alloc(&arena, 1025) == NULL, "more than the limit");
	OK(arena_alloc(&arena, 960) != NULL, "up to the limit");
	OK(arena_alloc(&arena, 512) == NULL, "the limit counts what was handed out before");
	arena_free(&arena);
	OK(arena_alloc(&arena, 960) != NULL, "arena_free gives it back");
	arena_free(&arena);
}

static void
test_texts(void)
{
	struct arena arena = { .blocks = NULL };
	char original[] = "web";
	char *copy = arena_strdup(&arena, original);

	original[0] = 'x';
	EQ_STR(copy, "web", "arena_strdup copies");
	EQ_STR(arena_strdup(&arena, ""), "", "an empty text");
	EQ_STR(arena_printf(&arena, "%s-%d", "web", 7), "web-7", "arena_printf");
	arena_free(&arena);
	arena.limit = 16;
	OK(arena_printf(&arena, "%64d", 1) == NULL, "arena_printf keeps to the limit");
	arena_free(&arena);
}

int
main(void)
{
	test_alloc();
	test_bounds();
	test_texts();
	DONE();
}
