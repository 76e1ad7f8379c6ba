/* Arguments in words. */
#include "container/call_words.h"

#include "base/arena.h"
#include "container/call_terms.h"
#include "container/moment.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/ioctl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* ------------------------------------------------------------------------------- one argument */

struct argument {
	const uint64_t *args; /* all of the call's */
	unsigned at;
	const struct terms *terms;
	struct arena *arena;
};

typedef const char *argument_function(const struct argument *a);

/* The kernel takes most of what is no pointer as 32 bits. */
static uint32_t
low(const struct argument *a)
{
	return (uint32_t)a->args[a->at];
}

static const char *
say_hex(const struct argument *a)
{
	uint64_t value = a->args[a->at];

	return value ? arena_printf(a->arena, "0x%" PRIx64, value) : "0";
}

static const char *
say_number(const struct argument *a)
{
	return arena_printf(a->arena, "%" PRId32, (int32_t)low(a));
}

static const char *
say_directory(const struct argument *a)
{
	return (int32_t)low(a) == AT_FDCWD ? "AT_FDCWD" : say_number(a);
}

static const char *
say_signal(const struct argument *a)
{
	char name[MOMENT_MAX];
	int number = (int32_t)low(a);

	(void)moment_signal(number, name);
	if (strchr(name, ' ')) /* it has no name */
		return say_number(a);
	return arena_printf(a->arena, "SIG%s", name);
}

/* "so|part"; text "" is no part yet. NULL stays NULL. */
static const char *
join(struct arena *arena, const char *text, const char *part)
{
	if (!text || !part)
		return NULL;
	return *text ? arena_printf(arena, "%s|%s", text, part) : part;
}

static const char *
join_flags(const struct argument *a, const char *text, uint32_t flags)
{
	for (size_t i = 0; i < a->terms->flags_count; i++) {
		const struct term *flag = &a->terms->flags[i];

		if ((flags & flag->value) != flag->value)
			continue;
		flags &= ~flag->value;
		text = join(a->arena, text, flag->name);
	}
	if (flags)
		text = join(a->arena, text, arena_printf(a->arena, "0x%" PRIx32, flags));
	return text && !*text ? "0" : text;
}

static const char *
say_terms(const struct argument *a)
{
	const struct terms *terms = a->terms;
	uint32_t word = low(a) & terms->mask;
	const char *name = terms_find(terms->words, terms->words_count, low(a));

	if (name)
		return name;
	name = terms_find(terms->words, terms->words_count, word);
	if (!name && word)
		name = arena_printf(a->arena, word < 0x10000 ? "%" PRIu32 : "0x%" PRIx32, word);
	else if (!name)
		name = "";
	return join_flags(a, name, low(a) & ~terms->mask);
}

/* The low byte is the signal that the parent gets. */
static const char *
say_clone(const struct argument *a)
{
	uint64_t exit_signal = low(a) & a->terms->mask;
	const struct argument of_signal = { .args = &exit_signal, .arena = a->arena };
	const char *flags = join_flags(a, "", low(a) & ~a->terms->mask);

	if (!exit_signal || !flags)
		return flags;
	return join(a->arena, strcmp(flags, "0") == 0 ? "" : flags, say_signal(&of_signal));
}

/* What protocols mean depends on the family, which is the first argument. */
static const char *
say_protocol(const struct argument *a)
{
	struct argument by = *a;
	uint32_t family = (uint32_t)a->args[0];

	if (family == AF_INET || family == AF_INET6)
		by.terms = &terms_protocol;
	else if (family == AF_NETLINK)
		by.terms = &terms_netlink;
	else
		return say_number(a);
	return say_terms(&by);
}

static const char *
say_prctl_value(const struct argument *a)
{
	return (uint32_t)a->args[0] == PR_SET_PDEATHSIG ? say_signal(a) : say_hex(a);
}

static const char *
say_fcntl_value(const struct argument *a)
{
	return (uint32_t)a->args[1] == F_SETSIG ? say_signal(a) : say_hex(a);
}

