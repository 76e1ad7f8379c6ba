/* The names. Where a header of Debian 12 lacks one, or libc's and the kernel's headers cannot both
 * be included, the number stands for it: such numbers never change. */
#include "container/call_terms.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define ALL_BITS 0xffffffffu
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define NAMED(name_) \
	{ \
		(uint32_t)(name_), #name_ \
	}

#define ONE_WORD(list_) \
	{ \
		.mask = ALL_BITS, .words = (list_), .words_count = COUNT(list_) \
	}

#define FLAGS(list_) \
	{ \
		.mask = 0, .flags = (list_), .flags_count = COUNT(list_) \
	}

#define WORD_AND_FLAGS(mask_, words_, flags_) \
	{ \
		.mask = (mask_), .words = (words_), .words_count = COUNT(words_), \
		.flags = (flags_), .flags_count = COUNT(flags_) \
	}

const char *
terms_find(const struct term *list, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].value == value)
			return list[i].name;
	return NULL;
}

int
terms_has_name(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(list, name); at && length; at = strstr(at + 1, name))
		if (at > list && at[-1] == ' ' && at[length] == ' ')
			return 1;
	return 0;
}

/* --------------------------------------------------------------------------------- sockets */

static const struct term families[] = {
	NAMED(AF_UNSPEC), NAMED(AF_UNIX), NAMED(AF_INET), NAMED(AF_AX25), NAMED(AF_IPX),
	NAMED(AF_APPLETALK), NAMED(AF_NETROM), NAMED(AF_BRIDGE), NAMED(AF_ATMPVC), NAMED(AF_X25),
	NAMED(AF_INET6), NAMED(AF_ROSE), NAMED(AF_DECnet), NAMED(AF_NETBEUI), NAMED(AF_SECURITY),
	NAMED(AF_KEY), NAMED(AF_NETLINK), NAMED(AF_PACKET), NAMED(AF_ASH), NAMED(AF_ECONET),
	NAMED(AF_ATMSVC), NAMED(AF_RDS), NAMED(AF_SNA), NAMED(AF_IRDA), NAMED(AF_PPPOX),
	NAMED(AF_WANPIPE), NAMED(AF_LLC), NAMED(AF_IB), NAMED(AF_MPLS), NAMED(AF_CAN),
	NAMED(AF_TIPC), NAMED(AF_BLUETOOTH), NAMED(AF_IUCV), NAMED(AF_RXRPC), NAMED(AF_ISDN),
	NAMED(AF_PHONET), NAMED(AF_IEEE802154), NAMED(AF_CAIF), NAMED(AF_ALG), NAMED(AF_NFC),
	NAMED(AF_VSOCK), NAMED(AF_KCM), NAMED(AF_QIPCRTR), NAMED(AF_SMC), NAMED(AF_XDP),
	{ 45, "AF_MCTP" }, /* Linux 5.15 */
};

const struct terms terms_family = ONE_WORD(families);

static const struct term socket_types[] = {
	NAMED(SOCK_STREAM),
	NAMED(SOCK_DGRAM),
	NAMED(SOCK_RAW),
	NAMED(SOCK_RDM),
	NAMED(SOCK_SEQPACKET),
	NAMED(SOCK_DCCP),
	NAMED(SOCK_PACKET),
};
static const struct term socket_flags[] = { NAMED(SOCK_NONBLOCK), NAMED(SOCK_CLOEXEC) };

const struct terms terms_socket_type = WORD_AND_FLAGS(0xf, socket_types, socket_flags);

static const struct term protocols[] = {
	NAMED(IPPROTO_IP), NAMED(IPPROTO_ICMP), NAMED(IPPROTO_IGMP), NAMED(IPPROTO_IPIP),
	NAMED(IPPROTO_TCP), NAMED(IPPROTO_EGP), NAMED(IPPROTO_PUP), NAMED(IPPROTO_UDP),
	NAMED(IPPROTO_IDP), NAMED(IPPROTO_DCCP), NAMED(IPPROTO_IPV6), NAMED(IPPROTO_RSVP),
	NAMED(IPPROTO_GRE), NAMED(IPPROTO_ESP), NAMED(IPPROTO_AH), NAMED(IPPROTO_ICMPV6),
	NAMED(IPPROTO_PIM), NAMED(IPPROTO_SCTP), NAMED(IPPROTO_UDPLITE), NAMED(IPPROTO_MPLS),
	NAMED(IPPROTO_RAW), { 262, "IPPROTO_MPTCP" }, /* Linux 5.6 */
	{ 256, "IPPROTO_SMC" },                       /* Linux 6.11 */
};

