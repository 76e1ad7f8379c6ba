/* The plan's tree: plain, from short forms, from a document; signals, rules, the host's bounds. */
#include "policy_help.h"

#include "spec/tree.h"
#include "tap.h"

#include <signal.h>

#define PREFIX "dev.osless."
#define PAIRS_MAX 4

/* Annotations of one test, ended by a NULL key. */
struct annotated {
	struct plan_pair pairs[PAIRS_MAX];
};

static void
annotate(struct bench *b, struct plan_pair pairs[PAIRS_MAX])
{
	b->spec.annotations.items = pairs;
	b->spec.annotations.count = 0;
	while (b->spec.annotations.count < PAIRS_MAX && pairs[b->spec.annotations.count].key)
		b->spec.annotations.count++;
}

/* The bench's spec declares this tree, ' for ", in its tree.json. */
static void
declare(struct bench *b, const char *document)
{
	char *text = arena_strdup(&b->arena, document);

	for (char *at = text; at && *at; at++)
		*at = *at == '\'' ? '"' : *at;
	b->spec.tree = arena_alloc(&b->arena, sizeof(*b->spec.tree));
	if (!text || !b->spec.tree ||
	    spec_tree_parse("T", text, strlen(text), &b->arena, b->spec.tree, &b->err) < 0)
		abort();
	b->spec.tree->source = "tree.json";
}

/* ---- plain */

static void
test_plain(void)
{
	const struct plan_child *worker;
	struct bench b;

	bench_start(&b);
	EQ_INT(bench_compile(&b), 0, "a plain bundle");
	EQ_INT(b.plan.tree.declared, 0, "declares nothing");
	EQ_INT(b.plan.tree.children.count, 2, "a supervisor and a worker");
	EQ_INT(b.plan.tree.main, 1, "which is the main one");
	worker = &b.plan.tree.children.items[1];
	EQ_STR(worker->id, "main", "its id");
	EQ_INT(worker->kind, PLAN_WORKER, "its kind");
	EQ_INT(worker->restart, PLAN_TEMPORARY, "is not restarted");
	EQ_INT(worker->args.count, 0, "config.json's program");
	EQ_INT(b.plan.tree.signals, PLAN_SIGNALS_MAIN, "signals");
	EQ_INT(b.plan.tree.stop_signal, SIGTERM, "stop signal");
	EQ_STR(bench_kind(&b, "process.args"), NULL, "nothing to report");
	bench_end(&b);
}

/* ---- short forms */

static void
test_forms(void)
{
	struct plan_pair pairs[8] = { { PREFIX "restart", "permanent" },
		{ PREFIX "intensity", "7" }, { PREFIX "period", "2m" },
		{ PREFIX "backoff", "0.1s..5s" }, { PREFIX "shutdown", "infinity" },
		{ PREFIX "stop-signal", "SIGQUIT" }, { PREFIX "signals", "all" } };
	const struct plan_child *child;
	struct bench b;

	bench_start(&b);
	b.spec.annotations.items = pairs;
	b.spec.annotations.count = 7;
	EQ_INT(bench_compile(&b), 0, "all short forms");
	EQ_STR(b.err.text, "", "without error");
	EQ_INT(b.plan.tree.declared, 1, "declare a tree");
	EQ_INT(b.plan.tree.signals, PLAN_SIGNALS_ALL, "signals");
	EQ_INT(b.plan.tree.stop_signal, SIGQUIT, "stop signal");
	child = &b.plan.tree.children.items[0];
	EQ_INT(child->intensity, 7, "intensity");
	EQ_INT(child->period_ms, 120000, "period");
	EQ_INT(child->backoff_first_ms, 100, "backoff's first");
	EQ_INT(child->backoff_max_ms, 5000, "and max");
	child = &b.plan.tree.children.items[1];
	EQ_INT(child->restart, PLAN_PERMANENT, "restart");
	EQ_INT(child->shutdown_ms, PLAN_SHUTDOWN_INFINITY, "shutdown");
	EQ_INT(child->stop_signal, SIGQUIT, "the worker's stop signal");
	EQ_STR(bench_entry(&b, "annotations[dev.osless.restart]")->to, "1 worker, 1 supervisor",
	    "is reported");
	bench_end(&b);
}

