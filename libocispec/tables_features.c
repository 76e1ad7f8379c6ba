/* What a runtime says of itself and of its containers: features and state.
 *
 * Names and what is required follow runtime-spec 1.3 (schema/features-schema.json,
 * features-linux.json, state-schema.json). */
#include "libocispec/rows.h"

/* ---- features */

static const struct ocispec_field feature_fields[] = {
	OPTIONAL(feature, enabled, "enabled"),
};
static TABLE(feature);

static const struct ocispec_field cgroup_features_fields[] = {
	OPTIONAL(cgroup_features, v1, "v1"),
	OPTIONAL(cgroup_features, v2, "v2"),
	OPTIONAL(cgroup_features, systemd, "systemd"),
	OPTIONAL(cgroup_features, systemd_user, "systemdUser"),
	OPTIONAL(cgroup_features, rdma, "rdma"),
};
static TABLE(cgroup_features);

static const struct ocispec_field seccomp_features_fields[] = {
	OPTIONAL(seccomp_features, enabled, "enabled"),
	SCALARS(seccomp_features, actions, "actions"),
	SCALARS(seccomp_features, operators, "operators"),
	SCALARS(seccomp_features, archs, "archs"),
	SCALARS(seccomp_features, known_flags, "knownFlags"),
	SCALARS(seccomp_features, supported_flags, "supportedFlags"),
};
static TABLE(seccomp_features);

static const struct ocispec_field memory_policy_features_fields[] = {
	SCALARS(memory_policy_features, modes, "modes"),
	SCALARS(memory_policy_features, flags, "flags"),
};
static TABLE(memory_policy_features);

static const struct ocispec_field intel_rdt_features_fields[] = {
	OPTIONAL(intel_rdt_features, enabled, "enabled"),
	OPTIONAL(intel_rdt_features, schemata, "schemata"),
	OPTIONAL(intel_rdt_features, monitoring, "monitoring"),
};
static TABLE(intel_rdt_features);

static const struct ocispec_field mount_extensions_fields[] = {
	OBJECT(mount_extensions, idmap, "idmap", feature),
};
static TABLE(mount_extensions);

static const struct ocispec_field linux_features_fields[] = {
	SCALARS(linux_features, namespaces, "namespaces"),
	SCALARS(linux_features, capabilities, "capabilities"),
	OBJECT(linux_features, cgroup, "cgroup", cgroup_features),
	OBJECT(linux_features, seccomp, "seccomp", seccomp_features),
	OBJECT(linux_features, apparmor, "apparmor", feature),
	OBJECT(linux_features, selinux, "selinux", feature),
	OBJECT(linux_features, memory_policy, "memoryPolicy", memory_policy_features),
	OBJECT(linux_features, intel_rdt, "intelRdt", intel_rdt_features),
	OBJECT(linux_features, mount_extensions, "mountExtensions", mount_extensions),
	OBJECT(linux_features, net_devices, "netDevices", feature),
};
static TABLE(linux_features);

static const struct ocispec_field features_fields[] = {
	REQUIRED(features, oci_version_min, "ociVersionMin"),
	REQUIRED(features, oci_version_max, "ociVersionMax"),
	SCALARS(features, hooks, "hooks"),
	SCALARS(features, mount_options, "mountOptions"),
	OBJECT(features, linux, "linux", linux_features),
	STRING_MAP(features, annotations, "annotations"),
	SCALARS(
	    features, potentially_unsafe_config_annotations, "potentiallyUnsafeConfigAnnotations"),
};
TABLE(features);

/* ---- state */

static const struct ocispec_field state_fields[] = {
	REQUIRED(state, oci_version, "ociVersion"),
	REQUIRED(state, id, "id"),
	OPTIONAL(state, pid, "pid"),
	REQUIRED(state, status, "status"),
	REQUIRED(state, bundle, "bundle"),
	STRING(state, rootfs, "rootfs"),
	STRING(state, created, "created"),
	STRING(state, owner, "owner"),
	STRING_MAP(state, annotations, "annotations"),
};
TABLE(state);