const struct terms terms_protocol = ONE_WORD(protocols);

static const struct term netlink[] = {
	NAMED(NETLINK_ROUTE),
	NAMED(NETLINK_USERSOCK),
	NAMED(NETLINK_FIREWALL),
	NAMED(NETLINK_SOCK_DIAG),
	NAMED(NETLINK_NFLOG),
	NAMED(NETLINK_XFRM),
	NAMED(NETLINK_SELINUX),
	NAMED(NETLINK_ISCSI),
	NAMED(NETLINK_AUDIT),
	NAMED(NETLINK_FIB_LOOKUP),
	NAMED(NETLINK_CONNECTOR),
	NAMED(NETLINK_NETFILTER),
	NAMED(NETLINK_IP6_FW),
	NAMED(NETLINK_DNRTMSG),
	NAMED(NETLINK_KOBJECT_UEVENT),
	NAMED(NETLINK_GENERIC),
	NAMED(NETLINK_SCSITRANSPORT),
	NAMED(NETLINK_ECRYPTFS),
	NAMED(NETLINK_RDMA),
	NAMED(NETLINK_CRYPTO),
	NAMED(NETLINK_SMC),
};

const struct terms terms_netlink = ONE_WORD(netlink);

/* ------------------------------------------------------------------------------- processes */

static const struct term clone_flags[] = {
	NAMED(CLONE_VM), NAMED(CLONE_FS), NAMED(CLONE_FILES), NAMED(CLONE_SIGHAND),
	NAMED(CLONE_PIDFD), NAMED(CLONE_PTRACE), NAMED(CLONE_VFORK), NAMED(CLONE_PARENT),
	NAMED(CLONE_THREAD), NAMED(CLONE_NEWNS), NAMED(CLONE_SYSVSEM), NAMED(CLONE_SETTLS),
	NAMED(CLONE_PARENT_SETTID), NAMED(CLONE_CHILD_CLEARTID), NAMED(CLONE_DETACHED),
	NAMED(CLONE_UNTRACED), NAMED(CLONE_CHILD_SETTID), NAMED(CLONE_NEWCGROUP),
	NAMED(CLONE_NEWUTS), NAMED(CLONE_NEWIPC), NAMED(CLONE_NEWUSER), NAMED(CLONE_NEWPID),
	NAMED(CLONE_NEWNET), NAMED(CLONE_IO),
	{ 0x80, "CLONE_NEWTIME" }, /* Linux 5.6; not clone's, whose signal this is part of */
};

const struct terms terms_clone = {
	.mask = 0xff, .flags = clone_flags, .flags_count = COUNT(clone_flags) - 1
};
const struct terms terms_unshare = FLAGS(clone_flags);

static const struct term ptrace_requests[] = {
	NAMED(PTRACE_TRACEME), NAMED(PTRACE_PEEKTEXT), NAMED(PTRACE_PEEKDATA),
	NAMED(PTRACE_PEEKUSER), NAMED(PTRACE_POKETEXT), NAMED(PTRACE_POKEDATA),
	NAMED(PTRACE_POKEUSER), NAMED(PTRACE_CONT), NAMED(PTRACE_KILL), NAMED(PTRACE_SINGLESTEP),
	{ 12, "PTRACE_GETREGS" }, /* this and the next three: not on aarch64 */
	{ 13, "PTRACE_SETREGS" }, { 14, "PTRACE_GETFPREGS" }, { 15, "PTRACE_SETFPREGS" },
	NAMED(PTRACE_ATTACH), NAMED(PTRACE_DETACH), NAMED(PTRACE_SYSCALL), NAMED(PTRACE_SETOPTIONS),
	NAMED(PTRACE_GETEVENTMSG), NAMED(PTRACE_GETSIGINFO), NAMED(PTRACE_SETSIGINFO),
	NAMED(PTRACE_GETREGSET), NAMED(PTRACE_SETREGSET), NAMED(PTRACE_SEIZE),
	NAMED(PTRACE_INTERRUPT), NAMED(PTRACE_LISTEN), NAMED(PTRACE_PEEKSIGINFO),
	NAMED(PTRACE_GETSIGMASK), NAMED(PTRACE_SETSIGMASK), NAMED(PTRACE_SECCOMP_GET_FILTER),
	{ 0x420d, "PTRACE_SECCOMP_GET_METADATA" },   /* Linux 4.16 */
	{ 0x420e, "PTRACE_GET_SYSCALL_INFO" },       /* Linux 5.3 */
	{ 0x420f, "PTRACE_GET_RSEQ_CONFIGURATION" }, /* Linux 5.13 */
};