/* A request without a name is told by its parts (asm-generic/ioctl.h), where it has any. */
static const char *
say_request(const struct argument *a)
{
	static const char *const ways[] = { "", "write, ", "read, ", "read/write, " };
	const char *name = terms_find(a->terms->words, a->terms->words_count, low(a));
	unsigned type = _IOC_TYPE(low(a)), way = _IOC_DIR(low(a)) & 3;

	if (name)
		return name;
	if (type <= ' ' || type > '~' || type == '\'')
		return arena_printf(a->arena, "0x%" PRIx32, low(a));
	return arena_printf(a->arena, "0x%" PRIx32 " (type '%c' nr %u, %s%u bytes)", low(a), type,
	    _IOC_NR(low(a)), ways[way], _IOC_SIZE(low(a)));
}

/* --------------------------------------------------------------------------- calls' arguments */

enum kind {
	END,
	HEX, /* pointers, and what else is best read so */
	NUM,
	DIR,
	SIG,
	ARCH_PRCTL,
	BPF,
	CLOCK,
	CLONE,
	FAMILY,
	FCNTL,
	FCNTL_VALUE,
	KCMP,
	KEYCTL,
	MOUNT,
	PERSONALITY,
	PIPE,
	PRCTL,
	PRCTL_VALUE,
	PROTOCOL,
	PTRACE,
	REQUEST,
	RESOURCE,
	SCHEDULER,
	SECCOMP,
	SOCKET_TYPE,
	UMOUNT,
	UNSHARE,
};

static const struct {
	argument_function *say;
	const struct terms *terms;
} kinds[] = {
	[HEX] = { say_hex, NULL },
	[NUM] = { say_number, NULL },
	[DIR] = { say_directory, NULL },
	[SIG] = { say_signal, NULL },
	[ARCH_PRCTL] = { say_terms, &terms_arch_prctl },
	[BPF] = { say_terms, &terms_bpf },
	[CLOCK] = { say_terms, &terms_clock },
	[CLONE] = { say_clone, &terms_clone },
	[FAMILY] = { say_terms, &terms_family },
	[FCNTL] = { say_terms, &terms_fcntl },
	[FCNTL_VALUE] = { say_fcntl_value, NULL },
	[KCMP] = { say_terms, &terms_kcmp },
	[KEYCTL] = { say_terms, &terms_keyctl },
	[MOUNT] = { say_terms, &terms_mount },
	[PERSONALITY] = { say_terms, &terms_personality },
	[PIPE] = { say_terms, &terms_pipe },
	[PRCTL] = { say_terms, &terms_prctl },
	[PRCTL_VALUE] = { say_prctl_value, NULL },
	[PROTOCOL] = { say_protocol, NULL },
	[PTRACE] = { say_terms, &terms_ptrace },
	[REQUEST] = { say_request, &terms_ioctl },
	[RESOURCE] = { say_terms, &terms_resource },
	[SCHEDULER] = { say_terms, &terms_scheduler },
	[SECCOMP] = { say_terms, &terms_seccomp },
	[SOCKET_TYPE] = { say_terms, &terms_socket_type },
	[UMOUNT] = { say_terms, &terms_umount },
	[UNSHARE] = { say_terms, &terms_unshare },
};

struct row {
	const char *name;
	unsigned char kinds[CALL_ARGUMENTS]; /* enum kind */
};