static void
test_form_defaults(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { PREFIX "restart", "transient" } };
	const struct plan_tree *tree;
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	EQ_INT(bench_compile(&b), 0, "restart alone");
	tree = &b.plan.tree;
	EQ_INT(tree->declared, 1, "declares a tree");
	EQ_INT(tree->children.items[0].intensity, 3, "intensity");
	EQ_INT(tree->children.items[0].period_ms, 30000, "period");
	EQ_INT(tree->children.items[0].backoff_max_ms, 0, "no backoff");
	EQ_INT(tree->children.items[1].restart, PLAN_TRANSIENT, "restart");
	EQ_INT(tree->children.items[1].shutdown_ms, 10000, "shutdown");
	EQ_INT(tree->children.items[1].stop_signal, SIGTERM, "stop signal");
	bench_end(&b);
}

/* ---- what annotations may not say */

static const char no_duration[] = " is no duration: write seconds, such as 5 or 0.25, or a number "
				  "with ms, s, m or h, such as 250ms";

static const struct refused {
	struct annotated with;
	const char *document; /* of tree.json; NULL: none */
	uint32_t supervision;
	const char *wanted;
	const char *wanted_end; /* NULL: none */
} refused[] = {
	{ { { { PREFIX "restart", "always" } } }, NULL, PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.restart: \"always\" is not known: use temporary, transient or "
	    "permanent",
	    NULL },
	{ { { { PREFIX "intensity", "3" } } }, NULL, PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.intensity: there is no tree that it could be about: add "
	    "dev.osless.restart with permanent, transient or temporary",
	    NULL },
	{ { { { PREFIX "stop-signal", "INT" } } }, NULL, PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.stop-signal: there is no tree that it could be about: add "
	    "dev.osless.restart with permanent, transient or temporary",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "intensity", "1001" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.intensity: \"1001\" is no intensity: use a number of restarts "
	    "from 0 to 1000",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "intensity", "" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.intensity: \"\" is no intensity: use a number of restarts "
	    "from "
	    "0 to 1000",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "intensity", "101" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.intensity: 101 is above this host's bound of 100: lower it, "
	    "or "
	    "raise tree.intensity in the host's policy file",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "period", "999ms" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.period: 999 ms is below this host's bound of 1 s: raise it, "
	    "or "
	    "lower tree.period in the host's policy file",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "period", "0" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.period: 0 would never count a restart: give the time within "
	    "which too many restarts are counted, or dev.osless.intensity 0",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "backoff", "5s" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.backoff: \"5s\" has no two ends: write first..max, such as "
	    "100ms..5s",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "backoff", "1s.." } } }, NULL,
	    PLAN_MODE_ENFORCE, "annotations: dev.osless.backoff: \"1s..\"", no_duration },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "backoff", "..1s" } } }, NULL,
	    PLAN_MODE_ENFORCE, "annotations: dev.osless.backoff: \"..1s\"", no_duration },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "backoff", "2..1" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.backoff: \"2..1\" has its first end above its second: write "
	    "first..max",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "shutdown", "soon" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.shutdown: \"soon\" is no shutdown: use kill, infinity or a "
	    "duration such as 10 or 2m",
	    NULL },
	{ { { { PREFIX "restart", "permanent" }, { PREFIX "stop-signal", "STOP" } } }, NULL,
	    PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.stop-signal: \"STOP\" would leave a process stopped, not "
	    "ended: "
	    "use TERM, say",
	    NULL },
	{ { { { PREFIX "signals", "some" } } }, NULL, PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.signals: \"some\" is not known: use main or all", NULL },
	{ { { { PREFIX "processes", "2" } } }, NULL, PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.processes: \"2\" is not possible: use 1, or leave it out",
	    NULL },
	{ { { { PREFIX "shutdown", "5" } } }, "{'children':[{'id':'main'}]}", PLAN_MODE_ENFORCE,
	    "annotations: dev.osless.shutdown: tree.json already declares a tree: say it there, or "
	    "leave one of them out",
	    NULL },
	/* supervision off */
	{ { { { PREFIX "restart", "permanent" } } }, NULL, PLAN_MODE_OFF,
	    "annotations: dev.osless.restart: supervision is off, and nothing would act on it: "
	    "leave it out, or let supervision be enforce or audit",
	    NULL },
	{ { { { PREFIX "tree", "{}" } } }, "{'children':[{'id':'main'}]}", PLAN_MODE_OFF,
	    "annotations: dev.osless.tree: supervision is off, and nothing would act on it: leave "
	    "it out, or let supervision be enforce or audit",
	    NULL },
	/* the host's bounds on documents */
	{ { { { NULL, NULL } } },
	    "{'children':[{'id':'s','supervisor':{'intensity':101,'children':[{'id':'main'}]}}]}",
	    PLAN_MODE_ENFORCE,
	    "tree.json: children[0].supervisor.intensity: 101 is above this host's bound of 100: "
	    "lower it, or raise tree.intensity in the host's policy file",
	    NULL },
	{ { { { NULL, NULL } } }, "{'period':'0.5','children':[{'id':'main'}]}", PLAN_MODE_ENFORCE,
	    "tree.json: period: 500 ms is below this host's bound of 1 s: raise it, or lower "
	    "tree.period in the host's policy file",
	    NULL },
};

