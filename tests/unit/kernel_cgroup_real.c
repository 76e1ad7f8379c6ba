/* The machine's own cgroups, as root: below /osless-test-PID in each hierarchy, which is gone at
 * the end, whatever happens. */
#include "kernel/cgroup.h"

#include "tests/unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static char top[64]; /* "/osless-test-PID" */
static pid_t children[64];
static size_t child_count;

/* helpers */

static struct plan_cgroup
locate(const struct cgroup_host *host, const char *name)
{
	struct plan_cgroup plan = { 0 };
	struct error err = { 0 };
	const char *path = arena_printf(&arena, "%s%s%s", top, *name ? "/" : "", name);

	if (cgroup_locate(host, path, "id", &arena, &plan, &err) < 0)
		printf("# locate %s: %s\n", path, err.text);
	return plan;
}

static const struct plan_cgroup_dir *
find_dir(const struct plan_cgroup *plan, const char *name)
{
	for (uint64_t i = 0; i < plan->dirs.count; i++)
		if (strcmp(plan->dirs.items[i].name, name) == 0)
			return &plan->dirs.items[i];
	return NULL;
}

static const char *
read_path(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "re");
	size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (file)
		(void)fclose(file);
	if (got && text[got - 1] == '\n')
		got--;
	text[got] = '\0';
	return text;
}

/* Content of a file of one hierarchy; NULL where that is not mounted. */
static const char *
read_limit(const struct plan_cgroup *plan, const char *name, const char *file)
{
	const struct plan_cgroup_dir *dir = find_dir(plan, name);

	return dir ? read_path(arena_printf(&arena, "%s/%s", dir->path, file)) : NULL;
}

/* How many of the directories exist. */
static size_t
count_dirs(const struct plan_cgroup *plan)
{
	size_t count = 0;

	for (uint64_t i = 0; i < plan->dirs.count; i++)
		count += access(plan->dirs.items[i].path, F_OK) == 0;
	return count;
}

/* A child in the cgroups that forks until there are `more` below it, and sleeps. */
static pid_t
spawn(const struct cgroup *cgroup, int more)
{
	int ready[2];
	char byte = 0;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		exit(99);
	if (pid == 0) {
		byte = (char)cgroup_enter(cgroup, CGROUP_ENTER_ALL);
		while (more-- > 0 && fork() != 0)
			;
		(void)!write(ready[1], &byte, 1);
		for (;;)
			pause();
	}
	children[child_count++] = pid;
	(void)close(ready[1]);
	(void)!read(ready[0], &byte, 1);
	(void)close(ready[0]);
	EQ_INT(byte, 0, "enter");
	return pid;
}

static void
clean_up(void)
{
	struct plan_cgroup plan = locate(NULL, "");
	struct cgroup cgroup;
	struct error err;

	if (cgroup_open(NULL, &plan, CGROUP_OPEN_LOOK, &cgroup, &err) == 0) {
		(void)cgroup_kill(&cgroup, &err);
		cgroup_close(&cgroup);
	}
	for (size_t i = 0; i < child_count; i++)
		(void)waitpid(children[i], NULL, 0);
	(void)cgroup_remove(NULL, &plan, &err);
}

/* tests */

static void
test_locate(void)
{
	struct cgroup_host host = {
		.path = "/sys/fs/cgroup",
		.self = "3:memory:/own/it\n2:none_such:/x\n0::/v2own/it\n",
	};
	struct plan_cgroup plan = { 0 };
	struct error err;

	EQ_INT(cgroup_locate(&host, "/a//b", "id", &arena, &plan, &err), 0, "absolute path");
	if (find_dir(&plan, "memory")) {
		EQ_STR(find_dir(&plan, "memory")->path, "/sys/fs/cgroup/memory/a/b",
		    "below the mount");
		EQ_INT(cgroup_locate(&host, NULL, "id", &arena, &plan, &err), 0, "no path: id");
		EQ_STR(find_dir(&plan, "memory")->path, "/sys/fs/cgroup/memory/own/it/id",
		    "below the runtime's own");
		EQ_INT(cgroup_locate(&host, "x/y", "id", &arena, &plan, &err), 0, "relative path");
		EQ_STR(find_dir(&plan, "memory")->path, "/sys/fs/cgroup/memory/own/it/x/y",
		    "below the runtime's own");
		OK(!find_dir(&plan, "none_such"), "a hierarchy that is not mounted is skipped");
	}
	EQ_INT(cgroup_locate(NULL, "/a/../../b", "id", &arena, &plan, &err), -1, "way up");
	EQ_INT(cgroup_locate(NULL, "/", "id", &arena, &plan, &err), -1, "root");
	host.self = "";
	EQ_INT(cgroup_locate(&host, "/a", "id", &arena, &plan, &err), -1, "none mounted");
	HAS_STR(err.text, "no cgroup hierarchy", "says so");
}