static const struct row rows[] = {
	{ "arch_prctl", { ARCH_PRCTL, HEX } },
	{ "bpf", { BPF, HEX, NUM } },
	{ "chown", { HEX, NUM, NUM } },
	{ "clock_adjtime", { CLOCK, HEX } },
	{ "clock_settime", { CLOCK, HEX } },
	{ "clone", { CLONE, HEX, HEX, HEX, HEX } },
	{ "fchown", { NUM, NUM, NUM } },
	{ "fchownat", { DIR, HEX, NUM, NUM, HEX } },
	{ "fcntl", { NUM, FCNTL, FCNTL_VALUE } },
	{ "finit_module", { NUM, HEX, HEX } },
	{ "fsconfig", { NUM, NUM, HEX, HEX, NUM } },
	{ "fsmount", { NUM, HEX, HEX } },
	{ "fspick", { DIR, HEX, HEX } },
	{ "io_uring_enter", { NUM, NUM, NUM, HEX, HEX, HEX } },
	{ "io_uring_register", { NUM, NUM, HEX, NUM } },
	{ "io_uring_setup", { NUM, HEX } },
	{ "ioctl", { NUM, REQUEST, HEX } },
	{ "kcmp", { NUM, NUM, KCMP, HEX, HEX } },
	{ "keyctl", { KEYCTL, HEX, HEX, HEX, HEX } },
	{ "kill", { NUM, SIG } },
	{ "lchown", { HEX, NUM, NUM } },
	{ "mknodat", { DIR, HEX, HEX, HEX } },
	{ "mount", { HEX, HEX, HEX, MOUNT, HEX } },
	{ "mount_setattr", { DIR, HEX, HEX, HEX, HEX } },
	{ "move_mount", { DIR, HEX, DIR, HEX, HEX } },
	{ "open_tree", { DIR, HEX, HEX } },
	{ "open_tree_attr", { DIR, HEX, HEX, HEX, HEX } },
	{ "perf_event_open", { HEX, NUM, NUM, NUM, HEX } },
	{ "personality", { PERSONALITY } },
	{ "pidfd_getfd", { NUM, NUM, HEX } },
	{ "pidfd_open", { NUM, HEX } },
	{ "pidfd_send_signal", { NUM, SIG, HEX, HEX } },
	{ "pipe2", { HEX, PIPE } },
	{ "prctl", { PRCTL, PRCTL_VALUE, HEX, HEX, HEX } },
	{ "prlimit64", { NUM, RESOURCE, HEX, HEX } },
	{ "process_vm_readv", { NUM, HEX, NUM, HEX, NUM, HEX } },
	{ "process_vm_writev", { NUM, HEX, NUM, HEX, NUM, HEX } },
	{ "ptrace", { PTRACE, NUM, HEX, HEX } },
	{ "rt_sigqueueinfo", { NUM, SIG, HEX } },
	{ "rt_tgsigqueueinfo", { NUM, NUM, SIG, HEX } },
	{ "sched_setparam", { NUM, HEX } },
	{ "sched_setscheduler", { NUM, SCHEDULER, HEX } },
	{ "seccomp", { SECCOMP, HEX, HEX } },
	{ "setdomainname", { HEX, NUM } },
	{ "setfsgid", { NUM } },
	{ "setfsuid", { NUM } },
	{ "setgid", { NUM } },
	{ "setgroups", { NUM, HEX } },
	{ "sethostname", { HEX, NUM } },
	{ "setns", { NUM, UNSHARE } },
	{ "setpgid", { NUM, NUM } },
	{ "setregid", { NUM, NUM } },
	{ "setresgid", { NUM, NUM, NUM } },
	{ "setresuid", { NUM, NUM, NUM } },
	{ "setreuid", { NUM, NUM } },
	{ "setrlimit", { RESOURCE, HEX } },
	{ "setuid", { NUM } },
	{ "socket", { FAMILY, SOCKET_TYPE, PROTOCOL } },
	{ "socketpair", { FAMILY, SOCKET_TYPE, PROTOCOL, HEX } },
	{ "syslog", { NUM, HEX, NUM } },
	{ "tgkill", { NUM, NUM, SIG } },
	{ "tkill", { NUM, SIG } },
	{ "umount2", { HEX, UMOUNT } },
	{ "unshare", { UNSHARE } },
};

