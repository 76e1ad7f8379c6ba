/* exec's process next to its container: same identity, never more power, its defaults; and every
 * process document that engines sent (samples/) compiles. */
#include "policy_help.h"

#include "plan/image.h"
#include "plan_fill.h"
#include "tap.h"

#include <stdio.h>

#define SUFFIX ".process.json"
#define NOBODY 65534u

/* What engines grant by default, as far as it matters here. */
#define USUAL (BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_KILL))
#define KEPT (BIT(CAP_DAC_OVERRIDE) | BIT(CAP_NET_BIND_SERVICE))

struct plan_exec {
	struct bench bench; /* the container */
	struct spec spec;   /* the process */
	struct plan plan;
	struct report report;
};

static struct plan_caps
root_caps(uint64_t caps)
{
	return (struct plan_caps) { .bounding = caps, .effective = caps, .permitted = caps };
}

/* A container of root with these capabilities, and a process alike; to be changed by each test. */
static void
start(struct plan_exec *t, uint64_t caps)
{
	memset(t, 0, sizeof(*t));
	bench_start(&t->bench);
	t->report.arena = &t->bench.arena;
	t->bench.spec.process.has_caps = 1;
	t->bench.spec.process.caps = root_caps(caps);
	t->spec.process = t->bench.spec.process;
}

static int
compile(struct plan_exec *t)
{
	if (bench_compile(&t->bench) < 0)
		return -1;
	return policy_compile_exec(&t->spec, &t->bench.plan, &t->bench.facts, &t->bench.arena,
	    &t->plan, &t->report, &t->bench.err);
}

static void
end(struct plan_exec *t)
{
	bench_end(&t->bench);
}

static void
test_same_identity(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	EQ_INT(compile(&t), 0, "a process like the container's compiles");
	EQ_INT(t.plan.exec, 1, "it says that it is one");
	EQ_INT(t.plan.process.uid, NOBODY, "nobody, as the payload");
	EQ_INT(t.plan.process.gid, NOBODY, "nobody's group");
	EQ_INT(t.plan.process.caps.ambient, KEPT, "ambient as the payload's");
	EQ_INT(t.plan.process.caps.bounding, t.bench.plan.process.caps.bounding, "bounding, too");
	EQ_INT(t.plan.process.no_new_privs, 1, "no_new_privs");
	EQ_INT(t.plan.tree.children.count, 2, "a tree of one worker");
	EQ_INT(t.plan.mounts.count, 0, "nothing that only a first process needs");
	end(&t);
}

static void
test_another_user(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	t.spec.process.uid = 1000;
	t.spec.process.gid = 1000;
	EQ_INT(compile(&t), 0, "another user compiles");
	EQ_INT(t.plan.process.uid, 1000, "and is kept");
	EQ_INT(t.plan.process.caps.permitted, 0, "without what only root was granted");
	end(&t);
	start(&t, USUAL);
	t.spec.process.uid = 1000;
	t.spec.process.has_caps = 0;
	EQ_INT(compile(&t), 0, "without a capabilities object, too");
	EQ_INT(t.plan.process.caps.ambient, 0, "the container's ambient set is nobody else's");
	end(&t);
}

