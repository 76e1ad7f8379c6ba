/* The argument rules: for the calls of class ALLOW_IF, which arguments execute. Data only.
 *
 * Source: gVisor's table of accepted arguments (August 2026), less terminals, job control and the
 * ways out of supervision; a case that departs from it mentions gVisor (tests/data/arg-rules.tsv
 * is what the unit test compares with). Rules exist only for calls off the hot path: a filter that
 * looks at arguments costs a call its place in the kernel's cache of always-allowed numbers
 * (Linux 5.11). Numbers are the kernel's and the same on x86_64 and aarch64.
 *
 * REFUSE is worth an event. REFUSE_QUIET is only for what programs try as a matter of course, and
 * go on without: the case says who. */
#include "profile/table.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define ALL_BITS 0xffffffffu

#define ACCEPT \
	{ \
		.verdict = PROFILE_ACCEPT \
	}
#define REFUSE(errnum_) \
	{ \
		.verdict = PROFILE_REFUSE, .errnum = (errnum_) \
	}
#define REFUSE_QUIET(errnum_) \
	{ \
		.verdict = PROFILE_REFUSE_QUIET, .errnum = (errnum_) \
	}
#define LOOK(look_) \
	{ \
		.verdict = PROFILE_LOOK, .next = &(look_) \
	}

/* Rows of a case table: one value, or a span; what it is called and why it is there; the outcome.
 */
#define ONE(value_, why_, ...) \
	{ \
		(value_), (value_), __VA_ARGS__, (why_) \
	}
#define SPAN(low_, high_, why_, ...) \
	{ \
		(low_), (high_), __VA_ARGS__, (why_) \
	}

/* A look at the low word of argument arg_; what no case names answers otherwise. */
#define LOOK_AT(arg_, mask_, cases_, ...) \
	{ \
		.arg = (arg_), .word = PROFILE_LOW_WORD, .mask = (mask_), \
		.count = sizeof(cases_) / sizeof((cases_)[0]), .cases = (cases_), \
		.otherwise = __VA_ARGS__ \
	}

/* SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU are neighbours. No process is ever stopped. */
static const struct profile_case stop_signals[] = {
	SPAN(SIGSTOP, SIGTTOU, "stop signals: no job control; gVisor has it", REFUSE(EPERM)),
};

const struct profile_look profile_rule_signal_arg1 = LOOK_AT(1, ALL_BITS, stop_signals, ACCEPT);
const struct profile_look profile_rule_signal_arg2 = LOOK_AT(2, ALL_BITS, stop_signals, ACCEPT);

/* Requests by number: their names clash between headers of libc and kernel. What is absent, every
 * request that drives a terminal first of all, is ENOTTY and an event. */
static const struct profile_case ioctl_cases[] = {
	ONE(0x5401, "TCGETS: isatty; gVisor has it", REFUSE_QUIET(ENOTTY)),
	ONE(0x540f, "TIOCGPGRP: shells; gVisor has it", REFUSE_QUIET(ENOTTY)),
	ONE(0x5411, "TIOCOUTQ: sockets", ACCEPT),
	ONE(0x5413, "TIOCGWINSZ: isatty of musl; gVisor has it", REFUSE_QUIET(ENOTTY)),
	ONE(0x541b, "FIONREAD: sockets, pipes, inotify", ACCEPT),
	ONE(0x5421, "FIONBIO", ACCEPT),
	SPAN(0x5450, 0x5452, "FIONCLEX, FIOCLEX, FIOASYNC", ACCEPT),
	SPAN(0x8901, 0x8904, "FIOSETOWN, SIOCSPGRP, FIOGETOWN, SIOCGPGRP", ACCEPT),
	ONE(0x8906, "SIOCGSTAMP", ACCEPT),
	ONE(0x8910, "SIOCGIFNAME", ACCEPT),
	SPAN(0x8912, 0x8913, "SIOCGIFCONF, SIOCGIFFLAGS", ACCEPT),
	ONE(0x8915, "SIOCGIFADDR", ACCEPT),
	ONE(0x8917, "SIOCGIFDSTADDR", ACCEPT),
	ONE(0x8919, "SIOCGIFBRDADDR", ACCEPT),
	ONE(0x891b, "SIOCGIFNETMASK", ACCEPT),
	ONE(0x891d, "SIOCGIFMETRIC", ACCEPT),
	ONE(0x8921, "SIOCGIFMTU", ACCEPT),
	ONE(0x8927, "SIOCGIFHWADDR", ACCEPT),
	ONE(0x8933, "SIOCGIFINDEX", ACCEPT),
	ONE(0x8942, "SIOCGIFTXQLEN", ACCEPT),
	ONE(0x8946, "SIOCETHTOOL: link speed, by collectors of metrics", REFUSE_QUIET(EOPNOTSUPP)),
	ONE(0x8970, "SIOCGIFMAP", ACCEPT),
	ONE(0x400454ca, "TUNSETIFF: CAP_NET_ADMIN's", ACCEPT),
	ONE(0x400454cb, "TUNSETPERSIST: CAP_NET_ADMIN's", ACCEPT),
	ONE(0x40049409, "FICLONE: cp and install try it first", REFUSE_QUIET(EOPNOTSUPP)),
	ONE(0x4020940d, "FICLONERANGE: the same for a part", REFUSE_QUIET(EOPNOTSUPP)),
	ONE(0x800454d2, "TUNGETIFF", ACCEPT),
	ONE(0x8004e500, "FUSE_DEV_IOC_CLONE", ACCEPT),
	ONE(0x80086601, "FS_IOC_GETFLAGS: tar, rsync and systemd look", REFUSE_QUIET(ENOTTY)),
	ONE(0x801c581f, "FS_IOC_FSGETXATTR: tools for xfs and quotas look", REFUSE_QUIET(ENOTTY)),
	ONE(0x802c542a, "TCGETS2: isatty of glibc 2.42; gVisor has it", REFUSE_QUIET(ENOTTY)),
	ONE(0xc0189436, "FIDEDUPERANGE: copying tools", REFUSE_QUIET(EOPNOTSUPP)),
	ONE(0xc020660b, "FS_IOC_FIEMAP: dpkg and older cp", REFUSE_QUIET(ENOTTY)),
};