static void
test_life(void)
{
	struct plan_cgroup plan = locate(NULL, "above/life");
	struct cgroup cgroup;
	struct cgroup second;
	struct error err = { 0 };
	pid_t *pids = NULL;
	size_t count;
	pid_t pid;

	EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), 0, "make");
	EQ_STR(err.text, "", "no error");
	EQ_INT(count_dirs(&plan), plan.dirs.count, "directories in all hierarchies");
	EQ_INT(cgroup_pids(&cgroup, &pids, &count, &err), 0, "pids of none");
	EQ_INT(count, 0, "nobody in it");
	pid = spawn(&cgroup, 0);
	for (uint64_t i = 0; i < plan.dirs.count; i++)
		EQ_INT(atoi(read_limit(&plan, plan.dirs.items[i].name, "cgroup.procs")), pid,
		    plan.dirs.items[i].name);
	EQ_INT(cgroup_make(NULL, &plan, &arena, &second, &err), -1, "a second time");
	HAS_STR(err.text, "container's cgroup is not empty", "is refused");
	EQ_INT(count_dirs(&plan), plan.dirs.count, "and leaves the first alone");
	EQ_INT(cgroup_open(NULL, &plan, CGROUP_OPEN_ENTER, &second, &err), 0, "open");
	(void)spawn(&second, 0);
	EQ_INT(cgroup_pids(&second, &pids, &count, &err), 0, "pids");
	EQ_INT(count, 2, "both");
	free(pids);
	EQ_INT(cgroup_kill(&second, &err), 0, "kill");
	cgroup_close(&second);
	EQ_INT(cgroup_unmake(&cgroup, &err), 0, "unmake");
	cgroup_close(&cgroup);
	plan = locate(NULL, "above");
	EQ_INT(count_dirs(&plan), 0, "parents too");
	EQ_INT(cgroup_open(NULL, &plan, CGROUP_OPEN_LOOK, &cgroup, &err), -1, "open nothing");
	EQ_INT(err.errnum, ENOENT, "is ENOENT");
	EQ_INT(cgroup_remove(NULL, &plan, &err), 0, "remove nothing");
}

static void
test_freeze_and_kill(void)
{
	struct plan_cgroup plan = locate(NULL, "frozen");
	struct cgroup cgroup;
	struct cgroup second;
	struct error err = { 0 };

	EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), 0, "make");
	EQ_INT(cgroup_freeze(&cgroup, CGROUP_FROZEN, &err), 0, "freeze while empty");
	EQ_INT(cgroup_make(NULL, &plan, &arena, &second, &err), -1, "make over frozen");
	HAS_STR(err.text, "container's cgroup unexpectedly frozen", "is refused");
	EQ_INT(cgroup_freeze(&cgroup, CGROUP_THAWED, &err), 0, "thaw");
	EQ_INT(cgroup_is_frozen(&cgroup, &err), 0, "not frozen");
	(void)spawn(&cgroup, 20);
	for (uint64_t i = 0; i < plan.dirs.count; i++) {
		const char *path = plan.dirs.items[i].path;

		/* what a payload with its cgroups writable may leave */
		if (mkdir(arena_printf(&arena, "%s/sub", path), 0755) < 0 ||
		    mkdir(arena_printf(&arena, "%s/sub/sub", path), 0755) < 0 ||
		    mkdir(arena_printf(&arena, "%s/other", path), 0755) < 0)
			printf("# mkdir below %s: %s\n", path, strerror(errno));
	}
	EQ_INT(cgroup_freeze(&cgroup, CGROUP_FROZEN, &err), 0, "freeze");
	EQ_INT(cgroup_is_frozen(&cgroup, &err), 1, "frozen");
	EQ_INT(cgroup_kill(&cgroup, &err), 0, "kill while frozen");
	EQ_INT(cgroup_remove(NULL, &plan, &err), 0, "remove with cgroups below");
	EQ_INT(count_dirs(&plan), 0, "nothing is left");
	cgroup_close(&cgroup);
}

