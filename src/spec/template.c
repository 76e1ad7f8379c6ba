/* The default config.json as static structs, written by the same writer as everything else. */
#include "spec/template.h"

#include "spec/document.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define LIST(array) \
	{ \
		(array), LENGTH(array) \
	}

#define TEMPLATE_VERSION "1.3.0"

/* ---- process */

static const struct ocispec_user user = { .has_uid = true, .has_gid = true };
static const char *const args[] = { "sh" };
static const char *const env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};
static const char *const caps[] = { "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE" };
static const struct ocispec_capabilities capabilities = {
	.bounding = LIST(caps),
	.effective = LIST(caps),
	.permitted = LIST(caps),
	.ambient = LIST(caps),
};
static const struct ocispec_rlimit rlimits[] = {
	{ .type = "RLIMIT_NOFILE", .soft = 1024, .hard = 1024 },
};
static const struct ocispec_process process = {
	.has_terminal = true, /* false, written out: the first thing that differs from runc's */
	.user = &user,
	.args = LIST(args),
	.env = LIST(env),
	.cwd = "/",
	.capabilities = &capabilities,
	.rlimits = LIST(rlimits),
	.no_new_privileges = true,
	.has_no_new_privileges = true,
};

/* ---- mounts */

static const char *const dev_options[] = { "nosuid", "strictatime", "mode=755", "size=65536k" };
static const char *const shm_options[] = { "nosuid", "noexec", "nodev", "mode=1777",
	"size=65536k" };
static const char *const sys_options[] = { "nosuid", "noexec", "nodev", "ro" };
static const char *const bound_sys_options[] = { "rbind", "nosuid", "noexec", "nodev", "ro" };
static const char *const cgroup_options[] = { "nosuid", "noexec", "nodev", "relatime", "ro" };

#define PROC \
	{ \
		.destination = "/proc", .type = "proc", .source = "proc" \
	}
#define DEV \
	{ \
		.destination = "/dev", .type = "tmpfs", .source = "tmpfs", \
		.options = LIST(dev_options) \
	}
#define SHM \
	{ \
		.destination = "/dev/shm", .type = "tmpfs", .source = "shm", \
		.options = LIST(shm_options) \
	}
#define CGROUP \
	{ \
		.destination = "/sys/fs/cgroup", .type = "cgroup", .source = "cgroup", \
		.options = LIST(cgroup_options) \
	}

static const struct ocispec_mount mounts[] = {
	PROC,
	DEV,
	SHM,
	{ .destination = "/sys", .type = "sysfs", .source = "sysfs", .options = LIST(sys_options) },
	CGROUP,
};

/* A fresh sysfs needs an own network namespace, which rootless ones do without. */
static const struct ocispec_mount rootless_mounts[] = {
	PROC,
	DEV,
	SHM,
	{ .destination = "/sys",
	    .type = "none",
	    .source = "/sys",
	    .options = LIST(bound_sys_options) },
	CGROUP,
};

/* ---- linux */

static const struct ocispec_namespace namespaces[] = {
	{ .type = "pid" },
	{ .type = "network" },
	{ .type = "ipc" },
	{ .type = "uts" },
	{ .type = "mount" },
};
static const struct ocispec_namespace rootless_namespaces[] = {
	{ .type = "pid" },
	{ .type = "ipc" },
	{ .type = "uts" },
	{ .type = "mount" },
	{ .type = "user" },
};
static const char *const masked_paths[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/sys/firmware",
	"/sys/devices/virtual/powercap",
};
static const char *const readonly_paths[] = {
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger",
};
static const struct ocispec_device_rule device_rules[] = { { .allow = false, .access = "rwm" } };
static const struct ocispec_resources resources = { .devices = LIST(device_rules) };

static const struct ocispec_root root = {
	.path = "rootfs", .readonly = true, .has_readonly = true
};

static const struct ocispec_linux root_linux = {
	.resources = &resources,
	.namespaces = LIST(namespaces),
	.masked_paths = LIST(masked_paths),
	.readonly_paths = LIST(readonly_paths),
};
static const struct ocispec_config root_config = {
	.oci_version = TEMPLATE_VERSION,
	.process = &process,
	.root = &root,
	.hostname = "osless",
	.mounts = LIST(mounts),
	.linux = &root_linux,
};

/* ---- */

static char *
write_rootless(uint32_t uid, uint32_t gid, struct error *err)
{
	const struct ocispec_id_mapping uid_map = { .host_id = uid, .size = 1 };
	const struct ocispec_id_mapping gid_map = { .host_id = gid, .size = 1 };
	struct ocispec_config config = root_config;
	struct ocispec_linux section = root_linux;

	section.resources = NULL; /* another user's cgroups can seldom be limited */
	section.uid_mappings.items = &uid_map;
	section.uid_mappings.count = 1;
	section.gid_mappings.items = &gid_map;
	section.gid_mappings.count = 1;
	section.namespaces.items = rootless_namespaces;
	section.namespaces.count = LENGTH(rootless_namespaces);
	config.mounts.items = rootless_mounts;
	config.mounts.count = LENGTH(rootless_mounts);
	config.linux = &section;
	return document_write(&config, OCISPEC_CONFIG, OCISPEC_PRETTY, NULL, err);
}

char *
template_write(enum template_kind kind, uint32_t uid, uint32_t gid, struct error *err)
{
	if (kind == TEMPLATE_ROOTLESS)
		return write_rootless(uid, gid, err);
	return document_write(&root_config, OCISPEC_CONFIG, OCISPEC_PRETTY, NULL, err);
}