const struct terms terms_ptrace = ONE_WORD(ptrace_requests);

static const struct term kcmp_types[] = {
	NAMED(KCMP_FILE),
	NAMED(KCMP_VM),
	NAMED(KCMP_FILES),
	NAMED(KCMP_FS),
	NAMED(KCMP_SIGHAND),
	NAMED(KCMP_IO),
	NAMED(KCMP_SYSVSEM),
	NAMED(KCMP_EPOLL_TFD),
};

const struct terms terms_kcmp = ONE_WORD(kcmp_types);

static const struct term personalities[] = {
	{ 0xffffffff, "0xffffffff" }, /* the question: no word, no flags */
	NAMED(PER_LINUX),
	NAMED(PER_LINUX32),
	NAMED(PER_SVR4),
	NAMED(PER_BSD),
	NAMED(PER_IRIX32),
	NAMED(PER_HPUX),
};
static const struct term personality_flags[] = {
	NAMED(UNAME26),
	NAMED(ADDR_NO_RANDOMIZE),
	NAMED(FDPIC_FUNCPTRS),
	NAMED(MMAP_PAGE_ZERO),
	NAMED(ADDR_COMPAT_LAYOUT),
	NAMED(READ_IMPLIES_EXEC),
	NAMED(ADDR_LIMIT_32BIT),
	NAMED(SHORT_INODE),
	NAMED(WHOLE_SECONDS),
	NAMED(STICKY_TIMEOUTS),
	NAMED(ADDR_LIMIT_3GB),
};

const struct terms terms_personality = WORD_AND_FLAGS(0xff, personalities, personality_flags);

static const struct term resources[] = {
	NAMED(RLIMIT_CPU),
	NAMED(RLIMIT_FSIZE),
	NAMED(RLIMIT_DATA),
	NAMED(RLIMIT_STACK),
	NAMED(RLIMIT_CORE),
	NAMED(RLIMIT_RSS),
	NAMED(RLIMIT_NPROC),
	NAMED(RLIMIT_NOFILE),
	NAMED(RLIMIT_MEMLOCK),
	NAMED(RLIMIT_AS),
	NAMED(RLIMIT_LOCKS),
	NAMED(RLIMIT_SIGPENDING),
	NAMED(RLIMIT_MSGQUEUE),
	NAMED(RLIMIT_NICE),
	NAMED(RLIMIT_RTPRIO),
	NAMED(RLIMIT_RTTIME),
};

const struct terms terms_resource = ONE_WORD(resources);

static const struct term schedulers[] = {
	NAMED(SCHED_OTHER), NAMED(SCHED_FIFO), NAMED(SCHED_RR), NAMED(SCHED_BATCH),
	NAMED(SCHED_IDLE), { 6, "SCHED_DEADLINE" }, { 7, "SCHED_EXT" }, /* linux/sched.h */
};
static const struct term scheduler_flags[] = { NAMED(SCHED_RESET_ON_FORK) };

const struct terms terms_scheduler = WORD_AND_FLAGS(0xff, schedulers, scheduler_flags);

/* ------------------------------------------------------------------- prctl, seccomp, bpf, keys */

