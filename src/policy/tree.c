/* The supervision tree of the plan (DESIGN 6): the declared one, within the host's bounds, or the
 * plain one of one worker. Pure. */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/words.h"
#include "policy/annotations.h"
#include "policy/tree_forms.h"
#include "spec/tree.h"
#include "spec/tree_words.h"
#include "spec/words.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#define STOP_SIGNAL "dev.osless.stop-signal"
#define SIGNALS "dev.osless.signals"
#define IMAGE_STOP_SIGNAL "org.opencontainers.image.stopSignal" /* podman's; OCI image-spec */

enum { ROOT, MAIN, ONE_WORKER_CHILDREN };

/* ---- signals */

static int
refuse_value(
    struct compile *c, const char *key, const char *value, const char *why, struct error *err)
{
	return error_set(err, "annotations: %s: %s %s", key, words_quote(value, c->arena), why);
}

/* The image's is what somebody built long ago: where it cannot be read, TERM does. */
static int
take_image_signal(struct compile *c, uint32_t *signal, struct error *err)
{
	const char *value = policy_annotation(c->spec, IMAGE_STOP_SIGNAL);
	const char *why = value && *value ? tree_word_stop_signal(value, c->arena, signal) : NULL;
	struct report_entry entry = {
		.kind = REPORT_WARNING,
		.what = "annotations[" IMAGE_STOP_SIGNAL "]",
		.from = value,
		.to = "TERM",
		.why = why,
	};

	return why ? pass_note(c, &entry, err) : 0;
}

static int
choose_signals(struct compile *c, struct error *err)
{
	struct plan_tree *tree = &c->plan->tree;
	const char *own = policy_annotation(c->spec, STOP_SIGNAL);
	const char *whom = policy_annotation(c->spec, SIGNALS);
	const char *why = own ? tree_word_stop_signal(own, c->arena, &tree->stop_signal) : NULL;

	if (why)
		return refuse_value(c, STOP_SIGNAL, own, why, err);
	why = whom ? tree_word_signals(whom, c->arena, &tree->signals) : NULL;
	if (why)
		return refuse_value(c, SIGNALS, whom, why, err);
	return own ? 0 : take_image_signal(c, &tree->stop_signal, err);
}

/* ---- rules */

static uint32_t
laxer(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void
set_rules(struct compile *c)
{
	const struct plan_rules *from = &c->policy.rules;
	uint32_t mode = c->plan->supervision_mode;

	c->plan->tree.rules = (struct plan_rules) {
		.restarts = laxer(mode, from->restarts),
		.orphans = laxer(mode, from->orphans),
		.unwaited = laxer(mode, from->unwaited),
		.zombies = laxer(mode, from->zombies),
		.stopped = laxer(mode, from->stopped),
		.handle_within_ms = from->handle_within_ms,
		.zombie_within_ms = from->zombie_within_ms,
	};
}

/* ---- one worker, the bundle's own program */

static int
add_one_worker(struct compile *c, const struct plan_child *supervisor,
    const struct plan_child *worker, struct error *err)
{
	struct plan_tree *tree = &c->plan->tree;
	struct plan_child *children = arena_array(c->arena, ONE_WORKER_CHILDREN, sizeof(*children));

	if (!children)
		return pass_no_memory(err);
	children[ROOT] = *supervisor;
	children[ROOT].id = "root";
	children[ROOT].kind = PLAN_SUPERVISOR;
	children[MAIN] = *worker;
	children[MAIN].id = "main";
	children[MAIN].kind = PLAN_WORKER;
	children[MAIN].parent = ROOT;
	children[MAIN].stop_signal = tree->stop_signal;
	tree->main = MAIN;
	tree->children.items = children;
	tree->children.count = ONE_WORKER_CHILDREN;
	return 0;
}

/* A bundle that declares no tree: one worker, which is the container, exactly as under runc. */
static int
add_plain(struct compile *c, struct error *err)
{
	static const struct plan_child nothing;

	return add_one_worker(c, &nothing, &nothing, err);
}

/* ---- the host's bounds */

/* where names the supervisor, and what its intensity and period are called. */
static int
check_bounds(
    struct compile *c, const char *where, const struct plan_child *child, struct error *err)
{
	const struct policy_bounds *bounds = &c->policy.bounds;

	if (child->kind != PLAN_SUPERVISOR || child->intensity == 0)
		return 0;
	if (child->intensity > bounds->intensity)
		return error_set(err,
		    "%sintensity: %" PRIu32 " is above this host's bound of %" PRIu32
		    ": lower it, or raise tree.intensity in %s",
		    where, child->intensity, bounds->intensity, pass_policy_name(c));
	if (child->period_ms < bounds->period_ms)
		return error_set(err,
		    "%speriod: %s is below this host's bound of %s: raise it, or lower tree.period "
		    "in %s",
		    where, tree_words_ms(child->period_ms, c->arena),
		    tree_words_ms(bounds->period_ms, c->arena), pass_policy_name(c));
	return 0;
}

static int
check_count(struct compile *c, const struct spec_tree *from, struct error *err)
{
	uint64_t count = from->children.count - 1; /* less the root */

	if (count <= c->policy.bounds.children)
		return 0;
	return error_set(err,
	    "%s: %" PRIu64 " children are above this host's bound of %" PRIu32
	    ": take some out, or raise tree.children in %s",
	    from->source, count, c->policy.bounds.children, pass_policy_name(c));
}

/* ---- a declared tree */

static int
copy_child(struct compile *c, const struct spec_tree *from, uint64_t index, struct error *err)
{
	const struct spec_child *child = &from->children.items[index];
	struct plan_child *to = &c->plan->tree.children.items[index];
	const char *where =
	    arena_printf(c->arena, "%s: %s%s", from->source, child->path, *child->path ? "." : "");

	if (!where)
		return pass_no_memory(err);
	*to = child->plan;
	if (check_bounds(c, where, to, err) < 0)
		return -1;
	return to->env.count ? pass_worker_environment(c, &child->plan, to, err) : 0;
}

/* The worker called "main", else the first. */
static uint32_t
find_main(const struct plan_tree *tree)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < tree->children.count; i++) {
		const struct plan_child *child = &tree->children.items[i];

		if (child->kind != PLAN_WORKER)
			continue;
		if (strcmp(child->id, "main") == 0)
			return i;
		first = first ? first : i;
	}
	return first;
}

