/* The plan: everything that the container is to be, decided. policy makes it, `create` and init
 * execute it.
 *
 *     config.json -> spec -> [policy] -> struct plan -> plan_encode -> image -> plan_decode ->
 * struct plan
 *
 * In memory the plan is plain structs with pointers. As an image it is one contiguous block without
 * pointers (plan/image.h), in a sealed memfd for init and in the state directory for later verbs.
 * One table of fields (plan/fields.c) drives encoding, decoding and printing. Nothing here is
 * parsed again: numbers are kernel numbers, words are gone.
 *
 * Strings: NULL = not given. Lists: count 0 = not given. */
#ifndef OSLESS_PLAN_PLAN_H
#define OSLESS_PLAN_PLAN_H

#include "plan/resources.h"

#include <stdint.h>

/* The switch of an aspect (identity, syscalls, supervision). */
enum plan_mode {
	PLAN_MODE_ENFORCE,
	PLAN_MODE_AUDIT, /* allowed, but reported as what would have happened */
	PLAN_MODE_OFF,   /* exactly what runc does */
};

/* Order of joining; user comes last, so that the others are joined with the caller's own rights
 * (user_namespaces(7)). */
enum plan_ns {
	PLAN_NS_CGROUP,
	PLAN_NS_IPC,
	PLAN_NS_UTS,
	PLAN_NS_NET,
	PLAN_NS_PID,
	PLAN_NS_TIME,
	PLAN_NS_MNT,
	PLAN_NS_USER,
	PLAN_NS_COUNT,
};

enum plan_ns_mode {
	PLAN_NS_HOST, /* the runtime's own is kept */
	PLAN_NS_NEW,
	PLAN_NS_JOIN, /* the one at path */
};

struct plan_namespace {
	uint32_t mode;    /* enum plan_ns_mode */
	uint32_t type;    /* CLONE_NEW*; set for every index of plan.namespaces */
	const char *path; /* PLAN_NS_JOIN */
};

struct plan_idmap {
	uint32_t container_id;
	uint32_t host_id;
	uint32_t size;
};

typedef PLAN_LIST(struct plan_idmap) plan_idmaps;

enum plan_mount_flag {
	PLAN_MOUNT_BIND = 1,      /* source is a path of the host */
	PLAN_MOUNT_BIND_REC = 2,  /* with the mounts below it */
	PLAN_MOUNT_TMPCOPYUP = 4, /* a tmpfs that starts as a copy of what it covers */
	PLAN_MOUNT_IDMAP = 8,     /* idmapped; the maps below, or the container's own where empty */
	PLAN_MOUNT_IDMAP_REC = 16, /* and so the mounts below it */
	PLAN_MOUNT_CGROUP = 32,    /* the container's own cgroup directories (plan.cgroup.dirs) */
	PLAN_MOUNT_SRC_NOFOLLOW = 64, /* the source may be a symlink and is then mounted itself */
	PLAN_MOUNT_DEST_NOFOLLOW = 128,
	PLAN_MOUNT_PROC = 256, /* a fresh procfs; the only one that masks and sysctls rely on */
	PLAN_MOUNT_SYSFS =
	    512, /* a fresh sysfs; falls back to a bind of the host's where the kernel refuses */
	PLAN_MOUNT_OPTIONAL =
	    1024, /* the filesystem type may be unknown to the kernel (mqueue in audit ...) */
};

struct plan_mount {
	const char
	    *dest; /* absolute, resolved inside the rootfs at the time of mounting, never before */
	const char
	    *source; /* bind: absolute path on the host; else the name shown in /proc/self/mounts */
	const char *type;  /* file system type; NULL for binds */
	uint32_t flags;    /* enum plan_mount_flag */
	uint64_t attr_set; /* MOUNT_ATTR_*, this mount alone */
	uint64_t attr_clear;
	uint64_t rec_attr_set; /* MOUNT_ATTR_*, with everything below (rro, rnosuid ...) */
	uint64_t rec_attr_clear;
	uint64_t propagation;     /* MS_PRIVATE ...; 0 = not given */
	uint64_t rec_propagation; /* the same, recursively (rprivate ...) */
	PLAN_LIST(struct plan_pair)
	options; /* of the file system: fsconfig(2) keys; value NULL = a flag */
	plan_idmaps uid_map;
	plan_idmaps gid_map;
};

