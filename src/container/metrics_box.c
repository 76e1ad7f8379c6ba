/* Measuring one container. What cannot be measured is left out, as is what is not there. */
#include "container/metrics_box.h"

#include "supervise/tree.h"

#include <errno.h>
#include <string.h>

/* The last word of an init that is gone is true no more. */
static void
correct_state(const struct metrics_box *box, struct journal_child *child)
{
	if (!box->up && child->state != TREE_DONE)
		child->state = TREE_DOWN;
}

static int
read_children(const struct look *look, struct metrics_box *box, uint8_t *is_worker)
{
	for (uint32_t i = 0; i < box->child_count; i++) {
		struct journal_child *child = &box->children[i];

		(void)journal_child(&look->journal, i, child); /* torn: as it is */
		correct_state(box, child);
		is_worker[i] = look->plan->tree.children.items[i].kind == PLAN_WORKER;
		box->names[i] = arena_strdup(&box->arena, look->plan->tree.children.items[i].id);
		if (!box->names[i])
			return -1;
	}
	return 0;
}

/* Those that can be read. */
static int
read_denials(const struct look *look, struct metrics_box *box)
{
	box->denials = arena_array(&box->arena, JOURNAL_DENIALS, sizeof(*box->denials));
	for (uint32_t i = 0; box->denials && i < JOURNAL_DENIALS; i++) {
		struct journal_denial *denial = &box->denials[box->denial_count];
		enum journal_got got = journal_denial(&look->journal, i, denial);

		if (got == JOURNAL_NOT_YET)
			break;
		box->denial_count += got == JOURNAL_GOT;
	}
	return box->denials ? 0 : -1;
}

static int
read_journal(const struct look *look, struct metrics_box *box)
{
	uint8_t *is_worker;

	if (!look->journal.head)
		return 0;
	journal_read_head(&look->journal, &box->head);
	box->child_count = look->journal.children;
	box->children = arena_array(&box->arena, box->child_count, sizeof(*box->children));
	box->names = arena_array(&box->arena, box->child_count, sizeof(*box->names));
	is_worker = arena_alloc(&box->arena, box->child_count);
	if (!box->children || !box->names || !is_worker ||
	    read_children(look, box, is_worker) < 0 || read_denials(look, box) < 0)
		return -1;
	box->is_worker = is_worker;
	box->has_journal = 1;
	return 0;
}

static int
read_sockets(const struct look *look, struct metrics_box *box)
{
	struct error unknown;

	box->listening = arena_array(&box->arena, SOCKETS_MAX, sizeof(*box->listening));
	if (!box->listening)
		return -1;
	if (look->plan->namespaces[PLAN_NS_NET].mode == PLAN_NS_HOST || !box->up)
		return 0;
	box->listening_count = sockets_listening(look->record.init, box->listening, &unknown);
	return 0;
}

int
metrics_box_open(
    const struct container_host *host, const char *id, struct metrics_box *box, struct error *err)
{
	struct look look = LOOK_NONE;
	int result = look_open(host, id, &look, err);

	*box = (struct metrics_box) { .up = look.init_alive };
	if (result == 0) {
		box->id = arena_strdup(&box->arena, id);
		if (!box->id || read_journal(&look, box) < 0 || read_sockets(&look, box) < 0)
			result = error_num(err, ENOMEM, "measure %s", id);
	}
	if (result == 0) {
		box->has_oom_kills = look_oom_kills(&look, &box->oom_kills) == 0;
		for (int of = 0; of < CGROUP_PRESSURE_OF; of++)
			cgroup_stats_pressure(
			    &look.cgroup, (enum cgroup_pressure_of)of, box->pressure[of]);
	}
	look_close(&look);
	return result;
}

void
metrics_box_close(struct metrics_box *box)
{
	arena_free(&box->arena);
}
