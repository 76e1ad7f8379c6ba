/* cgroup v2 on a made-up tree of plain files: what is written where, as any user. A plain directory
 * does not get files of its own, so the container's exists before, as if left over, empty. */
#include "kernel/cgroup.h"

#include "tests/unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[] = "/tmp/osless-cgroup-XXXXXX";

/* What the tree consists of: path below base, content; NULL = a directory. */
static const char *const tree[][2] = {
	{ "cgroup.controllers", "cpuset cpu io memory pids\n" },
	{ "cgroup.subtree_control", "cpuset cpu\n" },
	{ "above", NULL },
	{ "above/cgroup.controllers", "cpuset cpu memory\n" },
	{ "above/cgroup.subtree_control", "cpu\n" },
	{ "above/cgroup.procs", "" },
	{ "above/leaf", NULL },
	{ "above/leaf/cgroup.controllers", "cpu io memory\n" },
	{ "above/leaf/cgroup.procs", "" },
	{ "above/leaf/cgroup.freeze", "0\n" },
	{ "above/leaf/memory.max", "" },
	{ "above/leaf/memory.current", "8192\n" },
	{ "above/leaf/cpu.max", "" },
	{ "above/leaf/io.weight", "" },
};

static const char *
path_of(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof path, "%s/%s", base, name);
	return path;
}

static void
write_file(const char *name, const char *content)
{
	FILE *file = fopen(path_of(name), "w");

	if (!file || fputs(content, file) < 0 || fclose(file) != 0)
		exit(99);
}

static const char *
read_text(const char *name)
{
	static char text[256];
	FILE *file = fopen(path_of(name), "r");
	size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (file)
		(void)fclose(file);
	text[got] = '\0';
	return text;
}

static void
make_tree(void)
{
	for (size_t i = 0; i < sizeof tree / sizeof *tree; i++) {
		if (tree[i][1])
			write_file(tree[i][0], tree[i][1]);
		else if (mkdir(path_of(tree[i][0]), 0700) < 0 && errno != EEXIST)
			exit(99);
	}
}

static void
remove_tree(void)
{
	for (size_t i = sizeof tree / sizeof *tree; i-- > 0;)
		(void)remove(path_of(tree[i][0]));
	(void)rmdir(base);
}

static struct plan_cgroup_dir dirs[1] = { { .name = "" } };

static void
test_make(const struct cgroup_host *host, struct arena *arena)
{
	struct plan_cgroup plan = { .dirs = { dirs, 1 } };
	struct cgroup cgroup;
	struct error err = { 0 };

	plan.resources.memory_limit = 4096;
	plan.resources.cpu_quota = -1;
	plan.resources.cpu_period = 5000;
	plan.resources.blkio_weight = 1000;
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), 0, "make");
	EQ_STR(err.text, "", "no error");
	EQ_STR(
	    read_text("cgroup.subtree_control"), "+io +memory +pids ", "handed down by the root");
	EQ_STR(read_text("above/cgroup.subtree_control"), "+cpuset +memory ",
	    "handed down as far as it goes");
	EQ_STR(read_text("above/leaf/memory.max"), "4096", "memory");
	EQ_STR(read_text("above/leaf/cpu.max"), "max 5000", "cpu");
	EQ_STR(read_text("above/leaf/io.weight"), "10000", "no bfq: the other file");
	OK(cgroup.into >= 0, "a directory for clone3");
	OK(fcntl(cgroup.into, F_GETFD) & FD_CLOEXEC, "closed on exec");

	plan.resources.check_before_update = 1;
	EQ_INT(cgroup_update(&cgroup, &plan.resources, arena, &err), -1, "update below use");
	HAS_STR(err.text, "rejecting memory limit 4096: 8192 bytes", "says so");
	cgroup_close(&cgroup);
	EQ_INT(cgroup.root, -1, "closed");
	cgroup_close(&cgroup);
}

static void
test_refusals(const struct cgroup_host *host, struct arena *arena)
{
	struct plan_cgroup plan = { .dirs = { dirs, 1 } };
	struct cgroup cgroup;
	struct error err = { 0 };

	plan.resources.pids_limit = 1;
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "controller not handed down");
	HAS_STR(err.text, "pids controller", "is named");
	EQ_INT(access(path_of("above/leaf"), F_OK), 0, "what was there before stays");

	make_tree();
	write_file("above/cgroup.procs", "4711\n");
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "processes above");
	HAS_STR(err.text, "cgroup above has processes of its own", "are named");
	EQ_STR(read_text("above/cgroup.subtree_control"), "cpu\n", "nothing is handed down there");
	write_file("above/cgroup.procs", "");

	plan.resources = (struct plan_resources) { .memory_limit = -1, .memory_reservation = 1 };
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "no memory.low");
	HAS_STR(err.text, "memory.low", "file is named");
	EQ_INT(err.errnum, ENOENT, "with errno");

	plan.resources = (struct plan_resources) { 0 };
	write_file("above/leaf/cgroup.procs", "4711\n");
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "somebody in it");
	HAS_STR(err.text, "container's cgroup is not empty", "says so");
	write_file("above/leaf/cgroup.procs", "");
	write_file("above/leaf/cgroup.freeze", "1\n");
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "frozen");
	HAS_STR(err.text, "container's cgroup unexpectedly frozen", "says so");
	write_file("above/leaf/cgroup.freeze", "0\n");
}

/* A symlink on the way, and a path that is not below the root. */
static void
test_escapes(const struct cgroup_host *host, struct arena *arena)
{
	static struct plan_cgroup_dir outside[1] = { { .name = "", .path = "/etc/leaf" } };
	struct plan_cgroup_dir linked[1] = { { .name = "" } };
	struct plan_cgroup plan = { .dirs = { outside, 1 } };
	struct cgroup cgroup;
	struct error err = { 0 };

	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "outside of the root");
	HAS_STR(err.text, "/etc/leaf", "is named");
	if (symlink("above", path_of("link")) < 0)
		exit(99);
	linked[0].path = arena_printf(arena, "%s/link/leaf", base);
	plan.dirs.items = linked;
	EQ_INT(cgroup_make(host, &plan, arena, &cgroup, &err), -1, "through a symlink");
	EQ_INT(err.errnum, ELOOP, "is not followed");
	(void)unlink(path_of("link"));
}

int
main(void)
{
	struct arena arena = { 0 };
	struct cgroup_host host;

	if (!mkdtemp(base))
		return 99;
	make_tree();
	host = (struct cgroup_host) {
		.root = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC),
		.path = base,
		.self = "0::/above/runtime\n",
	};
	dirs[0].path = arena_printf(&arena, "%s/above/leaf", base);
	test_make(&host, &arena);
	make_tree();
	test_refusals(&host, &arena);
	test_escapes(&host, &arena);
	remove_tree();
	EQ_INT(access(base, F_OK), -1, "tree is gone");
	arena_free(&arena);
	DONE();
}