/* Without cgroup.kill: frozen, one by one, thawed. */
static void
test_kill_v1(void)
{
	struct plan_cgroup plan = locate(NULL, "v1");
	struct cgroup cgroup;
	struct error err = { 0 };
	uint64_t kept = 0;

	for (uint64_t i = 0; i < plan.dirs.count; i++)
		if (strcmp(plan.dirs.items[i].name, "freezer") == 0)
			plan.dirs.items[kept++] = plan.dirs.items[i];
	plan.dirs.count = kept;
	if (!kept) {
		SKIP("no v1 freezer");
		return;
	}
	EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), 0, "make");
	(void)spawn(&cgroup, 20);
	EQ_INT(cgroup_kill(&cgroup, &err), 0, "kill");
	EQ_INT(cgroup_is_frozen(&cgroup, &err), 0, "thawed again");
	EQ_INT(cgroup_remove(NULL, &plan, &err), 0, "remove");
	cgroup_close(&cgroup);
}

static void
test_limits(void)
{
	static struct plan_device_rule rules[] = {
		{ .type = 'a', .major = -1, .minor = -1, .access = 7 },
		{ .allow = 1, .type = 'c', .major = 1, .minor = 3, .access = 7 },
		{ .allow = 1, .type = 'c', .major = -1, .minor = -1, .access = PLAN_DEVICE_MKNOD },
	};
	struct plan_cgroup plan = locate(NULL, "limits");
	struct plan_resources *r = &plan.resources;
	struct cgroup cgroup;
	struct error err = { 0 };

	r->memory_limit = 64 << 20;
	r->memory_swap = 128 << 20;
	r->cpu_shares = 512;
	r->cpu_period = 50000;
	r->cpu_quota = 20000;
	r->cpuset_cpus = "0";
	r->pids_limit = 17;
	r->devices.items = rules;
	r->devices.count = 3;
	EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), 0, "make");
	EQ_STR(err.text, "", "no error");
	EQ_STR(read_limit(&plan, "memory", "memory.limit_in_bytes"), "67108864", "memory");
	EQ_STR(read_limit(&plan, "memory", "memory.memsw.limit_in_bytes"), "134217728", "swap");
	EQ_STR(read_limit(&plan, "cpu", "cpu.shares"), "512", "shares");
	EQ_STR(read_limit(&plan, "cpu", "cpu.cfs_period_us"), "50000", "period");
	EQ_STR(read_limit(&plan, "cpu", "cpu.cfs_quota_us"), "20000", "quota");
	EQ_STR(read_limit(&plan, "cpuset", "cpuset.cpus"), "0", "cpus");
	EQ_STR(read_limit(&plan, "cpuset", "cpuset.mems"), "0", "nodes");
	EQ_STR(read_limit(&plan, "pids", "pids.max"), "17", "pids");
	EQ_STR(read_limit(&plan, "devices", "devices.list"), "c 1:3 rwm\nc *:* m", "devices");

	/* Up and down, past the old value of the other one. */
	*r = (struct plan_resources) { .memory_limit = 256 << 20, .memory_swap = 512 << 20 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), 0, "raise memory above memory and swap");
	EQ_STR(read_limit(&plan, "memory", "memory.limit_in_bytes"), "268435456", "raised");
	*r = (struct plan_resources) { .memory_limit = 16 << 20, .memory_swap = 16 << 20 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), 0, "lower both below memory");
	EQ_STR(read_limit(&plan, "memory", "memory.memsw.limit_in_bytes"), "16777216", "lowered");
	*r = (struct plan_resources) { .memory_limit = -1 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), 0, "unlimited");
	*r = (struct plan_resources) { .cpu_quota = 40000, .cpu_burst = 30000 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), 0, "burst above the old quota");
	*r = (struct plan_resources) { .cpu_quota = 10000, .cpu_burst = 5000 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), 0, "quota below the old burst");
	EQ_STR(read_limit(&plan, "cpu", "cpu.cfs_burst_us"), "5000", "burst");
	*r = (struct plan_resources) { .cpu_quota = 10000, .cpu_burst = 20000 };
	EQ_INT(cgroup_update(&cgroup, r, &arena, &err), -1, "burst above the quota");
	HAS_STR(err.text, "cpu.burst", "is named");
	cgroup_close(&cgroup);
	EQ_INT(cgroup_remove(NULL, &plan, &err), 0, "remove");
}