const struct profile_look profile_rule_ioctl = LOOK_AT(1, ALL_BITS, ioctl_cases, REFUSE(ENOTTY));

/* Absent: leases, directory notification. The signal of F_SETSIG is argument 2. */
static const struct profile_case fcntl_cases[] = {
	SPAN(F_DUPFD, F_GETOWN, "F_DUPFD to F_GETOWN", ACCEPT),
	ONE(F_SETSIG, "F_SETSIG: no stop signal", LOOK(profile_rule_signal_arg2)),
	ONE(F_GETSIG, "F_GETSIG", ACCEPT),
	SPAN(F_SETOWN_EX, F_GETOWN_EX, "F_SETOWN_EX, F_GETOWN_EX", ACCEPT),
	SPAN(F_OFD_GETLK, F_OFD_SETLKW, "locks of open file descriptions", ACCEPT),
	SPAN(1027, 1028, "F_DUPFD_QUERY, F_CREATED_QUERY: systemd's libraries",
	    REFUSE_QUIET(EINVAL)),
	SPAN(F_DUPFD_CLOEXEC, F_GET_SEALS, "F_DUPFD_CLOEXEC, pipe sizes, seals", ACCEPT),
	SPAN(1035, 1038, "write hints: RocksDB, for each file", REFUSE_QUIET(EINVAL)),
};

const struct profile_look profile_rule_fcntl = LOOK_AT(1, ALL_BITS, fcntl_cases, REFUSE(EINVAL));

/* What touches nobody but the caller is allowed beyond gVisor's list. */
static const struct profile_case prctl_cases[] = {
	ONE(PR_SET_PDEATHSIG, "PR_SET_PDEATHSIG: no stop signal", LOOK(profile_rule_signal_arg1)),
	SPAN(PR_GET_PDEATHSIG, PR_SET_DUMPABLE, "PDEATHSIG, DUMPABLE", ACCEPT),
	SPAN(PR_GET_KEEPCAPS, PR_SET_KEEPCAPS, "KEEPCAPS", ACCEPT),
	SPAN(PR_SET_NAME, PR_GET_NAME, "NAME", ACCEPT),
	SPAN(PR_GET_SECCOMP, PR_CAPBSET_DROP, "SECCOMP, CAPBSET", ACCEPT),
	ONE(PR_GET_TSC, "PR_GET_TSC: only a look", REFUSE_QUIET(EINVAL)),
	SPAN(PR_GET_SECUREBITS, PR_SET_SECUREBITS, "SECUREBITS", ACCEPT),
	SPAN(PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, "TIMERSLACK: beyond gVisor, the caller's own",
	    ACCEPT),
	ONE(PR_SET_MM, "PR_SET_MM: root only; gVisor has it", REFUSE(EINVAL)),
	ONE(PR_SET_CHILD_SUBREAPER,
	    "PR_SET_CHILD_SUBREAPER: would take orphans from init; gVisor has it", REFUSE(EPERM)),
	SPAN(PR_GET_CHILD_SUBREAPER, PR_GET_NO_NEW_PRIVS, "CHILD_SUBREAPER's state, NO_NEW_PRIVS",
	    ACCEPT),
	SPAN(PR_SET_THP_DISABLE, PR_GET_THP_DISABLE, "THP_DISABLE: beyond gVisor, redis", ACCEPT),
	ONE(PR_CAP_AMBIENT, "PR_CAP_AMBIENT", ACCEPT),
	SPAN(PR_SVE_SET_VL, PR_SVE_GET_VL, "SVE vector length: beyond gVisor, java on aarch64",
	    ACCEPT),
	SPAN(PR_GET_SPECULATION_CTRL, PR_SET_SPECULATION_CTRL,
	    "SPECULATION_CTRL: beyond gVisor, hardening", ACCEPT),
	SPAN(PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL,
	    "TAGGED_ADDR_CTRL: gVisor has it on aarch64, where it means something", ACCEPT),
	ONE(58 /* PR_GET_IO_FLUSHER, Linux 5.6 */, "PR_GET_IO_FLUSHER: only a look",
	    REFUSE_QUIET(EINVAL)),
	SPAN(65 /* PR_SET_MDWE, Linux 6.3 */, 66 /* PR_GET_MDWE */,
	    "MDWE, no memory both written and executed: beyond gVisor, hardening", ACCEPT),
	SPAN(74 /* Linux 6.13 */, 76, "shadow stacks: ld.so on aarch64", REFUSE_QUIET(EINVAL)),
	ONE(79 /* Linux 7.0 */, "PR_RSEQ_SLICE_EXTENSION: libc variant of rseq",
	    REFUSE_QUIET(EINVAL)),
	ONE(0x41555856 /* Linux 6.4 */, "PR_GET_AUXV: Rust's standard library",
	    REFUSE_QUIET(EINVAL)),
	ONE(0x53564d41 /* Linux 5.17 */, "PR_SET_VMA, names of memory: PHP, Go", ACCEPT),
	ONE(PR_SET_PTRACER, "PR_SET_PTRACER", ACCEPT),
};

