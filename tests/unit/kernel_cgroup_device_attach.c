/* Device programs in the kernel, as root, on a directory of this machine's cgroup2 mount, which is
 * gone at the end. A child in it tries what is refused. */
#include "kernel/cgroup_device_attach.h"

#include "tests/unit/tap.h"

#include "base/syscalls.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>

#define MANY_RULES 1000

static char top[96];
static struct arena arena;

enum { RWM = PLAN_DEVICE_READ | PLAN_DEVICE_WRITE | PLAN_DEVICE_MKNOD };

static int
make_top(void)
{
	static const char *const mounts[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	struct statfs fs;

	for (size_t i = 0; i < 2; i++) {
		if (statfs(mounts[i], &fs) < 0 || fs.f_type != CGROUP2_SUPER_MAGIC)
			continue;
		(void)snprintf(top, sizeof(top), "%s/osless-devices-%d", mounts[i], (int)getpid());
		if (mkdir(top, 0755) == 0)
			return open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	return -1;
}

/* What open(2) of a path says to a process in the cgroup: 0 or an errno. */
static int
open_inside(const char *path, int flags)
{
	char procs[128];
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int fd;

		(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", top);
		fd = open(procs, O_WRONLY);
		if (fd < 0 || write(fd, "0", 1) < 0)
			_exit(99);
		_exit(open(path, flags) < 0 ? errno : 0);
	}
	(void)waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

/* How many device programs are on the directory; *id gets the first one's, which is ours. */
static int
count_programs(int dir, uint32_t *id)
{
	uint32_t ids[64] = { 0 };
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)dir;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = 64;
	if (sys_bpf(BPF_PROG_QUERY, &attr, sizeof(attr)) < 0)
		return -1;
	*id = ids[0];
	return (int)attr.query.prog_cnt;
}

/* 0, or -1 with err. */
static int
put(int dir, struct plan_device_rule *rules, uint64_t count, struct error *err)
{
	struct plan_resources resources = { .devices = { rules, count } };
	struct cgroup_device_program program;
	int fd, result;

	if (cgroup_device_program(&resources, &arena, &program, err) < 0)
		return -1;
	fd = cgroup_device_load(&program, err);
	if (fd < 0)
		return -1;
	result = cgroup_device_attach(dir, fd, err);
	(void)close(fd);
	return result;
}

/* A program that allows all, under no name: as another's. */
static int
put_foreign(int dir, uint32_t flags)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;
	int fd, result;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t) "none";
	fd = sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = flags;
	result = sys_bpf(BPF_PROG_ATTACH, &attr, sizeof(attr));
	(void)close(fd);
	return result;
}

static void
test_attach(int dir)
{
	struct plan_device_rule null_only[] = {
		{ 0, 'a', -1, -1, RWM },
		{ 1, 'c', 1, 3, RWM },
	};
	struct plan_device_rule null_to_read[] = {
		{ 0, 'a', -1, -1, RWM },
		{ 1, 'c', 1, 3, PLAN_DEVICE_READ },
	};
	struct error err = { 0 };
	uint32_t first, id;

	EQ_INT(open_inside("/dev/zero", O_RDONLY), 0, "before: all is allowed");
	EQ_INT(put(dir, null_only, 2, &err), 0, "attach");
	EQ_STR(err.text, "", "no error");
	EQ_INT(open_inside("/dev/null", O_RDWR), 0, "allowed");
	EQ_INT(open_inside("/dev/zero", O_RDONLY), EPERM, "denied");
	EQ_INT(count_programs(dir, &first), 1, "one program");

	EQ_INT(put(dir, null_to_read, 2, &err), 0, "attach another");
	EQ_INT(count_programs(dir, &id), 1, "it took the first's place");
	OK(id != first, "and is not the first");
	EQ_INT(open_inside("/dev/null", O_RDONLY), 0, "allowed to read");
	EQ_INT(open_inside("/dev/null", O_RDWR), EPERM, "no longer to write");

	EQ_INT(put_foreign(dir, BPF_F_ALLOW_MULTI), 0, "somebody else's beside it");
	EQ_INT(put(dir, null_only, 2, &err), 0, "attach once more");
	EQ_INT(count_programs(dir, &id), 2, "the other stays");
	EQ_INT(open_inside("/dev/null", O_RDWR), 0, "ours is replaced");
	EQ_INT(open_inside("/dev/zero", O_RDONLY), EPERM, "and decides");
}

/* The verifier has to get through it. */
static void
test_many(int dir)
{
	static struct plan_device_rule rules[MANY_RULES];
	struct error err = { 0 };

	rules[0] = (struct plan_device_rule) { 0, 'a', -1, -1, RWM };
	for (int i = 1; i < MANY_RULES; i++)
		rules[i] = (struct plan_device_rule) { (uint32_t)i % 3 != 0, i % 2 ? 'b' : 'c',
			1 + i % 7, 100 + i, 1 + (uint32_t)i % RWM };
	rules[MANY_RULES - 1] = (struct plan_device_rule) { 1, 'c', 1, 5, RWM };
	EQ_INT(put(dir, rules, MANY_RULES, &err), 0, "a thousand rules");
	EQ_STR(err.text, "", "no error");
	EQ_INT(open_inside("/dev/zero", O_RDONLY), 0, "the last allows");
	EQ_INT(open_inside("/dev/null", O_RDONLY), EPERM, "none does");
}

/* Where a cgroup has one that stands alone, nobody below it may have any. */
static void
test_alone(int dir)
{
	struct plan_device_rule rule = { 0, 'a', -1, -1, RWM };
	struct error err = { 0 };
	int below;

	EQ_INT(put(-1, &rule, 1, &err), -1, "no directory");
	EQ_INT(err.errnum, EBADF, "is told");
	if (mkdirat(dir, "alone", 0755) < 0 || mkdirat(dir, "alone/below", 0755) < 0)
		exit(99);
	below = openat(dir, "alone", O_PATH | O_DIRECTORY | O_CLOEXEC);
	EQ_INT(put_foreign(below, 0), 0, "one without flags");
	(void)close(below);
	below = openat(dir, "alone/below", O_PATH | O_DIRECTORY | O_CLOEXEC);
	EQ_INT(put(below, &rule, 1, &err), -1, "another below it");
	HAS_STR(err.text, "allows no other", "is told");
	(void)close(below);
	(void)unlinkat(dir, "alone/below", AT_REMOVEDIR);
	(void)unlinkat(dir, "alone", AT_REMOVEDIR);
}

static int
is_loaded(uint32_t id)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	fd = sys_bpf(BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

/* A dead cgroup is taken apart a moment later. */
static void
test_gone(int dir)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	uint32_t id;
	int tries = 250;

	EQ_INT(count_programs(dir, &id), 2, "programs before");
	(void)close(dir);
	EQ_INT(rmdir(top), 0, "remove the cgroup");
	while (is_loaded(id) && tries-- > 0)
		(void)nanosleep(&nap, NULL);
	OK(!is_loaded(id), "the program goes with it");
}

int
main(void)
{
	int dir = geteuid() == 0 ? make_top() : -1;

	if (dir < 0) {
		SKIP("needs root and a cgroup2 mount");
		DONE();
	}
	test_alone(dir);
	test_attach(dir);
	test_many(dir);
	test_gone(dir);
	arena_free(&arena);
	DONE();
}