static void
test_refused(const struct refused *row)
{
	struct annotated with = row->with;
	char wanted[512];
	struct bench b;

	bench_start(&b);
	b.policy.supervision_mode = row->supervision;
	annotate(&b, with.pairs);
	if (row->document)
		declare(&b, row->document);
	EQ_INT(bench_compile(&b), -1, row->wanted);
	(void)snprintf(wanted, sizeof(wanted), "%s%s", row->wanted,
	    row->wanted_end ? row->wanted_end : ""); /* fits */
	EQ_STR(b.err.text, wanted, "says why");
	bench_end(&b);
}

static void
test_bounds(void)
{
	struct bench b;

	bench_start(&b);
	declare(&b, "{'children':[{'id':'main'},{'id':'s','supervisor':{'children':["
		    "{'id':'a','args':['a']}]}}]}");
	b.policy.bounds.children = 2;
	b.policy.path = "/p.json";
	EQ_INT(bench_compile(&b), -1, "three children where two are allowed");
	EQ_STR(b.err.text,
	    "tree.json: 3 children are above this host's bound of 2: take some out, or raise "
	    "tree.children in /p.json",
	    "is refused");
	b.policy.bounds.children = 3;
	EQ_INT(bench_compile(&b), 0, "three where three are");
	b.policy.bounds.intensity = 2;
	EQ_INT(bench_compile(&b), -1, "the default is bounded, too");
	HAS_STR(
	    b.err.text, "tree.json: intensity: 3 is above this host's bound of 2", "and says so");
	bench_end(&b);
}

/* Without restarts the period does not matter. */
static void
test_no_intensity(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { PREFIX "restart", "permanent" },
		{ PREFIX "intensity", "0" }, { PREFIX "period", "0" } };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	EQ_INT(bench_compile(&b), 0, "intensity 0 with any period");
	bench_end(&b);
}

/* ---- a document */

static const char *env_twice[] = { "PATH=/bin", "A=1", "AB=1", "B=1", NULL };

