/* Identity, capabilities, no_new_privs and HOME: each row of DESIGN 4. */
#include "policy_help.h"
#include "tap.h"

#define ENGINE_CAPS \
	(BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_KILL) | \
	    BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_NET_RAW) | BIT(CAP_SETUID))
#define ENGINE_KEPT (BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_NET_BIND_SERVICE))
#define PORTS BIT(CAP_NET_BIND_SERVICE)

/* What config.json has and the host says, and what comes out. */
static const struct row {
	const char *text;
	uint32_t uid, gid;
	uint64_t plain;   /* bounding, effective, permitted */
	uint64_t ambient; /* and inheritable */
	uint32_t identity;
	uint64_t extra;
	uint32_t want_uid, want_gid, want_groups;
	uint64_t want_permitted;
	uint64_t want_ambient;
} rows[] = {
	{ "root as engines start it is nobody", 0, 0, ENGINE_CAPS, 0, POLICY_IDENTITY_STRIP, 0,
	    65534, 65534, 0, ENGINE_KEPT, ENGINE_KEPT },
	{ "root of another group is nobody too", 0, 5, ENGINE_CAPS, 0, POLICY_IDENTITY_STRIP, 0,
	    65534, 65534, 0, ENGINE_KEPT, ENGINE_KEPT },
	{ "root with all capabilities keeps four", 0, 0, BIT(41) - 1, 0, POLICY_IDENTITY_STRIP, 0,
	    65534, 65534, 0, ENGINE_KEPT | BIT(CAP_DAC_READ_SEARCH),
	    ENGINE_KEPT | BIT(CAP_DAC_READ_SEARCH) },
	{ "root without any capability stays root", 0, 0, 0, 0, POLICY_IDENTITY_STRIP, 0, 0, 0, 2,
	    0, 0 },
	{ "root without DAC_OVERRIDE stays root", 0, 7, PORTS | BIT(CAP_CHOWN), 0,
	    POLICY_IDENTITY_STRIP, 0, 0, 7, 2, PORTS, 0 },
	{ "a user stays, with bounding capabilities alone", 1000, 100, ENGINE_CAPS, 0,
	    POLICY_IDENTITY_STRIP, 0, 1000, 100, 2, 0, 0 },
	{ "a user keeps what is ambient", 1000, 100, ENGINE_CAPS, PORTS | BIT(CAP_NET_RAW),
	    POLICY_IDENTITY_STRIP, 0, 1000, 100, 2, PORTS, PORTS },
	{ "the host's policy widens the set", 0, 0, ENGINE_CAPS, 0, POLICY_IDENTITY_STRIP,
	    BIT(CAP_NET_RAW) | BIT(CAP_NET_ADMIN), 65534, 65534, 0, ENGINE_KEPT | BIT(CAP_NET_RAW),
	    ENGINE_KEPT | BIT(CAP_NET_RAW) },
	{ "identity keep: root stays", 0, 0, ENGINE_CAPS, 0, POLICY_IDENTITY_KEEP, 0, 0, 0, 2,
	    ENGINE_KEPT, 0 },
	{ "identity keep: a user stays", 5, 6, ENGINE_CAPS, 0, POLICY_IDENTITY_KEEP, 0, 5, 6, 2, 0,
	    0 },
	{ "identity 33:44: root becomes that", 0, 0, ENGINE_CAPS, 0, POLICY_IDENTITY_FIXED, 0, 33,
	    44, 0, ENGINE_KEPT, ENGINE_KEPT },
	{ "identity 33:44: so does a user", 1000, 1000, ENGINE_CAPS, 0, POLICY_IDENTITY_FIXED, 0,
	    33, 44, 0, 0, 0 },
};

static uint32_t groups[] = { 8, 9 };

static void
set_process(struct bench *b, uint32_t uid, uint32_t gid, uint64_t plain, uint64_t ambient)
{
	struct spec_process *process = &b->spec.process;

	process->uid = uid;
	process->gid = gid;
	process->groups.items = groups;
	process->groups.count = COUNT(groups);
	process->has_caps = 1;
	process->caps = (struct plan_caps) { plain, plain, plain, ambient, ambient };
}

static void
test_row(const struct row *row)
{
	struct bench b;
	const struct plan_process *process = &b.plan.process;

	bench_start(&b);
	set_process(&b, row->uid, row->gid, row->plain, row->ambient);
	b.policy.identity = row->identity;
	b.policy.uid = 33;
	b.policy.gid = 44;
	b.policy.extra_caps = row->extra;
	EQ_INT(bench_compile(&b), 0, row->text);
	EQ_INT(process->uid, row->want_uid, "uid");
	EQ_INT(process->gid, row->want_gid, "gid");
	EQ_INT(process->groups.count, row->want_groups, "groups");
	EQ_INT(process->caps.permitted, row->want_permitted, "permitted");
	EQ_INT(process->caps.effective, row->want_permitted, "effective");
	EQ_INT(process->caps.bounding, row->want_permitted, "bounding");
	EQ_INT(process->caps.ambient, row->want_ambient, "ambient");
	EQ_INT(process->caps.inheritable, row->want_ambient, "inheritable only for ambient");
	EQ_INT(process->no_new_privs, 1, "no_new_privs");
	EQ_STR(bench_kind(&b, "process.noNewPrivileges"), "changed", "and it is reported");
	bench_end(&b);
}

