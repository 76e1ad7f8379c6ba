/* OCI JSON to typed structs and back: config.json, the process document of exec, the resources
 * document of update, state and features, as runtime-spec 1.3 describes them for Linux.
 *
 * One table row describes each field; reader, writer and comparison all walk the same rows
 * (tables.h), so a field is in all three or in none. The library knows yajl and libc, and nothing
 * of containers: words such as "pid" or "SCMP_ACT_ALLOW" stay strings, and whether they make sense
 * is the caller's question.
 *
 * How absence looks: absent members are all zero.
 *   string           const char *       NULL is absent
 *   object           const struct x *   NULL is absent
 *   list, map        items, count       items NULL is absent; an empty one has items and count 0
 *   required scalar  its value          (a document without it is refused)
 *   optional scalar  x and has_x        has_x false is absent, and x is then 0 or false
 *
 * Everything that a document points to lies in the memory that the caller's allocator gave, and
 * lives as long as that. Pointers lead to const, so that documents to be written can be static
 * tables. */
#ifndef OCISPEC_H
#define OCISPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* gcc and clang predefine linux as 1 unless -std=cNN is given; here it is a member's name. */
#undef linux

/* A list of type, in the document's order. All lists have this layout; the tables rely on it. */
#define OCISPEC_LIST(type) \
	struct { \
		type const *items; \
		size_t count; \
	}

/* A scalar that the document may leave out. */
#define OCISPEC_OPTIONAL(type, name) \
	type name; \
	bool has_##name

/* One entry of a map from strings to strings. A map is a list of entries in the document's order,
 * no key twice; the entry of any map begins with its key. */
struct ocispec_pair {
	const char *key;
	const char *value;
};

typedef OCISPEC_LIST(const char *) ocispec_strings;
typedef OCISPEC_LIST(struct ocispec_pair) ocispec_map;

/* ------------------------------------------------------------------ process (config.md#process) */

struct ocispec_console_size {
	uint64_t height; /* characters */
	uint64_t width;
};

struct ocispec_user {
	OCISPEC_OPTIONAL(uint32_t, uid);
	OCISPEC_OPTIONAL(uint32_t, gid);
	OCISPEC_OPTIONAL(uint32_t, umask);
	OCISPEC_LIST(uint32_t) additional_gids;
};

struct ocispec_capabilities {
	ocispec_strings bounding;
	ocispec_strings effective;
	ocispec_strings inheritable;
	ocispec_strings permitted;
	ocispec_strings ambient;
};

struct ocispec_rlimit {
	const char *type; /* RLIMIT_NOFILE */
	uint64_t soft;
	uint64_t hard;
};

struct ocispec_scheduler {
	const char *policy; /* SCHED_OTHER */
	OCISPEC_OPTIONAL(int32_t, nice);
	OCISPEC_OPTIONAL(int32_t, priority);
	ocispec_strings flags;                /* SCHED_FLAG_RESET_ON_FORK */
	OCISPEC_OPTIONAL(uint64_t, runtime);  /* ns; this and the next two: SCHED_DEADLINE only */
	OCISPEC_OPTIONAL(uint64_t, deadline); /* ns */
	OCISPEC_OPTIONAL(uint64_t, period);   /* ns */
};

struct ocispec_io_priority {
	const char *class; /* IOPRIO_CLASS_BE */
	OCISPEC_OPTIONAL(int32_t, priority);
};

struct ocispec_cpu_affinity {
	const char *initial; /* a CPU list, "0-3,7", while the runtime enters the cgroup */
	const char *final;   /* and once it is there */
};

struct ocispec_process {
	OCISPEC_OPTIONAL(bool, terminal);
	const struct ocispec_console_size *console_size;
	const struct ocispec_user *user;
	ocispec_strings args;
	ocispec_strings env; /* NAME=value */
	const char *cwd;     /* required */
	const struct ocispec_capabilities *capabilities;
	OCISPEC_LIST(struct ocispec_rlimit) rlimits;
	OCISPEC_OPTIONAL(bool, no_new_privileges);
	const char *apparmor_profile;
	OCISPEC_OPTIONAL(int32_t, oom_score_adj);
	const struct ocispec_scheduler *scheduler;
	const char *selinux_label;
	const struct ocispec_io_priority *io_priority;
	const struct ocispec_cpu_affinity *exec_cpu_affinity;
};