/* Whether a worker runs config.json's program. */
static int
runs_own_program(const struct plan_tree *tree)
{
	for (uint64_t i = 0; i < tree->children.count; i++) {
		const struct plan_child *child = &tree->children.items[i];

		if (child->kind == PLAN_WORKER && child->args.count == 0)
			return 1;
	}
	return 0;
}

static int
note_own_program(struct compile *c, struct error *err)
{
	const struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = "process.args",
		.from = c->plan->process.args.items[0],
		.why = "the tree has no worker called main without args, which would run it",
	};

	return runs_own_program(&c->plan->tree) ? 0 : pass_note(c, &entry, err);
}

static int
note_file(struct compile *c, const char *why, struct error *err)
{
	const struct report_entry entry = {
		.kind = REPORT_WARNING, .what = SPEC_TREE_FILE, .why = why
	};

	return pass_note(c, &entry, err);
}

static int
add_declared(struct compile *c, const struct spec_tree *from, struct error *err)
{
	struct plan_tree *tree = &c->plan->tree;

	if (check_count(c, from, err) < 0)
		return -1;
	tree->children.items =
	    arena_array(c->arena, from->children.count, sizeof(*tree->children.items));
	if (!tree->children.items)
		return pass_no_memory(err);
	tree->children.count = from->children.count;
	for (uint64_t i = 0; i < from->children.count; i++) {
		if (copy_child(c, from, i, err) < 0)
			return -1;
	}
	tree->main = find_main(tree);
	if (c->spec->tree_file_ignored &&
	    note_file(c, "the annotation " SPEC_TREE_ANNOTATION " declares the tree", err) < 0)
		return -1;
	return note_own_program(c, err);
}

/* ---- which of them */

static int
note_declared(struct compile *c, const char *source, struct error *err)
{
	const struct plan_tree *tree = &c->plan->tree;
	uint64_t workers = 0;
	struct report_entry entry = { .kind = REPORT_KEPT, .what = source };

	for (uint64_t i = 0; i < tree->children.count; i++)
		workers += tree->children.items[i].kind == PLAN_WORKER;
	entry.to = arena_printf(c->arena, "%" PRIu64 " worker%s, %" PRIu64 " supervisor%s", workers,
	    workers == 1 ? "" : "s", tree->children.count - workers,
	    tree->children.count - workers == 1 ? "" : "s");
	entry.why = "its workers are restarted as declared; engines see one container";
	if (tree->rules.restarts != PLAN_MODE_ENFORCE)
		entry.why = arena_printf(c->arena, "workers are not restarted: rule restarts is %s",
		    plan_word(FIELD_AS_MODE, tree->rules.restarts));
	return entry.to && entry.why ? pass_note(c, &entry, err) : pass_no_memory(err);
}

