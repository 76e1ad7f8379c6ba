/* The host's policy file: what it says, what it may not say, and who may have written it. */
#include "spec/policy_file.h"

#include "spec_help.h"
#include "tap.h"

#include <fcntl.h>
#include <sys/stat.h>
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
	    "annotations (line 1, column 2)" },
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
	    "\"dev.osless.\"" },
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
	test_load();
	DONE();
}
