/* No terminals: what is stripped, what only looks like it, and the refusal. */
#include "policy_help.h"
#include "tap.h"

#include <sys/stat.h>

static void
test_console_socket(void)
{
	struct bench b;

	bench_start(&b);
	b.facts.console_socket = 1;
	EQ_INT(bench_compile(&b), -1, "--console-socket");
	HAS_STR(b.err.text, "run without -t (--tty", "names the cure");
	bench_end(&b);
}

static void
test_terminal_flag(void)
{
	struct bench b;

	bench_start(&b);
	b.spec.process.terminal = 1;
	EQ_INT(bench_compile(&b), 0, "terminal: true");
	EQ_STR(bench_kind(&b, "process.terminal"), "stripped", "is stripped");
	EQ_INT(bench_entry(&b, "process.terminal")->warn, 1, "and the user is told");
	bench_end(&b);
}

static const struct mount_row {
	const char *text;
	struct plan_mount mount;
	int kept;
} mount_rows[] = {
	{ "devpts", { .dest = "/dev/pts", .type = "devpts" }, 0 },
	{ "devpts elsewhere", { .dest = "/x", .type = "devpts" }, 0 },
	{ "console", { .dest = "/dev/console", .source = "/a", .flags = PLAN_MOUNT_BIND }, 0 },
	{ "console, spelled", { .dest = "//dev/./x/../console", .source = "/a", .flags = 1 }, 0 },
	{ "console's parent of root", { .dest = "/../dev/console", .source = "/a", .flags = 1 },
	    0 },
	{ "host's tty", { .dest = "/x", .source = "/dev/tty", .flags = PLAN_MOUNT_BIND }, 0 },
	{ "host's pts", { .dest = "/x", .source = "/dev/pts/", .flags = PLAN_MOUNT_BIND }, 0 },
	{ "a pts of the host", { .dest = "/x", .source = "/dev/pts/3", .flags = 1 }, 0 },
	{ "a line", { .dest = "/dev/ttyS0", .source = "/a", .flags = PLAN_MOUNT_BIND }, 0 },
	{ "ptmx", { .dest = "/dev/ptmx", .source = "/dev/pts/ptmx", .flags = 1 }, 0 },
	{ "consoles", { .dest = "/dev/consoles", .source = "/a", .flags = PLAN_MOUNT_BIND }, 1 },
	{ "shm", { .dest = "/dev/shm", .type = "tmpfs" }, 1 },
	{ "fuse", { .dest = "/dev/fuse", .source = "/dev/fuse", .flags = PLAN_MOUNT_BIND }, 1 },
	{ "a directory", { .dest = "/dev/tty/x", .source = "/a", .flags = PLAN_MOUNT_BIND }, 1 },
	{ "data", { .dest = "/data", .source = "/srv", .flags = PLAN_MOUNT_BIND }, 1 },
};

static void
test_mounts(void)
{
	for (size_t i = 0; i < COUNT(mount_rows); i++) {
		struct plan_mount mount = mount_rows[i].mount;
		struct bench b;

		bench_start(&b);
		BENCH_ONE(&b.spec.mounts, &mount);
		EQ_INT(bench_compile(&b), 0, mount_rows[i].text);
		EQ_INT(b.plan.mounts.count, mount_rows[i].kept, "kept");
		EQ_INT(b.report.entries.items[b.report.entries.count - 1].kind == REPORT_STRIPPED,
		    !mount_rows[i].kept, "in the report");
		bench_end(&b);
	}
}

static const struct device_row {
	struct plan_device device;
	int kept;
} device_rows[] = {
	{ { .path = "/dev/tty", .mode = S_IFCHR, .major = 5, .minor = 0 }, 0 },
	{ { .path = "/dev/console", .mode = S_IFCHR, .major = 5, .minor = 1 }, 0 },
	{ { .path = "/dev/ptmx", .mode = S_IFCHR, .major = 5, .minor = 2 }, 0 },
	{ { .path = "/x", .mode = S_IFCHR, .major = 5, .minor = 2 }, 0 },
	{ { .path = "/dev/ttyS0", .mode = S_IFCHR, .major = 4, .minor = 64 }, 0 },
	{ { .path = "/dev/ptyp0", .mode = S_IFCHR, .major = 2 }, 0 },
	{ { .path = "/dev/ttyp0", .mode = S_IFCHR, .major = 3 }, 0 },
	{ { .path = "/dev/pts/0", .mode = S_IFCHR, .major = 136 }, 0 },
	{ { .path = "/y", .mode = S_IFCHR, .major = 143 }, 0 },
	{ { .path = "/dev/vcs", .mode = S_IFCHR, .major = 7 }, 0 },
	{ { .path = "/dev/../dev/console", .mode = S_IFIFO }, 0 },
	{ { .path = "/dev/fuse", .mode = S_IFCHR, .major = 10, .minor = 229 }, 1 },
	{ { .path = "/dev/blk4", .mode = S_IFBLK, .major = 4 }, 1 },
	{ { .path = "/dev/kvm", .mode = S_IFCHR, .major = 144 }, 1 },
};