static const struct term prctl_options[] = {
	NAMED(PR_SET_PDEATHSIG),
	NAMED(PR_GET_PDEATHSIG),
	NAMED(PR_GET_DUMPABLE),
	NAMED(PR_SET_DUMPABLE),
	NAMED(PR_GET_UNALIGN),
	NAMED(PR_SET_UNALIGN),
	NAMED(PR_GET_KEEPCAPS),
	NAMED(PR_SET_KEEPCAPS),
	NAMED(PR_GET_FPEMU),
	NAMED(PR_SET_FPEMU),
	NAMED(PR_GET_FPEXC),
	NAMED(PR_SET_FPEXC),
	NAMED(PR_GET_TIMING),
	NAMED(PR_SET_TIMING),
	NAMED(PR_SET_NAME),
	NAMED(PR_GET_NAME),
	NAMED(PR_GET_ENDIAN),
	NAMED(PR_SET_ENDIAN),
	NAMED(PR_GET_SECCOMP),
	NAMED(PR_SET_SECCOMP),
	NAMED(PR_CAPBSET_READ),
	NAMED(PR_CAPBSET_DROP),
	NAMED(PR_GET_TSC),
	NAMED(PR_SET_TSC),
	NAMED(PR_GET_SECUREBITS),
	NAMED(PR_SET_SECUREBITS),
	NAMED(PR_SET_TIMERSLACK),
	NAMED(PR_GET_TIMERSLACK),
	NAMED(PR_TASK_PERF_EVENTS_DISABLE),
	NAMED(PR_TASK_PERF_EVENTS_ENABLE),
	NAMED(PR_MCE_KILL),
	NAMED(PR_MCE_KILL_GET),
	NAMED(PR_SET_MM),
	NAMED(PR_SET_CHILD_SUBREAPER),
	NAMED(PR_GET_CHILD_SUBREAPER),
	NAMED(PR_SET_NO_NEW_PRIVS),
	NAMED(PR_GET_NO_NEW_PRIVS),
	NAMED(PR_GET_TID_ADDRESS),
	NAMED(PR_SET_THP_DISABLE),
	NAMED(PR_GET_THP_DISABLE),
	NAMED(PR_MPX_ENABLE_MANAGEMENT),
	NAMED(PR_MPX_DISABLE_MANAGEMENT),
	NAMED(PR_SET_FP_MODE),
	NAMED(PR_GET_FP_MODE),
	NAMED(PR_CAP_AMBIENT),
	NAMED(PR_SVE_SET_VL),
	NAMED(PR_SVE_GET_VL),
	NAMED(PR_GET_SPECULATION_CTRL),
	NAMED(PR_SET_SPECULATION_CTRL),
	NAMED(PR_PAC_RESET_KEYS),
	NAMED(PR_SET_TAGGED_ADDR_CTRL),
	NAMED(PR_GET_TAGGED_ADDR_CTRL),
	NAMED(PR_SET_IO_FLUSHER),
	NAMED(PR_GET_IO_FLUSHER),
	NAMED(PR_SET_SYSCALL_USER_DISPATCH),
	{ 60, "PR_PAC_SET_ENABLED_KEYS" }, /* Linux 5.13, with the next */
	{ 61, "PR_PAC_GET_ENABLED_KEYS" },
	{ 62, "PR_SCHED_CORE" }, /* Linux 5.14 */
	{ 63, "PR_SME_SET_VL" },
	{ 64, "PR_SME_GET_VL" }, /* Linux 5.19 */
	{ 65, "PR_SET_MDWE" },
	{ 66, "PR_GET_MDWE" }, /* Linux 6.3 */
	{ 67, "PR_SET_MEMORY_MERGE" },
	{ 68, "PR_GET_MEMORY_MERGE" },        /* Linux 6.4 */
	{ 74, "PR_GET_SHADOW_STACK_STATUS" }, /* Linux 6.13 */
	{ 75, "PR_SET_SHADOW_STACK_STATUS" },
	{ 76, "PR_LOCK_SHADOW_STACK_STATUS" },
	{ 77, "PR_TIMER_CREATE_RESTORE_IDS" },
	{ 78, "PR_FUTEX_HASH" },      /* Linux 6.15, 6.16 */
	{ 0x53564d41, "PR_SET_VMA" }, /* Linux 5.17 */
	NAMED(PR_SET_PTRACER),
};

const struct terms terms_prctl = ONE_WORD(prctl_options);

/* asm/prctl.h of x86; other machines lack it. */
static const struct term arch_prctl_codes[] = {
	{ 0x1001, "ARCH_SET_GS" },
	{ 0x1002, "ARCH_SET_FS" },
	{ 0x1003, "ARCH_GET_FS" },
	{ 0x1004, "ARCH_GET_GS" },
	{ 0x1011, "ARCH_GET_CPUID" },
	{ 0x1012, "ARCH_SET_CPUID" },
	{ 0x1021, "ARCH_GET_XCOMP_SUPP" },
	{ 0x1022, "ARCH_GET_XCOMP_PERM" },
	{ 0x1023, "ARCH_REQ_XCOMP_PERM" },
	{ 0x1024, "ARCH_GET_XCOMP_GUEST_PERM" },
	{ 0x1025, "ARCH_REQ_XCOMP_GUEST_PERM" },
	{ 0x2001, "ARCH_MAP_VDSO_X32" },
	{ 0x2002, "ARCH_MAP_VDSO_32" },
	{ 0x2003, "ARCH_MAP_VDSO_64" },
	{ 0x3001, "ARCH_CET_STATUS" }, /* never in a release; old dynamic linkers ask */
	{ 0x4001, "ARCH_GET_UNTAG_MASK" },
	{ 0x4002, "ARCH_ENABLE_TAGGED_ADDR" },
	{ 0x4003, "ARCH_GET_MAX_TAG_BITS" },
	{ 0x4004, "ARCH_FORCE_TAGGED_SVA" },
	{ 0x5001, "ARCH_SHSTK_ENABLE" },
	{ 0x5002, "ARCH_SHSTK_DISABLE" },
	{ 0x5003, "ARCH_SHSTK_LOCK" },
	{ 0x5004, "ARCH_SHSTK_UNLOCK" },
	{ 0x5005, "ARCH_SHSTK_STATUS" },
};

