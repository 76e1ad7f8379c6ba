/* Cures, one a group of calls. No cure says how to loosen the table: annotations may not, and it is
 * not for the payload's sake that the host should. */
#include "container/denial_cures.h"

#include "container/call_terms.h"

#include <fcntl.h>
#include <linux/ioctl.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>

const char cure_bundle[] =
    "allow it in linux.seccomp of config.json (the engine's seccomp profile); osless' own table "
    "must have it as well";
const char cure_foreign[] = "use a program that is built for this machine's own architecture";
const char cure_minimal[] =
    "the tier gvisor has it: \"tier\" in the host's policy, or dev.osless.tier where that lists "
    "it under annotations.mayLoosen";
const char cure_pretended[] =
    "nothing need be done where a program goes on after the answer 0; to run as another user, "
    "name it in process.user of config.json";

static const char debug[] = "debug it from the host: gdb -p, strace -p, or nsenter, with the pid "
			    "that osless tree shows";
static const char namespaces[] =
    "namespaces are made when the container is: linux.namespaces of config.json, or a container "
    "of its own for what is to be apart";
static const char terminal[] =
    "there are no terminals: run the program without one, in the foreground";
static const char stopping[] =
    "to halt a whole container, freeze its cgroup (the engine's pause); no process stops another";
static const char subreaper[] =
    "let each program wait for its own children, or declare them as workers (dev.osless.tree)";

static const struct {
	const char *calls; /* names, with a space before and after each */
	const char *cure;
} cures[] = {
	{ " ptrace kcmp ", debug },
	{ " unshare setns clone ", namespaces },
	{ " kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal fcntl ",
	    stopping },
	{ " mount umount2 fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr "
	  "open_tree_attr swapon swapoff quotactl quotactl_fd ",
	    "file systems are mounted when the container is made: mounts of config.json (the "
	    "engine's volumes)" },
	{ " chroot pivot_root ",
	    "the container is the jail: turn the program's own off (its chroot setting)" },
	{ " sethostname setdomainname ", "hostname and domainname of config.json set it" },
	{ " settimeofday clock_settime adjtimex clock_adjtime ",
	    "keep the time on the host: it has one clock for all" },
	{ " reboot kexec_load kexec_file_load ",
	    "end the program instead, or the container from outside: osless kill" },
	{ " init_module finit_module delete_module create_module ",
	    "load the module on the host, before the container starts" },
	{ " syslog ", "read the kernel's log on the host (dmesg)" },
	{ " add_key request_key keyctl ",
	    "keep secrets in files or memory: keyrings are the host's, and shared" },
	{ " io_uring_setup io_uring_enter io_uring_register ",
	    "let it use epoll or threads, as most do by themselves when io_uring is missing" },
	{ " bpf perf_event_open fanotify_init fanotify_mark ",
	    "trace and profile from the host, where all containers are seen" },
	{ " socket ", "there are AF_UNIX, AF_INET, AF_INET6, AF_PACKET, and of AF_NETLINK routes "
		      "and uevents" },
	{ " socketpair ", "only AF_UNIX has pairs" },
	{ " setrlimit prlimit64 ", "process.rlimits of config.json sets limits for good" },
	{ " sched_setscheduler sched_setparam ",
	    "linux.resources.cpu of config.json gives shares of the CPU, not programs" },
	{ " mq_timedsend mq_timedreceive mq_notify mq_getsetattr ",
	    "use a socket or a pipe: there are no POSIX message queues" },
	{ " userfaultfd vmsplice remap_file_pages ",
	    "use what programs fall back to where the kernel lacks it; many have a setting" },
	{ " acct vhangup nfsservctl iopl ioperm modify_ldt ",
	    "it is the host's: such a program runs there, or in a virtual machine" },
};

static const char *
cure_prctl(uint32_t option)
{
	if (option == PR_SET_CHILD_SUBREAPER)
		return subreaper;
	return option == PR_SET_PDEATHSIG ? stopping : NULL;
}

const char *
cure_call(const char *name, const uint64_t args[6])
{
	if (strcmp(name, "prctl") == 0)
		return cure_prctl((uint32_t)args[0]);
	if (strcmp(name, "ioctl") == 0)
		return _IOC_TYPE((uint32_t)args[1]) == 'T' ? terminal : NULL;
	if (strcmp(name, "fcntl") == 0 && (uint32_t)args[1] != F_SETSIG)
		return NULL;
	for (size_t i = 0; i < sizeof(cures) / sizeof(cures[0]); i++)
		if (terms_has_name(cures[i].calls, name))
			return cures[i].cure;
	return NULL;
}
