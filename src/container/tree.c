/* tree: supervisors, workers and the processes below them, as text or JSON. */
#include "container/container.h"

#include "base/arena.h"
#include "container/json.h"
#include "container/look.h"
#include "container/moment.h"
#include "container/plain.h"
#include "container/tree_draw.h"
#include "container/tree_look.h"
#include "plan/words.h"
#include "supervise/tree.h"

#include <errno.h>

struct drawing {
	struct arena *arena;
	struct tree_row *rows;
	size_t count;
};

/* --------------------------------------------------------------------------------- text */

static struct tree_row *
add_row(struct drawing *drawing, uint32_t depth, const char *name, const char *state)
{
	struct tree_row *row = &drawing->rows[drawing->count++];

	row->depth = depth;
	row->cells[TREE_COLUMN_NAME] = name ? plain_name(drawing->arena, name) : NULL;
	row->cells[TREE_COLUMN_STATE] = state;
	return row;
}

/* Processes first to end - 1, the first of them at depth. */
static void
add_processes(
    struct drawing *drawing, const struct tree_look *tree, size_t first, size_t end, uint32_t depth)
{
	for (size_t i = first; i < end; i++) {
		const struct relative *relative = &tree->family.items[i];
		struct tree_row *row =
		    add_row(drawing, depth + relative->depth - tree->family.items[first].depth,
			relative->comm, family_state_word(relative));

		row->cells[TREE_COLUMN_PID] =
		    arena_printf(drawing->arena, "%d", (int)relative->pid);
	}
}

/* "exit status 1, 5 s ago; restart in 2 s" */
static const char *
notes_of(struct arena *arena, const struct look *look, const struct tree_child *child)
{
	const struct journal_child *entry = &child->entry;
	char status[MOMENT_MAX], ago[MOMENT_MAX], due[MOMENT_MAX];
	const char *last = "", *next = "";

	if (entry->exits)
		last = arena_printf(arena, "%s, %s ago", moment_status(entry->last_status, status),
		    moment_span(look->now_ns - entry->exited_wall_ns, ago));
	if (entry->due_wall_ns && look->init_alive)
		next = arena_printf(arena, "%s%s in %s", *last ? "; " : "",
		    entry->state == TREE_STOPPING ? "killed" : "restart",
		    moment_span(entry->due_wall_ns - look->now_ns, due));
	return last && next ? arena_printf(arena, "%s%s", last, next) : NULL;
}

static void
add_supervisor(struct drawing *drawing, const struct tree_child *child)
{
	const struct plan_child *plan = child->plan;
	const char *strategy = plan_word(FIELD_AS_STRATEGY, plan->strategy);
	char period[MOMENT_MAX];
	struct tree_row *row = add_row(drawing, child->depth,
	    arena_printf(drawing->arena, "%s (%s)", plan->id, strategy ? strategy : "?"),
	    child->state);

	if (plan->period_ms) /* one that a bundle declares; else there is nothing to restart */
		row->cells[TREE_COLUMN_RESTARTS] =
		    arena_printf(drawing->arena, "%u of %u in %s", child->restarts, plan->intensity,
			moment_span((int64_t)plan->period_ms * 1000000, period));
}

static void
add_worker(struct drawing *drawing, const struct tree_look *tree, const struct tree_child *child)
{
	const struct look *look = tree->look;
	const struct journal_child *entry = &child->entry;
	struct tree_row *row = add_row(drawing, child->depth, child->plan->id, child->state);
	char up[MOMENT_MAX];

	if (!child->known)
		return;
	row->cells[TREE_COLUMN_RESTARTS] = arena_printf(drawing->arena, "%u", child->restarts);
	row->cells[TREE_COLUMN_NOTES] = notes_of(drawing->arena, look, child);
	if (entry->pid <= 0 || !look->init_alive)
		return;
	row->cells[TREE_COLUMN_UP] = arena_printf(
	    drawing->arena, "%s", moment_span(look->now_ns - entry->started_wall_ns, up));
	if (child->end > child->first)
		row->cells[TREE_COLUMN_PID] =
		    arena_printf(drawing->arena, "%d", (int)tree->family.items[child->first].pid);
	add_processes(drawing, tree, child->first, child->end, child->depth + 1);
}

