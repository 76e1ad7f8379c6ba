/* The argument rules: for the calls of class ALLOW_IF, which arguments execute. Data only.
 *
 * Source: gVisor's table of accepted arguments (August 2026), less terminals, job control and the
 * ways out of supervision. Rules exist only for calls off the hot path: a filter that looks at
 * arguments costs a call its place in the kernel's cache of always-allowed numbers (Linux 5.11).
 * Numbers are the kernel's and the same on x86_64 and aarch64. */
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

/* Rows of a case table: one value, or a span. */
#define ONE(value_, ...) \
	{ \
		(value_), (value_), __VA_ARGS__ \
	}
#define SPAN(low_, high_, ...) \
	{ \
		(low_), (high_), __VA_ARGS__ \
	}

/* A look at the low word of argument arg_; what no case names answers otherwise. */
#define LOOK_AT(arg_, mask_, cases_, ...) \
	{ \
		.arg = (arg_), .word = PROFILE_LOW_WORD, .mask = (mask_), \
		.count = sizeof(cases_) / sizeof((cases_)[0]), .cases = (cases_), \
		.otherwise = __VA_ARGS__ \
	}

/* SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU are neighbours. No process is ever stopped. */
static const struct profile_case stop_signals[] = { SPAN(SIGSTOP, SIGTTOU, REFUSE(EPERM)) };

const struct profile_look profile_rule_signal_arg1 = LOOK_AT(1, ALL_BITS, stop_signals, ACCEPT);
const struct profile_look profile_rule_signal_arg2 = LOOK_AT(2, ALL_BITS, stop_signals, ACCEPT);

/* Requests by number: their names clash between headers of libc and kernel. What is absent, every
 * terminal request first of all, is ENOTTY without event: isatty asks at every start. */
static const struct profile_case ioctl_cases[] = {
	ONE(0x5411, ACCEPT),                       /* TIOCOUTQ: sockets */
	ONE(0x541b, ACCEPT),                       /* FIONREAD: sockets, pipes, inotify */
	ONE(0x5421, ACCEPT),                       /* FIONBIO */
	SPAN(0x5450, 0x5452, ACCEPT),              /* FIONCLEX, FIOCLEX, FIOASYNC */
	SPAN(0x8901, 0x8904, ACCEPT),              /* FIOSETOWN, SIOCSPGRP, FIOGETOWN, SIOCGPGRP */
	ONE(0x8906, ACCEPT),                       /* SIOCGSTAMP */
	ONE(0x8910, ACCEPT),                       /* SIOCGIFNAME */
	SPAN(0x8912, 0x8913, ACCEPT),              /* SIOCGIFCONF, SIOCGIFFLAGS */
	ONE(0x8915, ACCEPT),                       /* SIOCGIFADDR */
	ONE(0x8917, ACCEPT),                       /* SIOCGIFDSTADDR */
	ONE(0x8919, ACCEPT),                       /* SIOCGIFBRDADDR */
	ONE(0x891b, ACCEPT),                       /* SIOCGIFNETMASK */
	ONE(0x891d, ACCEPT),                       /* SIOCGIFMETRIC */
	ONE(0x8921, ACCEPT),                       /* SIOCGIFMTU */
	ONE(0x8927, ACCEPT),                       /* SIOCGIFHWADDR */
	ONE(0x8933, ACCEPT),                       /* SIOCGIFINDEX */
	ONE(0x8942, ACCEPT),                       /* SIOCGIFTXQLEN */
	ONE(0x8946, REFUSE_QUIET(EOPNOTSUPP)),     /* SIOCETHTOOL */
	ONE(0x8970, ACCEPT),                       /* SIOCGIFMAP */
	ONE(0x400454ca, ACCEPT),                   /* TUNSETIFF: CAP_NET_ADMIN's */
	ONE(0x400454cb, ACCEPT),                   /* TUNSETPERSIST */
	ONE(0x40049409, REFUSE_QUIET(EOPNOTSUPP)), /* FICLONE: cp and install try it */
	ONE(0x4020940d, REFUSE_QUIET(EOPNOTSUPP)), /* FICLONERANGE */
	ONE(0x800454d2, ACCEPT),                   /* TUNGETIFF */
	ONE(0x8004e500, ACCEPT),                   /* FUSE_DEV_IOC_CLONE */
	ONE(0xc0189436, REFUSE_QUIET(EOPNOTSUPP)), /* FIDEDUPERANGE */
};