static void
test_document(void)
{
	const struct plan_tree *tree;
	struct bench b;

	bench_start(&b);
	b.spec.process.env.items = env_twice;
	b.spec.process.env.count = 4;
	b.spec.process.uid = 7;
	declare(&b, "{'children':[{'id':'s','supervisor':{'children':[{'id':'w','args':['w'],"
		    "'env':['A=2','C=1','A=3','B=']}]}},{'id':'main'}]}");
	EQ_INT(bench_compile(&b), 0, "a tree");
	tree = &b.plan.tree;
	EQ_INT(tree->declared, 1, "declared");
	EQ_INT(tree->children.count, 4, "children");
	EQ_INT(tree->main, 3, "main by name");
	EQ_INT(tree->children.items[3].env.count, 0, "no environment of its own: the process'");
	EQ_INT(tree->children.items[2].env.count, 6, "own variables are merged");
	EQ_STR(tree->children.items[2].env.items[0], "PATH=/bin", "into the process'");
	EQ_STR(tree->children.items[2].env.items[1], "AB=1", "but for those of the same name");
	EQ_STR(tree->children.items[2].env.items[2], "HOME=/", "HOME as well");
	EQ_STR(tree->children.items[2].env.items[3], "C=1", "new ones");
	EQ_STR(tree->children.items[2].env.items[4], "A=3", "the later wins");
	EQ_STR(tree->children.items[2].env.items[5], "B=", "empty ones, too");
	EQ_STR(bench_kind(&b, "tree.json"), "kept", "is reported");
	EQ_STR(bench_entry(&b, "tree.json")->to, "2 workers, 2 supervisors", "with its size");
	EQ_STR(bench_kind(&b, "process.args"), NULL, "and the program runs");
	bench_end(&b);
}

static void
test_without_main(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { PREFIX "stop-signal", "INT" } };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	declare(&b, "{'children':[{'id':'main','supervisor':{'children':[{'id':'w','args':['w']}]}"
		    "},{'id':'v','args':['v']}]}");
	b.spec.tree_file_ignored = 1;
	b.spec.tree->source = "annotations[dev.osless.tree]";
	EQ_INT(bench_compile(&b), 0, "a tree without main worker, and the container's stop signal");
	EQ_INT(b.plan.tree.main, 2, "the first worker is the main one");
	EQ_INT(b.plan.tree.stop_signal, SIGINT, "the container's");
	EQ_INT(b.plan.tree.children.items[2].stop_signal, SIGTERM, "not the workers'");
	EQ_STR(bench_kind(&b, "process.args"), "stripped", "the program does not run");
	EQ_STR(bench_kind(&b, "tree.json"), "warning", "an ignored file is reported");
	EQ_STR(bench_entry(&b, "tree.json")->why,
	    "the annotation dev.osless.tree declares the tree", "why");
	bench_end(&b);
}

static void
test_ignored(void)
{
	struct bench b;

	bench_start(&b);
	b.policy.supervision_mode = PLAN_MODE_OFF;
	declare(&b, "{'children':[{'id':'a','args':['a']}]}");
	EQ_INT(bench_compile(&b), 0, "tree.json, and supervision is off");
	EQ_INT(b.plan.tree.declared, 0, "a plain tree");
	EQ_STR(bench_entry(&b, "tree.json")->why,
	    "supervision is off: config.json's program runs alone", "the file is ignored");
	bench_end(&b);
}

/* A pod's annotations reach its sandbox, too. */
static void
test_sandbox(const char *key, const char *type, uint32_t declared)
{
	struct plan_pair pairs[PAIRS_MAX] = { { key, type }, { PREFIX "restart", "permanent" } };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	EQ_INT(bench_compile(&b), 0, key);
	EQ_INT(b.plan.tree.declared, declared, type);
	EQ_INT(b.plan.tree.children.items[1].restart, declared ? PLAN_PERMANENT : PLAN_TEMPORARY,
	    "restart");
	EQ_STR(bench_kind(&b, "annotations[dev.osless.restart]"), declared ? "kept" : "stripped",
	    "is reported");
	bench_end(&b);
}

/* ---- the image's stop signal */

