/* What passes through, what a container needs, which cgroup paths are understood; and what must
 * hold of every plan, tried on invented specs. */
#include "policy_help.h"
#include "tap.h"

#include <linux/mount.h>
#include <sys/stat.h>

#define ROUNDS 3000

static void
test_common(void)
{
	static const char *masked[] = { "/proc/kcore", NULL };
	struct bench b;

	bench_start(&b);
	b.spec.hostname = "web1";
	b.spec.masked_paths.items = masked;
	b.spec.masked_paths.count = 1;
	b.spec.process.has_umask = 1;
	b.spec.process.umask = 027;
	b.facts = (struct policy_facts) { .no_pivot = 1, .preserve_fds = 3, .listen_fds = 2 };
	EQ_INT(bench_compile(&b), 0, "a small spec");
	EQ_STR(b.plan.id, "web", "id");
	EQ_STR(b.plan.bundle, "/bundle", "bundle");
	EQ_STR(b.plan.rootfs, "/bundle/rootfs", "rootfs");
	EQ_STR(b.plan.hostname, "web1", "hostname");
	EQ_STR(b.plan.process.args.items[0], "true", "args");
	EQ_STR(b.plan.masked_paths.items[0], "/proc/kcore", "masked paths");
	EQ_INT(b.plan.process.umask, 027, "umask");
	EQ_INT(b.plan.process.stdio_owner, 1, "standard streams are opened to the identity");
	EQ_INT(b.plan.no_pivot, 1, "--no-pivot");
	EQ_INT(b.plan.new_keyring, 1, "a keyring unless --no-new-keyring");
	EQ_INT(b.plan.preserve_fds, 3, "--preserve-fds");
	EQ_INT(b.plan.listen_fds, 2, "LISTEN_FDS");
	bench_end(&b);
}

static void
test_needs(void)
{
	struct bench b;

	bench_start(&b);
	b.spec.has_process = 0;
	EQ_INT(bench_compile(&b), -1, "no process");
	HAS_STR(b.err.text, "process.args", "names the field");
	b.spec.has_process = 1;
	b.spec.namespaces[PLAN_NS_MNT].mode = PLAN_NS_HOST;
	EQ_INT(bench_compile(&b), -1, "no mount namespace");
	HAS_STR(b.err.text, "add {\"type\": \"mount\"}", "names the cure");
	b.spec.namespaces[PLAN_NS_MNT] = (struct plan_namespace) { .mode = PLAN_NS_JOIN };
	b.spec.namespaces[PLAN_NS_PID] = (struct plan_namespace) { .mode = PLAN_NS_HOST };
	EQ_INT(bench_compile(&b), 0, "a joined one, and the host's pids");
	EQ_INT(b.plan.namespaces[PLAN_NS_MNT].mode, PLAN_NS_JOIN, "pass");
	bench_end(&b);
}

static const struct cgroup_row {
	const char *path;
	uint32_t manager;
	const char *want; /* part of the error; NULL = passes */
} cgroup_rows[] = {
	{ NULL, PLAN_CGROUP_CGROUPFS, NULL }, { "/docker/abc", PLAN_CGROUP_CGROUPFS, NULL },
	{ "relative/path", PLAN_CGROUP_CGROUPFS, NULL },
	{ "/odd:name:here", PLAN_CGROUP_CGROUPFS, NULL },
	{ "one:colon", PLAN_CGROUP_CGROUPFS, NULL },
	{ "machine.slice:libpod:abc", PLAN_CGROUP_CGROUPFS, "SystemdCgroup = false" },
	{ ":cri:abc", PLAN_CGROUP_CGROUPFS, "systemd's form" },
	{ "machine.slice:libpod:abc", PLAN_CGROUP_DISABLED, NULL },
	{ "machine.slice:libpod:abc", PLAN_CGROUP_SYSTEMD, "libsystemd-dev" }, /* not built in */
};

static void
test_cgroup(void)
{
	for (size_t i = 0; i < COUNT(cgroup_rows); i++) {
		const struct cgroup_row *row = &cgroup_rows[i];
		struct bench b;

		bench_start(&b);
		b.spec.cgroups_path = row->path;
		b.facts.cgroup_manager = row->manager;
		EQ_INT(bench_compile(&b), row->want ? -1 : 0, row->path ? row->path : "no path");
		if (row->want)
			HAS_STR(b.err.text, row->want, "why");
		else
			EQ_STR(b.plan.cgroup.path, row->path, "passes");
		bench_end(&b);
	}
}

