/* Which file is opened, and what is read in it, with directories that stand in for cgroups. */
#include "kernel/oom.h"

#include "base/auto.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/osless-oom.XXXXXX";

static void
put(const char *name, const char *text)
{
	AUTO_FD int at = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int fd = openat(at, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	EQ_INT(write(fd, text, strlen(text)), (long long)strlen(text), name);
}

/* -1: no file is opened. */
static long long
kills_of(const char *controllers)
{
	struct plan_cgroup_dir dirs[] = {
		{ .name = "cpu,cpuacct", .path = "/nowhere" },
		{ .name = controllers, .path = top },
	};
	struct plan_cgroup cgroup = { .dirs = { .items = dirs, .count = 2 } };
	AUTO_FD int fd = oom_open(&cgroup);

	return fd < 0 ? -1 : (long long)oom_kills(fd);
}

static void
remove_all(void)
{
	AUTO_FD int at = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)unlinkat(at, "memory.events", 0); /* the test's own directory */
	(void)unlinkat(at, "memory.oom_control", 0);
	EQ_INT(rmdir(top), 0, "nothing is left");
}

int
main(void)
{
	if (!mkdtemp(top))
		return 1;
	EQ_INT(kills_of("memory"), -1, "no file");
	put("memory.events", "low 0\nhigh 1\nmax 22\noom 4\noom_kill 3\noom_group_kill 0\n");
	EQ_INT(kills_of(""), 3, "v2");
	EQ_INT(kills_of("memory"), -1, "v1's is another file");
	put("memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 70000000000\n");
	EQ_INT(kills_of("memory"), 70000000000, "v1");
	EQ_INT(kills_of("pids"), -1, "another controller");
	EQ_INT(kills_of("unified"), -1, "v2 beside v1 has no memory controller");
	put("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
	EQ_INT(kills_of("memory"), 0, "a kernel that does not count");
	put("memory.oom_control", "");
	EQ_INT(kills_of("memory"), 0, "empty");
	EQ_INT(oom_kills(-1), 0, "not opened");
	remove_all();
	DONE();
}