struct plan_device {
	const char *path;
	uint32_t mode; /* S_IFCHR | S_IFBLK | S_IFIFO and permissions */
	uint32_t major;
	uint32_t minor;
	uint32_t uid; /* as the container counts */
	uint32_t gid;
};

/* A network device of the host that the container gets. */
struct plan_net_device {
	const char *name;     /* on the host */
	const char *new_name; /* in the container; may have one "%d", for a free number; NULL: the
				 same */
};

struct plan_rlimit {
	uint32_t resource; /* RLIMIT_* */
	uint64_t soft;
	uint64_t hard;
};

struct plan_hook {
	const char *path;
	PLAN_LIST(const char *) args; /* args[0] included */
	PLAN_LIST(const char *) env;
	uint32_t timeout_s; /* 0 = none */
};

typedef PLAN_LIST(struct plan_hook) plan_hooks;

/* Bit n is capability n of linux/capability.h. */
struct plan_caps {
	uint64_t bounding;
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
	uint64_t ambient;
};

/* CPUs or memory nodes: bit n of item n / 64, as sched_setaffinity(2) and set_mempolicy(2) have it.
 */
typedef PLAN_LIST(uint64_t) plan_bits;

/* sched_setattr(2). */
struct plan_scheduler {
	uint32_t has_policy; /* 0: the caller's scheduling is kept */
	uint32_t policy;     /* SCHED_* */
	uint64_t flags;      /* SCHED_FLAG_* */
	int32_t nice;        /* SCHED_OTHER, SCHED_BATCH */
	uint32_t priority;   /* SCHED_FIFO, SCHED_RR */
	uint64_t runtime_ns; /* this and the next two: SCHED_DEADLINE */
	uint64_t deadline_ns;
	uint64_t period_ns;
};

#define PLAN_MPOL_PREFERRED_MANY 5      /* Linux 5.15; headers have enumerators, not macros */
#define PLAN_MPOL_WEIGHTED_INTERLEAVE 6 /* Linux 6.9 */

/* set_mempolicy(2). */
struct plan_memory_policy {
	uint32_t has_mode; /* 0: the caller's policy is kept */
	uint32_t mode;     /* MPOL_*, without flags */
	uint32_t flags;    /* MPOL_F_* */
	plan_bits nodes;
};

struct plan_process {
	PLAN_LIST(const char *) args;
	PLAN_LIST(const char *) env;
	const char *cwd;
	uint32_t uid;
	uint32_t gid;
	PLAN_LIST(uint32_t) groups;
	uint32_t has_umask;
	uint32_t umask;
	struct plan_caps caps;
	uint32_t no_new_privs;
	uint32_t has_oom_score_adj;
	int32_t oom_score_adj;
	PLAN_LIST(struct plan_rlimit) rlimits;
	struct plan_scheduler scheduler;
	uint32_t io_class;           /* IOPRIO_CLASS_*; 0 = not given */
	uint32_t io_level;           /* within the class; 0 is the highest */
	plan_bits exec_cpus_initial; /* exec: CPUs while the process goes into its cgroups */
	plan_bits exec_cpus_final;   /* and from then on; neither is for a first process */
	const char *apparmor_profile;
	const char *selinux_label;
	uint32_t stdio_owner; /* 1 = fchown pipes on fds 0..2 to uid, so that /dev/stdout can be
				 opened again */
};

/* ---- the supervision tree (DESIGN 6; osless-tree(7)) */

enum plan_child_kind {
	PLAN_SUPERVISOR,
	PLAN_WORKER,
};

/* Erlang/OTP's supervisor(3): which children a failed one takes along into its restart. */
enum plan_strategy {
	PLAN_ONE_FOR_ONE,
	PLAN_ONE_FOR_ALL,
	PLAN_REST_FOR_ONE, /* those that were started after it */
};

enum plan_restart {
	PLAN_TEMPORARY, /* never restarted */
	PLAN_TRANSIENT, /* after a failure */
	PLAN_PERMANENT, /* always */
};

#define PLAN_SHUTDOWN_KILL 0
#define PLAN_SHUTDOWN_INFINITY UINT32_MAX

#define PLAN_CHILDREN_MAX 256 /* supervisors and workers of one tree */
#define PLAN_INTENSITY_MAX 1000