/* Who may divide the cgroup: the program's user, where it sees a root of its own, writable. */
static void
test_cgroup_owner(void)
{
	static const struct {
		const char *name;
		uint32_t userns;   /* enum plan_ns_mode */
		uint32_t cgroupns; /* the same */
		uint64_t mount;    /* attributes */
		uint32_t want;
	} rows[] = {
		{ "all of it", PLAN_NS_NEW, PLAN_NS_NEW, 0, 101000 },
		{ "read-only", PLAN_NS_NEW, PLAN_NS_NEW, MOUNT_ATTR_RDONLY, 0 },
		{ "the host's cgroups", PLAN_NS_NEW, PLAN_NS_HOST, 0, 0 },
		{ "the host's users", PLAN_NS_HOST, PLAN_NS_NEW, 0, 0 },
	};
	static struct plan_idmap map = { .container_id = 0, .host_id = 100000, .size = 65536 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct plan_mount mount = {
			.dest = "/sys/fs/cgroup",
			.type = "cgroup",
			.flags = PLAN_MOUNT_CGROUP,
			.attr_set = rows[i].mount,
		};
		struct bench b;

		bench_start(&b);
		b.spec.namespaces[PLAN_NS_USER].mode = rows[i].userns;
		b.spec.namespaces[PLAN_NS_CGROUP].mode = rows[i].cgroupns;
		if (rows[i].userns == PLAN_NS_NEW) {
			BENCH_ONE(&b.spec.uid_map, &map);
			BENCH_ONE(&b.spec.gid_map, &map);
		}
		BENCH_ONE(&b.spec.mounts, &mount);
		b.spec.process.uid = 1000;
		EQ_INT(bench_compile(&b), 0, rows[i].name);
		EQ_INT(b.plan.cgroup.owner, rows[i].want, rows[i].name);
		bench_end(&b);
	}
}

static void
test_unsupported(void)
{
	static struct spec_unsupported fields[] = { { "linux.intelRdt", "not acted on" } };
	struct bench b;

	bench_start(&b);
	b.spec.unsupported.items = fields;
	b.spec.unsupported.count = 1;
	EQ_INT(bench_compile(&b), 0, "a field that is not acted on");
	EQ_STR(bench_kind(&b, "linux.intelRdt"), "unsupported", "is named");
	bench_end(&b);
}

static void
test_net_devices(void)
{
	struct plan_net_device device = { "dev0", "eth0" };

	for (uint32_t i = 0; i < 4; i++) {
		struct bench b;

		bench_start(&b);
		b.facts.euid = i & 1;
		b.facts.in_userns = i >> 1;
		BENCH_ONE(&b.spec.net_devices, &device);
		EQ_INT(bench_compile(&b), i ? -1 : 0, "a network device");
		if (i)
			HAS_STR(b.err.text, "linux.netDevices: only the host's root", "why");
		else
			EQ_INT(b.plan.net_devices.count, 1, "passes");
		bench_end(&b);
	}
}

/* A class of service without a name is the container's own, and has its id. */
static void
test_rdt(void)
{
	static const char *const names[] = { NULL, "gold", "" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct bench b;

		bench_start(&b);
		b.spec.rdt = (struct plan_rdt) { .given = 1, .group = names[i] };
		EQ_INT(bench_compile(&b), 0, "resource control");
		EQ_STR(b.plan.rdt.group, names[i] ? names[i] : b.plan.id, "group");
		EQ_INT(b.plan.rdt.own, !names[i], "whose");
		bench_end(&b);
	}
}

static void
test_no_memory(void)
{
	int failures = 0;
	int result = -1;

	for (size_t limit = 1; result < 0; limit += 16) {
		struct bench b;

		bench_start(&b);
		b.arena.limit = limit;
		b.spec.process.terminal = 1;
		result = bench_compile(&b);
		failures += result < 0 && b.err.text[0];
		bench_end(&b);
	}
	OK(failures > 10, "exhausted memory is an error, wherever it happens");
}

/* ---- properties */

static uint32_t random_state = 1;

static uint32_t
random_below(uint32_t bound)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % bound;
}

static uint64_t
random_caps(void)
{
	uint64_t caps = (uint64_t)random_below(1u << 24) << 24 | random_below(1u << 24);

	return random_below(3) ? caps : random_below(2) ? 0 : UINT64_MAX;
}

static void
invent_process(struct spec_process *process)
{
	static uint32_t groups[] = { 1, 2, 3 };

	process->uid = random_below(2) ? 0 : random_below(70000);
	process->gid = random_below(2) ? 0 : random_below(70000);
	process->groups.items = groups;
	process->groups.count = random_below(COUNT(groups) + 1);
	process->terminal = random_below(2);
	process->no_new_privs = random_below(2);
	process->has_caps = random_below(8) > 0;
	process->caps = (struct plan_caps) { random_caps(), random_caps(), random_caps(),
		random_caps(), random_caps() };
}

