/* The table: one row a field, in the order of plan.h and resources.h. The order is also that of the
 * image. Pure data, and three small questions about it. */
#include "plan/fields.h"

#include "plan/plan.h"

_Static_assert(sizeof(void *) == sizeof(uint64_t), "an image holds offsets where pointers were");
_Static_assert(sizeof(struct plan) < FIELD_NO_FLAG, "offsets are 16 bits wide");

#define KIND_OF(value) \
	_Generic((value), \
	    uint32_t: FIELD_U32, \
	    int32_t: FIELD_I32, \
	    uint64_t: FIELD_U64, \
	    int64_t: FIELD_I64, \
	    const char *: FIELD_TEXT)
#define MEMBER(member) (((RECORD *)0)->member)
#define ROW(member, kind_, length_, given_, as_, record_) \
	{ \
		.name = #member, .offset = offsetof(RECORD, member), .length = (length_), \
		.given = (given_), .kind = (kind_), .as = (as_), .record = (record_) \
	}

/* A number or a text; the same, present only where a has_ flag says so; an embedded struct, an
 * array of them; lists of numbers or texts, of structs, of pairs. */
#define ONE(member, as) ROW(member, KIND_OF(MEMBER(member)), 1, FIELD_NO_FLAG, as, NULL)
#define ONE_IF(flag, member, as) \
	ROW(flag, FIELD_U32, 1, FIELD_NO_FLAG, FIELD_AS_HIDDEN, NULL), \
	    ROW(member, KIND_OF(MEMBER(member)), 1, offsetof(RECORD, flag), as, NULL)
#define STRUCT(member, record) ROW(member, FIELD_RECORD, 1, FIELD_NO_FLAG, FIELD_AS_PLAIN, record)
#define ARRAY(member, record) \
	ROW(member, FIELD_RECORD, sizeof(MEMBER(member)) / sizeof(MEMBER(member)[0]), \
	    FIELD_NO_FLAG, FIELD_AS_PLAIN, record)
#define LIST(member, as) \
	ROW(member, KIND_OF(*MEMBER(member).items), FIELD_LIST, FIELD_NO_FLAG, as, NULL)
#define STRUCTS(member, record) \
	ROW(member, FIELD_RECORD, FIELD_LIST, FIELD_NO_FLAG, FIELD_AS_PLAIN, record)
#define PAIRS(member, as) ROW(member, FIELD_RECORD, FIELD_LIST, FIELD_NO_FLAG, as, &pair)