/* A supervisor or a worker. */
struct plan_child {
	const char *id;
	uint32_t kind;        /* enum plan_child_kind */
	uint32_t parent;      /* index of its supervisor; the root's is its own, 0 */
	uint32_t restart;     /* enum plan_restart */
	uint32_t shutdown_ms; /* from the stop signal to SIGKILL, or PLAN_SHUTDOWN_* */

	/* supervisors */
	uint32_t strategy;  /* enum plan_strategy */
	uint32_t intensity; /* with more restarts than this within period_ms it gives up */
	uint32_t period_ms;
	uint32_t backoff_first_ms; /* delay before a restart; doubles up to max; 0 = none */
	uint32_t backoff_max_ms;

	/* workers */
	uint32_t stop_signal;
	PLAN_LIST(const char *) args; /* empty: plan.process', as the next two */
	PLAN_LIST(const char *) env;  /* whole: the process' with the worker's own merged in */
	const char *cwd;
};

/* Rules R1..R5 and how each is held: enum plan_mode, none stricter than supervision_mode. */
struct plan_rules {
	uint32_t restarts;         /* R1: children are restarted */
	uint32_t orphans;          /* R2: who has lost its parent dies */
	uint32_t unwaited;         /* R3: a failed child is waited for, or its parent dies */
	uint32_t zombies;          /* R4: any zombie */
	uint32_t stopped;          /* R5: who is stopped is continued */
	uint32_t handle_within_ms; /* R3 */
	uint32_t zombie_within_ms; /* R4 */
};

enum plan_signals {
	PLAN_SIGNALS_MAIN, /* signals to the container go to the main worker */
	PLAN_SIGNALS_ALL,  /* to each worker */
};

struct plan_tree {
	uint32_t declared;    /* 1: by annotation or tree.json. 0: one worker that is the container,
				 and that gets every signal itself, as under runc */
	uint32_t main;        /* index of the main worker: the one called "main", else the first */
	uint32_t signals;     /* enum plan_signals */
	uint32_t stop_signal; /* besides SIGTERM, begins an orderly shutdown of a declared tree */
	struct plan_rules rules;
	/* In the order of start, a supervisor right before its children (depth first); item 0 is
	 * the root supervisor. Never empty, at most PLAN_CHILDREN_MAX. */
	PLAN_LIST(struct plan_child) children;
};

/* A seccomp program, ready for seccomp(2). */
struct plan_filter {
	PLAN_LIST(uint64_t) code; /* struct sock_filter, 8 bytes each */
	uint32_t flags;           /* SECCOMP_FILTER_FLAG_* */
};

enum plan_filter_slot {
	PLAN_FILTER_BUILTIN,   /* the tier's; where they could be merged, the bundle's as well. Its
				  answers: plan/answer.h */
	PLAN_FILTER_PROCESSES, /* no second process; for the payload only, not for hooks */
	PLAN_FILTER_BUNDLE,    /* the bundle's own profile, last: it may refuse seccomp(2) */
	PLAN_FILTERS,
};

/* Who gets the listener (seccomp_unotify(2)); a process can have one only. Its filter has
 * SECCOMP_FILTER_FLAG_NEW_LISTENER. */
enum plan_denials {
	PLAN_DENIALS_UNTOLD, /* nobody: refusals are errnos, and in audit the kernel's log's */
	PLAN_DENIALS_INIT,   /* init, which answers and keeps them in the journal */
	PLAN_DENIALS_AGENT,  /* the bundle's, at plan.listener_path */
};

/* One cgroup directory of the container, as seen in the host's mount namespace. */
struct plan_cgroup_dir {
	const char
	    *name; /* below the container's /sys/fs/cgroup: "memory"; "" for cgroup v2 alone */
	const char *link; /* more names, as symlinks, comma-separated: "cpu,cpuacct"; NULL = none */
	const char *path; /* absolute, host */
};

/* Resource control: linux.intelRdt. */
struct plan_rdt {
	uint32_t given;       /* 0: the container is wherever the caller is */
	uint32_t own;         /* 1: the group is made for the container alone, and goes with it */
	uint32_t monitoring;  /* 1: a group below it counts what the container uses */
	const char *group;    /* directory of its class of service; "": the machine's first */
	const char *schemata; /* lines that the group is to have; NULL: not ours to say */
};

enum plan_cgroup_manager {
	PLAN_CGROUP_CGROUPFS,
	PLAN_CGROUP_SYSTEMD,
	PLAN_CGROUP_DISABLED,
};