/* Each is refused by the kernel, late; nothing may stay. */
static void
test_failures(void)
{
	static struct plan_throttle_device none_such[] = { { .major = 4000, .rate = 1 } };
	static struct plan_pair bad_unified[] = { { "memory.no_such_file", "1" } };
	static struct plan_hugepage_limit bad_pages[] = { { "3MB", 1 } };
	const struct {
		const char *name;
		struct plan_resources resources;
		const char *text;
	} cases[] = {
		{ "no such cpu", { .cpuset_cpus = "4000" }, "cpu.cpus" },
		{ "not a list of cpus", { .cpuset_cpus = "x" }, "like \"0-3,5\"" },
		{ "period too long", { .cpu_period = 1000001 }, "cpu.cfs_period_us" },
		{ "no such device", { .blkio_read_bps = { none_such, 1 } },
		    "no such block device" },
		{ "no such unified file", { .unified = { bad_unified, 1 } }, "cannot be set" },
		{ "no such page size", { .hugepage_limits = { bad_pages, 1 } },
		    "no huge pages of that size" },
		{ "no such controller", { .net_class_id = 1 }, "net_cls controller" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct plan_cgroup plan = locate(NULL, "made/too/fail");
		struct plan_cgroup made = locate(NULL, "made");
		struct cgroup cgroup;
		struct error err = { 0 };

		plan.resources = cases[i].resources;
		EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), -1, cases[i].name);
		HAS_STR(err.text, cases[i].text, "says what");
		EQ_INT(count_dirs(&made), 0, "nothing is left");
		EQ_INT(cgroup.root, -1, "nothing is open");
	}
}

/* Another runtime's parent, made but not filled yet. */
static void
test_empty_cpuset(void)
{
	struct plan_cgroup above = locate(NULL, "bare");
	struct plan_cgroup plan = locate(NULL, "bare/leaf");
	const struct plan_cgroup_dir *dir = find_dir(&above, "cpuset");
	struct cgroup cgroup;
	struct error err = { 0 };

	if (!dir || mkdir(arena_printf(&arena, "%s", dir->path), 0755) < 0) {
		SKIP("no v1 cpuset");
		return;
	}
	EQ_INT(cgroup_make(NULL, &plan, &arena, &cgroup, &err), 0, "make below an empty cpuset");
	OK(*read_limit(&plan, "cpuset", "cpuset.cpus") != '\0', "has cpus");
	EQ_INT(cgroup_unmake(&cgroup, &err), 0, "unmake");
	EQ_INT(count_dirs(&above), 1, "what was there before stays");
	EQ_INT(cgroup_remove(NULL, &above, &err), 0, "remove");
	cgroup_close(&cgroup);
}

/* v2 alone */

static pid_t
clone_into(int cgroup)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static void
test_v2_life(const struct cgroup_host *host)
{
	static struct plan_hugepage_limit pages[] = { { "2MB", 4 << 20 } };
	struct plan_cgroup plan = locate(host, "two/v2");
	struct cgroup cgroup;
	struct error err = { 0 };
	pid_t pid;

	EQ_INT(plan.dirs.count, 1, "one directory");
	if (strstr(read_path(arena_printf(&arena, "%s/cgroup.controllers", host->path)), "hugetlb"))
		plan.resources.hugepage_limits.items = pages,
		plan.resources.hugepage_limits.count = 1;
	EQ_INT(cgroup_make(host, &plan, &arena, &cgroup, &err), 0, "make");
	EQ_STR(err.text, "", "no error");
	if (plan.resources.hugepage_limits.count)
		EQ_STR(read_limit(&plan, "", "hugetlb.2MB.max"), "4194304", "huge pages");
	pid = clone_into(cgroup.into);
	if (pid == 0)
		for (;;)
			pause();
	children[child_count++] = pid;
	EQ_INT(atoi(read_limit(&plan, "", "cgroup.procs")), pid, "clone3 enters");
	(void)spawn(&cgroup, 20);
	EQ_INT(cgroup_freeze(&cgroup, CGROUP_FROZEN, &err), 0, "freeze");
	EQ_INT(cgroup_is_frozen(&cgroup, &err), 1, "frozen");
	EQ_INT(cgroup_freeze(&cgroup, CGROUP_THAWED, &err), 0, "thaw");
	EQ_INT(cgroup_kill(&cgroup, &err), 0, "kill");
	EQ_INT(cgroup_unmake(&cgroup, &err), 0, "unmake");
	EQ_INT(count_dirs(&plan), 0, "nothing is left");
	cgroup_close(&cgroup);
}