static void
test_devices(void)
{
	for (size_t i = 0; i < COUNT(device_rows); i++) {
		struct plan_device device = device_rows[i].device;
		struct bench b;

		bench_start(&b);
		BENCH_ONE(&b.spec.devices, &device);
		EQ_INT(bench_compile(&b), 0, device.path);
		EQ_INT(b.plan.devices.count, 5 + device_rows[i].kept, "kept beside the five");
		EQ_STR(bench_kind(&b, "linux.devices"), device_rows[i].kept ? NULL : "stripped",
		    "in the report");
		bench_end(&b);
	}
}

static int
has_rule(const struct plan *plan, uint32_t allow, char type, int64_t major, int64_t minor)
{
	for (uint64_t i = 0; i < plan->cgroup.resources.devices.count; i++) {
		const struct plan_device_rule *rule = &plan->cgroup.resources.devices.items[i];

		if (rule->allow == allow && rule->type == (uint32_t)type && rule->major == major &&
		    rule->minor == minor)
			return 1;
	}
	return 0;
}

static void
test_rules(void)
{
	static struct plan_device_rule rules[] = {
		{ 0, 'a', -1, -1, 7 },
		{ 1, 'c', 5, 0, 7 },
		{ 1, 'c', 136, -1, 7 },
		{ 1, 'c', 10, 229, 7 },
		{ 0, 'c', 5, 1, 7 },
	};
	struct bench b;

	bench_start(&b);
	b.spec.resources.devices.items = rules;
	b.spec.resources.devices.count = COUNT(rules);
	EQ_INT(bench_compile(&b), 0, "an engine's rules");
	OK(!has_rule(&b.plan, 1, 'c', 5, 0), "tty is not allowed");
	OK(!has_rule(&b.plan, 1, 'c', 136, -1), "ptys are not allowed");
	OK(has_rule(&b.plan, 1, 'c', 10, 229), "others stay");
	OK(has_rule(&b.plan, 0, 'c', 5, 1), "refusals stay");
	OK(has_rule(&b.plan, 0, 'a', -1, -1), "the default stays");
	OK(!has_rule(&b.plan, 0, 'c', 136, -1), "nothing is refused twice");
	EQ_STR(bench_kind(&b, "linux.resources.devices"), "stripped", "in the report");
	EQ_STR(bench_entry(&b, "linux.resources.devices")->from, "5:0 136:*", "by numbers");
	bench_end(&b);
}

static void
test_allow_all(void)
{
	static struct plan_device_rule rules[] = { { 1, 'a', -1, -1, 7 } };
	struct bench b;

	bench_start(&b);
	b.spec.resources.devices.items = rules;
	b.spec.resources.devices.count = COUNT(rules);
	EQ_INT(bench_compile(&b), 0, "a privileged container's rules");
	OK(has_rule(&b.plan, 1, 'a', -1, -1), "all is allowed");
	OK(has_rule(&b.plan, 0, 'c', 5, -1), "but tty");
	OK(has_rule(&b.plan, 0, 'c', 143, -1), "but ptys");
	OK(!has_rule(&b.plan, 0, 'c', 1, -1), "not more than that");
	bench_end(&b);
}

static void
test_many_names(void)
{
	struct plan_device devices[6];
	struct bench b;

	for (size_t i = 0; i < COUNT(devices); i++)
		devices[i] = (struct plan_device) { .path = "/t", .mode = S_IFCHR, .major = 4 };
	bench_start(&b);
	b.spec.devices.items = devices;
	b.spec.devices.count = COUNT(devices);
	EQ_INT(bench_compile(&b), 0, "many terminals");
	EQ_STR(
	    bench_entry(&b, "linux.devices")->from, "/t /t /t /t ... (6 in all)", "are one entry");
	bench_end(&b);
}

int
main(void)
{
	test_console_socket();
	test_terminal_flag();
	test_mounts();
	test_devices();
	test_rules();
	test_allow_all();
	test_many_names();
	DONE();
}
