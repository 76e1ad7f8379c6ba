/* config.json's linux section, and resources in it, which is a document of its own too.
 *
 * Names and what is required follow runtime-spec 1.3 (schema/config-linux.json, defs-linux.json).
 * Where 1.3 and its forerunners differ, both are taken: pids.limit may be absent (since 1.3),
 * intelRdt may have enableCMT and enableMBM (until 1.2). */
#include "libocispec/rows.h"

/* ---- resources */

static const struct ocispec_field device_rule_fields[] = {
	REQUIRED(device_rule, allow, "allow"),
	STRING(device_rule, type, "type"),
	OPTIONAL(device_rule, major, "major"),
	OPTIONAL(device_rule, minor, "minor"),
	STRING(device_rule, access, "access"),
};
static TABLE(device_rule);

static const struct ocispec_field memory_limits_fields[] = {
	OPTIONAL(memory_limits, limit, "limit"),
	OPTIONAL(memory_limits, reservation, "reservation"),
	OPTIONAL(memory_limits, swap, "swap"),
	OPTIONAL(memory_limits, kernel, "kernel"),
	OPTIONAL(memory_limits, kernel_tcp, "kernelTCP"),
	OPTIONAL(memory_limits, swappiness, "swappiness"),
	OPTIONAL(memory_limits, disable_oom_killer, "disableOOMKiller"),
	OPTIONAL(memory_limits, use_hierarchy, "useHierarchy"),
	OPTIONAL(memory_limits, check_before_update, "checkBeforeUpdate"),
};
static TABLE(memory_limits);

static const struct ocispec_field cpu_fields[] = {
	OPTIONAL(cpu, shares, "shares"),
	OPTIONAL(cpu, quota, "quota"),
	OPTIONAL(cpu, burst, "burst"),
	OPTIONAL(cpu, period, "period"),
	OPTIONAL(cpu, realtime_runtime, "realtimeRuntime"),
	OPTIONAL(cpu, realtime_period, "realtimePeriod"),
	STRING(cpu, cpus, "cpus"),
	STRING(cpu, mems, "mems"),
	OPTIONAL(cpu, idle, "idle"),
};
static TABLE(cpu);

static const struct ocispec_field pids_fields[] = {
	OPTIONAL(pids, limit, "limit"),
};
static TABLE(pids);

static const struct ocispec_field weight_device_fields[] = {
	REQUIRED(weight_device, major, "major"),
	REQUIRED(weight_device, minor, "minor"),
	OPTIONAL(weight_device, weight, "weight"),
	OPTIONAL(weight_device, leaf_weight, "leafWeight"),
};
static TABLE(weight_device);

static const struct ocispec_field throttle_device_fields[] = {
	REQUIRED(throttle_device, major, "major"),
	REQUIRED(throttle_device, minor, "minor"),
	OPTIONAL(throttle_device, rate, "rate"),
};
static TABLE(throttle_device);

static const struct ocispec_field block_io_fields[] = {
	OPTIONAL(block_io, weight, "weight"),
	OPTIONAL(block_io, leaf_weight, "leafWeight"),
	OBJECTS(block_io, weight_device, "weightDevice", weight_device),
	OBJECTS(block_io, throttle_read_bps_device, "throttleReadBpsDevice", throttle_device),
	OBJECTS(block_io, throttle_write_bps_device, "throttleWriteBpsDevice", throttle_device),
	OBJECTS(block_io, throttle_read_iops_device, "throttleReadIOPSDevice", throttle_device),
	OBJECTS(block_io, throttle_write_iops_device, "throttleWriteIOPSDevice", throttle_device),
};
static TABLE(block_io);

static const struct ocispec_field hugepage_limit_fields[] = {
	REQUIRED(hugepage_limit, page_size, "pageSize"),
	REQUIRED(hugepage_limit, limit, "limit"),
};
static TABLE(hugepage_limit);

static const struct ocispec_field interface_priority_fields[] = {
	REQUIRED(interface_priority, name, "name"),
	REQUIRED(interface_priority, priority, "priority"),
};
static TABLE(interface_priority);

static const struct ocispec_field network_fields[] = {
	OPTIONAL(network, class_id, "classID"),
	OBJECTS(network, priorities, "priorities", interface_priority),
};
static TABLE(network);

static const struct ocispec_field rdma_fields[] = {
	OPTIONAL(rdma, hca_handles, "hcaHandles"),
	OPTIONAL(rdma, hca_objects, "hcaObjects"),
};
static TABLE(rdma);
_Static_assert(offsetof(struct ocispec_rdma, key) == 0, "an entry of a map begins with its key");

static const struct ocispec_field resources_fields[] = {
	OBJECTS(resources, devices, "devices", device_rule),
	OBJECT(resources, memory, "memory", memory_limits),
	OBJECT(resources, cpu, "cpu", cpu),
	OBJECT(resources, pids, "pids", pids),
	OBJECT(resources, block_io, "blockIO", block_io),
	OBJECTS(resources, hugepage_limits, "hugepageLimits", hugepage_limit),
	OBJECT(resources, network, "network", network),
	OBJECT_MAP(resources, rdma, "rdma", rdma),
	STRING_MAP(resources, unified, "unified"),
};
TABLE(resources);

