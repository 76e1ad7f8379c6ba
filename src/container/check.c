/* check: policy's report, then what the command line reaches, then the owners, then the trial; the
 * verdict last, when all findings are in. */
#include "container/check_print.h"

#include "base/auto.h"
#include "base/error.h"
#include "check/owners.h"
#include "container/check_trial.h"
#include "container/compile.h"

#include <fcntl.h>
#include <string.h>

#define CHECK_ID "ID" /* nothing is made that could bear another */

struct check {
	const struct container_check_options *options;
	struct compiled *compiled;
	struct check_rules rules;
	struct findings findings;
	struct places places;
	struct reach reach;
	struct reach_entry *entries;
	size_t entry_count;
};

static int
no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "check");
}

static int
compile(const struct container_host *host, struct check *check, struct error *err)
{
	const char *path = check->options->bundle ? check->options->bundle : ".";
	const struct container_options options = { .bundle = path };

	if (compile_is_bundle(path))
		return compile_bundle(
		    host, CHECK_ID, &options, COMPILE_UNCACHED, check->compiled, err);
	return compile_rootfs(host, CHECK_ID, path, check->compiled, err);
}

static void
set_rules(struct check *check)
{
	const struct plan *plan = &check->compiled->plan;
	int minimal = check->options->tier == CHECK_TIER_MINIMAL ||
		      (check->options->tier == CHECK_TIER_POLICY && plan->tier == PROFILE_MINIMAL);

	check->rules = (struct check_rules) {
		.tier = minimal ? PROFILE_MINIMAL : PROFILE_GVISOR,
		.uid = plan->process.uid,
		.gid = plan->process.gid,
		.calls_enforced = plan->syscalls_mode == PLAN_MODE_ENFORCE,
		.identity_enforced = plan->identity_mode == PLAN_MODE_ENFORCE,
		.supervision_enforced = plan->supervision_mode == PLAN_MODE_ENFORCE,
	};
}

/* ---- policy's report */

static int
is_terminal(const struct report_entry *entry)
{
	return entry->kind == REPORT_STRIPPED && strcmp(entry->what, "process.terminal") == 0;
}

static int
add_report(struct check *check, struct error *err)
{
	const struct report *report = &check->compiled->report;

	for (uint64_t i = 0; i < report->entries.count; i++) {
		const struct report_entry *entry = &report->entries.items[i];
		const struct finding finding = {
			.kind = FINDING_POLICY,
			.severity = is_terminal(entry) ? FINDING_REFUSED : FINDING_NOTE,
			.path = entry->what,
			.what = entry->to ? entry->to : report_kind_word(entry->kind),
			.reason = entry->why,
			.cure = is_terminal(entry)
				    ? "set process.terminal to false (run without -t)"
				    : NULL,
		};

		if (findings_add(&check->findings, &finding) < 0)
			return no_memory(err);
	}
	return 0;
}

/* ---- command lines: those given, or every worker's */

static void
add_entry(
    struct check *check, const char *const *args, size_t count, const struct plan_child *child)
{
	const struct plan_process *process = &check->compiled->plan.process;
	int own_env = child->env.count > 0;

	check->entries[check->entry_count++] = (struct reach_entry) {
		.args = { args, count },
		.env = own_env ? child->env.items : process->env.items,
		.env_count = own_env ? child->env.count : process->env.count,
		.cwd = child->cwd ? child->cwd : process->cwd,
	};
}

static int
set_entries(struct check *check, struct error *err)
{
	const struct plan *plan = &check->compiled->plan;
	const struct container_words *given = &check->options->args;
	const struct plan_child nobody = { .kind = PLAN_WORKER };

	check->entries = arena_array(
	    &check->compiled->arena, plan->tree.children.count + 1, sizeof(*check->entries));
	if (!check->entries)
		return no_memory(err);
	if (given->count > 0) {
		add_entry(check, given->items, given->count, &nobody);
		return 0;
	}
	for (uint64_t i = 0; i < plan->tree.children.count; i++) {
		const struct plan_child *child = &plan->tree.children.items[i];

		if (child->kind != PLAN_WORKER)
			continue;
		if (child->args.count > 0)
			add_entry(check, child->args.items, child->args.count, child);
		else
			add_entry(check, plan->process.args.items, plan->process.args.count, child);
	}
	return 0;
}

/* ---- */

static int
look(struct check *check, struct error *err)
{
	const struct judge judge = { &check->rules, &check->findings };

	if (reach_start(&check->reach, &check->places, &judge, &check->compiled->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < check->entry_count; i++)
		if (reach_add(&check->reach, &check->entries[i], err) < 0)
			return -1;
	if (reach_run(&check->reach, err) < 0 || owners_set_id(&check->places, &judge, err) < 0)
		return -1;
	return owners_data(&check->places, &check->reach, &check->compiled->plan.uid_map, err);
}

static void
answer(const struct check *check, FILE *out, int *status)
{
	const struct check_answer answer = {
		.findings = &check->findings,
		.reach = &check->reach,
		.rules = &check->rules,
		.args = check->entry_count ? check->entries[0].args : (struct follow_args) { 0 },
		.verdict = verdict_of(&check->findings),
		.trial_ms = check->options->trial_ms,
	};

	*status = verdict_exit_status(answer.verdict);
	if (check->options->format == SHOW_JSON)
		check_print_json(&answer, out);
	else
		check_print_text(&answer, out);
}

static int
run(const struct container_host *host, struct check *check, FILE *out, int *status,
    struct error *err)
{
	const struct plan *plan = &check->compiled->plan;
	AUTO_FD int root = -1;

	if (compile(host, check, err) < 0)
		return -1;
	root = open(plan->rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_sys(err, "root file system %s", plan->rootfs);
	set_rules(check);
	check->findings.arena = &check->compiled->arena;
	check->places.root = root;
	if (places_start(&check->places, plan->mounts.items, plan->mounts.count,
		&check->compiled->arena) < 0)
		return no_memory(err);
	if (set_entries(check, err) < 0 || add_report(check, err) < 0 || look(check, err) < 0)
		return -1;
	if (check->options->trial_ms &&
	    check_trial(host, check->options, &check->rules, &check->findings, err) < 0)
		return error_in(err, "trial");
	answer(check, out, status);
	return 0;
}

int
container_check(const struct container_host *host, const struct container_check_options *options,
    FILE *out, int *status, struct error *err)
{
	struct compiled compiled = { 0 };
	struct check check = { .options = options, .compiled = &compiled };
	int result = run(host, &check, out, status, err);

	compiled_free(&compiled);
	return result;
}