const struct profile_look profile_rule_ioctl =
    LOOK_AT(1, ALL_BITS, ioctl_cases, REFUSE_QUIET(ENOTTY));

/* Absent: leases, directory notification, write hints. The signal of F_SETSIG is argument 2. */
static const struct profile_case fcntl_cases[] = {
	SPAN(F_DUPFD, F_GETOWN, ACCEPT),
	ONE(F_SETSIG, LOOK(profile_rule_signal_arg2)),
	ONE(F_GETSIG, ACCEPT),
	SPAN(F_SETOWN_EX, F_GETOWN_EX, ACCEPT),
	SPAN(F_OFD_GETLK, F_OFD_SETLKW, ACCEPT),
	SPAN(F_DUPFD_CLOEXEC, F_GET_SEALS, ACCEPT),
};

const struct profile_look profile_rule_fcntl = LOOK_AT(1, ALL_BITS, fcntl_cases, REFUSE(EINVAL));

/* gVisor's options, less PR_SET_MM (root only) and PR_SET_CHILD_SUBREAPER (it would take orphans
 * away from init). More than gVisor's, since they touch nobody else: timer slack, transparent huge
 * pages (redis turns them off), speculation and memory-deny-write-execute (hardening), SVE vector
 * lengths. */
static const struct profile_case prctl_cases[] = {
	ONE(PR_SET_PDEATHSIG, LOOK(profile_rule_signal_arg1)),
	SPAN(PR_GET_PDEATHSIG, PR_SET_DUMPABLE, ACCEPT),
	SPAN(PR_GET_KEEPCAPS, PR_SET_KEEPCAPS, ACCEPT),
	SPAN(PR_SET_NAME, PR_GET_NAME, ACCEPT),
	SPAN(PR_GET_SECCOMP, PR_CAPBSET_DROP, ACCEPT),
	SPAN(PR_GET_SECUREBITS, PR_GET_TIMERSLACK, ACCEPT),
	ONE(PR_SET_CHILD_SUBREAPER, REFUSE(EPERM)),
	SPAN(PR_GET_CHILD_SUBREAPER, PR_GET_NO_NEW_PRIVS, ACCEPT),
	SPAN(PR_SET_THP_DISABLE, PR_GET_THP_DISABLE, ACCEPT),
	ONE(PR_CAP_AMBIENT, ACCEPT),
	SPAN(PR_SVE_SET_VL, PR_SET_SPECULATION_CTRL, ACCEPT),
	SPAN(PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL, ACCEPT),
	SPAN(65 /* PR_SET_MDWE, Linux 6.3 */, 66 /* PR_GET_MDWE */, ACCEPT),
	ONE(0x53564d41 /* PR_SET_VMA, Linux 5.17 */, ACCEPT),
	ONE(PR_SET_PTRACER, ACCEPT),
};

const struct profile_look profile_rule_prctl = LOOK_AT(0, ALL_BITS, prctl_cases, REFUSE(EINVAL));

/* ARCH_SET_FS, ARCH_GET_FS. The dynamic linker asks for control-flow protection at every start. */
static const struct profile_case arch_prctl_cases[] = { SPAN(0x1002, 0x1003, ACCEPT) };

const struct profile_look profile_rule_arch_prctl =
    LOOK_AT(0, ALL_BITS, arch_prctl_cases, REFUSE_QUIET(EINVAL));

/* A new namespace would hide children from init, CLONE_PARENT would give them to the grandparent.
 * Flags are argument 0 on both architectures; the low byte is the signal sent at exit. */
#define CLONE_ESCAPES \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	    CLONE_NEWPID | CLONE_NEWNET | CLONE_PARENT)

static const struct profile_case no_bits[] = { ONE(0, ACCEPT) };
static const struct profile_look clone_flags = LOOK_AT(0, CLONE_ESCAPES, no_bits, REFUSE(EPERM));

const struct profile_look profile_rule_clone = LOOK_AT(0, CSIGNAL, stop_signals, LOOK(clone_flags));

/* gVisor's families, and within them the protocols it has: for any other, the kernel would load a
 * module on demand, from a type alone too (SOCK_DCCP; SOCK_SEQPACKET is SCTP). */