/* Those below init that are no worker's: orphans, about to be dealt with; and with nothing known of
 * workers, all. */
static void
add_others(struct drawing *drawing, const struct tree_look *tree)
{
	int any = 0;

	for (size_t i = tree->inits; i < tree->execs;) {
		size_t end = family_end(&tree->family, i);

		if (!tree->taken[i]) {
			if (!any++)
				(void)add_row(drawing, 0, "(no worker's)", NULL);
			add_processes(drawing, tree, i, end, 1);
		}
		i = end;
	}
	for (size_t i = tree->execs, first = 1; i < tree->family.count; first = 0) {
		size_t end = family_end(&tree->family, i);

		if (first)
			(void)add_row(drawing, 0, "(exec)", NULL);
		add_processes(drawing, tree, i, end, 1);
		i = end;
	}
}

/* Without supervision the program stands in init's place, and there is no tree to show. */
static int
is_supervised(const struct look *look)
{
	return look->has_journal != LOOK_JOURNAL_OFF;
}

static void
add_children(struct drawing *drawing, const struct tree_look *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct tree_child *child = &tree->children[i];

		if (child->plan->kind == PLAN_SUPERVISOR)
			add_supervisor(drawing, child);
		else
			add_worker(drawing, tree, child);
	}
}

static void
print_head(const struct tree_look *tree, FILE *out)
{
	const struct look *look = tree->look;

	(void)fprintf(out, "%s: %s", look->id, state_word(look->status));
	if (look->init_alive)
		(void)fprintf(out, ", %s is process %d",
		    is_supervised(look) ? "its init" : "its program", (int)look->record.init);
	(void)fputc('\n', out);
	if (*look_no_journal(look))
		(void)fprintf(out, "(%s)\n", look_no_journal(look));
	if (tree->family.is_cut)
		(void)fprintf(out, "(only its first %d processes are shown)\n", FAMILY_MAX);
	(void)fputc('\n', out);
}

static int
print_text(const struct tree_look *tree, struct arena *arena, FILE *out, struct error *err)
{
	struct drawing drawing = { .arena = arena };

	drawing.rows =
	    arena_array(arena, tree->count + tree->family.count + 2, sizeof(*drawing.rows));
	if (!drawing.rows)
		return error_num(err, ENOMEM, "draw the tree");
	if (is_supervised(tree->look))
		add_children(&drawing, tree);
	else if (tree->inits)
		add_processes(&drawing, tree, 0, tree->execs, 0);
	if (is_supervised(tree->look) || tree->execs < tree->family.count)
		add_others(&drawing, tree);
	print_head(tree, out);
	if (drawing.count)
		tree_draw(drawing.rows, drawing.count, arena, out);
	return 0;
}

/* --------------------------------------------------------------------------------- JSON */

static void
json_processes(struct json *json, const struct family *family, size_t first, size_t end)
{
	for (size_t i = first; i < end;) {
		const struct relative *relative = &family->items[i];
		size_t next = family_end(family, i);

		json_open(json, NULL, '{');
		json_signed(json, "pid", relative->pid);
		json_signed(json, "inside", relative->inside);
		json_text(json, "comm", relative->comm);
		json_text(json, "state", family_state_word(relative));
		json_number(json, "threads", relative->threads);
		json_open(json, "children", '[');
		json_processes(json, family, i + 1, next);
		json_close(json, ']');
		json_close(json, '}');
		i = next;
	}
}

static void
json_time_if(struct json *json, const char *key, int64_t wall_ns)
{
	char text[MOMENT_MAX];

	if (wall_ns > 0)
		json_text(json, key, moment_time(wall_ns, text));
}

