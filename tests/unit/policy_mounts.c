/* Mounts over and below /proc, POSIX queues, and what is in /dev. */
#include "policy_help.h"
#include "tap.h"

#include <sys/stat.h>

#define BOUND(at, from) \
	{ \
		.dest = (at), .source = (from), .flags = PLAN_MOUNT_BIND \
	}

static const struct proc_row {
	struct plan_mount mount;
	const char *want; /* part of the error; NULL = passes */
} proc_rows[] = {
	{ { .dest = "/proc", .type = "proc", .flags = PLAN_MOUNT_PROC }, NULL },
	{ BOUND("/proc", "/proc"), NULL },
	{ BOUND("/proc/", "//proc/."), NULL },
	{ BOUND("/proc", "/tmp/proc"), "not of type proc" },
	{ { .dest = "/proc", .type = "tmpfs" }, "not of type proc" },
	{ { .dest = "/x/../proc", .type = "tmpfs" }, "not of type proc" },
	{ BOUND("/proc/cpuinfo", "/a"), NULL },
	{ BOUND("/proc/net/dev", "/a"), NULL },
	{ BOUND("/proc/sys/crypto/fips_enabled", "/a"), NULL },
	{ BOUND("/proc/self/attr", "/a"), "inside /proc" },
	{ BOUND("/proc/sys", "/a"), "inside /proc" },
	{ BOUND("/x/../proc//sys/kernel", "/a"), "inside /proc" },
	{ BOUND("/proc/cpuinfo/x", "/a"), "inside /proc" },
	{ BOUND("/process", "/a"), NULL },
	{ BOUND("/data/proc/sys", "/a"), NULL },
};

static void
test_proc(void)
{
	for (size_t i = 0; i < COUNT(proc_rows); i++) {
		struct plan_mount mount = proc_rows[i].mount;
		struct bench b;

		bench_start(&b);
		BENCH_ONE(&b.spec.mounts, &mount);
		EQ_INT(bench_compile(&b), proc_rows[i].want ? -1 : 0, mount.dest);
		if (proc_rows[i].want)
			HAS_STR(b.err.text, proc_rows[i].want, "why");
		else
			EQ_INT(b.plan.mounts.count, 1, "passes");
		bench_end(&b);
	}
}

/* Whose rights id maps of mounts take. */
static void
test_idmapped(void)
{
	struct plan_mount mount = { .dest = "/data", .flags = PLAN_MOUNT_BIND | PLAN_MOUNT_IDMAP };

	for (uint32_t euid = 0; euid < 2; euid++) {
		struct bench b;

		bench_start(&b);
		mount.source = "/a";
		b.facts.euid = euid;
		BENCH_ONE(&b.spec.mounts, &mount);
		EQ_INT(bench_compile(&b), euid ? -1 : 0, "idmapped");
		if (euid)
			HAS_STR(b.err.text, "mounts[/data]: only root may map", "why");
		bench_end(&b);
	}
}