/* --------------------------------------------------- resources (config-linux.md#control-groups) */

struct ocispec_device_rule {
	bool allow;
	const char *type;                 /* a, b or c */
	OCISPEC_OPTIONAL(int64_t, major); /* absent or -1: all */
	OCISPEC_OPTIONAL(int64_t, minor);
	const char *access; /* of rwm */
};

struct ocispec_memory_limits {
	OCISPEC_OPTIONAL(int64_t, limit); /* bytes, as all of these; -1: none */
	OCISPEC_OPTIONAL(int64_t, reservation);
	OCISPEC_OPTIONAL(int64_t, swap); /* memory and swap together */
	OCISPEC_OPTIONAL(int64_t, kernel);
	OCISPEC_OPTIONAL(int64_t, kernel_tcp);
	OCISPEC_OPTIONAL(uint64_t, swappiness); /* 0 to 100 */
	OCISPEC_OPTIONAL(bool, disable_oom_killer);
	OCISPEC_OPTIONAL(bool, use_hierarchy);
	OCISPEC_OPTIONAL(bool, check_before_update);
};

struct ocispec_cpu {
	OCISPEC_OPTIONAL(uint64_t, shares);
	OCISPEC_OPTIONAL(int64_t, quota); /* us, as the next four; -1: none */
	OCISPEC_OPTIONAL(uint64_t, burst);
	OCISPEC_OPTIONAL(uint64_t, period);
	OCISPEC_OPTIONAL(int64_t, realtime_runtime);
	OCISPEC_OPTIONAL(uint64_t, realtime_period);
	const char *cpus; /* cpuset lists */
	const char *mems;
	OCISPEC_OPTIONAL(int64_t, idle); /* 1: SCHED_IDLE for the cgroup */
};

struct ocispec_pids {
	OCISPEC_OPTIONAL(int64_t, limit); /* required up to 1.2; -1: none */
};

struct ocispec_weight_device {
	int64_t major;
	int64_t minor;
	OCISPEC_OPTIONAL(uint16_t, weight);
	OCISPEC_OPTIONAL(uint16_t, leaf_weight);
};

struct ocispec_throttle_device {
	int64_t major;
	int64_t minor;
	OCISPEC_OPTIONAL(uint64_t, rate); /* bytes or operations a second */
};

struct ocispec_block_io {
	OCISPEC_OPTIONAL(uint16_t, weight);
	OCISPEC_OPTIONAL(uint16_t, leaf_weight);
	OCISPEC_LIST(struct ocispec_weight_device) weight_device;
	OCISPEC_LIST(struct ocispec_throttle_device) throttle_read_bps_device;
	OCISPEC_LIST(struct ocispec_throttle_device) throttle_write_bps_device;
	OCISPEC_LIST(struct ocispec_throttle_device) throttle_read_iops_device;
	OCISPEC_LIST(struct ocispec_throttle_device) throttle_write_iops_device;
};

struct ocispec_hugepage_limit {
	const char *page_size; /* 2MB */
	uint64_t limit;        /* bytes */
};

struct ocispec_interface_priority {
	const char *name;
	uint32_t priority;
};

struct ocispec_network {
	OCISPEC_OPTIONAL(uint32_t, class_id);
	OCISPEC_LIST(struct ocispec_interface_priority) priorities;
};

struct ocispec_rdma {
	const char *key; /* the RDMA device */
	OCISPEC_OPTIONAL(uint32_t, hca_handles);
	OCISPEC_OPTIONAL(uint32_t, hca_objects);
};