/* What open(2) of a path says in the cgroup: 0 or an errno. */
static int
open_inside(const struct cgroup *cgroup, const char *path)
{
	int status = 0;
	pid_t pid = clone_into(cgroup->into);

	if (pid == 0)
		_exit(open(path, O_RDONLY) < 0 ? errno : 0);
	(void)waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* More rules than the kernel takes instructions: the last step of making fails. */
static void
test_v2_devices(const struct cgroup_host *host)
{
	enum { TOO_MANY = 100000 };
	static struct plan_device_rule rules[TOO_MANY] = {
		{ .type = 'a', .major = -1, .minor = -1, .access = 7 },
		{ .allow = 1, .type = 'c', .major = 1, .minor = 3, .access = 7 },
	};
	struct plan_cgroup plan = locate(host, "two/v2");
	struct cgroup cgroup;
	struct error err = { 0 };

	plan.resources.devices.items = rules;
	plan.resources.devices.count = 2;
	EQ_INT(cgroup_make(host, &plan, &arena, &cgroup, &err), 0, "make with device rules");
	EQ_STR(err.text, "", "no error");
	EQ_INT(open_inside(&cgroup, "/dev/null"), 0, "allowed");
	EQ_INT(open_inside(&cgroup, "/dev/zero"), EPERM, "denied");
	EQ_INT(cgroup_unmake(&cgroup, &err), 0, "unmake");
	cgroup_close(&cgroup);

	for (size_t i = 2; i < TOO_MANY; i++)
		rules[i] = rules[1];
	plan.resources.devices.count = TOO_MANY;
	EQ_INT(cgroup_make(host, &plan, &arena, &cgroup, &err), -1, "make with too many");
	HAS_STR(err.text, "too many rules", "says so");
	EQ_INT(count_dirs(&plan), 0, "nothing is left");
}

/* Given to a user: what the kernel lists, and the directory. */
static void
test_v2_owner(const struct cgroup_host *host)
{
	struct plan_cgroup plan = locate(host, "two/v2");
	struct cgroup cgroup;
	struct error err = { 0 };
	struct stat status[3] = { 0 };

	plan.owner = 101000;
	EQ_INT(cgroup_make(host, &plan, &arena, &cgroup, &err), 0, "make for a user");
	(void)fstatat(cgroup.into, "", &status[0], AT_EMPTY_PATH);
	(void)fstatat(cgroup.into, "cgroup.procs", &status[1], 0);
	(void)fstatat(cgroup.into, "cgroup.freeze", &status[2], 0);
	EQ_INT(status[0].st_uid, 101000, "the directory is his");
	EQ_INT(status[1].st_uid, 101000, "cgroup.procs too");
	EQ_INT(status[2].st_uid, 0, "not all is");
	EQ_INT(cgroup_unmake(&cgroup, &err), 0, "unmake");
	cgroup_close(&cgroup);
}

/* The kernel's one cgroup2 hierarchy, mounted where nothing else is, stands for a machine with v2
 * alone. In a private mount namespace, and so the last test. */
static void
test_v2(void)
{
	char place[] = "/tmp/osless-cgroup2-XXXXXX";
	struct cgroup_host host = { .self = "0::/\n" };

	if (!mkdtemp(place) || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", place, "cgroup2", 0, NULL) < 0) {
		SKIP("cgroup2 cannot be mounted");
		return;
	}
	host.path = place;
	host.root = open(place, O_PATH | O_DIRECTORY | O_CLOEXEC);
	test_v2_life(&host);
	test_v2_devices(&host);
	test_v2_owner(&host);
	(void)close(host.root);
	(void)umount2(place, MNT_DETACH);
	(void)rmdir(place);
}

/* What a hybrid's or v2's root hands down does change: put back, so that the machine is as before.
 */
static const char hugetlb_control[] = "/sys/fs/cgroup/unified/cgroup.subtree_control";

static void
put_back(int had_hugetlb)
{
	int fd = had_hugetlb ? -1 : open(hugetlb_control, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "-hugetlb", 8) < 0)
		printf("# %s: %s\n", hugetlb_control, strerror(errno));
	(void)close(fd);
}

int
main(void)
{
	struct plan_cgroup plan = { 0 };
	struct error err = { 0 };
	int had_hugetlb = strstr(read_path(hugetlb_control), "hugetlb") != NULL;

	(void)snprintf(top, sizeof top, "/osless-test-%d", (int)getpid());
	if (geteuid() != 0) {
		SKIP("needs root");
		DONE();
	}
	if (cgroup_locate(NULL, top, "id", &arena, &plan, &err) < 0) {
		SKIP(err.text);
		DONE();
	}
	test_locate();
	test_life();
	test_freeze_and_kill();
	test_kill_v1();
	if (find_dir(&plan, "memory")) {
		test_limits();
		test_failures();
		test_empty_cpuset();
	} else {
		SKIP("limits: not a machine with cgroup v1");
	}
	clean_up();
	EQ_INT(count_dirs(&plan), 0, "all is gone");
	test_v2();
	put_back(had_hugetlb);
	arena_free(&arena);
	DONE();
}