static void
test_missing_capabilities(void)
{
	struct bench b;

	bench_start(&b);
	set_process(&b, 0, 0, ENGINE_CAPS, 0);
	b.spec.process.has_caps = 0;
	b.policy.identity_mode = PLAN_MODE_OFF;
	EQ_INT(bench_compile(&b), 0, "no capabilities block");
	EQ_INT(b.plan.process.caps.bounding, 0, "means none, in the bounding set too");
	EQ_INT(b.plan.process.caps.permitted, 0, "means none");
	bench_end(&b);
}

static void
test_modes(void)
{
	static const uint32_t modes[] = { PLAN_MODE_AUDIT, PLAN_MODE_OFF };

	for (size_t i = 0; i < COUNT(modes); i++) {
		int audit = modes[i] == PLAN_MODE_AUDIT;
		struct bench b;

		bench_start(&b);
		set_process(&b, 0, 3, ENGINE_CAPS, BIT(CAP_KILL));
		b.policy.identity_mode = modes[i];
		EQ_INT(bench_compile(&b), 0, audit ? "identity audit" : "identity off");
		EQ_INT(b.plan.process.uid, 0, "the configured uid");
		EQ_INT(b.plan.process.gid, 3, "the configured gid");
		EQ_INT(b.plan.process.groups.count, 2, "the configured groups");
		EQ_INT(memcmp(&b.plan.process.caps, &b.spec.process.caps, sizeof(struct plan_caps)),
		    0, "the configured capabilities");
		EQ_INT(b.plan.process.no_new_privs, 0, "the configured no_new_privs");
		EQ_STR(bench_kind(&b, "process.user"), audit ? "kept" : NULL, "user in the report");
		EQ_STR(bench_kind(&b, "process.capabilities"), audit ? "kept" : NULL,
		    "capabilities in the report");
		bench_end(&b);
	}
}

/* What `runc spec` writes has ambient ones that are not inheritable. */
static void
test_ambient(void)
{
	struct bench b;

	bench_start(&b);
	set_process(&b, 0, 0, ENGINE_CAPS, BIT(CAP_KILL));
	b.spec.process.caps.inheritable = 0;
	b.policy.identity_mode = PLAN_MODE_OFF;
	EQ_INT(bench_compile(&b), 0, "ambient but not inheritable");
	EQ_INT(b.plan.process.caps.ambient, 0, "is left out");
	EQ_STR(bench_kind(&b, "process.capabilities.ambient"), "changed", "and reported");
	bench_end(&b);
}

/* The tier minimal has no capset: its filter comes last, which takes no_new_privs. */
static void
test_minimal(void)
{
	struct bench b;

	bench_start(&b);
	set_process(&b, 0, 3, ENGINE_CAPS, BIT(CAP_KILL));
	b.policy.identity_mode = PLAN_MODE_OFF;
	b.policy.tier = POLICY_TIER_MINIMAL;
	EQ_INT(bench_compile(&b), 0, "identity off, tier minimal");
	EQ_INT(b.plan.process.no_new_privs, 1, "no_new_privs all the same");
	EQ_STR(bench_kind(&b, "process.noNewPrivileges"), "changed", "as the report says");
	b.policy.syscalls_mode = PLAN_MODE_OFF;
	EQ_INT(bench_compile(&b), 0, "without its filter");
	EQ_INT(b.plan.process.no_new_privs, 0, "as configured");
	bench_end(&b);
}