#define DEFINE(linkage, variable, name_, ...) \
	static const struct field variable##_fields[] = { __VA_ARGS__ }; \
	linkage const struct record variable = { \
		.name = (name_), \
		.fields = variable##_fields, \
		.count = sizeof(variable##_fields) / sizeof(variable##_fields[0]), \
		.size = sizeof(RECORD), \
	}
#define PUBLIC

/* clang-format off: one row a line */

#define RECORD struct plan_pair
DEFINE(static, pair, "pair", ONE(key, FIELD_AS_PLAIN), ONE(value, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_device_rule
DEFINE(static, device_rule, "device rule", ONE(allow, FIELD_AS_COUNT), ONE(type, FIELD_AS_LETTER),
    ONE(major, FIELD_AS_COUNT), ONE(minor, FIELD_AS_COUNT), ONE(access, FIELD_AS_DEVICE_ACCESS));
#undef RECORD

#define RECORD struct plan_weight_device
DEFINE(static, weight_device, "weight device", ONE(major, FIELD_AS_COUNT),
    ONE(minor, FIELD_AS_COUNT), ONE(weight, FIELD_AS_NUMBER), ONE(leaf_weight, FIELD_AS_NUMBER));
#undef RECORD

#define RECORD struct plan_throttle_device
DEFINE(static, throttle_device, "throttle device", ONE(major, FIELD_AS_COUNT),
    ONE(minor, FIELD_AS_COUNT), ONE(rate, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_hugepage_limit
DEFINE(static, hugepage_limit, "huge page limit", ONE(page_size, FIELD_AS_PLAIN),
    ONE(limit, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_priority
DEFINE(static, priority, "priority", ONE(name, FIELD_AS_PLAIN), ONE(priority, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_rdma_limit
DEFINE(static, rdma_limit, "rdma limit", ONE(device, FIELD_AS_PLAIN),
    ONE_IF(has_handles, handles, FIELD_AS_COUNT), ONE_IF(has_objects, objects, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_resources
DEFINE(PUBLIC, record_resources, "resources", ONE(memory_limit, FIELD_AS_NUMBER),
    ONE(memory_reservation, FIELD_AS_NUMBER), ONE(memory_swap, FIELD_AS_NUMBER),
    ONE(kernel_memory, FIELD_AS_NUMBER), ONE(kernel_memory_tcp, FIELD_AS_NUMBER),
    ONE_IF(has_swappiness, swappiness, FIELD_AS_COUNT), ONE(disable_oom_killer, FIELD_AS_FLAG),
    ONE(check_before_update, FIELD_AS_FLAG), ONE(cpu_shares, FIELD_AS_NUMBER),
    ONE(cpu_quota, FIELD_AS_NUMBER), ONE(cpu_burst, FIELD_AS_NUMBER),
    ONE(cpu_period, FIELD_AS_NUMBER), ONE(cpu_realtime_runtime, FIELD_AS_NUMBER),
    ONE(cpu_realtime_period, FIELD_AS_NUMBER), ONE_IF(has_cpu_idle, cpu_idle, FIELD_AS_COUNT),
    ONE(cpuset_cpus, FIELD_AS_PLAIN), ONE(cpuset_mems, FIELD_AS_PLAIN),
    ONE(pids_limit, FIELD_AS_NUMBER), ONE(blkio_weight, FIELD_AS_NUMBER),
    ONE(blkio_leaf_weight, FIELD_AS_NUMBER), STRUCTS(blkio_weight_devices, &weight_device),
    STRUCTS(blkio_read_bps, &throttle_device), STRUCTS(blkio_write_bps, &throttle_device),
    STRUCTS(blkio_read_iops, &throttle_device), STRUCTS(blkio_write_iops, &throttle_device),
    STRUCTS(hugepage_limits, &hugepage_limit), ONE(net_class_id, FIELD_AS_HEX),
    STRUCTS(net_priorities, &priority), STRUCTS(rdma, &rdma_limit), PAIRS(unified, FIELD_AS_MAP),
    STRUCTS(devices, &device_rule));
#undef RECORD

#define RECORD struct plan_namespace
DEFINE(static, namespace, "namespace", ONE(type, FIELD_AS_NS_TYPE), ONE(mode, FIELD_AS_NS_MODE),
    ONE(path, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_idmap
DEFINE(static, idmap, "id map", ONE(container_id, FIELD_AS_COUNT), ONE(host_id, FIELD_AS_COUNT),
    ONE(size, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_mount
DEFINE(static, mount, "mount", ONE(dest, FIELD_AS_PLAIN), ONE(source, FIELD_AS_PLAIN),
    ONE(type, FIELD_AS_PLAIN), ONE(flags, FIELD_AS_MOUNT_FLAGS), ONE(attr_set, FIELD_AS_MOUNT_ATTR),
    ONE(attr_clear, FIELD_AS_MOUNT_ATTR), ONE(rec_attr_set, FIELD_AS_MOUNT_ATTR),
    ONE(rec_attr_clear, FIELD_AS_MOUNT_ATTR), ONE(propagation, FIELD_AS_PROPAGATION),
    ONE(rec_propagation, FIELD_AS_PROPAGATION), PAIRS(options, FIELD_AS_OPTIONS),
    STRUCTS(uid_map, &idmap), STRUCTS(gid_map, &idmap));
#undef RECORD

#define RECORD struct plan_device
DEFINE(static, device, "device", ONE(path, FIELD_AS_PLAIN), ONE(mode, FIELD_AS_OCTAL),
    ONE(major, FIELD_AS_COUNT), ONE(minor, FIELD_AS_COUNT), ONE(uid, FIELD_AS_COUNT),
    ONE(gid, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_net_device
DEFINE(
    static, net_device, "network device", ONE(name, FIELD_AS_PLAIN), ONE(new_name, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_rlimit
DEFINE(static, rlimit, "resource limit", ONE(resource, FIELD_AS_RLIMIT), ONE(soft, FIELD_AS_COUNT),
    ONE(hard, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_hook
DEFINE(static, hook, "hook", ONE(path, FIELD_AS_PLAIN), LIST(args, FIELD_AS_PLAIN),
    LIST(env, FIELD_AS_PLAIN), ONE(timeout_s, FIELD_AS_NUMBER));
#undef RECORD

#define RECORD struct plan_caps
DEFINE(static, caps, "capabilities", ONE(bounding, FIELD_AS_CAPS), ONE(effective, FIELD_AS_CAPS),
    ONE(permitted, FIELD_AS_CAPS), ONE(inheritable, FIELD_AS_CAPS), ONE(ambient, FIELD_AS_CAPS));
#undef RECORD

#define RECORD struct plan_scheduler
DEFINE(static, scheduler, "scheduler", ONE_IF(has_policy, policy, FIELD_AS_SCHED_POLICY),
    ONE(flags, FIELD_AS_SCHED_FLAGS), ONE(nice, FIELD_AS_NUMBER), ONE(priority, FIELD_AS_NUMBER),
    ONE(runtime_ns, FIELD_AS_NUMBER), ONE(deadline_ns, FIELD_AS_NUMBER),
    ONE(period_ns, FIELD_AS_NUMBER));
#undef RECORD

#define RECORD struct plan_memory_policy
DEFINE(static, memory_policy, "memory policy", ONE_IF(has_mode, mode, FIELD_AS_MEMORY_MODE),
    ONE(flags, FIELD_AS_MEMORY_FLAGS), LIST(nodes, FIELD_AS_HEX));
#undef RECORD

#define RECORD struct plan_process
DEFINE(static, process, "process", LIST(args, FIELD_AS_PLAIN), LIST(env, FIELD_AS_PLAIN),
    ONE(cwd, FIELD_AS_PLAIN), ONE(uid, FIELD_AS_COUNT), ONE(gid, FIELD_AS_COUNT),
    LIST(groups, FIELD_AS_COUNT), ONE_IF(has_umask, umask, FIELD_AS_OCTAL), STRUCT(caps, &caps),
    ONE(no_new_privs, FIELD_AS_FLAG), ONE_IF(has_oom_score_adj, oom_score_adj, FIELD_AS_COUNT),
    STRUCTS(rlimits, &rlimit), STRUCT(scheduler, &scheduler), ONE(io_class, FIELD_AS_IO_CLASS),
    ONE(io_level, FIELD_AS_NUMBER), LIST(exec_cpus_initial, FIELD_AS_HEX),
    LIST(exec_cpus_final, FIELD_AS_HEX), ONE(apparmor_profile, FIELD_AS_PLAIN),
    ONE(selinux_label, FIELD_AS_PLAIN), ONE(stdio_owner, FIELD_AS_FLAG));
#undef RECORD

#define RECORD struct plan_child
DEFINE(static, child, "child", ONE(id, FIELD_AS_PLAIN), ONE(kind, FIELD_AS_CHILD_KIND),
    ONE(parent, FIELD_AS_COUNT), ONE(restart, FIELD_AS_RESTART),
    ONE(shutdown_ms, FIELD_AS_SHUTDOWN), ONE(strategy, FIELD_AS_STRATEGY),
    ONE(intensity, FIELD_AS_NUMBER), ONE(period_ms, FIELD_AS_NUMBER),
    ONE(backoff_first_ms, FIELD_AS_NUMBER), ONE(backoff_max_ms, FIELD_AS_NUMBER),
    ONE(stop_signal, FIELD_AS_NUMBER), LIST(args, FIELD_AS_PLAIN), LIST(env, FIELD_AS_PLAIN),
    ONE(cwd, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_rules
DEFINE(static, rules, "rules", ONE(restarts, FIELD_AS_MODE), ONE(orphans, FIELD_AS_MODE),
    ONE(unwaited, FIELD_AS_MODE), ONE(zombies, FIELD_AS_MODE), ONE(stopped, FIELD_AS_MODE),
    ONE(handle_within_ms, FIELD_AS_COUNT), ONE(zombie_within_ms, FIELD_AS_COUNT));
#undef RECORD

#define RECORD struct plan_tree
DEFINE(static, tree, "tree", ONE(declared, FIELD_AS_FLAG), ONE(main, FIELD_AS_COUNT),
    ONE(signals, FIELD_AS_SIGNALS), ONE(stop_signal, FIELD_AS_NUMBER), STRUCT(rules, &rules),
    STRUCTS(children, &child));
#undef RECORD

#define RECORD struct plan_filter
DEFINE(static, filter, "filter", LIST(code, FIELD_AS_CODE), ONE(flags, FIELD_AS_FILTER_FLAGS));
#undef RECORD

#define RECORD struct plan_cgroup_dir
DEFINE(static, cgroup_dir, "cgroup directory", ONE(name, FIELD_AS_PLAIN), ONE(link, FIELD_AS_PLAIN),
    ONE(path, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_unit_property
DEFINE(static, unit_property, "unit property", ONE(name, FIELD_AS_PLAIN), ONE(type, FIELD_AS_PLAIN),
    LIST(words, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan_unit
DEFINE(static, unit, "unit", ONE(name, FIELD_AS_PLAIN), ONE(slice, FIELD_AS_PLAIN),
    ONE(is_user, FIELD_AS_FLAG), STRUCTS(properties, &unit_property));
#undef RECORD

#define RECORD struct plan_cgroup
DEFINE(static, cgroup, "cgroup", ONE(manager, FIELD_AS_CGROUP_MANAGER),
    ONE(rights_lacking, FIELD_AS_FLAG), ONE(owner, FIELD_AS_COUNT), ONE(path, FIELD_AS_PLAIN),
    STRUCTS(dirs, &cgroup_dir), STRUCT(unit, &unit), STRUCT(resources, &record_resources));
#undef RECORD

#define RECORD struct plan_rdt
DEFINE(static, rdt, "resource control", ONE(given, FIELD_AS_FLAG), ONE(own, FIELD_AS_FLAG),
    ONE(monitoring, FIELD_AS_FLAG), ONE(group, FIELD_AS_PLAIN), ONE(schemata, FIELD_AS_PLAIN));
#undef RECORD

#define RECORD struct plan
DEFINE(PUBLIC, record_plan, "plan", ONE(oci_version, FIELD_AS_PLAIN), ONE(id, FIELD_AS_PLAIN),
    ONE(bundle, FIELD_AS_PLAIN), PAIRS(annotations, FIELD_AS_MAP),
    ONE(identity_mode, FIELD_AS_MODE), ONE(syscalls_mode, FIELD_AS_MODE),
    ONE(supervision_mode, FIELD_AS_MODE), ONE(tier, FIELD_AS_TIER),
    ONE(identity, FIELD_AS_IDENTITY), ARRAY(namespaces, &namespace), STRUCTS(uid_map, &idmap),
    STRUCTS(gid_map, &idmap), PAIRS(time_offsets, FIELD_AS_MAP), ONE(hostname, FIELD_AS_PLAIN),
    ONE(domainname, FIELD_AS_PLAIN), ONE(rootfs, FIELD_AS_PLAIN),
    ONE(rootfs_readonly, FIELD_AS_FLAG), ONE(rootfs_propagation, FIELD_AS_PROPAGATION),
    ONE(no_pivot, FIELD_AS_FLAG), ONE(in_userns, FIELD_AS_FLAG), ONE(binds_inside, FIELD_AS_FLAG),
    ONE(mount_label, FIELD_AS_PLAIN), STRUCTS(mounts, &mount), STRUCTS(devices, &device),
    PAIRS(symlinks, FIELD_AS_MAP), STRUCTS(net_devices, &net_device),
    LIST(masked_paths, FIELD_AS_PLAIN), LIST(readonly_paths, FIELD_AS_PLAIN),
    PAIRS(sysctls, FIELD_AS_MAP), ONE(new_keyring, FIELD_AS_FLAG),
    ONE_IF(has_personality, personality, FIELD_AS_HEX), STRUCT(memory_policy, &memory_policy),
    STRUCT(process, &process), ONE(preserve_fds, FIELD_AS_NUMBER), ONE(listen_fds, FIELD_AS_NUMBER),
    STRUCT(tree, &tree), ARRAY(filters, &filter), ONE(denials, FIELD_AS_DENIALS),
    ONE(listener_path, FIELD_AS_PLAIN), ONE(listener_metadata, FIELD_AS_PLAIN),
    STRUCTS(hooks_prestart, &hook), STRUCTS(hooks_create_runtime, &hook),
    STRUCTS(hooks_create_container, &hook), STRUCTS(hooks_start_container, &hook),
    STRUCTS(hooks_poststart, &hook), STRUCTS(hooks_poststop, &hook), STRUCT(cgroup, &cgroup),
    STRUCT(rdt, &rdt), ONE(exec, FIELD_AS_FLAG), ONE(fail_step, FIELD_AS_PLAIN));
#undef RECORD

/* clang-format on */

size_t
field_item_size(const struct field *field)
{
	static const uint8_t sizes[] = {
		[FIELD_U32] = sizeof(uint32_t),
		[FIELD_I32] = sizeof(int32_t),
		[FIELD_U64] = sizeof(uint64_t),
		[FIELD_I64] = sizeof(int64_t),
		[FIELD_TEXT] = sizeof(const char *),
	};

	return field->kind == FIELD_RECORD ? field->record->size : sizes[field->kind];
}

size_t
field_size(const struct field *field)
{
	if (field->length == FIELD_LIST)
		return sizeof(struct field_list);
	return field->length * field_item_size(field);
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

static uint64_t
mix_text(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = mix(hash, (unsigned char)*text);
	return mix(hash, 0);
}

static uint64_t
mix_record(uint64_t hash, const struct record *record)
{
	hash = mix(hash, record->size);
	for (uint32_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];

		hash = mix_text(hash, field->name);
		hash = mix(hash, field->offset);
		hash = mix(hash, field->length);
		hash = mix(hash, field->kind);
		if (field->record)
			hash = mix_record(hash, field->record);
	}
	return hash;
}

uint64_t
fields_layout(void)
{
	return mix_record(UINT64_C(0xcbf29ce484222325), &record_plan);
}
