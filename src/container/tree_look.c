/* Bringing together plan, journal and /proc. */
#include "container/tree_look.h"

#include "base/arena.h"
#include "base/auto.h"
#include "supervise/tree.h"

#include <errno.h>
#include <string.h>

/* --------------------------------------------------------------------- plan and journal */

/* What was the last word of an init that is gone is true no more. */
static const char *
state_of(const struct look *look, const struct tree_child *child)
{
	uint32_t state = child->entry.state;

	if (!child->known)
		return "unknown";
	if (!look->init_alive && (state == TREE_UP || state == TREE_STOPPING ||
				     state == TREE_DELAYED || state == TREE_FAILED))
		return "gone";
	return journal_state_word(state);
}

/* init counts when something happens: what has left the window since, is left out here. */
static uint32_t
restarts_of(const struct look *look, const struct tree_child *child)
{
	const struct journal_child *entry = &child->entry;
	int64_t age_ms = (look->now_ns - entry->updated_wall_ns) / 1000000;

	if (child->plan->kind == PLAN_WORKER)
		return entry->starts ? entry->starts - 1 : 0;
	return age_ms > (int64_t)child->plan->period_ms ? 0 : entry->restarts;
}

static void
read_children(struct tree_look *tree)
{
	const struct look *look = tree->look;

	for (size_t i = 0; i < tree->count; i++) {
		struct tree_child *child = &tree->children[i];

		child->plan = &look->plan->tree.children.items[i];
		if (i > 0)
			child->depth = tree->children[child->plan->parent].depth + 1;
		if (look->has_journal == LOOK_JOURNAL_THERE)
			child->known = journal_child(&look->journal, (uint32_t)i, &child->entry) ==
				       JOURNAL_GOT;
		child->state = state_of(look, child);
		child->restarts = child->known ? restarts_of(look, child) : 0;
	}
}

/* -------------------------------------------------------------------------- /proc */

/* In a PID namespace that is not the container's own a guard stands above init. */
static int
has_guard(const struct plan *plan)
{
	return plan->namespaces[PLAN_NS_PID].mode != PLAN_NS_NEW &&
	       plan->supervision_mode != PLAN_MODE_OFF;
}

static int
compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static int
is_in(const pid_t *pids, size_t count, pid_t pid)
{
	return bsearch(&pid, pids, count, sizeof(*pids), compare_pids) != NULL;
}

static int
is_known(const struct family *family, pid_t pid)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->items[i].pid == pid)
			return 1;
	return 0;
}

/* Members of the cgroup that are not below init, and whose parent is no member. */
static int
add_execs(struct tree_look *tree, uint32_t level, struct error *err)
{
	const struct look *look = tree->look;
	AUTO_FREE pid_t *pids = NULL;
	struct error gone;
	size_t count = 0;

	if (look->cgroup.count == 0 || cgroup_pids(&look->cgroup, &pids, &count, &gone) < 0)
		return 0; /* its cgroup has just been removed */
	if (count)
		qsort(pids, count, sizeof(*pids), compare_pids);
	for (size_t i = 0; i < count; i++) {
		size_t before = tree->family.count;

		if (is_known(&tree->family, pids[i]))
			continue;
		if (family_read(pids[i], level, &tree->family) < 0)
			return error_sys(err, "read the processes");
		if (tree->family.count > before &&
		    is_in(pids, count, tree->family.items[before].parent))
			tree->family.count = before; /* its parent brings it along, or is new */
	}
	return 0;
}

static int
read_processes(struct tree_look *tree, struct error *err)
{
	const struct look *look = tree->look;
	uint32_t level;

	if (!look->init_alive)
		return 0;
	level = family_level(look->record.init);
	if (family_read(look->record.init, level, &tree->family) < 0)
		return error_sys(err, "read the processes");
	tree->execs = tree->family.count;
	tree->inits = tree->family.count > 0;
	if (tree->inits && has_guard(look->plan) && tree->family.count > 1)
		tree->inits = 2;
	return add_execs(tree, level, err);
}

static void
give_to_workers(struct tree_look *tree)
{
	memset(tree->taken, 1, tree->inits);
	for (size_t i = 0; i < tree->count; i++) {
		struct tree_child *child = &tree->children[i];

		if (!child->known || child->entry.pid <= 0 || child->plan->kind != PLAN_WORKER)
			continue;
		child->first = family_find_inside(&tree->family, tree->inits, child->entry.pid);
		if (child->first >= tree->execs) {
			child->first = 0; /* it has just ended */
			continue;
		}
		child->end = family_end(&tree->family, child->first);
		memset(tree->taken + child->first, 1, child->end - child->first);
	}
}

int
tree_look_open(
    const struct look *look, struct arena *arena, struct tree_look *tree, struct error *err)
{
	size_t count = look->plan->tree.children.count;

	*tree = (struct tree_look) { .look = look, .count = count };
	tree->children = arena_array(arena, count, sizeof(*tree->children));
	if (!tree->children)
		return error_num(err, ENOMEM, "read the tree");
	read_children(tree);
	if (read_processes(tree, err) < 0)
		return -1;
	tree->taken = arena_alloc(arena, tree->family.count + 1);
	if (!tree->taken)
		return error_num(err, ENOMEM, "read the tree");
	give_to_workers(tree);
	return 0;
}

void
tree_look_close(struct tree_look *tree)
{
	family_free(&tree->family);
}