static void
test_image_signal(void)
{
	static const struct {
		const char *value;
		int number;
		const char *kind;
	} rows[] = {
		{ "15", SIGTERM, NULL },
		{ "SIGRTMIN+3", 37, NULL },
		{ "QUIT", SIGQUIT, NULL },
		{ "", SIGTERM, NULL },
		{ "nonsense", SIGTERM, "warning" },
		{ "STOP", SIGTERM, "warning" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct plan_pair pairs[PAIRS_MAX] = { { "org.opencontainers.image.stopSignal",
		    rows[i].value } };
		struct bench b;

		bench_start(&b);
		annotate(&b, pairs);
		EQ_INT(bench_compile(&b), 0, rows[i].value);
		EQ_INT(b.plan.tree.stop_signal, rows[i].number, "stop signal");
		EQ_INT(b.plan.tree.declared, 0, "declares nothing");
		EQ_STR(bench_kind(&b, "annotations[org.opencontainers.image.stopSignal]"),
		    rows[i].kind, "report");
		bench_end(&b);
	}
}

static void
test_own_signal_wins(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { "org.opencontainers.image.stopSignal", "QUIT" },
		{ PREFIX "restart", "permanent" }, { PREFIX "stop-signal", "INT" } };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	EQ_INT(bench_compile(&b), 0, "both stop signals");
	EQ_INT(b.plan.tree.stop_signal, SIGINT, "ours wins");
	bench_end(&b);
}

/* ---- rules */

static const struct rule_row {
	const char *annotation; /* rule.restarts' or handle-within's */
	const char *value;
	uint32_t supervision, rule; /* the host's */
	const char *loosening;
	const char *want; /* part of the error; NULL = taken */
	uint32_t mode;
	uint32_t handle_within_ms;
} rule_rows[] = {
	{ NULL, NULL, PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL, NULL, PLAN_MODE_ENFORCE, 10000 },
	{ NULL, NULL, PLAN_MODE_AUDIT, PLAN_MODE_ENFORCE, NULL, NULL, PLAN_MODE_AUDIT, 10000 },
	{ NULL, NULL, PLAN_MODE_ENFORCE, PLAN_MODE_OFF, NULL, NULL, PLAN_MODE_OFF, 10000 },
	{ NULL, NULL, PLAN_MODE_OFF, PLAN_MODE_AUDIT, NULL, NULL, PLAN_MODE_OFF, 10000 },
	{ PREFIX "rule.restarts", "enforce", PLAN_MODE_ENFORCE, PLAN_MODE_AUDIT, NULL, NULL,
	    PLAN_MODE_ENFORCE, 10000 },
	{ PREFIX "rule.restarts", "enforce", PLAN_MODE_AUDIT, PLAN_MODE_OFF, NULL, NULL,
	    PLAN_MODE_AUDIT, 10000 },
	{ PREFIX "rule.restarts", "audit", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL,
	    "annotations: dev.osless.rule.restarts: \"audit\" is laxer than the host's \"enforce\"",
	    0, 0 },
	{ PREFIX "rule.restarts", "audit", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE,
	    PREFIX "rule.restarts", NULL, PLAN_MODE_AUDIT, 10000 },
	{ PREFIX "handle-within", "0.5", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL, NULL,
	    PLAN_MODE_ENFORCE, 500 },
	{ PREFIX "handle-within", "10", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL, NULL,
	    PLAN_MODE_ENFORCE, 10000 },
	{ PREFIX "handle-within", "11", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL,
	    "annotations: dev.osless.handle-within: \"11\" is laxer than the host's \"10 s\": "
	    "leave "
	    "it out, or list the key under annotations.mayLoosen in the host's policy file",
	    0, 0 },
	{ PREFIX "handle-within", "11", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE,
	    PREFIX "handle-within", NULL, PLAN_MODE_ENFORCE, 11000 },
	{ PREFIX "handle-within", "99ms", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL,
	    "annotations: dev.osless.handle-within: \"99ms\" is too short: at least 100ms", 0, 0 },
	{ PREFIX "handle-within", "x", PLAN_MODE_ENFORCE, PLAN_MODE_ENFORCE, NULL,
	    "\"x\" is no duration", 0, 0 },
};