struct ocispec_resources {
	OCISPEC_LIST(struct ocispec_device_rule) devices;
	const struct ocispec_memory_limits *memory;
	const struct ocispec_cpu *cpu;
	const struct ocispec_pids *pids;
	const struct ocispec_block_io *block_io;
	OCISPEC_LIST(struct ocispec_hugepage_limit) hugepage_limits;
	const struct ocispec_network *network;
	OCISPEC_LIST(struct ocispec_rdma) rdma;
	ocispec_map unified; /* file name in cgroup v2 to what is written there */
};

/* -------------------------------------------------------------------- linux (config-linux.md) */

struct ocispec_id_mapping {
	uint32_t container_id;
	uint32_t host_id;
	uint32_t size;
};

struct ocispec_namespace {
	const char *type; /* pid, network, mount, ipc, uts, user, cgroup, time */
	const char *path; /* to join; NULL: a new one */
};

struct ocispec_time_offset {
	const char *key; /* monotonic, boottime */
	OCISPEC_OPTIONAL(int64_t, secs);
	OCISPEC_OPTIONAL(uint32_t, nanosecs);
};

struct ocispec_device {
	const char *path;
	const char *type;                 /* c, b, u or p */
	OCISPEC_OPTIONAL(int64_t, major); /* absent for p */
	OCISPEC_OPTIONAL(int64_t, minor);
	OCISPEC_OPTIONAL(uint32_t, file_mode);
	OCISPEC_OPTIONAL(uint32_t, uid);
	OCISPEC_OPTIONAL(uint32_t, gid);
};

struct ocispec_net_device {
	const char *key;  /* the interface's name on the host */
	const char *name; /* and in the container; NULL: the same */
};

struct ocispec_seccomp_arg {
	uint32_t index;
	uint64_t value;
	OCISPEC_OPTIONAL(uint64_t, value_two);
	const char *op; /* SCMP_CMP_EQ */
};

struct ocispec_syscall {
	ocispec_strings names;
	const char *action; /* SCMP_ACT_ERRNO */
	OCISPEC_OPTIONAL(uint32_t, errno_ret);
	OCISPEC_LIST(struct ocispec_seccomp_arg) args;
};

struct ocispec_seccomp {
	const char *default_action;
	OCISPEC_OPTIONAL(uint32_t, default_errno_ret);
	ocispec_strings architectures; /* SCMP_ARCH_X86_64 */
	ocispec_strings flags;         /* SECCOMP_FILTER_FLAG_LOG */
	const char *listener_path;
	const char *listener_metadata;
	OCISPEC_LIST(struct ocispec_syscall) syscalls;
};

struct ocispec_intel_rdt {
	const char *clos_id;
	ocispec_strings schemata;
	const char *l3_cache_schema;
	const char *mem_bw_schema;
	OCISPEC_OPTIONAL(bool, enable_monitoring);
	OCISPEC_OPTIONAL(bool, enable_cmt); /* this and the next: up to 1.2 */
	OCISPEC_OPTIONAL(bool, enable_mbm);
};

struct ocispec_personality {
	const char *domain; /* LINUX, LINUX32 */
	ocispec_strings flags;
};

struct ocispec_memory_policy {
	const char *mode;      /* MPOL_BIND */
	const char *nodes;     /* "0,2-3" */
	ocispec_strings flags; /* MPOL_F_STATIC_NODES */
};

struct ocispec_linux {
	OCISPEC_LIST(struct ocispec_id_mapping) uid_mappings;
	OCISPEC_LIST(struct ocispec_id_mapping) gid_mappings;
	ocispec_map sysctl;
	const struct ocispec_resources *resources;
	const char *cgroups_path;
	OCISPEC_LIST(struct ocispec_namespace) namespaces;
	OCISPEC_LIST(struct ocispec_device) devices;
	OCISPEC_LIST(struct ocispec_net_device) net_devices;
	const struct ocispec_seccomp *seccomp;
	const char *rootfs_propagation;
	ocispec_strings masked_paths;
	ocispec_strings readonly_paths;
	const char *mount_label;
	const struct ocispec_intel_rdt *intel_rdt;
	const struct ocispec_memory_policy *memory_policy;
	const struct ocispec_personality *personality;
	OCISPEC_LIST(struct ocispec_time_offset) time_offsets;
};