const struct terms terms_arch_prctl = ONE_WORD(arch_prctl_codes);

static const struct term seccomp_operations[] = {
	NAMED(SECCOMP_SET_MODE_STRICT),
	NAMED(SECCOMP_SET_MODE_FILTER),
	NAMED(SECCOMP_GET_ACTION_AVAIL),
	NAMED(SECCOMP_GET_NOTIF_SIZES),
};

const struct terms terms_seccomp = ONE_WORD(seccomp_operations);

static const struct term bpf_commands[] = {
	NAMED(BPF_MAP_CREATE), NAMED(BPF_MAP_LOOKUP_ELEM), NAMED(BPF_MAP_UPDATE_ELEM),
	NAMED(BPF_MAP_DELETE_ELEM), NAMED(BPF_MAP_GET_NEXT_KEY), NAMED(BPF_PROG_LOAD),
	NAMED(BPF_OBJ_PIN), NAMED(BPF_OBJ_GET), NAMED(BPF_PROG_ATTACH), NAMED(BPF_PROG_DETACH),
	NAMED(BPF_PROG_TEST_RUN), NAMED(BPF_PROG_GET_NEXT_ID), NAMED(BPF_MAP_GET_NEXT_ID),
	NAMED(BPF_PROG_GET_FD_BY_ID), NAMED(BPF_MAP_GET_FD_BY_ID), NAMED(BPF_OBJ_GET_INFO_BY_FD),
	NAMED(BPF_PROG_QUERY), NAMED(BPF_RAW_TRACEPOINT_OPEN), NAMED(BPF_BTF_LOAD),
	NAMED(BPF_BTF_GET_FD_BY_ID), NAMED(BPF_TASK_FD_QUERY),
	NAMED(BPF_MAP_LOOKUP_AND_DELETE_ELEM), NAMED(BPF_MAP_FREEZE), NAMED(BPF_BTF_GET_NEXT_ID),
	NAMED(BPF_MAP_LOOKUP_BATCH), NAMED(BPF_MAP_LOOKUP_AND_DELETE_BATCH),
	NAMED(BPF_MAP_UPDATE_BATCH), NAMED(BPF_MAP_DELETE_BATCH), NAMED(BPF_LINK_CREATE),
	NAMED(BPF_LINK_UPDATE), NAMED(BPF_LINK_GET_FD_BY_ID), NAMED(BPF_LINK_GET_NEXT_ID),
	NAMED(BPF_ENABLE_STATS), NAMED(BPF_ITER_CREATE), NAMED(BPF_LINK_DETACH),
	NAMED(BPF_PROG_BIND_MAP), { 36, "BPF_TOKEN_CREATE" }, /* Linux 6.9 */
};

const struct terms terms_bpf = ONE_WORD(bpf_commands);

static const struct term keyctl_operations[] = {
	NAMED(KEYCTL_GET_KEYRING_ID),
	NAMED(KEYCTL_JOIN_SESSION_KEYRING),
	NAMED(KEYCTL_UPDATE),
	NAMED(KEYCTL_REVOKE),
	NAMED(KEYCTL_CHOWN),
	NAMED(KEYCTL_SETPERM),
	NAMED(KEYCTL_DESCRIBE),
	NAMED(KEYCTL_CLEAR),
	NAMED(KEYCTL_LINK),
	NAMED(KEYCTL_UNLINK),
	NAMED(KEYCTL_SEARCH),
	NAMED(KEYCTL_READ),
	NAMED(KEYCTL_INSTANTIATE),
	NAMED(KEYCTL_NEGATE),
	NAMED(KEYCTL_SET_REQKEY_KEYRING),
	NAMED(KEYCTL_SET_TIMEOUT),
	NAMED(KEYCTL_ASSUME_AUTHORITY),
	NAMED(KEYCTL_GET_SECURITY),
	NAMED(KEYCTL_SESSION_TO_PARENT),
	NAMED(KEYCTL_REJECT),
	NAMED(KEYCTL_INSTANTIATE_IOV),
	NAMED(KEYCTL_INVALIDATE),
	NAMED(KEYCTL_GET_PERSISTENT),
	NAMED(KEYCTL_DH_COMPUTE),
	NAMED(KEYCTL_PKEY_QUERY),
	NAMED(KEYCTL_PKEY_ENCRYPT),
	NAMED(KEYCTL_PKEY_DECRYPT),
	NAMED(KEYCTL_PKEY_SIGN),
	NAMED(KEYCTL_PKEY_VERIFY),
	NAMED(KEYCTL_RESTRICT_KEYRING),
	NAMED(KEYCTL_MOVE),
	NAMED(KEYCTL_CAPABILITIES),
	NAMED(KEYCTL_WATCH_KEY),
};

