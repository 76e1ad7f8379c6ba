/* The table, ascending by name for bsearch(3). */
#include "check/imports.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define CALLS(name_, call) { .name = #name_, .calls = { #call }, .concern = FINDING_REFUSED_CALL }
#define BOTH(name_, call, other) \
	{ .name = #name_, .calls = { #call, #other }, .concern = FINDING_REFUSED_CALL }
#define SAME(name_) CALLS(name_, name_)
#define CONCERN(name_, kind) { .name = #name_, .concern = FINDING_##kind }
/* clang-format on */

static const struct import imports[] = {
	CALLS(__xmknod, mknodat),
	CALLS(__xmknodat, mknodat),
	SAME(acct),
	SAME(add_key),
	CALLS(adjtime, adjtimex),
	SAME(adjtimex),
	SAME(bpf),
	CALLS(cap_set_proc, capset),
	SAME(capset),
	SAME(chown),
	SAME(chroot),
	SAME(clock_adjtime),
	SAME(clock_settime),
	CONCERN(daemon, DAEMON),
	SAME(delete_module),
	SAME(fanotify_init),
	SAME(fanotify_mark),
	SAME(fchown),
	SAME(fchownat),
	SAME(fgetxattr),
	SAME(finit_module),
	SAME(flistxattr),
	CONCERN(forkpty, PSEUDO_TTY),
	SAME(fremovexattr),
	SAME(fsconfig),
	SAME(fsetxattr),
	SAME(fsmount),
	SAME(fsopen),
	SAME(fspick),
	SAME(futimesat),
	SAME(get_mempolicy),
	SAME(getgroups),
	SAME(getitimer),
	SAME(getpgid),
	SAME(getpgrp),
	SAME(getpriority),
	CONCERN(getpt, PSEUDO_TTY),
	SAME(getresgid),
	SAME(getresuid),
	SAME(getsid),
	SAME(getxattr),
	CONCERN(grantpt, PSEUDO_TTY),
	SAME(init_module),
	CALLS(initgroups, setgroups),
	SAME(io_cancel),
	SAME(io_destroy),
	SAME(io_getevents),
	SAME(io_setup),
	SAME(io_submit),
	CALLS(io_uring_queue_init, io_uring_setup),
	CALLS(io_uring_queue_init_params, io_uring_setup),
	CALLS(io_uring_register_buffers, io_uring_register),
	CALLS(io_uring_submit, io_uring_enter),
	SAME(ioperm),
	SAME(iopl),
	SAME(kcmp),
	SAME(kexec_load),
	SAME(keyctl),
	CALLS(klogctl, syslog),
	SAME(lchown),
	SAME(lgetxattr),
	SAME(listxattr),
	SAME(llistxattr),
	CONCERN(login_tty, JOB_CONTROL),
	SAME(lremovexattr),
	SAME(lsetxattr),
	SAME(mbind),
	SAME(memfd_create),
	SAME(memfd_secret),
	SAME(migrate_pages),
	SAME(mincore),
	CALLS(mkfifo, mknodat),
	CALLS(mkfifoat, mknodat),
	SAME(mknod),
	SAME(mknodat),
	SAME(mlock2),
	SAME(mlockall),
	SAME(modify_ldt),
	SAME(mount),
	SAME(mount_setattr),
	SAME(move_mount),
	SAME(move_pages),
	CALLS(mq_getattr, mq_getsetattr),
	SAME(mq_getsetattr),
	SAME(mq_notify),
	SAME(mq_open),
	CALLS(mq_receive, mq_timedreceive),
	CALLS(mq_send, mq_timedsend),
	CALLS(mq_setattr, mq_getsetattr),
	SAME(mq_timedreceive),
	SAME(mq_timedsend),
	SAME(mq_unlink),
	SAME(msgctl),
	SAME(msgget),
	SAME(msgrcv),
	SAME(msgsnd),
	SAME(munlockall),
	BOTH(nice, getpriority, setpriority),
	CALLS(ntp_adjtime, clock_adjtime),
	CALLS(numa_available, get_mempolicy),
	SAME(open_by_handle_at),
	SAME(open_tree),
	CONCERN(openpty, PSEUDO_TTY),
	SAME(perf_event_open),
	SAME(personality),
	SAME(pidfd_getfd),
	SAME(pivot_root),
	SAME(pkey_free),
	SAME(pkey_mprotect),
	CONCERN(posix_openpt, PSEUDO_TTY),
	SAME(process_mrelease),
	SAME(process_vm_readv),
	SAME(process_vm_writev),
	CALLS(pthread_setaffinity_np, sched_setaffinity),
	CALLS(pthread_setschedparam, sched_setscheduler),
	CALLS(pthread_sigqueue, rt_tgsigqueueinfo),
	SAME(ptrace),
	CONCERN(ptsname, PSEUDO_TTY),
	CONCERN(ptsname_r, PSEUDO_TTY),
	SAME(query_module),
	SAME(quotactl),
	SAME(readahead),
	SAME(reboot),
	SAME(remap_file_pages),
	SAME(removexattr),
	SAME(request_key),
	SAME(sched_get_priority_max),
	SAME(sched_get_priority_min),
	SAME(sched_getattr),
	SAME(sched_getparam),
	SAME(sched_getscheduler),
	SAME(sched_rr_get_interval),
	SAME(sched_setaffinity),
	SAME(sched_setattr),
	SAME(sched_setparam),
	SAME(sched_setscheduler),
	SAME(semctl),
	SAME(semget),
	SAME(semop),
	SAME(semtimedop),
	SAME(set_mempolicy),
	SAME(setdomainname),
	CALLS(setegid, setresgid),
	CALLS(seteuid, setresuid),
	SAME(setfsgid),
	SAME(setfsuid),
	SAME(setgid),
	SAME(setgroups),
	SAME(sethostname),
	SAME(setns),
	SAME(setpgid),
	CALLS(setpgrp, setpgid),
	SAME(setpriority),
	SAME(setregid),
	SAME(setresgid),
	SAME(setresuid),
	SAME(setreuid),
	SAME(setsid),
	SAME(settimeofday),
	SAME(setuid),
	SAME(setxattr),
	SAME(shmat),
	SAME(shmctl),
	SAME(shmdt),
	SAME(shmget),
	CALLS(sigqueue, rt_sigqueueinfo),
	SAME(splice),
	CALLS(stime, clock_settime),
	SAME(swapoff),
	SAME(swapon),
	SAME(sync),
	SAME(sync_file_range),
	SAME(syncfs),
	CALLS(sysctl, _sysctl),
	CONCERN(tcsetpgrp, JOB_CONTROL),
	SAME(tee),
	CALLS(umount, umount2),
	SAME(umount2),
	CONCERN(unlockpt, PSEUDO_TTY),
	SAME(unshare),
	SAME(userfaultfd),
	SAME(ustat),
	SAME(vhangup),
	SAME(vmsplice),
};

#define IMPORTS_COUNT (sizeof(imports) / sizeof(imports[0]))

struct call_cure {
	const char *call;
	const char *cure;
};

static const struct call_cure cures[] = {
	{ "chroot", "leave the chroot directive out: the container is the jail" },
	{ "mount", "declare the mount in config.json" },
	{ "umount2", "leave the mount out of config.json" },
	{ "pivot_root", "the runtime has done it already" },
	{ "ptrace", "trace from the host, or while developing under a policy with syscalls: off" },
	{ "process_vm_readv", "look into processes from the host" },
	{ "unshare", "ask for the namespace in linux.namespaces" },
	{ "setns", "ask for the namespace in linux.namespaces" },
	{ "sethostname", "set hostname in config.json" },
	{ "setdomainname", "set domainname in config.json" },
	{ "settimeofday", "set the clock on the host" },
	{ "clock_settime", "set the clock on the host" },
	{ "clock_adjtime", "set the clock on the host" },
	{ "adjtimex", "set the clock on the host" },
	{ "io_uring_setup", "use the program's other way of input and output (epoll, threads)" },
	{ "io_uring_enter", "use the program's other way of input and output (epoll, threads)" },
	{ "sched_setscheduler", "set process.scheduler or cgroup limits from outside" },
	{ "bpf", "load BPF programs on the host" },
	{ "perf_event_open", "measure from the host" },
};

static int
compare_names(const void *name, const void *row)
{
	return strcmp(name, ((const struct import *)row)->name);
}

const struct import *
import_find(const char *name)
{
	return bsearch(name, imports, IMPORTS_COUNT, sizeof(imports[0]), compare_names);
}

const struct import *
import_row(size_t index)
{
	return index < IMPORTS_COUNT ? &imports[index] : NULL;
}

const char *
import_cure(const char *call)
{
	for (size_t i = 0; i < sizeof(cures) / sizeof(cures[0]); i++)
		if (strcmp(cures[i].call, call) == 0)
			return cures[i].cure;
	return NULL;
}