/* The others, by how many arguments they have. A space stands before and after each name. */
static const char *const others[CALL_ARGUMENTS + 1] = {
	[0] = (" fork getegid geteuid getgid getpgrp getpid getppid gettid getuid inotify_init "
	       "munlockall pause restart_syscall rseq_slice_yield rt_sigreturn sched_yield setsid "
	       "sync uprobe uretprobe vfork vhangup "),
	[1] = (" _sysctl acct adjtimex alarm brk chdir chroot close dup epoll_create epoll_create1 "
	       "eventfd exit exit_group fchdir fdatasync fsync get_kernel_syms get_thread_area "
	       "getpgid getsid inotify_init1 io_destroy iopl memfd_secret mlockall mq_unlink pipe "
	       "pkey_free rmdir sched_get_priority_max sched_get_priority_min sched_getscheduler "
	       "set_thread_area set_tid_address shmdt swapoff syncfs sysinfo time timer_delete "
	       "timer_getoverrun times umask uname unlink uselib userfaultfd "),
	[2] =
	    " access capget capset chmod clock_getres clock_gettime clone3 creat create_module "
	    "delete_module dup2 eventfd2 fanotify_init fchmod flock fremovexattr fsopen fstat "
	    "fstatfs ftruncate getcwd getgroups getitimer getpriority getrlimit getrusage "
	    "gettimeofday inotify_rm_watch io_setup ioprio_get landlock_restrict_self link listen "
	    "lremovexattr lstat memfd_create mkdir mlock mq_notify msgget munlock munmap "
	    "nanosleep pivot_root pkey_alloc process_mrelease removexattr rename rt_sigpending "
	    "rt_sigsuspend sched_getparam sched_rr_get_interval set_robust_list settimeofday "
	    "shutdown sigaltstack stat statfs swapon symlink timer_gettime timerfd_create "
	    "timerfd_gettime truncate ustat utime utimes ",
	[3] =
	    " accept bind close_range connect dup3 epoll_wait_old execve faccessat fchmodat "
	    "flistxattr futimesat get_robust_list getcpu getdents getdents64 getpeername "
	    "getrandom getresgid getresuid getsockname init_module inotify_add_watch io_cancel "
	    "io_submit ioperm ioprio_set landlock_create_ruleset listxattr llistxattr "
	    "lookup_dcookie lseek lsm_list_modules madvise map_shadow_stack membarrier mincore "
	    "mkdirat mknod mlock2 modify_ldt mprotect mq_getsetattr mseal msgctl msync nfsservctl "
	    "open open_by_handle_at poll read readahead readlink readv recvmsg sched_getaffinity "
	    "sched_setaffinity sched_setattr security semget semop sendmsg set_mempolicy "
	    "setitimer setpriority shmat shmctl shmget signalfd symlinkat sysfs timer_create "
	    "tuxcall unlinkat write writev ",
	[4] =
	    " accept4 cachestat clock_nanosleep epoll_ctl epoll_ctl_old epoll_wait faccessat2 "
	    "fadvise64 fallocate fchmodat2 fgetxattr futex_requeue futex_wake getxattr kexec_load "
	    "landlock_add_rule lgetxattr listmount listns lsm_get_self_attr lsm_set_self_attr "
	    "migrate_pages mq_open msgsnd newfstatat openat openat2 pkey_mprotect pread64 "
	    "pwrite64 quotactl quotactl_fd readlinkat reboot removexattrat renameat request_key "
	    "rseq rt_sigaction rt_sigprocmask rt_sigtimedwait sched_getattr semctl semtimedop "
	    "sendfile sendmmsg set_mempolicy_home_node signalfd4 statmount sync_file_range tee "
	    "timer_settime timerfd_settime utimensat vmsplice wait4 ",
	[5] =
	    (" add_key afs_syscall execveat fanotify_mark file_getattr file_setattr fsetxattr "
	     "futex_waitv get_mempolicy getpmsg getsockopt io_getevents kexec_file_load linkat "
	     "listxattrat lsetxattr mq_timedreceive mq_timedsend mremap msgrcv name_to_handle_at "
	     "ppoll preadv process_madvise putpmsg pwritev query_module recvmmsg remap_file_pages "
	     "renameat2 select setsockopt setxattr statx vserver waitid "),
	[6] =
	    (" copy_file_range epoll_pwait epoll_pwait2 futex futex_wait getxattrat io_pgetevents "
	     "mbind mmap move_pages preadv2 pselect6 pwritev2 recvfrom sendto setxattrat splice "),
};

static const struct row *
find_row(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

int
call_arity(const char *name)
{
	const struct row *row = find_row(name);
	int arity = 0;

	while (row && arity < CALL_ARGUMENTS && row->kinds[arity] != END)
		arity++;
	for (int i = 0; !row && i <= CALL_ARGUMENTS; i++)
		if (terms_has_name(others[i], name))
			return i;
	return row ? arity : -1;
}

static unsigned
count_arguments(const char *name, const uint64_t args[CALL_ARGUMENTS])
{
	int arity = name ? call_arity(name) : -1;
	unsigned count = CALL_ARGUMENTS;

	if (arity >= 0)
		return (unsigned)arity;
	while (count && args[count - 1] == 0)
		count--;
	return count;
}

const char *
call_arguments(const char *name, const uint64_t args[CALL_ARGUMENTS], struct arena *arena)
{
	const struct row *row = name ? find_row(name) : NULL;
	unsigned count = count_arguments(name, args);
	const char *text = "";

	for (unsigned i = 0; text && i < count; i++) {
		unsigned kind = row ? row->kinds[i] : HEX;
		const struct argument a = { args, i, kinds[kind].terms, arena };
		const char *said = kinds[kind].say(&a);

		if (!said)
			return NULL;
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", said);
	}
	return text;
}