const struct profile_look profile_rule_prctl = LOOK_AT(0, ALL_BITS, prctl_cases, REFUSE(EINVAL));

/* The dynamic linker asks for control-flow protection at every start. */
static const struct profile_case arch_prctl_cases[] = {
	SPAN(0x1002, 0x1003, "ARCH_SET_FS, ARCH_GET_FS", ACCEPT),
	SPAN(0x3001, 0x3007, "ARCH_CET_*: ld.so of glibc before 2.39", REFUSE_QUIET(EINVAL)),
	SPAN(0x5001, 0x5005, "ARCH_SHSTK_*: ld.so of glibc since 2.39", REFUSE_QUIET(EINVAL)),
};

const struct profile_look profile_rule_arch_prctl =
    LOOK_AT(0, ALL_BITS, arch_prctl_cases, REFUSE(EINVAL));

/* A new namespace would hide children from init, CLONE_PARENT would give them to the grandparent.
 * Flags are argument 0 on both architectures; the low byte is the signal sent at exit. */
#define CLONE_ESCAPES \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	    CLONE_NEWPID | CLONE_NEWNET | CLONE_PARENT)

static const struct profile_case no_bits[] = { ONE(0, "none of these bits", ACCEPT) };
static const struct profile_look clone_flags = LOOK_AT(0, CLONE_ESCAPES, no_bits, REFUSE(EPERM));

const struct profile_look profile_rule_clone = LOOK_AT(0, CSIGNAL, stop_signals, LOOK(clone_flags));

/* gVisor's families, and within them the protocols it has: for any other, the kernel would load a
 * module on demand, from a type alone too (SOCK_DCCP; SOCK_SEQPACKET is SCTP). */
#define SOCKET_TYPE_MASK 0xfu /* the rest are SOCK_NONBLOCK and SOCK_CLOEXEC */

static const struct profile_case inet_protocols[] = {
	SPAN(IPPROTO_IP, IPPROTO_ICMP, "any, ICMP", ACCEPT),
	ONE(IPPROTO_TCP, "TCP", ACCEPT),
	ONE(IPPROTO_UDP, "UDP", ACCEPT),
	ONE(IPPROTO_ICMPV6, "ICMPv6", ACCEPT),
	ONE(IPPROTO_RAW, "raw", ACCEPT),
	ONE(262 /* IPPROTO_MPTCP, Linux 5.6 */, "MPTCP: Go's net.Listen",
	    REFUSE_QUIET(EPROTONOSUPPORT)),
};
static const struct profile_look inet_protocol =
    LOOK_AT(2, ALL_BITS, inet_protocols, REFUSE(EPROTONOSUPPORT));

static const struct profile_case inet_types[] = {
	SPAN(SOCK_STREAM, SOCK_RAW, "stream, datagram, raw", LOOK(inet_protocol)),
};
static const struct profile_look inet_type =
    LOOK_AT(1, SOCKET_TYPE_MASK, inet_types, REFUSE(ESOCKTNOSUPPORT));