static void
test_rules(const struct rule_row *row)
{
	struct plan_pair pairs[PAIRS_MAX] = { { row->annotation, row->value } };
	const char *loosening[] = { row->loosening };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	b.policy.supervision_mode = row->supervision;
	b.policy.rules.restarts = row->rule;
	b.policy.loosening.items = loosening;
	b.policy.loosening.count = row->loosening != NULL;
	EQ_INT(bench_compile(&b), row->want ? -1 : 0, row->annotation ? row->annotation : "rules");
	if (row->want) {
		HAS_STR(b.err.text, row->want, "why");
	} else {
		EQ_INT(b.plan.tree.rules.restarts, row->mode, "restarts");
		EQ_INT(b.plan.tree.rules.handle_within_ms, row->handle_within_ms, "handle within");
	}
	bench_end(&b);
}

/* Each rule's key reaches its own rule. */
static void
test_each_rule(void)
{
	static const char *const keys[] = { "restarts", "orphans", "unwaited", "zombies",
		"stopped" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		struct plan_pair pairs[PAIRS_MAX] = { { NULL, "enforce" } };
		const uint32_t off = PLAN_MODE_OFF;
		struct bench b;
		uint32_t modes[COUNT(keys)];

		bench_start(&b);
		pairs[0].key = arena_printf(&b.arena, PREFIX "rule.%s", keys[i]);
		annotate(&b, pairs);
		b.policy.rules = (struct plan_rules) { off, off, off, off, off, 1000, 2000 };
		EQ_INT(bench_compile(&b), 0, pairs[0].key);
		memcpy(modes, &b.plan.tree.rules, sizeof(modes));
		for (size_t j = 0; j < COUNT(keys); j++)
			EQ_INT(modes[j], j == i ? PLAN_MODE_ENFORCE : PLAN_MODE_OFF, keys[j]);
		EQ_INT(b.plan.tree.rules.zombie_within_ms, 2000, "zombie within");
		bench_end(&b);
	}
}

/* Rule R1 is init's to apply: the tree stays as declared. */
static void
test_audited_restarts(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { PREFIX "restart", "permanent" } };
	struct bench b;

	bench_start(&b);
	annotate(&b, pairs);
	b.policy.rules.restarts = PLAN_MODE_AUDIT;
	EQ_INT(bench_compile(&b), 0, "restarts are audited");
	EQ_INT(b.plan.tree.children.items[1].restart, PLAN_PERMANENT, "permanent stays");
	EQ_STR(bench_entry(&b, "annotations[dev.osless.restart]")->why,
	    "workers are not restarted: rule restarts is audit", "and the report says so");
	bench_end(&b);
}

/* ---- one process */

static void
test_processes(void)
{
	struct plan_pair pairs[PAIRS_MAX] = { { PREFIX "processes", "1" } };
	struct bench b;

	bench_start(&b);
	EQ_INT(bench_compile(&b), 0, "without the annotation");
	EQ_INT(policy_filters(&b.spec, NULL, &b.arena, &b.plan, &b.report, &b.err), 0, "filters");
	EQ_INT(b.plan.filters[PLAN_FILTER_PROCESSES].code.count, 0, "processes are free");
	annotate(&b, pairs);
	EQ_INT(bench_compile(&b), 0, "with it");
	EQ_INT(policy_filters(&b.spec, NULL, &b.arena, &b.plan, &b.report, &b.err), 0, "filters");
	OK(b.plan.filters[PLAN_FILTER_PROCESSES].code.count > 0, "there is a filter");
	EQ_INT(b.plan.tree.declared, 0, "and no tree");
	bench_end(&b);
}

int
main(void)
{
	test_plain();
	test_forms();
	test_form_defaults();
	for (size_t i = 0; i < COUNT(refused); i++)
		test_refused(&refused[i]);
	test_bounds();
	test_no_intensity();
	test_document();
	test_without_main();
	test_ignored();
	test_sandbox("io.kubernetes.cri.container-type", "sandbox", 0);
	test_sandbox("io.kubernetes.cri-o.ContainerType", "sandbox", 0);
	test_sandbox("io.kubernetes.cri.container-type", "container", 1);
	test_image_signal();
	test_own_signal_wins();
	for (size_t i = 0; i < COUNT(rule_rows); i++)
		test_rules(&rule_rows[i]);
	test_each_rule();
	test_audited_restarts();
	test_processes();
	DONE();
}