/* ------------------------------------------------------------------------- config (config.md) */

struct ocispec_root {
	const char *path; /* required */
	OCISPEC_OPTIONAL(bool, readonly);
};

struct ocispec_mount {
	const char *destination; /* required */
	const char *type;
	const char *source;
	ocispec_strings options;
	OCISPEC_LIST(struct ocispec_id_mapping) uid_mappings;
	OCISPEC_LIST(struct ocispec_id_mapping) gid_mappings;
};

struct ocispec_hook {
	const char *path; /* required */
	ocispec_strings args;
	ocispec_strings env;
	OCISPEC_OPTIONAL(int64_t, timeout); /* s */
};

typedef OCISPEC_LIST(struct ocispec_hook) ocispec_hook_list;

struct ocispec_hooks {
	ocispec_hook_list prestart; /* deprecated, still what engines send */
	ocispec_hook_list create_runtime;
	ocispec_hook_list create_container;
	ocispec_hook_list start_container;
	ocispec_hook_list poststart;
	ocispec_hook_list poststop;
};

struct ocispec_config {
	const char *oci_version; /* required */
	const struct ocispec_process *process;
	const struct ocispec_root *root;
	const char *hostname;
	const char *domainname;
	OCISPEC_LIST(struct ocispec_mount) mounts;
	const struct ocispec_hooks *hooks;
	ocispec_map annotations;
	const struct ocispec_linux *linux;
};

/* -------------------------------------------------------------------------- state (runtime.md) */

struct ocispec_state {
	const char *oci_version;
	const char *id;
	OCISPEC_OPTIONAL(int32_t, pid);
	const char *status; /* creating, created, running, paused, stopped */
	const char *bundle;
	const char *rootfs;  /* this and the next two: not in the spec; runc prints them */
	const char *created; /* RFC 3339 */
	const char *owner;
	ocispec_map annotations;
};

/* ------------------------------------------------------- features (features.md, features-linux.md)
 */

struct ocispec_feature { /* says no more than that something is supported */
	OCISPEC_OPTIONAL(bool, enabled);
};

struct ocispec_cgroup_features {
	OCISPEC_OPTIONAL(bool, v1);
	OCISPEC_OPTIONAL(bool, v2);
	OCISPEC_OPTIONAL(bool, systemd);
	OCISPEC_OPTIONAL(bool, systemd_user);
	OCISPEC_OPTIONAL(bool, rdma);
};

struct ocispec_seccomp_features {
	OCISPEC_OPTIONAL(bool, enabled);
	ocispec_strings actions;
	ocispec_strings operators;
	ocispec_strings archs;
	ocispec_strings known_flags;
	ocispec_strings supported_flags;
};

struct ocispec_memory_policy_features {
	ocispec_strings modes;
	ocispec_strings flags;
};

struct ocispec_intel_rdt_features {
	OCISPEC_OPTIONAL(bool, enabled);
	OCISPEC_OPTIONAL(bool, schemata);
	OCISPEC_OPTIONAL(bool, monitoring);
};

struct ocispec_mount_extensions {
	const struct ocispec_feature *idmap;
};

struct ocispec_linux_features {
	ocispec_strings namespaces;
	ocispec_strings capabilities;
	const struct ocispec_cgroup_features *cgroup;
	const struct ocispec_seccomp_features *seccomp;
	const struct ocispec_feature *apparmor;
	const struct ocispec_feature *selinux;
	const struct ocispec_memory_policy_features *memory_policy;
	const struct ocispec_intel_rdt_features *intel_rdt;
	const struct ocispec_mount_extensions *mount_extensions;
	const struct ocispec_feature *net_devices;
};