static const struct profile_case netlink_protocols[] = {
	ONE(NETLINK_ROUTE, "NETLINK_ROUTE: getifaddrs", ACCEPT),
	ONE(NETLINK_AUDIT, "NETLINK_AUDIT: everything that uses PAM",
	    REFUSE_QUIET(EPROTONOSUPPORT)),
	ONE(NETLINK_KOBJECT_UEVENT, "NETLINK_KOBJECT_UEVENT: libudev", ACCEPT),
};
static const struct profile_look netlink_protocol =
    LOOK_AT(2, ALL_BITS, netlink_protocols, REFUSE(EPROTONOSUPPORT));

static const struct profile_case socket_families[] = {
	ONE(AF_UNIX, "AF_UNIX", ACCEPT),
	ONE(AF_INET, "AF_INET: by type and protocol", LOOK(inet_type)),
	ONE(AF_INET6, "AF_INET6: by type and protocol", LOOK(inet_type)),
	ONE(AF_NETLINK, "AF_NETLINK: by protocol", LOOK(netlink_protocol)),
	ONE(AF_PACKET, "AF_PACKET: CAP_NET_RAW's", ACCEPT),
};

const struct profile_look profile_rule_socket =
    LOOK_AT(0, ALL_BITS, socket_families, REFUSE(EAFNOSUPPORT));

static const struct profile_case socketpair_families[] = { ONE(AF_UNIX, "AF_UNIX", ACCEPT) };

const struct profile_look profile_rule_socketpair =
    LOOK_AT(0, ALL_BITS, socketpair_families, REFUSE(EAFNOSUPPORT));

static const struct profile_case personalities[] = {
	ONE(0, "plain Linux", ACCEPT),
	ONE(0xffffffff, "the question", ACCEPT),
};

const struct profile_look profile_rule_personality =
    LOOK_AT(0, ALL_BITS, personalities, REFUSE(EINVAL));

/* These stay as they are (LOCKS to NICE are neighbours); numbers beyond the last are the kernel's
 * to refuse. */
#define FIXED_LIMITS "LOCKS, SIGPENDING, MSGQUEUE, NICE: fixed, as in gVisor"
#define FIXED_TIME "RTTIME: fixed, as in gVisor"

static const struct profile_case fixed_limits[] = {
	SPAN(RLIMIT_LOCKS, RLIMIT_NICE, FIXED_LIMITS, REFUSE(EPERM)),
	ONE(RLIMIT_RTTIME, FIXED_TIME, REFUSE(EPERM)),
};

const struct profile_look profile_rule_setrlimit = LOOK_AT(0, ALL_BITS, fixed_limits, ACCEPT);

/* prlimit64 sets where argument 2, a pointer, is not NULL: both its words are looked at. */
static const struct profile_look new_limit_high = {
	.arg = 2,
	.word = PROFILE_HIGH_WORD,
	.mask = ALL_BITS,
	.count = sizeof(no_bits) / sizeof(no_bits[0]),
	.cases = no_bits,
	.otherwise = REFUSE(EPERM),
};
static const struct profile_case new_limit_low_cases[] = {
	ONE(0, "only a look, if the other half is 0 too", LOOK(new_limit_high)),
};
static const struct profile_look new_limit =
    LOOK_AT(2, ALL_BITS, new_limit_low_cases, REFUSE(EPERM));
static const struct profile_case prlimit_fixed[] = {
	SPAN(RLIMIT_LOCKS, RLIMIT_NICE, FIXED_LIMITS, LOOK(new_limit)),
	ONE(RLIMIT_RTTIME, FIXED_TIME, LOOK(new_limit)),
};

const struct profile_look profile_rule_prlimit64 = LOOK_AT(1, ALL_BITS, prlimit_fixed, ACCEPT);

/* Nothing real-time. */
static const struct profile_case policies[] = {
	ONE(SCHED_OTHER, "SCHED_OTHER", ACCEPT),
	ONE(SCHED_BATCH, "SCHED_BATCH", ACCEPT),
	ONE(SCHED_IDLE, "SCHED_IDLE", ACCEPT),
};

const struct profile_look profile_rule_scheduler = LOOK_AT(1, ALL_BITS, policies, REFUSE(EINVAL));

static const struct profile_case rseq_flags[] = {
	SPAN(0, 1, "register, RSEQ_FLAG_UNREGISTER", ACCEPT),
};

const struct profile_look profile_rule_rseq = LOOK_AT(2, ALL_BITS, rseq_flags, REFUSE(EINVAL));

/* O_NOTIFICATION_PIPE is O_EXCL: a queue of kernel events (CVE-2022-0995). */
const struct profile_look profile_rule_pipe2 = LOOK_AT(1, O_EXCL, no_bits, REFUSE(EINVAL));
