/* Tables of words, one a kind. Spelled as in config.json where it has the word, else as in the
 * kernel's manual. */
#include "plan/words.h"

#include "plan/plan.h"

#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/resource.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct plan_word modes[] = {
	{ PLAN_MODE_ENFORCE, "enforce" },
	{ PLAN_MODE_AUDIT, "audit" },
	{ PLAN_MODE_OFF, "off" },
};

static const struct plan_word identities[] = {
	{ 0, "strip" }, /* POLICY_IDENTITY_STRIP */
	{ 1, "keep" },  /* POLICY_IDENTITY_KEEP */
	{ 2, "fixed" }, /* POLICY_IDENTITY_FIXED */
};

static const struct plan_word tiers[] = {
	{ 0, "gvisor" },  /* POLICY_TIER_GVISOR */
	{ 1, "minimal" }, /* POLICY_TIER_MINIMAL */
};

static const struct plan_word ns_modes[] = {
	{ PLAN_NS_HOST, "host" },
	{ PLAN_NS_NEW, "new" },
	{ PLAN_NS_JOIN, "join" },
};

static const struct plan_word ns_types[] = {
	{ CLONE_NEWCGROUP, "cgroup" },
	{ CLONE_NEWIPC, "ipc" },
	{ CLONE_NEWUTS, "uts" },
	{ CLONE_NEWNET, "network" },
	{ CLONE_NEWPID, "pid" },
	{ CLONE_NEWTIME, "time" },
	{ CLONE_NEWNS, "mount" },
	{ CLONE_NEWUSER, "user" },
};

static const struct plan_word cgroup_managers[] = {
	{ PLAN_CGROUP_CGROUPFS, "cgroupfs" },
	{ PLAN_CGROUP_SYSTEMD, "systemd" },
	{ PLAN_CGROUP_DISABLED, "disabled" },
};

#define LIMIT(name) \
	{ \
		RLIMIT_##name, "RLIMIT_" #name \
	}
static const struct plan_word rlimits[] = {
	LIMIT(AS),
	LIMIT(CORE),
	LIMIT(CPU),
	LIMIT(DATA),
	LIMIT(FSIZE),
	LIMIT(LOCKS),
	LIMIT(MEMLOCK),
	LIMIT(MSGQUEUE),
	LIMIT(NICE),
	LIMIT(NOFILE),
	LIMIT(NPROC),
	LIMIT(RSS),
	LIMIT(RTPRIO),
	LIMIT(RTTIME),
	LIMIT(SIGPENDING),
	LIMIT(STACK),
};

#define CAP(name) \
	{ \
		UINT64_C(1) << CAP_##name, "CAP_" #name \
	}
static const struct plan_word caps[] = {
	CAP(CHOWN),
	CAP(DAC_OVERRIDE),
	CAP(DAC_READ_SEARCH),
	CAP(FOWNER),
	CAP(FSETID),
	CAP(KILL),
	CAP(SETGID),
	CAP(SETUID),
	CAP(SETPCAP),
	CAP(LINUX_IMMUTABLE),
	CAP(NET_BIND_SERVICE),
	CAP(NET_BROADCAST),
	CAP(NET_ADMIN),
	CAP(NET_RAW),
	CAP(IPC_LOCK),
	CAP(IPC_OWNER),
	CAP(SYS_MODULE),
	CAP(SYS_RAWIO),
	CAP(SYS_CHROOT),
	CAP(SYS_PTRACE),
	CAP(SYS_PACCT),
	CAP(SYS_ADMIN),
	CAP(SYS_BOOT),
	CAP(SYS_NICE),
	CAP(SYS_RESOURCE),
	CAP(SYS_TIME),
	CAP(SYS_TTY_CONFIG),
	CAP(MKNOD),
	CAP(LEASE),
	CAP(AUDIT_WRITE),
	CAP(AUDIT_CONTROL),
	CAP(SETFCAP),
	CAP(MAC_OVERRIDE),
	CAP(MAC_ADMIN),
	CAP(SYSLOG),
	CAP(WAKE_ALARM),
	CAP(BLOCK_SUSPEND),
	CAP(AUDIT_READ),
	CAP(PERFMON),
	CAP(BPF),
	CAP(CHECKPOINT_RESTORE),
};