/* A property of a systemd unit. */
struct plan_unit_property {
	const char *name;              /* "TimeoutStopUSec" */
	const char *type;              /* D-Bus signature: "t" */
	PLAN_LIST(const char *) words; /* its value as busctl(1) takes it: counts before items */
};

/* The unit whose cgroup is the container's. name NULL: there is none. */
struct plan_unit {
	const char *name;  /* "cri-containerd-ID.scope", or a slice */
	const char *slice; /* that it is in: "kubepods-burstable.slice" */
	uint32_t is_user;  /* 1: of the caller's own manager, not the machine's */
	PLAN_LIST(struct plan_unit_property) properties; /* of annotations */
};

struct plan_cgroup {
	uint32_t manager;
	uint32_t rights_lacking; /* 1: some that the caller may not make are not in dirs */
	uint64_t owner; /* v2: host's uid that may divide the container's cgroup; 0: root's only */
	const char
	    *path; /* as configured; NULL = not given. Resolved by cgroup_locate() into dirs */
	PLAN_LIST(struct plan_cgroup_dir) dirs; /* filled on the host, before encoding */
	struct plan_unit unit;                  /* PLAN_CGROUP_SYSTEMD */
	struct plan_resources resources;
};

struct plan {
	/* what engines see of it */
	const char *oci_version;
	const char *id;
	const char *bundle; /* absolute */
	PLAN_LIST(struct plan_pair) annotations;

	/* aspects */
	uint32_t identity_mode; /* enum plan_mode, as below */
	uint32_t syscalls_mode;
	uint32_t supervision_mode;
	uint32_t tier;     /* of system calls: enum policy_tier */
	uint32_t identity; /* whose: enum policy_identity; exec decides by it once more */

	struct plan_namespace namespaces[PLAN_NS_COUNT];
	plan_idmaps uid_map;
	plan_idmaps gid_map;
	PLAN_LIST(struct plan_pair)
	time_offsets; /* "monotonic" -> "secs nanosecs" (time_namespaces(7)) */

	const char *hostname;
	const char *domainname;

	const char *rootfs; /* absolute */
	uint32_t rootfs_readonly;
	uint64_t rootfs_propagation; /* MS_*, with MS_REC; 0 = not given */
	uint32_t no_pivot;
	uint32_t in_userns; /* 1: the runtime's own user namespace is not the host's: devices are
			       bound, as nobody in it may make one */
	uint32_t
	    binds_inside; /* 1: init opens the sources of binds, as the caller has no right to */
	const char *mount_label; /* SELinux */
	PLAN_LIST(struct plan_mount) mounts;
	PLAN_LIST(struct plan_device) devices;
	PLAN_LIST(struct plan_pair) symlinks;          /* in /dev: path -> target */
	PLAN_LIST(struct plan_net_device) net_devices; /* moved to the network namespace */
	PLAN_LIST(const char *) masked_paths;
	PLAN_LIST(const char *) readonly_paths;
	PLAN_LIST(struct plan_pair) sysctls; /* "net/core/somaxconn" below /proc/sys -> value */

	uint32_t new_keyring;
	uint32_t has_personality;
	uint32_t personality; /* personality(2) */
	struct plan_memory_policy memory_policy;

	struct plan_process process;
	uint32_t preserve_fds; /* this many, from fd 3 of the payload */
	uint32_t
	    listen_fds; /* of these, the first so many are socket activation's: LISTEN_PID is set */
	struct plan_tree tree;
	struct plan_filter
	    filters[PLAN_FILTERS]; /* enum plan_filter_slot; loaded in this order; count 0 = none */

	uint32_t denials;              /* enum plan_denials */
	const char *listener_path;     /* PLAN_DENIALS_AGENT: absolute, host; a UNIX socket */
	const char *listener_metadata; /* for the agent; or NULL */

	plan_hooks hooks_prestart; /* host's namespaces */
	plan_hooks hooks_create_runtime;
	plan_hooks hooks_create_container; /* container's namespaces, before pivot_root */
	plan_hooks hooks_start_container;
	plan_hooks hooks_poststart; /* host's namespaces */
	plan_hooks hooks_poststop;

	struct plan_cgroup cgroup;
	struct plan_rdt rdt;
	uint32_t exec; /* 1: one more process for a container that is there: mounts, devices, hooks
			  and the like are then not given (policy_compile_exec) */
	const char *fail_step; /* fault injection (--enable-fault-injection): the row that is to
				  fail; else NULL */
};

#endif
