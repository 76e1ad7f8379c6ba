/* What busybox cannot do, inside a container or beside one: one word a deed, named in the table at
 * the end. Static, so that it runs in any rootfs; every answer is a line on stdout, every failure
 * an errno by name. probe.bash compiles it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNKNOWN_CALL 9999 /* no kernel has so many */
#define TEXT(string) ((long)(string))

/* Calls that do no harm when they succeed after all. "self" below stands for the own pid. */
#define SELF (-4242L)

static const struct call {
	const char *name;
	long number;
	long args[6];
} calls[] = {
	{ "access_root", SYS_faccessat, { AT_FDCWD, TEXT("/root"), R_OK | W_OK | X_OK } },
	{ "af_alg", SYS_socket, { AF_ALG, SOCK_SEQPACKET, 0 } },
	{ "af_unix", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
	{ "af_vsock", SYS_socket, { AF_VSOCK, SOCK_STREAM, 0 } },
	{ "audit_socket", SYS_socket, { AF_NETLINK, SOCK_RAW, NETLINK_AUDIT } },
	{ "bpf", SYS_bpf, { 0 } },
	{ "chown", SYS_fchownat, { AT_FDCWD, TEXT("/"), 1, 1, 0 } },
	{ "chroot", SYS_chroot, { TEXT("/") } },
	{ "clone3", SYS_clone3, { 0 } },
	{ "getpriority", SYS_getpriority, { 0, 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0 } },
	{ "keyctl", SYS_keyctl, { KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0 } },
	{ "kill_stop", SYS_kill, { SELF, SIGSTOP } },
	{ "lseek", SYS_lseek, { 0, 0, SEEK_CUR } },
	{ "mount", SYS_mount, { TEXT("none"), TEXT("/"), TEXT("tmpfs"), 0, 0 } },
	{ "pdeathsig_stop", SYS_prctl, { PR_SET_PDEATHSIG, SIGSTOP } },
	{ "perf_event_open", SYS_perf_event_open, { 0 } },
	{ "personality", SYS_personality, { PER_LINUX32 } },
	{ "pivot_root", SYS_pivot_root, { TEXT("/"), TEXT("/") } },
	{ "ptrace", SYS_ptrace, { PTRACE_TRACEME } },
	{ "raw_socket", SYS_socket, { AF_INET, SOCK_RAW, 1 } },
	{ "sched_yield", SYS_sched_yield, { 0 } },
	{ "sethostname", SYS_sethostname, { TEXT("probe"), 5 } },
	{ "setgid", SYS_setgid, { 0 } },
	{ "setgroups", SYS_setgroups, { 0, 0 } },
	{ "setns", SYS_setns, { 0, 0 } },
	{ "setuid", SYS_setuid, { 0 } },
	{ "subreaper", SYS_prctl, { PR_SET_CHILD_SUBREAPER, 1 } },
	{ "tcgets", SYS_ioctl, { 0, TCGETS, 0 } },
	{ "tgkill_tstp", SYS_tgkill, { SELF, SELF, SIGTSTP } },
	{ "tiocsctty", SYS_ioctl, { 0, TIOCSCTTY, 0 } },
	{ "tiocsti", SYS_ioctl, { 0, TIOCSTI, 0 } },
	{ "umount2", SYS_umount2, { TEXT("/proc"), 0 } },
	{ "unknown", UNKNOWN_CALL, { 0 } },
	{ "unshare", SYS_unshare, { CLONE_NEWUTS } },
	{ "userfaultfd", SYS_userfaultfd, { 0 } },
	{ "write", SYS_write, { -1, 0, 0 } },
};

static int
print_result(const char *name, long result)
{
	if (result < 0)
		printf("%s %s\n", name, strerrorname_np(errno));
	else
		printf("%s %ld\n", name, result);
	return fflush(stdout) == 0 ? 0 : 1;
}

static const struct call *
find_call(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strlen(calls[i].name) == length && strncmp(calls[i].name, name, length) == 0)
			return &calls[i];
	fprintf(stderr, "probe: no call %s\n", name);
	exit(2);
}