static void
test_mqueue(void)
{
	static const struct {
		uint32_t mode;
		uint32_t kept, flags;
		const char *kind;
	} cases[] = {
		{ PLAN_MODE_ENFORCE, 1, 0, "stripped" },
		{ PLAN_MODE_AUDIT, 2, PLAN_MOUNT_OPTIONAL, "kept" },
		{ PLAN_MODE_OFF, 2, 0, NULL },
	};
	struct plan_mount mounts[] = {
		{ .dest = "/dev/mqueue", .type = "mqueue" },
		{ .dest = "/tmp", .type = "tmpfs" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench b;

		bench_start(&b);
		b.policy.syscalls_mode = cases[i].mode;
		b.spec.mounts.items = mounts;
		b.spec.mounts.count = COUNT(mounts);
		EQ_INT(bench_compile(&b), 0, "mqueue");
		EQ_INT(b.plan.mounts.count, cases[i].kept, "mounts left");
		EQ_STR(
		    b.plan.mounts.items[b.plan.mounts.count - 1].dest, "/tmp", "the order stays");
		EQ_INT(b.plan.mounts.items[0].flags, cases[i].flags, "flags");
		EQ_STR(bench_kind(&b, "mounts[/dev/mqueue]"), cases[i].kind, "report");
		EQ_INT(mounts[0].flags, 0, "the spec is untouched");
		bench_end(&b);
	}
}

static struct plan_pair own_context[] = { { "context", "o" } };

/* SELinux labels: of what the container makes, where the kernel does not label it itself. */
static void
test_mount_label(void)
{
	struct plan_mount mounts[] = {
		{ .dest = "/proc", .type = "proc", .flags = PLAN_MOUNT_PROC },
		{ .dest = "/sys", .type = "sysfs", .flags = PLAN_MOUNT_SYSFS },
		BOUND("/data", "/srv"),
		{ .dest = "/dev/mqueue", .type = "mqueue" },
		{ .dest = "/a", .type = "tmpfs", .options = { own_context, 1 } },
		{ .dest = "/b", .type = "tmpfs" },
	};
	struct bench b;

	bench_start(&b);
	b.policy.syscalls_mode = PLAN_MODE_OFF; /* mqueue stays */
	b.spec.mount_label = "l";
	b.spec.mounts.items = mounts;
	b.spec.mounts.count = COUNT(mounts);
	EQ_INT(bench_compile(&b), 0, "a label for mounts");
	for (size_t i = 0; i < 4; i++)
		EQ_INT(b.plan.mounts.items[i].options.count, 0, mounts[i].dest);
	EQ_INT(b.plan.mounts.items[4].options.count, 1, "one of its own stays");
	EQ_STR(b.plan.mounts.items[4].options.items[0].value, "o", "as it is");
	EQ_STR(b.plan.mounts.items[5].options.items[0].key, "context", "a tmpfs gets it");
	EQ_STR(b.plan.mounts.items[5].options.items[0].value, "l", "this one");
	EQ_INT(mounts[5].options.count, 0, "the spec is untouched");
	bench_end(&b);
}

static const struct plan_device *
find_device(const struct plan *plan, const char *path)
{
	for (uint64_t i = 0; i < plan->devices.count; i++) {
		if (strcmp(plan->devices.items[i].path, path) == 0)
			return &plan->devices.items[i];
	}
	return NULL;
}

static void
test_default_devices(void)
{
	static const char *const paths[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
		"/dev/urandom" };
	struct bench b;

	bench_start(&b);
	EQ_INT(bench_compile(&b), 0, "no devices of its own");
	for (size_t i = 0; i < COUNT(paths); i++)
		OK(find_device(&b.plan, paths[i]), paths[i]);
	EQ_INT(b.plan.devices.count, COUNT(paths), "and no other");
	EQ_INT(b.plan.symlinks.count, 4, "fd, stdin, stdout, stderr");
	EQ_INT(b.plan.cgroup.resources.devices.count, 2 + COUNT(paths), "mknod, and these");
	bench_end(&b);
}

static void
test_own_null(void)
{
	struct plan_device device = {
		.path = "/dev/null", .mode = S_IFCHR | 0600, .major = 1, .minor = 3
	};
	struct bench b;

	bench_start(&b);
	BENCH_ONE(&b.spec.devices, &device);
	EQ_INT(bench_compile(&b), 0, "a /dev/null of its own");
	EQ_INT(b.plan.devices.count, 5, "takes the place of the default");
	EQ_INT(find_device(&b.plan, "/dev/null")->mode, S_IFCHR | 0600, "with its mode");
	EQ_INT(b.plan.cgroup.resources.devices.count, 6, "its rule is config's matter");
	bench_end(&b);
}

static void
test_bound_dev(void)
{
	struct plan_mount mount = BOUND("/dev/", "/dev");
	struct bench b;

	bench_start(&b);
	BENCH_ONE(&b.spec.mounts, &mount);
	EQ_INT(bench_compile(&b), 0, "a /dev bound from elsewhere");
	EQ_INT(b.plan.devices.count, 0, "no nodes are made in it");
	EQ_INT(b.plan.symlinks.count, 0, "no symlinks are made in it");
	bench_end(&b);
}

int
main(void)
{
	test_proc();
	test_idmapped();
	test_mqueue();
	test_mount_label();
	test_default_devices();
	test_own_null();
	test_bound_dev();
	DONE();
}
