/* The tables of imports and programs against the system-call table and against themselves. */
#include "check/imports.h"

#include "base/arena.h"
#include "check/judge.h"
#include "check/programs.h"
#include "tap.h"

static int
is_call(const char *name)
{
	for (size_t i = 0; i < profile_calls_count; i++)
		if (strcmp(profile_calls[i].name, name) == 0)
			return 1;
	return 0;
}

static void
test_imports(void)
{
	const struct import *before = NULL, *row;
	size_t bad_calls = 0, bad_order = 0, unfound = 0;

	for (size_t i = 0; (row = import_row(i)); i++) {
		for (size_t call = 0; call < IMPORT_CALLS_MAX && row->calls[call]; call++)
			bad_calls += !is_call(row->calls[call]);
		if (row->concern == FINDING_REFUSED_CALL && !row->calls[0])
			bad_calls++;
		if (before && strcmp(before->name, row->name) >= 0) {
			printf("# %s after %s\n", row->name, before->name);
			bad_order++;
		}
		unfound += import_find(row->name) != row;
		before = row;
	}
	EQ_INT(bad_calls, 0, "every import's calls are in the system-call table");
	EQ_INT(bad_order, 0, "names ascend");
	EQ_INT(unfound, 0, "each is found");
	OK(!import_find("read") && !import_find("") && !import_find("zzz"), "and no other");
	OK(!import_find("syslog"), "libc's syslog(3) is not the call");
	OK(import_cure("ptrace") && !import_cure("read"), "cures, where there are any");
}

static void
test_programs(void)
{
	const struct program_data *row;
	const char *const nginx[] = { "nginx", "-g", "daemon off;" };
	const char *const cron[] = { "cron", "-nf" };
	const char *const long_option[] = { "cron", "--foo" };

	EQ_STR(program_find("/usr/bin/python3.11")->name, "python", "a version does not count");
	EQ_STR(program_find("bash")->name, "bash", "a name alone");
	EQ_STR(program_find("/x/s6-svscan")->name, "s6-svscan", "digits within a name do");
	OK(!program_find("/usr/bin/scripts") && !program_find("") && !program_find("/"),
	    "others are not known");
	OK(program_stays(program_find("nginx"), nginx, 3), "daemon off");
	OK(!program_stays(program_find("nginx"), nginx, 2), "no such word");
	OK(program_stays(program_find("cron"), cron, 2), "a letter among others");
	OK(!program_stays(program_find("cron"), long_option, 2), "no letter of a long option");
	OK(program_is("/usr/lib/postgresql/15/bin/postgres", "initdb,postgres"), "one of several");
	OK(!program_is("/bin/post", "initdb,postgres"), "no part of a name");
	for (size_t i = 0; (row = program_data_row(i)); i++)
		OK(row->directory[0] == '/' && row->program[0] && row->reason, row->directory);
}

/* What the name alone is worth; -1 = nothing. */
static void
check_name(const char *path, uint32_t uid, enum judge_role role, int severity)
{
	struct arena arena = { .blocks = NULL };
	struct findings findings = { .arena = &arena };
	const struct check_rules rules = {
		.uid = uid, .calls_enforced = 1, .identity_enforced = 1, .supervision_enforced = 1
	};
	const struct judge judge = { &rules, &findings };
	const struct judged file = { path, NULL, role };
	const struct follow_args args = { &path, 1 };

	EQ_INT(judge_name(&judge, &file, path, &args), 0, path);
	EQ_INT(findings.count ? (int)findings.items[0].severity : -1, severity, "its weight");
	arena_free(&arena);
}

static void
test_names(void)
{
	check_name("/bin/su", 65534, JUDGE_ENTRY, FINDING_FATAL);
	check_name("/bin/su", 65534, JUDGE_NAMED, FINDING_REFUSED);
	check_name("/bin/su", 0, JUDGE_ENTRY, -1);
	check_name("/bin/gosu", 65534, JUDGE_ENTRY, FINDING_NOTE);
	check_name("/bin/bash", 65534, JUDGE_ENTRY, -1);
	check_name("/bin/postgres", 65534, JUDGE_ENTRY, -1);
	check_name("/bin/postgres", 0, JUDGE_ENTRY, FINDING_FATAL);
	check_name("/usr/sbin/nginx", 65534, JUDGE_ENTRY, FINDING_REFUSED);
	check_name("/usr/sbin/nginx", 65534, JUDGE_NAMED, FINDING_NOTE);
	OK(judge_is_libc("/lib/x86_64-linux-gnu/libc.so.6"), "the C library");
	OK(judge_is_libc("/lib64/ld-linux-x86-64.so.2"), "its linker");
	OK(!judge_is_libc("/lib/libcrypt.so.1") && !judge_is_libc("/lib/libcap.so.2"),
	    "libraries with similar names are not");
}

int
main(void)
{
	test_imports();
	test_programs();
	test_names();
	DONE();
}
