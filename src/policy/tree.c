/* The supervision tree of the plan (DESIGN 6). Pure. */
#include "policy/pass.h"

#include "base/arena.h"

#include <signal.h>

#define HANDLE_WITHIN_MS 10000
#define ZOMBIE_WITHIN_MS 60000

enum { ROOT, MAIN, PLAIN_CHILDREN };

/* A bundle that declares none: one worker, which is the container, exactly as under runc. */
int
pass_tree(struct compile *c, struct error *err)
{
	struct plan_tree *tree = &c->plan->tree;
	uint32_t mode = c->plan->supervision_mode;
	struct plan_child *children = arena_array(c->arena, PLAIN_CHILDREN, sizeof(*children));

	if (!children)
		return pass_no_memory(err);
	children[ROOT] = (struct plan_child) { .id = "root", .kind = PLAN_SUPERVISOR };
	children[MAIN] = (struct plan_child) {
		.id = "main", .kind = PLAN_WORKER, .parent = ROOT, .stop_signal = SIGTERM
	};
	*tree = (struct plan_tree) {
		.main = MAIN,
		.stop_signal = SIGTERM,
		.rules = { mode, mode, mode, mode, mode, HANDLE_WITHIN_MS, ZOMBIE_WITHIN_MS },
		.children = { children, PLAIN_CHILDREN },
	};
	return 0;
}