static const struct plan_word mount_flags[] = {
	{ PLAN_MOUNT_BIND, "bind" },
	{ PLAN_MOUNT_BIND_REC, "rbind" },
	{ PLAN_MOUNT_TMPCOPYUP, "tmpcopyup" },
	{ PLAN_MOUNT_IDMAP, "idmap" },
	{ PLAN_MOUNT_IDMAP_REC, "ridmap" },
	{ PLAN_MOUNT_CGROUP, "cgroup" },
	{ PLAN_MOUNT_SRC_NOFOLLOW, "src-nofollow" },
	{ PLAN_MOUNT_DEST_NOFOLLOW, "dest-nofollow" },
	{ PLAN_MOUNT_PROC, "proc" },
	{ PLAN_MOUNT_SYSFS, "sysfs" },
	{ PLAN_MOUNT_OPTIONAL, "optional" },
};

static const struct plan_word mount_attrs[] = {
	{ MOUNT_ATTR__ATIME, "atime" }, /* as a mask to clear: any of the three below */
	{ MOUNT_ATTR_NOATIME, "noatime" },
	{ MOUNT_ATTR_STRICTATIME, "strictatime" },
	{ MOUNT_ATTR_RDONLY, "ro" },
	{ MOUNT_ATTR_NOSUID, "nosuid" },
	{ MOUNT_ATTR_NODEV, "nodev" },
	{ MOUNT_ATTR_NOEXEC, "noexec" },
	{ MOUNT_ATTR_NODIRATIME, "nodiratime" },
	{ MOUNT_ATTR_IDMAP, "idmap" },
	{ MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow" },
};

/* MS_*, from mount(2): <sys/mount.h> and <linux/mount.h> cannot be had together everywhere. */
#define REC (1u << 14)
static const struct plan_word propagations[] = {
	{ 1u << 17 | REC, "runbindable" },
	{ 1u << 18 | REC, "rprivate" },
	{ 1u << 19 | REC, "rslave" },
	{ 1u << 20 | REC, "rshared" },
	{ 1u << 17, "unbindable" },
	{ 1u << 18, "private" },
	{ 1u << 19, "slave" },
	{ 1u << 20, "shared" },
};

static const struct plan_word device_access[] = {
	{ PLAN_DEVICE_READ, "read" },
	{ PLAN_DEVICE_WRITE, "write" },
	{ PLAN_DEVICE_MKNOD, "mknod" },
};

static const struct plan_word filter_flags[] = {
	{ SECCOMP_FILTER_FLAG_TSYNC, "tsync" },
	{ SECCOMP_FILTER_FLAG_LOG, "log" },
	{ SECCOMP_FILTER_FLAG_SPEC_ALLOW, "spec-allow" },
	{ SECCOMP_FILTER_FLAG_NEW_LISTENER, "new-listener" },
	{ SECCOMP_FILTER_FLAG_TSYNC_ESRCH, "tsync-esrch" },
	{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, "wait-killable-recv" },
};

static const struct plan_word child_kinds[] = {
	{ PLAN_SUPERVISOR, "supervisor" },
	{ PLAN_WORKER, "worker" },
};

static const struct plan_word strategies[] = {
	{ PLAN_ONE_FOR_ONE, "one_for_one" },
	{ PLAN_ONE_FOR_ALL, "one_for_all" },
	{ PLAN_REST_FOR_ONE, "rest_for_one" },
};

static const struct plan_word restarts[] = {
	{ PLAN_TEMPORARY, "temporary" },
	{ PLAN_TRANSIENT, "transient" },
	{ PLAN_PERMANENT, "permanent" },
};

/* Others are milliseconds. */
static const struct plan_word shutdowns[] = {
	{ PLAN_SHUTDOWN_KILL, "kill" },
	{ PLAN_SHUTDOWN_INFINITY, "infinity" },
};

static const struct plan_word signals[] = {
	{ PLAN_SIGNALS_MAIN, "main" },
	{ PLAN_SIGNALS_ALL, "all" },
};

static const struct plan_word denials[] = {
	{ PLAN_DENIALS_UNTOLD, "untold" },
	{ PLAN_DENIALS_INIT, "init" },
	{ PLAN_DENIALS_AGENT, "agent" },
};

static const struct plan_word sched_policies[] = {
	{ SCHED_NORMAL, "SCHED_OTHER" }, /* sched(7)'s name, and config.json's */
	{ SCHED_FIFO, "SCHED_FIFO" },
	{ SCHED_RR, "SCHED_RR" },
	{ SCHED_BATCH, "SCHED_BATCH" },
	{ SCHED_IDLE, "SCHED_IDLE" },
	{ SCHED_DEADLINE, "SCHED_DEADLINE" },
};

static const struct plan_word sched_flags[] = {
	{ SCHED_FLAG_RESET_ON_FORK, "reset-on-fork" },
	{ SCHED_FLAG_RECLAIM, "reclaim" },
	{ SCHED_FLAG_DL_OVERRUN, "dl-overrun" },
	{ SCHED_FLAG_KEEP_POLICY, "keep-policy" },
	{ SCHED_FLAG_KEEP_PARAMS, "keep-params" },
	{ SCHED_FLAG_UTIL_CLAMP_MIN, "util-clamp-min" },
	{ SCHED_FLAG_UTIL_CLAMP_MAX, "util-clamp-max" },
};

static const struct plan_word io_classes[] = {
	{ IOPRIO_CLASS_RT, "IOPRIO_CLASS_RT" },
	{ IOPRIO_CLASS_BE, "IOPRIO_CLASS_BE" },
	{ IOPRIO_CLASS_IDLE, "IOPRIO_CLASS_IDLE" },
};

static const struct plan_word memory_modes[] = {
	{ MPOL_DEFAULT, "MPOL_DEFAULT" },
	{ MPOL_PREFERRED, "MPOL_PREFERRED" },
	{ MPOL_BIND, "MPOL_BIND" },
	{ MPOL_INTERLEAVE, "MPOL_INTERLEAVE" },
	{ MPOL_LOCAL, "MPOL_LOCAL" },
	{ PLAN_MPOL_PREFERRED_MANY, "MPOL_PREFERRED_MANY" },
	{ PLAN_MPOL_WEIGHTED_INTERLEAVE, "MPOL_WEIGHTED_INTERLEAVE" },
};

static const struct plan_word memory_flags[] = {
	{ MPOL_F_STATIC_NODES, "static-nodes" },
	{ MPOL_F_RELATIVE_NODES, "relative-nodes" },
	{ MPOL_F_NUMA_BALANCING, "numa-balancing" },
};

#define ONE_OF(table) \
	{ \
		PLAN_WORDS_ONE, table, LENGTH(table) \
	}
#define BITS_OF(table) \
	{ \
		PLAN_WORDS_BITS, table, LENGTH(table) \
	}
static const struct plan_words kinds[FIELD_AS_COUNT_OF] = {
	[FIELD_AS_MODE] = ONE_OF(modes),
	[FIELD_AS_TIER] = ONE_OF(tiers),
	[FIELD_AS_IDENTITY] = ONE_OF(identities),
	[FIELD_AS_NS_MODE] = ONE_OF(ns_modes),
	[FIELD_AS_NS_TYPE] = ONE_OF(ns_types),
	[FIELD_AS_CGROUP_MANAGER] = ONE_OF(cgroup_managers),
	[FIELD_AS_RLIMIT] = ONE_OF(rlimits),
	[FIELD_AS_CAPS] = BITS_OF(caps),
	[FIELD_AS_MOUNT_FLAGS] = BITS_OF(mount_flags),
	[FIELD_AS_MOUNT_ATTR] = BITS_OF(mount_attrs),
	[FIELD_AS_PROPAGATION] = BITS_OF(propagations),
	[FIELD_AS_DEVICE_ACCESS] = BITS_OF(device_access),
	[FIELD_AS_FILTER_FLAGS] = BITS_OF(filter_flags),
	[FIELD_AS_CHILD_KIND] = ONE_OF(child_kinds),
	[FIELD_AS_STRATEGY] = ONE_OF(strategies),
	[FIELD_AS_RESTART] = ONE_OF(restarts),
	[FIELD_AS_SHUTDOWN] = ONE_OF(shutdowns),
	[FIELD_AS_SIGNALS] = ONE_OF(signals),
	[FIELD_AS_DENIALS] = ONE_OF(denials),
	[FIELD_AS_SCHED_POLICY] = ONE_OF(sched_policies),
	[FIELD_AS_SCHED_FLAGS] = BITS_OF(sched_flags),
	[FIELD_AS_IO_CLASS] = ONE_OF(io_classes),
	[FIELD_AS_MEMORY_MODE] = ONE_OF(memory_modes),
	[FIELD_AS_MEMORY_FLAGS] = BITS_OF(memory_flags),
};

const struct plan_words *
plan_words(enum field_as as)
{
	return kinds[as].rows ? &kinds[as] : NULL;
}

const char *
plan_word(enum field_as as, uint64_t value)
{
	const struct plan_words *words = plan_words(as);

	for (size_t i = 0; words && i < words->count; i++) {
		if (words->rows[i].value == value)
			return words->rows[i].word;
	}
	return NULL;
}