/* The annotation that declares something of a tree; NULL: none does. */
static const char *
declaring_key(struct compile *c, const struct tree_forms *forms)
{
	if (policy_annotation(c->spec, SPEC_TREE_ANNOTATION))
		return SPEC_TREE_ANNOTATION;
	if (forms->key)
		return forms->key;
	return policy_annotation(c->spec, STOP_SIGNAL) ? STOP_SIGNAL : NULL;
}

/* Engines hand a pod's annotations to all its containers, the one that only holds its namespaces
 * included. */
static int
is_sandbox(const struct spec *spec)
{
	static const char *const keys[] = {
		"io.kubernetes.cri.container-type", /* containerd */
		"io.kubernetes.cri-o.ContainerType",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = policy_annotation(spec, keys[i]);

		if (value && strcmp(value, "sandbox") == 0)
			return 1;
	}
	return 0;
}

static int
add_sandbox(struct compile *c, const struct tree_forms *forms, struct error *err)
{
	const char *key = declaring_key(c, forms);
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.why = "this is a pod's sandbox: the tree is for the pod's containers",
	};

	if (key) {
		entry.what = arena_printf(c->arena, "annotations[%s]", key);
		if (!entry.what)
			return pass_no_memory(err);
		if (pass_note(c, &entry, err) < 0)
			return -1;
	}
	return add_plain(c, err);
}

/* Supervision is off: one program, and nobody to restart it. What the bundle's own file says is
 * ignored, what an annotation says is refused, as for all that cannot be had. */
static int
add_unsupervised(struct compile *c, const struct tree_forms *forms, struct error *err)
{
	const char *key = declaring_key(c, forms);

	if (key)
		return error_set(err,
		    "annotations: %s: supervision is off, and nothing would act on it: leave it "
		    "out, or let supervision be enforce or audit",
		    key);
	if (c->spec->tree &&
	    note_file(c, "supervision is off: config.json's program runs alone", err) < 0)
		return -1;
	return add_plain(c, err);
}

static int
add_from_forms(struct compile *c, const struct tree_forms *forms, struct error *err)
{
	const struct plan_tree *tree = &c->plan->tree;

	if (add_one_worker(c, &forms->supervisor, &forms->worker, err) < 0)
		return -1;
	if (check_bounds(c, "annotations: dev.osless.", &tree->children.items[ROOT], err) < 0)
		return -1;
	c->plan->tree.declared = 1;
	return note_declared(c, "annotations[dev.osless.restart]", err);
}

static int
add_from_document(struct compile *c, const struct tree_forms *forms, struct error *err)
{
	if (forms->key)
		return error_set(err,
		    "annotations: %s: %s already declares a tree: say it there, or leave one of "
		    "them out",
		    forms->key, c->spec->tree->source);
	if (add_declared(c, c->spec->tree, err) < 0)
		return -1;
	c->plan->tree.declared = 1;
	return note_declared(c, c->spec->tree->source, err);
}

int
pass_tree(struct compile *c, struct error *err)
{
	struct tree_forms forms;
	const char *key;

	c->plan->tree = (struct plan_tree) { .stop_signal = SIGTERM };
	set_rules(c);
	if (choose_signals(c, err) < 0 || tree_forms_read(c, &forms, err) < 0)
		return -1;
	if (is_sandbox(c->spec))
		return add_sandbox(c, &forms, err);
	if (c->plan->supervision_mode == PLAN_MODE_OFF)
		return add_unsupervised(c, &forms, err);
	if (c->spec->tree)
		return add_from_document(c, &forms, err);
	if (forms.restart)
		return add_from_forms(c, &forms, err);
	key = declaring_key(c, &forms);
	if (key)
		return error_set(err,
		    "annotations: %s: there is no tree that it could be about: add "
		    "dev.osless.restart with permanent, transient or temporary",
		    key);
	return add_plain(c, err);
}