/* ---- seccomp */

static const struct ocispec_field seccomp_arg_fields[] = {
	REQUIRED(seccomp_arg, index, "index"),
	REQUIRED(seccomp_arg, value, "value"),
	OPTIONAL(seccomp_arg, value_two, "valueTwo"),
	REQUIRED(seccomp_arg, op, "op"),
};
static TABLE(seccomp_arg);

static const struct ocispec_field syscall_fields[] = {
	REQUIRED_SCALARS(syscall, names, "names"),
	REQUIRED(syscall, action, "action"),
	OPTIONAL(syscall, errno_ret, "errnoRet"),
	OBJECTS(syscall, args, "args", seccomp_arg),
};
static TABLE(syscall);

static const struct ocispec_field seccomp_fields[] = {
	REQUIRED(seccomp, default_action, "defaultAction"),
	OPTIONAL(seccomp, default_errno_ret, "defaultErrnoRet"),
	SCALARS(seccomp, architectures, "architectures"),
	SCALARS(seccomp, flags, "flags"),
	STRING(seccomp, listener_path, "listenerPath"),
	STRING(seccomp, listener_metadata, "listenerMetadata"),
	OBJECTS(seccomp, syscalls, "syscalls", syscall),
};
static TABLE(seccomp);

/* ---- the rest of linux */

static const struct ocispec_field id_mapping_fields[] = {
	REQUIRED(id_mapping, container_id, "containerID"),
	REQUIRED(id_mapping, host_id, "hostID"),
	REQUIRED(id_mapping, size, "size"),
};
TABLE(id_mapping);

static const struct ocispec_field namespace_fields[] = {
	REQUIRED(namespace, type, "type"),
	STRING(namespace, path, "path"),
};
static TABLE(namespace);

static const struct ocispec_field device_fields[] = {
	REQUIRED(device, path, "path"),
	REQUIRED(device, type, "type"),
	OPTIONAL(device, major, "major"),
	OPTIONAL(device, minor, "minor"),
	OPTIONAL(device, file_mode, "fileMode"),
	OPTIONAL(device, uid, "uid"),
	OPTIONAL(device, gid, "gid"),
};
static TABLE(device);

static const struct ocispec_field net_device_fields[] = {
	STRING(net_device, name, "name"),
};
static TABLE(net_device);
_Static_assert(offsetof(struct ocispec_net_device, key) == 0, "an entry begins with its key");

static const struct ocispec_field intel_rdt_fields[] = {
	STRING(intel_rdt, clos_id, "closID"),
	SCALARS(intel_rdt, schemata, "schemata"),
	STRING(intel_rdt, l3_cache_schema, "l3CacheSchema"),
	STRING(intel_rdt, mem_bw_schema, "memBwSchema"),
	OPTIONAL(intel_rdt, enable_monitoring, "enableMonitoring"),
	OPTIONAL(intel_rdt, enable_cmt, "enableCMT"),
	OPTIONAL(intel_rdt, enable_mbm, "enableMBM"),
};
static TABLE(intel_rdt);

static const struct ocispec_field memory_policy_fields[] = {
	REQUIRED(memory_policy, mode, "mode"),
	STRING(memory_policy, nodes, "nodes"),
	SCALARS(memory_policy, flags, "flags"),
};
static TABLE(memory_policy);

static const struct ocispec_field personality_fields[] = {
	REQUIRED(personality, domain, "domain"),
	SCALARS(personality, flags, "flags"),
};
static TABLE(personality);

static const struct ocispec_field time_offset_fields[] = {
	OPTIONAL(time_offset, secs, "secs"),
	OPTIONAL(time_offset, nanosecs, "nanosecs"),
};
static TABLE(time_offset);
_Static_assert(offsetof(struct ocispec_time_offset, key) == 0, "an entry begins with its key");

static const struct ocispec_field linux_fields[] = {
	OBJECTS(linux, uid_mappings, "uidMappings", id_mapping),
	OBJECTS(linux, gid_mappings, "gidMappings", id_mapping),
	STRING_MAP(linux, sysctl, "sysctl"),
	OBJECT(linux, resources, "resources", resources),
	STRING(linux, cgroups_path, "cgroupsPath"),
	OBJECTS(linux, namespaces, "namespaces", namespace),
	OBJECTS(linux, devices, "devices", device),
	OBJECT_MAP(linux, net_devices, "netDevices", net_device),
	OBJECT(linux, seccomp, "seccomp", seccomp),
	STRING(linux, rootfs_propagation, "rootfsPropagation"),
	SCALARS(linux, masked_paths, "maskedPaths"),
	SCALARS(linux, readonly_paths, "readonlyPaths"),
	STRING(linux, mount_label, "mountLabel"),
	OBJECT(linux, intel_rdt, "intelRdt", intel_rdt),
	OBJECT(linux, memory_policy, "memoryPolicy", memory_policy),
	OBJECT(linux, personality, "personality", personality),
	OBJECT_MAP(linux, time_offsets, "timeOffsets", time_offset),
};
TABLE(linux);