static void
invent_mounts(struct bench *b)
{
	static const char *const types[] = { "tmpfs", "devpts", "mqueue", "sysfs", NULL };
	static const char *const paths[] = { "/dev/pts", "/dev/console", "/dev/tty", "/dev/ptmx",
		"/data", "/dev/shm", "/dev//pts/1", "/tmp" };
	static struct plan_mount mounts[4];

	b->spec.mounts.items = mounts;
	b->spec.mounts.count = random_below(COUNT(mounts) + 1);
	for (uint64_t i = 0; i < b->spec.mounts.count; i++) {
		const char *type = types[random_below(COUNT(types))];

		mounts[i] = (struct plan_mount) {
			.dest = paths[random_below(COUNT(paths))],
			.source = paths[random_below(COUNT(paths))],
			.type = type,
			.flags = type ? 0 : PLAN_MOUNT_BIND,
		};
	}
}

static void
invent_devices(struct bench *b)
{
	static struct plan_device devices[5];
	static struct plan_device_rule rules[5];

	b->spec.devices.items = devices;
	b->spec.devices.count = random_below(COUNT(devices) + 1);
	for (size_t i = 0; i < COUNT(devices); i++)
		devices[i] = (struct plan_device) {
			.path = random_below(2) ? "/dev/x" : "/dev/tty1",
			.mode = random_below(2) ? S_IFCHR : S_IFBLK,
			.major = random_below(150),
		};
	b->spec.resources.devices.items = rules;
	b->spec.resources.devices.count = random_below(COUNT(rules) + 1);
	for (size_t i = 0; i < COUNT(rules); i++)
		rules[i] = (struct plan_device_rule) {
			.allow = random_below(2),
			.type = (uint32_t) "abc"[random_below(3)],
			.major = (int64_t)random_below(150) - 1,
			.minor = (int64_t)random_below(3) - 1,
			.access = 7,
		};
}

#define KEPT \
	(BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_FOWNER) | \
	    BIT(CAP_NET_BIND_SERVICE))

/* The name of the first broken property; NULL where all hold. */
static const char *
broken_identity(const struct bench *b)
{
	const struct plan_process *process = &b->plan.process;
	const struct plan_caps *caps = &process->caps;
	const struct plan_caps *asked = &b->spec.process.caps;

	if ((caps->bounding | caps->effective | caps->permitted | caps->inheritable |
		caps->ambient) &
	    ~KEPT)
		return "a capability outside the kept set";
	if (caps->permitted & ~asked->permitted)
		return "a capability that config did not permit";
	if (b->spec.process.uid != 0 && caps->permitted & ~asked->ambient)
		return "a capability that the user would have lost at exec";
	if ((caps->bounding | caps->effective) & ~caps->permitted)
		return "bounding or effective beyond permitted";
	if (caps->inheritable != caps->ambient)
		return "inheritable without ambient";
	if (!process->no_new_privs)
		return "no no_new_privs";
	if (process->uid == 0 && caps->permitted & BIT(CAP_DAC_OVERRIDE))
		return "root with CAP_DAC_OVERRIDE";
	return NULL;
}

static int
is_terminal(uint32_t major)
{
	return (major >= 2 && major <= 5) || (major >= 136 && major <= 143);
}

static const char *
broken_terminal(const struct plan *plan)
{
	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		const char *type = plan->mounts.items[i].type;

		if (type && (strcmp(type, "devpts") == 0 || strcmp(type, "mqueue") == 0))
			return "a devpts or mqueue mount";
		if (plan->mounts.items[i].flags && strstr(plan->mounts.items[i].dest, "/pts"))
			return "a bind over a terminal";
	}
	for (uint64_t i = 0; i < plan->devices.count; i++) {
		const struct plan_device *device = &plan->devices.items[i];

		if (S_ISCHR(device->mode) && is_terminal(device->major))
			return "a terminal device";
	}
	for (uint64_t i = 0; i < plan->cgroup.resources.devices.count; i++) {
		const struct plan_device_rule *rule = &plan->cgroup.resources.devices.items[i];

		if (rule->allow && rule->type == 'c' && rule->major > 0 &&
		    is_terminal((uint32_t)rule->major))
			return "a rule that allows a terminal";
	}
	return NULL;
}

static void
test_properties(void)
{
	const char *broken = NULL;
	unsigned rounds = 0;

	for (; rounds < ROUNDS && !broken; rounds++) {
		struct bench b;

		bench_start(&b);
		invent_process(&b.spec.process);
		invent_mounts(&b);
		invent_devices(&b);
		if (bench_compile(&b) < 0)
			broken = "an error";
		if (!broken)
			broken = broken_identity(&b);
		if (!broken)
			broken = broken_terminal(&b.plan);
		bench_end(&b);
	}
	EQ_STR(broken, NULL, "properties of every enforced plan");
	EQ_INT(rounds, ROUNDS, "rounds");
}

int
main(void)
{
	test_common();
	test_needs();
	test_cgroup();
	test_cgroup_owner();
	test_unsupported();
	test_net_devices();
	test_rdt();
	test_no_memory();
	test_properties();
	DONE();
}