/* word: NAME, or NAME,ARGUMENT,... where the table's arguments will not do. */
static long
make_call(const char *word)
{
	const struct call *call = find_call(word, strcspn(word, ","));
	const char *at = word + strcspn(word, ",");
	long args[6];

	for (int i = 0; i < 6; i++) {
		args[i] = call->args[i] == SELF ? (long)getpid() : call->args[i];
		if (*at == ',')
			args[i] = (long)strtoull(at + 1, (char **)&at, 0);
	}
	return syscall(call->number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static int
call(char **words)
{
	int status = 0;

	for (; *words; words++)
		status |= print_result(*words, make_call(*words));
	return status;
}

/* The same call again and again; how many milliseconds that took. */
static int
flood(char **words)
{
	struct timespec begun, ended;
	long times = atol(words[1]);

	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (long i = 0; i < times; i++)
		make_call(words[0]);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	printf("%s %ld\n", words[0],
	    (ended.tv_sec - begun.tv_sec) * 1000 + (ended.tv_nsec - begun.tv_nsec) / 1000000);
	return fflush(stdout) == 0 ? 0 : 1;
}

static void
on_trap(int number, siginfo_t *info, void *context)
{
	(void)context;
	printf("caught %s of call %d\n", sigabbrev_np(number), info->si_syscall);
	fflush(stdout);
	_exit(0);
}

static int
trap(char **words)
{
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &action, NULL);
	return call(words);
}

/* A child made with the given clone flags, by number, which exits at once. */
static int
clone_flags(char **words)
{
	unsigned long flags = strtoul(words[0], NULL, 0);
	long child = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (child == 0)
		_exit(0);
	if (child > 0)
		(void)waitpid((pid_t)child, NULL, __WALL);
	return print_result("clone", child > 0 ? 0 : child);
}

/* getpriority(0, 0) through the entry point of 32-bit programs. */
static int
call_i386(char **words)
{
	(void)words;
#if defined(__x86_64__)
	long result = 96; /* getpriority */

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(0L), "c"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	errno = result < 0 ? (int)-result : 0;
	return print_result("i386", result < 0 ? -1 : result);
#else
	return 2;
#endif
}

/* Touches so many MiB, and says so when it still lives. */
static int
hog(char **words)
{
	size_t size = strtoul(words[0], NULL, 10) << 20;
	char *memory = malloc(size);

	if (!memory)
		return print_result("hog", -1);
	memset(memory, 1, size);
	puts("still here");
	return memory[size - 1] == 1 ? 0 : 1;
}

/* Forks up to so many children that stay; how many there were. */
static int
bomb(char **words)
{
	long most = strtol(words[0], NULL, 10), made = 0;

	for (; made < most; made++) {
		pid_t child = fork();

		if (child == 0)
			for (;;)
				pause();
		if (child < 0)
			break;
	}
	printf("%ld children, then %s\n", made, made < most ? strerrorname_np(errno) : "none");
	return fflush(stdout) == 0 ? 0 : 1;
}

static int
clocks(char **words)
{
	static const clockid_t ids[] = { CLOCK_MONOTONIC, CLOCK_BOOTTIME };

	(void)words;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct timespec now;

		if (clock_gettime(ids[i], &now) < 0)
			return 1;
		printf("%lld%s", (long long)now.tv_sec, i ? "\n" : " ");
	}
	return 0;
}

/* The description of the session keyring: "keyring;UID;GID;PERM;NAME". */
static int
keyring(char **words)
{
	char text[512];

	(void)words;
	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof(text)) < 0)
		return print_result("keyring", -1);
	return puts(text) < 0;
}

/* NAME COMMAND...: runs the command with a session keyring of this name. */
static int
with_keyring(char **words)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, words[0]) < 0)
		return print_result("with_keyring", -1);
	execvp(words[1], &words[1]);
	return 127;
}

/* COMMAND...: runs it with every capability that there is inheritable. */
static int
with_inheritable(char **words)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data) < 0)
		return print_result("capget", -1);
	for (int i = 0; i < 2; i++)
		data[i].inheritable = data[i].permitted;
	if (syscall(SYS_capset, &head, data) < 0)
		return print_result("capset", -1);
	execvp(words[0], words);
	return 127;
}

/* A B: exchanges the two names until it is killed. */
static int
exchange(char **words)
{
	for (;;)
		if (syscall(SYS_renameat2, AT_FDCWD, words[0], AT_FDCWD, words[1],
			2 /* RENAME_EXCHANGE */) < 0)
			return print_result("exchange", -1);
}

/* The open file descriptors, each with what it leads to. */
static int
descriptors(char **words)
{
	(void)words;
	for (int fd = 0; fd < 1024; fd++) {
		char path[32], target[4096];
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		printf("%d %s\n", fd, target);
	}
	return 0;
}

/* Children that exit while nobody waits for them: one zombie each. Then sleeps. */
static int
zombies(char **words)
{
	for (long i = strtol(words[0], NULL, 10); i > 0; i--)
		if (fork() == 0)
			_exit(0);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

/* PORT: listens there with a backlog of 5, on IPv4 and IPv6, and never accepts. */
static int
listen_only(char **words)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)atoi(words[0])) };
	int sock = socket(AF_INET6, SOCK_STREAM, 0);

	if (bind(sock, (struct sockaddr *)&any, sizeof(any)) < 0 || listen(sock, 5) < 0)
		return print_result("listen", -1);
	for (;;)
		pause();
}

/* PATH: opens it for reading and writing, and, which for the program of a running process would
 * be CVE-2019-5736, for writing alone. */
static int
open_for_write(char **words)
{
	int fd = open(words[0], O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return print_result("open", fd < 0 ? -1 : 0);
}

/* NUMBER: ends itself by this signal. */
static int
raise_signal(char **words)
{
	return syscall(SYS_kill, getpid(), atoi(words[0])) < 0;
}

/* PATH: the seals of a memfd, as a number. */
static int
seals(char **words)
{
	int fd = open(words[0], O_RDONLY | O_CLOEXEC);
	long got = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);

	if (fd >= 0)
		close(fd);
	return print_result("seals", got);
}

static const struct {
	const char *word;
	int (*act)(char **words);
	int least; /* arguments */
} deeds[] = {
	{ "bomb", bomb, 1 },
	{ "call", call, 1 },
	{ "clocks", clocks, 0 },
	{ "clone", clone_flags, 1 },
	{ "descriptors", descriptors, 0 },
	{ "exchange", exchange, 2 },
	{ "flood", flood, 2 },
	{ "hog", hog, 1 },
	{ "i386", call_i386, 0 },
	{ "keyring", keyring, 0 },
	{ "listen", listen_only, 1 },
	{ "open", open_for_write, 1 },
	{ "raise", raise_signal, 1 },
	{ "seals", seals, 1 },
	{ "trap", trap, 1 },
	{ "with-inheritable", with_inheritable, 1 },
	{ "with-keyring", with_keyring, 2 },
	{ "zombies", zombies, 1 },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (strcmp(deeds[i].word, argv[1]) == 0 && argc - 2 >= deeds[i].least)
			return deeds[i].act(argv + 2);
	fputs("probe: no such word, or too few arguments\n", stderr);
	return 2;
}
