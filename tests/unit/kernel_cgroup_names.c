/* Lines of /proc/self/cgroup, and paths. */
#include "kernel/cgroup_limits.h"
#include "kernel/cgroup_names.h"

#include "tests/unit/tap.h"

static void
test_lines(struct arena *arena)
{
	const char *text = "12:cpu,cpuacct:/user.slice\n"
			   "rubbish\n"
			   "9:name=systemd:/a:b\n"
			   "0::/init.scope";
	struct cgroup_line line;

	EQ_INT(cgroup_names_line(&text, &line), 1, "first line");
	EQ_STR(cgroup_names_mount(&line, arena), "cpu,cpuacct", "its mount");
	EQ_STR(arena_printf(arena, "%.*s", (int)line.path_length, line.path), "/user.slice",
	    "its path");
	EQ_INT(cgroup_names_line(&text, &line), 1, "rubbish is skipped");
	EQ_STR(cgroup_names_mount(&line, arena), "systemd", "named hierarchy");
	EQ_STR(arena_printf(arena, "%.*s", (int)line.path_length, line.path), "/a:b",
	    "a colon in the path");
	EQ_INT(cgroup_names_line(&text, &line), 1, "last line without newline");
	EQ_STR(cgroup_names_mount(&line, arena), "unified", "cgroup2");
	EQ_INT(cgroup_names_line(&text, &line), 0, "end");
}

static void
test_paths(struct arena *arena)
{
	struct error err;

	EQ_STR(cgroup_names_clean("/docker/ID", arena, &err), "docker/ID", "absolute");
	EQ_STR(cgroup_names_clean("//a/./b///c/", arena, &err), "a/b/c", "slashes and dots");
	EQ_STR(cgroup_names_clean("/", arena, &err), "", "root");
	EQ_STR(cgroup_names_clean("a..b/...", arena, &err), "a..b/...", "dots within names");
	OK(!cgroup_names_clean("/a/../b", arena, &err), "no way up");
	HAS_STR(err.text, "\"..\"", "it is named");
	OK(!cgroup_names_clean("..", arena, &err), "not alone either");
	EQ_INT(cgroup_names_parent("memory/a/b", 10), 8, "parent");
	EQ_INT(cgroup_names_parent("memory/a/b", 8), 6, "parent of a part");
	EQ_INT(cgroup_names_parent("memory", 6), 0, "no parent");
}

int
main(void)
{
	struct arena arena = { 0 };

	test_lines(&arena);
	test_paths(&arena);
	EQ_INT(cgroup_names_controllers("cpu,cpuacct"), 1 << CGROUP_CPU, "joint mount");
	EQ_INT(cgroup_names_controllers("blkio"), 1 << CGROUP_BLKIO, "single mount");
	EQ_INT(cgroup_names_controllers("systemd"), 0, "named hierarchy has none");
	EQ_INT(cgroup_names_has_word("cpu cpuset io", "cpuset", 6), 1, "word");
	EQ_INT(cgroup_names_has_word("cpuset io", "cpu", 3), 0, "not a part of one");
	arena_free(&arena);
	DONE();
}