const struct terms terms_keyctl = ONE_WORD(keyctl_operations);

/* ---------------------------------------------------------------------------- files, mounts */

static const struct term fcntl_commands[] = {
	NAMED(F_DUPFD), NAMED(F_GETFD), NAMED(F_SETFD), NAMED(F_GETFL), NAMED(F_SETFL),
	NAMED(F_GETLK), NAMED(F_SETLK), NAMED(F_SETLKW), NAMED(F_SETOWN), NAMED(F_GETOWN),
	NAMED(F_SETSIG), NAMED(F_GETSIG), NAMED(F_SETOWN_EX), NAMED(F_GETOWN_EX),
	{ 17, "F_GETOWNER_UIDS" }, /* linux/fcntl.h */
	NAMED(F_OFD_GETLK), NAMED(F_OFD_SETLK), NAMED(F_OFD_SETLKW), NAMED(F_SETLEASE),
	NAMED(F_GETLEASE), NAMED(F_NOTIFY), NAMED(F_DUPFD_CLOEXEC), NAMED(F_SETPIPE_SZ),
	NAMED(F_GETPIPE_SZ), NAMED(F_ADD_SEALS), NAMED(F_GET_SEALS), NAMED(F_GET_RW_HINT),
	NAMED(F_SET_RW_HINT), NAMED(F_GET_FILE_RW_HINT), NAMED(F_SET_FILE_RW_HINT),
	{ 1027, "F_DUPFD_QUERY" },   /* Linux 6.10 */
	{ 1028, "F_CREATED_QUERY" }, /* Linux 6.12 */
};

const struct terms terms_fcntl = ONE_WORD(fcntl_commands);

static const struct term pipe_flags[] = {
	NAMED(O_CLOEXEC), NAMED(O_NONBLOCK), NAMED(O_DIRECT),
	{ O_EXCL, "O_NOTIFICATION_PIPE" }, /* linux/watch_queue.h */
};

const struct terms terms_pipe = FLAGS(pipe_flags);

static const struct term mount_flags[] = {
	NAMED(MS_RDONLY),
	NAMED(MS_NOSUID),
	NAMED(MS_NODEV),
	NAMED(MS_NOEXEC),
	NAMED(MS_SYNCHRONOUS),
	NAMED(MS_REMOUNT),
	NAMED(MS_MANDLOCK),
	NAMED(MS_DIRSYNC),
	{ 0x100, "MS_NOSYMFOLLOW" }, /* Linux 5.10 */
	NAMED(MS_NOATIME),
	NAMED(MS_NODIRATIME),
	NAMED(MS_BIND),
	NAMED(MS_MOVE),
	NAMED(MS_REC),
	NAMED(MS_SILENT),
	NAMED(MS_UNBINDABLE),
	NAMED(MS_PRIVATE),
	NAMED(MS_SLAVE),
	NAMED(MS_SHARED),
	NAMED(MS_RELATIME),
	NAMED(MS_I_VERSION),
	NAMED(MS_STRICTATIME),
	NAMED(MS_LAZYTIME),
};

const struct terms terms_mount = FLAGS(mount_flags);

static const struct term umount_flags[] = {
	NAMED(MNT_FORCE),
	NAMED(MNT_DETACH),
	NAMED(MNT_EXPIRE),
	NAMED(UMOUNT_NOFOLLOW),
};

const struct terms terms_umount = FLAGS(umount_flags);

static const struct term clocks[] = {
	NAMED(CLOCK_REALTIME),
	NAMED(CLOCK_MONOTONIC),
	NAMED(CLOCK_PROCESS_CPUTIME_ID),
	NAMED(CLOCK_THREAD_CPUTIME_ID),
	NAMED(CLOCK_MONOTONIC_RAW),
	NAMED(CLOCK_REALTIME_COARSE),
	NAMED(CLOCK_MONOTONIC_COARSE),
	NAMED(CLOCK_BOOTTIME),
	NAMED(CLOCK_REALTIME_ALARM),
	NAMED(CLOCK_BOOTTIME_ALARM),
	NAMED(CLOCK_TAI),
};

const struct terms terms_clock = ONE_WORD(clocks);