/* Root in a user namespace with these maps. */
static void
test_user_namespaces(void)
{
	static struct plan_idmap wide[] = { { 0, 100000, 65536 } };
	static struct plan_idmap narrow[] = { { 0, 100000, 5000 } };
	static struct plan_idmap one[] = { { 0, 1000, 1 } };
	static struct plan_idmap other[] = { { 77, 1000, 1 } };
	static struct plan_idmap split[] = { { 70000, 1, 10 }, { 0, 100000, 1000 } };
	static struct plan_idmap whole[] = { { 0, 0, UINT32_MAX } };
	static const struct {
		const char *text;
		plan_idmaps maps;
		uint32_t want;
	} cases[] = {
		{ "65536 ids: nobody is mapped", LIST_OF(wide), 65534 },
		{ "5000 ids: the highest", LIST_OF(narrow), 4999 },
		{ "one id: that one", LIST_OF(one), 0 },
		{ "one id, not 0: that one", LIST_OF(other), 77 },
		{ "two ranges: the highest of both", LIST_OF(split), 70009 },
		{ "all ids", LIST_OF(whole), 65534 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench b;

		bench_start(&b);
		set_process(&b, 0, 0, ENGINE_CAPS, 0);
		b.spec.namespaces[PLAN_NS_USER].mode = PLAN_NS_NEW;
		b.spec.uid_map = cases[i].maps;
		b.spec.gid_map = cases[i].maps;
		EQ_INT(bench_compile(&b), 0, cases[i].text);
		EQ_INT(b.plan.process.uid, cases[i].want, "uid");
		EQ_INT(b.plan.process.gid, cases[i].want, "gid");
		EQ_INT(b.plan.process.caps.ambient, cases[i].want ? ENGINE_KEPT : 0,
		    "ambient unless it is 0");
		bench_end(&b);
	}
}

/* Without an own one, the runtime's counts, which may not be the host's. */
static void
test_runtimes_namespace(void)
{
	static struct plan_idmap one[] = { { 0, 1000, 1 } };
	static struct plan_idmap wide[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	struct bench b;

	bench_start(&b);
	set_process(&b, 0, 0, ENGINE_CAPS, 0);
	b.facts.in_userns = 1;
	b.facts.own_uids = b.facts.own_gids = (plan_idmaps)LIST_OF(one);
	EQ_INT(bench_compile(&b), 0, "in a user namespace of one id");
	EQ_INT(b.plan.process.uid, 0, "that one");
	EQ_INT(b.plan.in_userns, 1, "init knows of it");
	b.facts.own_uids = b.facts.own_gids = (plan_idmaps)LIST_OF(wide);
	EQ_INT(bench_compile(&b), 0, "of many");
	EQ_INT(b.plan.process.uid, 65534, "nobody");
	set_process(&b, 70000, 0, ENGINE_CAPS, 0);
	EQ_INT(bench_compile(&b), -1, "of too few");
	HAS_STR(b.err.text, "process.user.uid: 70000 is not mapped", "is refused");
	bench_end(&b);
}

static void
test_unmapped(void)
{
	static struct plan_idmap maps[] = { { 0, 100000, 1000 } };
	static const struct {
		uint32_t uid, gid, group;
		const char *want;
	} cases[] = {
		{ 1000, 5, 5, "process.user.uid: 1000 is not mapped" },
		{ 5, 1000, 5, "process.user.gid: 1000 is not mapped" },
		{ 5, 5, 1000, "process.user.additionalGids: 1000 is not mapped" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t group[] = { cases[i].group };
		struct bench b;

		bench_start(&b);
		b.spec.namespaces[PLAN_NS_USER].mode = PLAN_NS_NEW;
		set_process(&b, cases[i].uid, cases[i].gid, 0, 0);
		b.spec.process.groups.items = group;
		b.spec.process.groups.count = 1;
		b.spec.uid_map = b.spec.gid_map = (plan_idmaps)LIST_OF(maps);
		EQ_INT(bench_compile(&b), -1, "an unmapped id");
		HAS_STR(b.err.text, cases[i].want, "is named");
		bench_end(&b);
	}
}

static void
test_home(void)
{
	static const char *with_home[] = { "HOMER=1", "HOME=/srv", NULL };
	struct bench b;

	bench_start(&b);
	set_process(&b, 0, 0, ENGINE_CAPS, 0);
	EQ_INT(bench_compile(&b), 0, "no HOME");
	EQ_STR(b.plan.process.env.items[1], "HOME=/root", "root's, although it runs as nobody");
	EQ_STR(b.plan.process.env.items[2], NULL, "NULL closes the list");
	EQ_INT(b.spec.process.env.count, 1, "the spec is untouched");
	b.spec.process.uid = 1000;
	EQ_INT(bench_compile(&b), 0, "no HOME, another user");
	EQ_STR(b.plan.process.env.items[1], "HOME=/", "the root directory");
	b.spec.process.env.items = with_home;
	b.spec.process.env.count = 2;
	EQ_INT(bench_compile(&b), 0, "HOME given");
	EQ_INT(b.plan.process.env.count, 2, "nothing is added");
	bench_end(&b);
}

static void
test_report(void)
{
	struct bench b;
	const struct report_entry *entry;

	bench_start(&b);
	set_process(&b, 0, 0, PORTS | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_KILL), 0);
	EQ_INT(bench_compile(&b), 0, "report");
	entry = bench_entry(&b, "process.user");
	EQ_STR(entry ? entry->from : NULL, "0:0", "from root");
	EQ_STR(entry ? entry->to : NULL, "65534:65534", "to nobody");
	entry = bench_entry(&b, "process.capabilities");
	EQ_STR(entry ? entry->from : NULL, "CAP_DAC_OVERRIDE CAP_KILL CAP_NET_BIND_SERVICE",
	    "capabilities asked for");
	EQ_STR(entry ? entry->to : NULL, "CAP_DAC_OVERRIDE CAP_NET_BIND_SERVICE",
	    "capabilities given");
	entry = bench_entry(&b, "process.user.additionalGids");
	EQ_STR(entry ? entry->from : NULL, "8 9", "groups taken");
	bench_end(&b);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		test_row(&rows[i]);
	test_missing_capabilities();
	test_modes();
	test_ambient();
	test_minimal();
	test_user_namespaces();
	test_runtimes_namespace();
	test_unmapped();
	test_home();
	test_report();
	DONE();
}