#define SOCKET_TYPE_MASK 0xfu /* the rest are SOCK_NONBLOCK and SOCK_CLOEXEC */

static const struct profile_case inet_protocols[] = {
	SPAN(IPPROTO_IP, IPPROTO_ICMP, ACCEPT),
	ONE(IPPROTO_TCP, ACCEPT),
	ONE(IPPROTO_UDP, ACCEPT),
	ONE(IPPROTO_ICMPV6, ACCEPT),
	ONE(IPPROTO_RAW, ACCEPT),
};
static const struct profile_look inet_protocol =
    LOOK_AT(2, ALL_BITS, inet_protocols, REFUSE(EPROTONOSUPPORT));

static const struct profile_case inet_types[] = { SPAN(
    SOCK_STREAM, SOCK_RAW, LOOK(inet_protocol)) };
static const struct profile_look inet_type =
    LOOK_AT(1, SOCKET_TYPE_MASK, inet_types, REFUSE(ESOCKTNOSUPPORT));

static const struct profile_case netlink_protocols[] = {
	ONE(NETLINK_ROUTE, ACCEPT),
	ONE(NETLINK_KOBJECT_UEVENT, ACCEPT),
};
static const struct profile_look netlink_protocol =
    LOOK_AT(2, ALL_BITS, netlink_protocols, REFUSE(EPROTONOSUPPORT));

static const struct profile_case socket_families[] = {
	ONE(AF_UNIX, ACCEPT), ONE(AF_INET, LOOK(inet_type)), ONE(AF_INET6, LOOK(inet_type)),
	ONE(AF_NETLINK, LOOK(netlink_protocol)), ONE(AF_PACKET, ACCEPT), /* CAP_NET_RAW's */
};

const struct profile_look profile_rule_socket =
    LOOK_AT(0, ALL_BITS, socket_families, REFUSE(EAFNOSUPPORT));

static const struct profile_case socketpair_families[] = { ONE(AF_UNIX, ACCEPT) };

const struct profile_look profile_rule_socketpair =
    LOOK_AT(0, ALL_BITS, socketpair_families, REFUSE(EAFNOSUPPORT));

/* The question, and plain Linux. gVisor also takes a few bits that do nothing there. */
static const struct profile_case personalities[] = {
	ONE(0, ACCEPT),
	ONE(0xffffffff, ACCEPT),
};

const struct profile_look profile_rule_personality =
    LOOK_AT(0, ALL_BITS, personalities, REFUSE(EINVAL));

/* These stay as they are (LOCKS to NICE are neighbours); numbers beyond the last are the kernel's
 * to refuse. */
static const struct profile_case fixed_limits[] = {
	SPAN(RLIMIT_LOCKS, RLIMIT_NICE, REFUSE(EPERM)),
	ONE(RLIMIT_RTTIME, REFUSE(EPERM)),
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
static const struct profile_case new_limit_low_cases[] = { ONE(0, LOOK(new_limit_high)) };
static const struct profile_look new_limit =
    LOOK_AT(2, ALL_BITS, new_limit_low_cases, REFUSE(EPERM));
static const struct profile_case prlimit_fixed[] = {
	SPAN(RLIMIT_LOCKS, RLIMIT_NICE, LOOK(new_limit)),
	ONE(RLIMIT_RTTIME, LOOK(new_limit)),
};

const struct profile_look profile_rule_prlimit64 = LOOK_AT(1, ALL_BITS, prlimit_fixed, ACCEPT);

/* Nothing real-time. */
static const struct profile_case policies[] = {
	ONE(SCHED_OTHER, ACCEPT),
	ONE(SCHED_BATCH, ACCEPT),
	ONE(SCHED_IDLE, ACCEPT),
};

const struct profile_look profile_rule_scheduler = LOOK_AT(1, ALL_BITS, policies, REFUSE(EINVAL));

/* Register, or RSEQ_FLAG_UNREGISTER. */
static const struct profile_case rseq_flags[] = { SPAN(0, 1, ACCEPT) };

const struct profile_look profile_rule_rseq = LOOK_AT(2, ALL_BITS, rseq_flags, REFUSE(EINVAL));

/* O_NOTIFICATION_PIPE is O_EXCL: a queue of kernel events (CVE-2022-0995). */
const struct profile_look profile_rule_pipe2 = LOOK_AT(1, O_EXCL, no_bits, REFUSE(EINVAL));