struct ocispec_features {
	const char *oci_version_min;
	const char *oci_version_max;
	ocispec_strings hooks;
	ocispec_strings mount_options;
	const struct ocispec_linux_features *linux;
	ocispec_map annotations;
	ocispec_strings potentially_unsafe_config_annotations;
};

/* ------------------------------------------------------------------------------ the operations */

/* What a document is, and which struct holds it. */
enum ocispec_type {
	OCISPEC_CONFIG,    /* struct ocispec_config */
	OCISPEC_PROCESS,   /* struct ocispec_process */
	OCISPEC_RESOURCES, /* struct ocispec_resources */
	OCISPEC_STATE,     /* struct ocispec_state */
	OCISPEC_FEATURES,  /* struct ocispec_features */
};

/* The caller's allocator: zeroed memory aligned for any type, or NULL. It is never asked to free;
 * what the reader only needs on the way it frees itself. Its limit bounds the memory of a read. */
struct ocispec_memory {
	void *(*alloc)(void *context, size_t size);
	void *context;
};

/* Bounds on a document; a 0 means the default. */
struct ocispec_limits {
	size_t depth;          /* objects and lists inside each other, unknown ones too: 32 */
	size_t document_bytes; /* 16 MiB */
	size_t string_bytes;   /* one string or key, unescaped: 1 MiB */
	size_t list_items;     /* of one list: 65536 */
	size_t map_entries;    /* of one map: 4096; each key is compared with all before it */
};

/* Why a document was refused. text is the whole sentence, without the document's name; the rest is
 * its parts, for callers that build their own:
 *
 *     linux.resources.pids.limit: expected an integer, found string "many" (line 12, column 20)
 *
 * Parts that do not apply are "" or 0. Keys of maps stand in the path as annotations["x.y"]. */
struct ocispec_error {
	char path[256]; /* in it each key is cut after some 40 bytes */
	char expected[96];
	char found[128];
	size_t line;   /* from 1; 0: not about a place in the text */
	size_t column; /* in bytes, from 1; where the offending value begins */
	char text[640];
};

/* How long a line of JSON gets. */
enum ocispec_style {
	OCISPEC_COMPACT, /* one line, no blanks, no newline at the end */
	OCISPEC_PRETTY,  /* indented by four spaces, newline at the end */
};

/* Where written text goes, in pieces. write returns 0, or -1 to stop. */
struct ocispec_sink {
	int (*write)(void *context, const char *text, size_t length);
	void *context;
};

/* Reads the document in text[0..length) into *out, the struct of type, which it zeroes first.
 * limits may be NULL: all defaults. Returns 0, or -1 with err filled, and *out is then of no use.
 *
 * Refused: what is no JSON or has more than one value or a byte order mark; bad UTF-8, lone
 * surrogates, NUL in strings; a key twice in an object that the spec describes, or in a map;
 * values of another type; numbers with a fraction or an exponent (1.0 and 1e3 too: encoders of OCI
 * documents write integers) or outside the field's type; a required field that is missing; what
 * exceeds limits. null stands for an absent field where the field is optional (Go writes nil
 * slices so) and is refused as an item of a list or map. Unknown keys pass with all below them. */
int ocispec_read(const char *text, size_t length, enum ocispec_type type,
    const struct ocispec_limits *limits, const struct ocispec_memory *memory, void *out,
    struct ocispec_error *err);

/* Writes the document, fields in the order of the spec's own text. What is absent is left out.
 * Returns 0, or -1 with err filled: the sink refused, memory is exhausted, a required string is
 * NULL, or a string is not UTF-8. */
int ocispec_write(const void *document, enum ocispec_type type, enum ocispec_style style,
    const struct ocispec_sink *sink, struct ocispec_error *err);

/* Whether two documents say the same: the same fields present, with the same values, lists in the
 * same order. Maps are compared in order, too: a reader keeps the document's. */
bool ocispec_equal(const void *a, const void *b, enum ocispec_type type);

/* Bytes of the struct that holds a document of type. */
size_t ocispec_size(enum ocispec_type type);

#endif
