/* config.json's outer objects, and process, which is a document of its own too.
 *
 * Names and what is required follow runtime-spec 1.3 (schema/config-schema.json, defs.json). Rows
 * stand in the order in which Go's encoder writes the fields, which the reader's lookup favours. */
#include "libocispec/rows.h"

/* ---- process */

static const struct ocispec_field console_size_fields[] = {
	REQUIRED(console_size, height, "height"),
	REQUIRED(console_size, width, "width"),
};
static TABLE(console_size);

static const struct ocispec_field user_fields[] = {
	OPTIONAL(user, uid, "uid"),
	OPTIONAL(user, gid, "gid"),
	OPTIONAL(user, umask, "umask"),
	SCALARS(user, additional_gids, "additionalGids"),
};
static TABLE(user);

static const struct ocispec_field capabilities_fields[] = {
	SCALARS(capabilities, bounding, "bounding"),
	SCALARS(capabilities, effective, "effective"),
	SCALARS(capabilities, inheritable, "inheritable"),
	SCALARS(capabilities, permitted, "permitted"),
	SCALARS(capabilities, ambient, "ambient"),
};
static TABLE(capabilities);

static const struct ocispec_field rlimit_fields[] = {
	REQUIRED(rlimit, type, "type"),
	REQUIRED(rlimit, hard, "hard"),
	REQUIRED(rlimit, soft, "soft"),
};
static TABLE(rlimit);

static const struct ocispec_field scheduler_fields[] = {
	REQUIRED(scheduler, policy, "policy"),
	OPTIONAL(scheduler, nice, "nice"),
	OPTIONAL(scheduler, priority, "priority"),
	SCALARS(scheduler, flags, "flags"),
	OPTIONAL(scheduler, runtime, "runtime"),
	OPTIONAL(scheduler, deadline, "deadline"),
	OPTIONAL(scheduler, period, "period"),
};
static TABLE(scheduler);

static const struct ocispec_field io_priority_fields[] = {
	REQUIRED(io_priority, class, "class"),
	OPTIONAL(io_priority, priority, "priority"),
};
static TABLE(io_priority);

static const struct ocispec_field cpu_affinity_fields[] = {
	STRING(cpu_affinity, initial, "initial"),
	STRING(cpu_affinity, final, "final"),
};
static TABLE(cpu_affinity);

static const struct ocispec_field process_fields[] = {
	OPTIONAL(process, terminal, "terminal"),
	OBJECT(process, console_size, "consoleSize", console_size),
	OBJECT(process, user, "user", user),
	SCALARS(process, args, "args"),
	SCALARS(process, env, "env"),
	REQUIRED(process, cwd, "cwd"),
	OBJECT(process, capabilities, "capabilities", capabilities),
	OBJECTS(process, rlimits, "rlimits", rlimit),
	OPTIONAL(process, no_new_privileges, "noNewPrivileges"),
	STRING(process, apparmor_profile, "apparmorProfile"),
	OPTIONAL(process, oom_score_adj, "oomScoreAdj"),
	OBJECT(process, scheduler, "scheduler", scheduler),
	STRING(process, selinux_label, "selinuxLabel"),
	OBJECT(process, io_priority, "ioPriority", io_priority),
	OBJECT(process, exec_cpu_affinity, "execCPUAffinity", cpu_affinity),
};
TABLE(process);

/* ---- root, mounts, hooks */

static const struct ocispec_field root_fields[] = {
	REQUIRED(root, path, "path"),
	OPTIONAL(root, readonly, "readonly"),
};
static TABLE(root);

static const struct ocispec_field mount_fields[] = {
	REQUIRED(mount, destination, "destination"),
	STRING(mount, type, "type"),
	STRING(mount, source, "source"),
	SCALARS(mount, options, "options"),
	OBJECTS(mount, uid_mappings, "uidMappings", id_mapping),
	OBJECTS(mount, gid_mappings, "gidMappings", id_mapping),
};
static TABLE(mount);

static const struct ocispec_field hook_fields[] = {
	REQUIRED(hook, path, "path"),
	SCALARS(hook, args, "args"),
	SCALARS(hook, env, "env"),
	OPTIONAL(hook, timeout, "timeout"),
};
static TABLE(hook);

static const struct ocispec_field hooks_fields[] = {
	OBJECTS(hooks, prestart, "prestart", hook),
	OBJECTS(hooks, create_runtime, "createRuntime", hook),
	OBJECTS(hooks, create_container, "createContainer", hook),
	OBJECTS(hooks, start_container, "startContainer", hook),
	OBJECTS(hooks, poststart, "poststart", hook),
	OBJECTS(hooks, poststop, "poststop", hook),
};
static TABLE(hooks);

/* ---- the document; solaris, windows, vm, zos and freebsd are unknown keys here */

static const struct ocispec_field config_fields[] = {
	REQUIRED(config, oci_version, "ociVersion"),
	OBJECT(config, process, "process", process),
	OBJECT(config, root, "root", root),
	STRING(config, hostname, "hostname"),
	STRING(config, domainname, "domainname"),
	OBJECTS(config, mounts, "mounts", mount),
	OBJECT(config, hooks, "hooks", hooks),
	STRING_MAP(config, annotations, "annotations"),
	OBJECT(config, linux, "linux", linux),
};
TABLE(config);