/* -------------------------------------------------------------------------------- ioctl */

/* By number: names clash between headers of libc and kernel, and some are sizes of structures. The
 * terminal's first, then files', sockets', file systems'. */
static const struct term ioctl_requests[] = {
	{ 0x5401, "TCGETS" },
	{ 0x5402, "TCSETS" },
	{ 0x5403, "TCSETSW" },
	{ 0x5404, "TCSETSF" },
	{ 0x5405, "TCGETA" },
	{ 0x5406, "TCSETA" },
	{ 0x5407, "TCSETAW" },
	{ 0x5408, "TCSETAF" },
	{ 0x5409, "TCSBRK" },
	{ 0x540a, "TCXONC" },
	{ 0x540b, "TCFLSH" },
	{ 0x540c, "TIOCEXCL" },
	{ 0x540d, "TIOCNXCL" },
	{ 0x540e, "TIOCSCTTY" },
	{ 0x540f, "TIOCGPGRP" },
	{ 0x5410, "TIOCSPGRP" },
	{ 0x5411, "TIOCOUTQ" },
	{ 0x5412, "TIOCSTI" },
	{ 0x5413, "TIOCGWINSZ" },
	{ 0x5414, "TIOCSWINSZ" },
	{ 0x5415, "TIOCMGET" },
	{ 0x5416, "TIOCMBIS" },
	{ 0x5417, "TIOCMBIC" },
	{ 0x5418, "TIOCMSET" },
	{ 0x5419, "TIOCGSOFTCAR" },
	{ 0x541a, "TIOCSSOFTCAR" },
	{ 0x541b, "FIONREAD" },
	{ 0x541c, "TIOCLINUX" },
	{ 0x541d, "TIOCCONS" },
	{ 0x541e, "TIOCGSERIAL" },
	{ 0x541f, "TIOCSSERIAL" },
	{ 0x5420, "TIOCPKT" },
	{ 0x5421, "FIONBIO" },
	{ 0x5422, "TIOCNOTTY" },
	{ 0x5423, "TIOCSETD" },
	{ 0x5424, "TIOCGETD" },
	{ 0x5425, "TCSBRKP" },
	{ 0x5427, "TIOCSBRK" },
	{ 0x5428, "TIOCCBRK" },
	{ 0x5429, "TIOCGSID" },
	{ 0x542e, "TIOCGRS485" },
	{ 0x542f, "TIOCSRS485" },
	{ 0x5437, "TIOCVHANGUP" },
	{ 0x5450, "FIONCLEX" },
	{ 0x5451, "FIOCLEX" },
	{ 0x5452, "FIOASYNC" },
	{ 0x5460, "FIOQSIZE" },
	{ 0x802c542a, "TCGETS2" },
	{ 0x402c542b, "TCSETS2" },
	{ 0x402c542c, "TCSETSW2" },
	{ 0x402c542d, "TCSETSF2" },
	{ 0x80045430, "TIOCGPTN" },
	{ 0x40045431, "TIOCSPTLCK" },
	{ 0x80045432, "TIOCGDEV" },
	{ 0x40045436, "TIOCSIG" },
	{ 0x80045438, "TIOCGPKT" },
	{ 0x80045439, "TIOCGPTLCK" },
	{ 0x80045440, "TIOCGEXCL" },
	{ 0x5441, "TIOCGPTPEER" },
	{ 0x8901, "FIOSETOWN" },
	{ 0x8902, "SIOCSPGRP" },
	{ 0x8903, "FIOGETOWN" },
	{ 0x8904, "SIOCGPGRP" },
	{ 0x8905, "SIOCATMARK" },
	{ 0x8906, "SIOCGSTAMP" },
	{ 0x8907, "SIOCGSTAMPNS" },
	{ 0x890b, "SIOCADDRT" },
	{ 0x890c, "SIOCDELRT" },
	{ 0x8910, "SIOCGIFNAME" },
	{ 0x8911, "SIOCSIFLINK" },
	{ 0x8912, "SIOCGIFCONF" },
	{ 0x8913, "SIOCGIFFLAGS" },
	{ 0x8914, "SIOCSIFFLAGS" },
	{ 0x8915, "SIOCGIFADDR" },
	{ 0x8916, "SIOCSIFADDR" },
	{ 0x8917, "SIOCGIFDSTADDR" },
	{ 0x8918, "SIOCSIFDSTADDR" },
	{ 0x8919, "SIOCGIFBRDADDR" },
	{ 0x891a, "SIOCSIFBRDADDR" },
	{ 0x891b, "SIOCGIFNETMASK" },
	{ 0x891c, "SIOCSIFNETMASK" },
	{ 0x891d, "SIOCGIFMETRIC" },
	{ 0x891e, "SIOCSIFMETRIC" },
	{ 0x8921, "SIOCGIFMTU" },
	{ 0x8922, "SIOCSIFMTU" },
	{ 0x8923, "SIOCSIFNAME" },
	{ 0x8924, "SIOCSIFHWADDR" },
	{ 0x8927, "SIOCGIFHWADDR" },
	{ 0x8929, "SIOCGIFSLAVE" },
	{ 0x8930, "SIOCSIFSLAVE" },
	{ 0x8931, "SIOCADDMULTI" },
	{ 0x8932, "SIOCDELMULTI" },
	{ 0x8933, "SIOCGIFINDEX" },
	{ 0x8936, "SIOCDIFADDR" },
	{ 0x8942, "SIOCGIFTXQLEN" },
	{ 0x8943, "SIOCSIFTXQLEN" },
	{ 0x8946, "SIOCETHTOOL" },
	{ 0x8947, "SIOCGMIIPHY" },
	{ 0x8948, "SIOCGMIIREG" },
	{ 0x8953, "SIOCDARP" },
	{ 0x8954, "SIOCGARP" },
	{ 0x8955, "SIOCSARP" },
	{ 0x8970, "SIOCGIFMAP" },
	{ 0x8971, "SIOCSIFMAP" },
	{ 0x89a0, "SIOCBRADDBR" },
	{ 0x89a1, "SIOCBRDELBR" },
	{ 0x89a2, "SIOCBRADDIF" },
	{ 0x89a3, "SIOCBRDELIF" },
	{ 0x400454ca, "TUNSETIFF" },
	{ 0x400454cb, "TUNSETPERSIST" },
	{ 0x400454cc, "TUNSETOWNER" },
	{ 0x800454cf, "TUNGETFEATURES" },
	{ 0x400454d0, "TUNSETOFFLOAD" },
	{ 0x800454d2, "TUNGETIFF" },
	{ 0x1, "FIBMAP" },
	{ 0x2, "FIGETBSZ" },
	{ 0x80086601, "FS_IOC_GETFLAGS" },
	{ 0x40086602, "FS_IOC_SETFLAGS" },
	{ 0x80087601, "FS_IOC_GETVERSION" },
	{ 0x40087602, "FS_IOC_SETVERSION" },
	{ 0xc020660b, "FS_IOC_FIEMAP" },
	{ 0x801c581f, "FS_IOC_FSGETXATTR" },
	{ 0x401c5820, "FS_IOC_FSSETXATTR" },
	{ 0xc0045877, "FIFREEZE" },
	{ 0xc0045878, "FITHAW" },
	{ 0xc0185879, "FITRIM" },
	{ 0x40049409, "FICLONE" },
	{ 0x4020940d, "FICLONERANGE" },
	{ 0xc0189436, "FIDEDUPERANGE" },
	{ 0x81009431, "FS_IOC_GETFSLABEL" },
	{ 0x41009432, "FS_IOC_SETFSLABEL" },
	{ 0x1260, "BLKGETSIZE" },
	{ 0x1268, "BLKSSZGET" },
	{ 0x80081272, "BLKGETSIZE64" },
	{ 0x1277, "BLKDISCARD" },
	{ 0x4c00, "LOOP_SET_FD" },
	{ 0x4c01, "LOOP_CLR_FD" },
	{ 0x4c0a, "LOOP_CONFIGURE" },
	{ 0x4c82, "LOOP_CTL_GET_FREE" },
	{ 0x4b3a, "KDSETMODE" },
	{ 0x4b3b, "KDGETMODE" },
	{ 0x4b44, "KDGKBMODE" },
	{ 0x4b45, "KDSKBMODE" },
	{ 0x5603, "VT_GETSTATE" },
	{ 0x5606, "VT_ACTIVATE" },
	{ 0xae00, "KVM_GET_API_VERSION" },
	{ 0xae01, "KVM_CREATE_VM" },
	{ 0xae03, "KVM_CHECK_EXTENSION" },
	{ 0x8004e500, "FUSE_DEV_IOC_CLONE" },
	{ 0xb701, "NS_GET_USERNS" },
	{ 0xb702, "NS_GET_PARENT" },
	{ 0xb703, "NS_GET_NSTYPE" },
	{ 0xb704, "NS_GET_OWNER_UID" },
	{ 0xc018aa3f, "UFFDIO_API" },
};

const struct terms terms_ioctl = ONE_WORD(ioctl_requests);