static void
json_worker(struct json *json, const struct tree_look *tree, const struct tree_child *child)
{
	const struct journal_child *entry = &child->entry;
	char text[MOMENT_MAX];

	json_text(json, "kind", "worker");
	json_text(json, "state", child->state);
	json_text_if(json, "restart", plan_word(FIELD_AS_RESTART, child->plan->restart));
	if (child->known) {
		if (child->end > child->first)
			json_signed(json, "pid", tree->family.items[child->first].pid);
		if (entry->pid > 0 && tree->look->init_alive)
			json_signed(json, "inside", entry->pid);
		json_number(json, "starts", entry->starts);
		json_number(json, "restarts", child->restarts);
		json_number(json, "exits", entry->exits);
		json_time_if(json, "started", entry->started_wall_ns);
		json_time_if(json, "exited", entry->exited_wall_ns);
		if (entry->exits)
			json_text(json, "last", moment_status(entry->last_status, text));
		json_time_if(json, "due", entry->due_wall_ns);
	}
	json_open(json, "processes", '[');
	json_processes(json, &tree->family, child->first, child->end);
	json_close(json, ']');
}

static void json_children(struct json *json, const struct tree_look *tree, size_t parent);

static void
json_supervisor(struct json *json, const struct tree_look *tree, size_t at)
{
	const struct tree_child *child = &tree->children[at];

	json_text(json, "kind", "supervisor");
	json_text(json, "state", child->state);
	json_text_if(json, "strategy", plan_word(FIELD_AS_STRATEGY, child->plan->strategy));
	json_number(json, "intensity", child->plan->intensity);
	json_number(json, "period_ms", child->plan->period_ms);
	if (child->known)
		json_number(json, "restarts", child->restarts);
	json_open(json, "children", '[');
	json_children(json, tree, at);
	json_close(json, ']');
}

static void
json_child(struct json *json, const struct tree_look *tree, const char *key, size_t at)
{
	json_open(json, key, '{');
	json_text(json, "id", tree->children[at].plan->id);
	if (tree->children[at].plan->kind == PLAN_SUPERVISOR)
		json_supervisor(json, tree, at);
	else
		json_worker(json, tree, &tree->children[at]);
	json_close(json, '}');
}

static void
json_children(struct json *json, const struct tree_look *tree, size_t parent)
{
	for (size_t i = parent + 1; i < tree->count; i++)
		if (tree->children[i].plan->parent == parent)
			json_child(json, tree, NULL, i);
}

static void
json_others(struct json *json, const struct tree_look *tree)
{
	json_open(json, "others", '[');
	for (size_t i = tree->inits; i < tree->execs; i = family_end(&tree->family, i))
		if (!tree->taken[i])
			json_processes(json, &tree->family, i, family_end(&tree->family, i));
	json_close(json, ']');
	json_open(json, "exec", '[');
	json_processes(json, &tree->family, tree->execs, tree->family.count);
	json_close(json, ']');
}

static void
print_json(const struct tree_look *tree, FILE *out)
{
	const struct look *look = tree->look;
	struct json json = { .out = out, .style = JSON_PRETTY };

	json_open(&json, NULL, '{');
	json_text(&json, "id", look->id);
	json_text(&json, "status", state_word(look->status));
	json_signed(&json, "pid", look->init_alive ? look->record.init : 0);
	if (*look_no_journal(look))
		json_text(&json, "no_journal", look_no_journal(look));
	json_number_if(&json, "cut_at", tree->family.is_cut ? FAMILY_MAX : 0);
	if (is_supervised(look)) {
		json_child(&json, tree, "tree", 0);
		json_others(&json, tree);
	} else {
		json_open(&json, "processes", '[');
		json_processes(&json, &tree->family, 0, tree->family.count);
		json_close(&json, ']');
	}
	json_close(&json, '}');
	json_end(&json);
}

int
container_tree(const struct container_host *host, const char *id, enum container_show format,
    FILE *out, struct error *err)
{
	struct arena arena = { .blocks = NULL };
	struct look look = LOOK_NONE;
	struct tree_look tree = { .look = NULL };
	int result = look_open(host, id, &look, err);

	if (result == 0)
		result = tree_look_open(&look, &arena, &tree, err);
	if (result == 0 && format == SHOW_JSON)
		print_json(&tree, out);
	else if (result == 0)
		result = print_text(&tree, &arena, out, err);
	tree_look_close(&tree);
	look_close(&look);
	arena_free(&arena);
	return result;
}
