/* Fuzzing tree documents: one is refused with a reason, or its list is what plan.h promises. */
#include "standalone.h"

#include "base/arena.h"
#include "base/error.h"
#include "spec/tree.h"

#include <stdlib.h>

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
check_child(const struct spec_tree *tree, uint64_t index)
{
	const struct plan_child *child = &tree->children.items[index].plan;
	const struct plan_child *parent = &tree->children.items[child->parent].plan;

	check(child->id && child->id[0]);
	check(child->parent < index || index == 0);
	check(parent->kind == PLAN_SUPERVISOR);
	check(child->restart <= PLAN_PERMANENT);
	if (child->kind == PLAN_SUPERVISOR) {
		check(child->strategy <= PLAN_REST_FOR_ONE);
		check(child->intensity == 0 || child->period_ms > 0);
		check(child->backoff_first_ms <= child->backoff_max_ms);
		check(index + 1 < tree->children.count);
		check(tree->children.items[index + 1].plan.parent == index);
	} else {
		check(child->stop_signal >= 1 && child->stop_signal <= 64);
		check(!child->cwd || child->cwd[0] == '/');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .limit = 64u << 20 };
	struct spec_tree tree = { 0 };
	struct error err = { 0 };

	if (spec_tree_parse("tree.json", (const char *)data, size, &arena, &tree, &err) == 0) {
		check(tree.children.count >= 2 && tree.children.count <= PLAN_CHILDREN_MAX);
		for (uint64_t i = 0; i < tree.children.count; i++)
			check_child(&tree, i);
	} else {
		check(err.text[0] != '\0');
	}
	arena_free(&arena);
	return 0;
}