static void
test_never_more(void)
{
	static const struct {
		uint32_t mode;
		uint64_t container;
		uint64_t wanted;
		uint64_t limit;
	} rows[] = {
		{ PLAN_MODE_ENFORCE, USUAL, UINT64_MAX, KEPT },
		{ PLAN_MODE_ENFORCE, 0, UINT64_MAX, 0 },
		{ PLAN_MODE_OFF, USUAL, UINT64_MAX, USUAL },
		{ PLAN_MODE_OFF, BIT(CAP_KILL), USUAL, BIT(CAP_KILL) },
		{ PLAN_MODE_AUDIT, USUAL, UINT64_MAX, USUAL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct plan_exec t;
		const struct plan_caps *caps = &t.plan.process.caps;

		start(&t, rows[i].container);
		t.bench.policy.identity_mode = rows[i].mode;
		t.spec.process.caps = root_caps(rows[i].wanted);
		t.spec.process.caps.ambient = t.spec.process.caps.inheritable = rows[i].wanted;
		EQ_INT(compile(&t), 0, "a greedy process compiles");
		EQ_INT((caps->bounding | caps->permitted | caps->effective | caps->inheritable |
			   caps->ambient) &
			   ~rows[i].limit,
		    0, "and gets no more than its container");
		OK(t.report.entries.count > 0, "which is told");
		end(&t);
	}
}

/* Without CAP_DAC_OVERRIDE the payload stays root; a process that asks for it must not become
 * nobody for a capability that it does not get. */
static void
test_root_stays_root(void)
{
	struct plan_exec t;

	start(&t, BIT(CAP_NET_BIND_SERVICE));
	t.spec.process.caps = root_caps(UINT64_MAX);
	EQ_INT(compile(&t), 0, "all capabilities in a container of few");
	EQ_INT(t.bench.plan.process.uid, 0, "the payload is root");
	EQ_INT(t.plan.process.uid, 0, "and so is the process");
	end(&t);
}

static void
test_policy(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	t.bench.policy.identity = POLICY_IDENTITY_FIXED;
	t.bench.policy.uid = 7;
	t.bench.policy.gid = 8;
	t.spec.process.uid = 1000;
	EQ_INT(compile(&t), 0, "the host's policy fixes the identity");
	EQ_INT(t.plan.process.uid, 7, "of exec'd processes, too");
	EQ_INT(t.plan.process.gid, 8, "with the group");
	end(&t);
	start(&t, USUAL);
	t.bench.policy.identity = POLICY_IDENTITY_KEEP;
	EQ_INT(compile(&t), 0, "the host's policy keeps users");
	EQ_INT(t.plan.process.uid, 0, "root as well");
	end(&t);
	start(&t, USUAL | BIT(CAP_NET_ADMIN));
	t.bench.policy.extra_caps = BIT(CAP_NET_ADMIN);
	EQ_INT(compile(&t), 0, "the host's policy widens the set");
	EQ_INT(t.plan.process.caps.permitted, KEPT | BIT(CAP_NET_ADMIN), "here as well");
	end(&t);
}

static void
test_defaults(void)
{
	static struct plan_rlimit own = { 7, 1, 2 }, others = { 7, 3, 4 };
	struct plan_exec t;

	start(&t, USUAL);
	BENCH_ONE(&t.bench.spec.process.rlimits, &others);
	t.bench.spec.process.has_umask = t.bench.spec.process.has_oom_score_adj = 1;
	t.bench.spec.process.umask = 077;
	t.bench.spec.process.oom_score_adj = 500;
	t.bench.spec.process.no_new_privs = 1;
	t.bench.policy.identity_mode = PLAN_MODE_OFF;
	EQ_INT(compile(&t), 0, "a process that says little");
	EQ_INT(t.plan.process.rlimits.items[0].soft, 3, "has the container's limits");
	EQ_INT(t.plan.process.umask, 077, "umask");
	EQ_INT(t.plan.process.oom_score_adj, 500, "oom score");
	EQ_INT(t.plan.process.no_new_privs, 1, "and no_new_privs");
	BENCH_ONE(&t.spec.process.rlimits, &own);
	t.spec.process.has_umask = t.spec.process.has_oom_score_adj = 1;
	t.spec.process.oom_score_adj = -5;
	EQ_INT(compile(&t), 0, "one that says more");
	EQ_INT(t.plan.process.rlimits.items[0].soft, 1, "has its own limits");
	EQ_INT(t.plan.process.umask, 0, "umask");
	EQ_INT(t.plan.process.oom_score_adj, -5, "and oom score");
	end(&t);
}

static uint64_t some_cpus[] = { 3 }, other_cpus[] = { 4 };

/* The container's, each as a whole, where the process has none of its own. */
static void
test_scheduling(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	t.bench.spec.process.scheduler = (struct plan_scheduler) { .has_policy = 1, .nice = 5 };
	t.bench.spec.process.io_class = 2;
	t.bench.spec.process.io_level = 6;
	t.bench.spec.process.exec_cpus_initial.items = some_cpus;
	t.bench.spec.process.exec_cpus_initial.count = 1;
	t.bench.spec.memory_policy = (struct plan_memory_policy) { .has_mode = 1, .mode = 4 };
	EQ_INT(compile(&t), 0, "compiles");
	EQ_INT(t.plan.process.scheduler.nice, 5, "the container's scheduler");
	EQ_INT(t.plan.process.io_level, 6, "its I/O priority");
	EQ_INT(t.plan.process.exec_cpus_initial.items[0], 3, "its CPUs");
	EQ_INT(t.plan.memory_policy.mode, 4, "its memory policy");
	t.spec.process.scheduler = (struct plan_scheduler) { .has_policy = 1, .policy = 3 };
	t.spec.process.io_class = 3;
	t.spec.process.exec_cpus_final.items = other_cpus;
	t.spec.process.exec_cpus_final.count = 1;
	EQ_INT(compile(&t), 0, "compiles with its own");
	EQ_INT(t.plan.process.scheduler.policy, 3, "its own scheduler");
	EQ_INT(t.plan.process.scheduler.nice, 0, "... whole");
	EQ_INT(t.plan.process.io_class, 3, "its own I/O class");
	EQ_INT(t.plan.process.io_level, 0, "... whole");
	EQ_INT(t.plan.process.exec_cpus_initial.count, 0, "no CPUs of the container's");
	EQ_INT(t.plan.process.exec_cpus_final.items[0], 4, "but its own");
	end(&t);
}

/* What the report says was asked for at this path, or NULL. */
static const char *
report_line(const struct plan_exec *t, const char *what)
{
	for (uint64_t i = 0; i < t->report.entries.count; i++) {
		if (strcmp(t->report.entries.items[i].what, what) == 0)
			return t->report.entries.items[i].from;
	}
	return NULL;
}

/* One of its own stays; where there is none, the process may be confined. */
static void
test_labels(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	t.bench.spec.process.apparmor_profile = "container";
	t.spec.process.selinux_label = "process";
	EQ_INT(compile(&t), 0, "compiles");
	EQ_STR(t.plan.process.apparmor_profile, "container", "the container's profile");
	EQ_STR(t.plan.process.selinux_label, "process", "a label of its own");
	EQ_STR(report_line(&t, "process.selinuxLabel"), NULL, "is no departure");
	t.spec.process.apparmor_profile = "unconfined";
	EQ_INT(compile(&t), 0, "compiles with another profile");
	EQ_STR(t.plan.process.apparmor_profile, "container", "which is not taken");
	EQ_STR(report_line(&t, "process.apparmorProfile"), "unconfined", "and told");
	end(&t);
}

static void
test_terminal(void)
{
	struct plan_exec t;

	start(&t, USUAL);
	t.spec.process.terminal = 1;
	EQ_INT(compile(&t), 0, "a terminal is stripped");
	EQ_INT(t.report.entries.count > 0, 1, "and told");
	t.bench.facts.console_socket = 1;
	EQ_INT(compile(&t), -1, "with a console socket it is refused");
	HAS_STR(t.bench.err.text, "run without -t", "with the cure");
	end(&t);
}

static void
test_unmapped(void)
{
	static struct plan_idmap map = { 0, 100000, 1000 };
	struct plan_exec t;

	start(&t, USUAL);
	t.bench.spec.namespaces[PLAN_NS_USER].mode = PLAN_NS_NEW;
	BENCH_ONE(&t.bench.spec.uid_map, &map);
	BENCH_ONE(&t.bench.spec.gid_map, &map);
	EQ_INT(compile(&t), 0, "in a user namespace");
	EQ_INT(t.plan.process.uid, 999, "nobody is the last that there is");
	t.spec.process.uid = 5000;
	EQ_INT(compile(&t), -1, "who is not mapped is refused");
	HAS_STR(t.bench.err.text, "5000 is not mapped", "by number");
	end(&t);
}

static void
test_sample(const char *directory, const char *name)
{
	struct plan_exec t;
	char path[4096];
	size_t size = 0;
	void *image;
	struct plan *back;

	start(&t, USUAL);
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	EQ_STR(spec_load_process(path, &t.bench.arena, &t.spec, &t.bench.err) < 0 ? t.bench.err.text
										  : NULL,
	    NULL, name);
	EQ_STR(compile(&t) < 0 ? t.bench.err.text : NULL, NULL, "compiles");
	EQ_INT(t.plan.process.uid, NOBODY, "as nobody");
	image = plan_encode(&t.plan, &size, &t.bench.err);
	back = image ? plan_decode(image, size, &t.bench.err) : NULL;
	OK(back, "goes through its image");
	if (back)
		EQ_STR(fill_differs((const unsigned char *)&t.plan, (const unsigned char *)back,
			   &record_plan),
		    NULL, "unchanged");
	free(image);
	end(&t);
}

static void
test_samples(void)
{
	OK(bench_samples(SUFFIX, test_sample) >= 8, "samples were found");
}

int
main(void)
{
	test_same_identity();
	test_another_user();
	test_never_more();
	test_root_stays_root();
	test_policy();
	test_defaults();
	test_scheduling();
	test_labels();
	test_terminal();
	test_unmapped();
	test_samples();
	DONE();
}
