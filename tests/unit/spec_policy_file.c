/* The host's policy file: what it says, what it may not say, and who may have written it. */
#include "spec/policy_file.h"

#include "spec_help.h"
#include "tap.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* NULL: it is fine; else the error's text. */
static const char *
try_policy(struct arena *arena, const char *policy_text, struct host_policy *policy)
{
	const char *text = spec_quotes(arena, policy_text);
	struct error err;

	if (host_policy_parse("p.json", text, strlen(text), arena, policy, &err) == 0)
		return NULL;
	return arena_strdup(arena, err.text);
}

static const struct {
	const char *text;
	const char *wanted;
} rows[] = {
	{ "{}", NULL },
	{ "{'mods':{}}",
	    "p.json: unknown key \"mods\": did you mean \"modes\"? (line 1, column 2)" },
	{ "{'modes':{'syscall':'off'}}", "p.json: modes: unknown key \"syscall\": did you mean "
					 "\"syscalls\"? (line 1, column 11)" },
	{ "{'something':1}",
	    "p.json: unknown key \"something\": there are modes, identity, tier, capabilities, "
	    "annotations, rules, tree (line 1, column 2)" },
	{ "{'modes':{'x':'off'}}",
	    "p.json: modes: unknown key \"x\": there are identity, syscalls, "
	    "supervision (line 1, column 11)" },
	{ "{'modes':{'identity':'on'}}",
	    "p.json: modes.identity: the word \"on\" is not known: use enforce, audit or off" },
	{ "{'tier':'max'}", "p.json: tier: the word \"max\" is not known: use gvisor or minimal" },
	{ "{'identity':'root'}",
	    "p.json: identity: the word \"root\" is not known: use strip or keep" },
	{ "{'identity':'1:'}",
	    "p.json: identity: \"1:\" is no identity: use strip, keep or UID:GID with numbers" },
	{ "{'identity':'1:2 '}",
	    "p.json: identity: \"1:2 \" is no identity: use strip, keep or UID:GID with numbers" },
	{ "{'identity':'4294967295:1'}", "p.json: identity: \"4294967295:1\" is no identity: use "
					 "strip, keep or UID:GID with numbers" },
	{ "{'capabilities':['CAP_NET_ADMN']}",
	    "p.json: capabilities[0]: \"CAP_NET_ADMN\" is not known: did you mean CAP_NET_ADMIN?" },
	{ "{'capabilities':['everything']}",
	    "p.json: capabilities[0]: \"everything\" is not known: use names of capabilities(7), "
	    "from CAP_CHOWN to CAP_CHECKPOINT_RESTORE" },
	{ "{'annotations':{'mayLoosen':['tier']}}",
	    "p.json: annotations.mayLoosen[0]: \"tier\" is not osless's: its keys begin with "
	    "\"dev.osless.\", and those of systemd's properties with "
	    "\"org.systemd.property.\"" },
	{ "{'rules':{'restart':'off'}}", "p.json: rules: unknown key \"restart\": did you mean "
					 "\"restarts\"? (line 1, column 11)" },
	{ "{'rules':{'everything':'off'}}",
	    "p.json: rules: unknown key \"everything\": there are restarts, orphans, unwaited, "
	    "zombies, stopped, handleWithin, zombieWithin (line 1, column 11)" },
	{ "{'rules':{'stopped':'no'}}",
	    "p.json: rules.stopped: the word \"no\" is not known: use enforce, audit or off" },
	{ "{'rules':{'handleWithin':'x'}}", "p.json: rules.handleWithin: \"x\" is no duration: "
					    "write seconds, such as 5 or 0.25, or "
					    "a number with ms, s, m or h, such as 250ms" },
	{ "{'rules':{'zombieWithin':0.099}}",
	    "p.json: rules.zombieWithin: \"0.099\" is too short: at least 100 ms" },
	{ "{'tree':{'intensity':1001}}", "p.json: tree.intensity: 1001 is too many: at most 1000" },
	{ "{'tree':{'children':256}}", "p.json: tree.children: 256 is too many: at most 255" },
	{ "{'tree':{'period':-1}}",
	    "p.json: tree.period: \"-1\" is no duration: write seconds, such as 5 or 0.25, or a "
	    "number with ms, s, m or h, such as 250ms" },
};

static void
test_errors(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct host_policy policy;

		EQ_STR(try_policy(&arena, rows[i].text, &policy), rows[i].wanted, rows[i].text);
		arena_free(&arena);
	}
}

static void
test_values(void)
{
	struct arena arena = { 0 };
	struct host_policy policy;

	EQ_STR(try_policy(&arena,
		   "{'modes':{'syscalls':'audit','supervision':'off'},'identity':'7:4294967294',"
		   "'tier':'minimal','capabilities':['CAP_CHOWN','CAP_NET_ADMIN'],"
		   "'annotations':{'mayLoosen':['dev.osless.tier','dev.osless.x']}}",
		   &policy),
	    NULL, "everything");
	EQ_INT(policy.identity_mode, PLAN_MODE_ENFORCE, "what is not given is enforced");
	EQ_INT(policy.syscalls_mode, PLAN_MODE_AUDIT, "audit");
	EQ_INT(policy.supervision_mode, PLAN_MODE_OFF, "off");
	EQ_INT(policy.identity, POLICY_IDENTITY_FIXED, "a fixed identity");
	EQ_INT(policy.uid, 7, "its uid");
	EQ_INT(policy.gid, 4294967294, "its gid");
	EQ_INT(policy.tier, POLICY_TIER_MINIMAL, "tier");
	EQ_INT(policy.extra_caps, 1 | 1 << 12, "capabilities");
	EQ_INT(policy.loosening.count, 2, "annotations");
	EQ_STR(policy.loosening.items[1], "dev.osless.x", "by name");
	EQ_STR(policy.path, "p.json", "path");
	arena_free(&arena);
}

