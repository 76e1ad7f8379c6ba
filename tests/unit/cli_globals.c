/* Global options and the defaults that depend on the caller. */
#include "cli/globals.h"

#include "base/error.h"
#include "container/container.h"
#include "plan/plan.h"
#include "tests/unit/tap.h"

static struct globals globals;
static struct container_host host;
static struct error err;

static struct caller caller = { .program = "osless" };

static int
parse(char **at, int count)
{
	struct words words = { .at = at, .count = count };

	globals = (struct globals) { .root = NULL };
	if (globals_parse(&globals, &caller, &words, &err) < 0)
		return -1;
	globals_host(&globals, &host);
	return 0;
}

static void
test_policy(void)
{
	static const struct {
		const char *program;
		const char *path;
	} rows[] = {
		{ "/usr/bin/osless-audit", "/etc/osless/osless-audit.json" },
		{ "runc", "/etc/osless/runc.json" },
		{ "", "/etc/osless/osless.json" },
	};
	char option[] = "--policy=/tmp/p.json";
	char *words[] = { option };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		caller.program = rows[i].program;
		EQ_INT(parse(NULL, 0), 0, "no options");
		EQ_STR(host.policy_path, rows[i].path, "policy is named after the program");
		EQ_INT(host.policy_given, 0, "and need not exist");
	}
	caller.program = "osless";
	EQ_INT(parse(words, 1), 0, "--policy");
	EQ_STR(host.policy_path, "/tmp/p.json", "wins");
	EQ_INT(host.policy_given, 1, "and must exist");
}

static void
test_cgroups(void)
{
	char flag[] = "--systemd-cgroup";
	char choice[] = "--cgroup-manager=disabled";
	char *flag_words[] = { flag };
	char *choice_words[] = { choice };
	char no_flag[] = "--systemd-cgroup=false";
	char *both_words[] = { flag, choice };
	char *no_words[] = { flag, no_flag };

	EQ_INT(parse(NULL, 0), 0, "no options");
	EQ_INT(host.cgroup_manager, PLAN_CGROUP_CGROUPFS, "cgroupfs unless asked");
	EQ_INT(parse(flag_words, 1), 0, flag);
	EQ_INT(host.cgroup_manager, PLAN_CGROUP_SYSTEMD, "systemd");
	EQ_INT(parse(choice_words, 1), 0, choice);
	EQ_INT(host.cgroup_manager, PLAN_CGROUP_DISABLED, "disabled");
	EQ_INT(parse(both_words, 2), 0, "both");
	EQ_INT(host.cgroup_manager, PLAN_CGROUP_DISABLED, "the last wins");
	EQ_INT(parse(no_words, 2), 0, no_flag);
	EQ_INT(host.cgroup_manager, PLAN_CGROUP_CGROUPFS, "back to cgroupfs");
}

static void
test_root(void)
{
	static const struct {
		uid_t uid;
		int in_userns;
		const char *runtime_dir;
		const char *root;
	} rows[] = {
		{ 0, 0, NULL, "/run/osless" },
		{ 0, 0, "/x", "/run/osless" },
		{ 0, 1, NULL, "/run/osless" },
		{ 0, 1, "", "/run/osless" },
		{ 0, 1, "/x", "/x/osless" },
		{ 1000, 0, NULL, "/run/user/1000/osless" },
		{ 1000, 0, "", "/run/user/1000/osless" },
		{ 1000, 0, "/x", "/x/osless" },
	};
	static char deep[300];
	char name[] = "--root";
	char value[] = "/tmp/r";
	char *words[] = { name, value };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		caller.uid = rows[i].uid;
		caller.in_userns = rows[i].in_userns;
		caller.runtime_dir = rows[i].runtime_dir;
		EQ_INT(parse(NULL, 0), 0, "no --root");
		EQ_STR(host.root, rows[i].root, "the caller's own");
		EQ_INT(parse(words, 2), 0, name);
		EQ_STR(host.root, value, "as given");
	}
	memset(deep, 'd', sizeof(deep) - 1);
	caller.runtime_dir = deep;
	EQ_INT(parse(NULL, 0), -1, "a runtime directory that is too long");
	HAS_STR(err.text, "use --root", "is refused with the cure");
}

int
main(void)
{
	test_policy();
	test_cgroups();
	test_root();
	DONE();
}