static void
test_rules(void)
{
	struct arena arena = { 0 };
	struct host_policy policy;

	EQ_STR(try_policy(&arena, "{}", &policy), NULL, "nothing given");
	EQ_INT(policy.rules.restarts + policy.rules.orphans + policy.rules.unwaited +
		   policy.rules.zombies + policy.rules.stopped,
	    PLAN_MODE_ENFORCE, "all rules are enforced");
	EQ_INT(policy.rules.handle_within_ms, 10000, "handle within");
	EQ_INT(policy.rules.zombie_within_ms, 60000, "zombie within");
	EQ_INT(policy.bounds.intensity, 100, "intensity");
	EQ_INT(policy.bounds.period_ms, 1000, "period");
	EQ_INT(policy.bounds.children, 64, "children");
	EQ_STR(
	    try_policy(&arena,
		"{'rules':{'restarts':'off','orphans':'audit','unwaited':'off','zombies':'audit',"
		"'stopped':'off','handleWithin':0.1,'zombieWithin':'2m'},"
		"'tree':{'intensity':0,'period':'500ms','children':255}}",
		&policy),
	    NULL, "everything");
	EQ_INT(policy.rules.restarts, PLAN_MODE_OFF, "restarts");
	EQ_INT(policy.rules.orphans, PLAN_MODE_AUDIT, "orphans");
	EQ_INT(policy.rules.unwaited, PLAN_MODE_OFF, "unwaited");
	EQ_INT(policy.rules.zombies, PLAN_MODE_AUDIT, "zombies");
	EQ_INT(policy.rules.stopped, PLAN_MODE_OFF, "stopped");
	EQ_INT(policy.rules.handle_within_ms, 100, "handle within");
	EQ_INT(policy.rules.zombie_within_ms, 120000, "zombie within");
	EQ_INT(policy.bounds.intensity, 0, "intensity");
	EQ_INT(policy.bounds.period_ms, 500, "period");
	EQ_INT(policy.bounds.children, 255, "children");
	arena_free(&arena);
}

/* As root of a user namespace that has no other user; exit status 0: it was read. */
static int
load_in_namespace(const char *path)
{
	struct arena arena = { 0 };
	struct host_policy policy;
	struct error err;
	int map;

	if (setuid(1234) < 0 || unshare(CLONE_NEWUSER) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
		return 2;
	map = open("/proc/self/uid_map", O_WRONLY);
	if (write(map, "0 1234 1", 8) != 8)
		return 2;
	return host_policy_load(path, POLICY_REQUIRED, &arena, &policy, &err) < 0;
}

static void
test_other_namespace(const char *path)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(load_in_namespace(path));
	EQ_INT(waitpid(child, &status, 0), child, "a child");
	if (WEXITSTATUS(status) == 2)
		SKIP("no user namespaces");
	else
		EQ_INT(status, 0, "where root's files have no owner they are read");
}

static void
test_load(void)
{
	char path[] = "/tmp/osless-policy.XXXXXX";
	struct arena arena = { 0 };
	struct host_policy policy;
	struct error err;
	char text[256];
	int fd = mkstemp(path);

	EQ_INT(host_policy_load("/nowhere/p.json", POLICY_OPTIONAL, &arena, &policy, &err), 0,
	    "no file");
	EQ_STR(policy.path, NULL, "means the defaults");
	EQ_INT(host_policy_load("/nowhere/p.json", POLICY_REQUIRED, &arena, &policy, &err), -1,
	    "unless it was asked for");
	EQ_STR(err.text, "open /nowhere/p.json", "by name");
	EQ_INT(write(fd, "{\"tier\":\"minimal\"}", 18), 18, "a file");
	EQ_INT(fchmod(fd, 0664), 0, "that the group can write");
	EQ_INT(host_policy_load(path, POLICY_OPTIONAL, &arena, &policy, &err), -1, "is refused");
	(void)snprintf(text, sizeof(text),
	    "%s: others than its owner can write it (mode 664): chmod go-w it", path);
	EQ_STR(err.text, text, "with the cure");
	EQ_INT(fchmod(fd, 0644), 0, "one that only its owner can");
	EQ_INT(host_policy_load(path, POLICY_REQUIRED, &arena, &policy, &err), 0, "is read");
	EQ_INT(policy.tier, POLICY_TIER_MINIMAL, "tier");
	EQ_STR(policy.path, path, "path");
	if (geteuid() == 0)
		test_other_namespace(path);
	if (geteuid() == 0 && fchown(fd, 1234, 0) == 0) {
		EQ_INT(host_policy_load(path, POLICY_REQUIRED, &arena, &policy, &err), -1,
		    "another user's is refused");
		HAS_STR(err.text, "belongs to user 1234", "who is named");
	} else {
		SKIP("only root can give a file away");
	}
	(void)close(fd);
	(void)unlink(path);
	arena_free(&arena);
}

int
main(void)
{
	test_errors();
	test_values();
	test_rules();
	test_load();
	DONE();
}
