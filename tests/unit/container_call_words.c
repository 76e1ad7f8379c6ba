/* Arguments of system calls in words. */
#include "tap.h"

#include "base/arena.h"
#include "container/call_terms.h"
#include "container/call_words.h"
#include "profile/table.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static const struct {
	const char *call;
	uint64_t args[CALL_ARGUMENTS];
	const char *want;
} rows[] = {
	{ "ioctl", { 0, 0x5412, 0x7ffe }, "0, TIOCSTI, 0x7ffe" },
	{ "ioctl", { 1, 0x40086602, 0 }, "1, FS_IOC_SETFLAGS, 0" },
	{ "ioctl", { 1, 0x8933, 16 }, "1, SIOCGIFINDEX, 0x10" },
	{ "ioctl", { 3, 0xc0106403, 0 }, "3, 0xc0106403 (type 'd' nr 3, read/write, 16 bytes), 0" },
	{ "ioctl", { 3, 0xffffffff00005401, 0 }, "3, TCGETS, 0" },
	{ "ioctl", { UINT64_MAX, 0x1234567, 0 }, "-1, 0x1234567 (type 'E' nr 103, 291 bytes), 0" },
	{ "ioctl", { 3, 0x0102, 0 }, "3, 0x102, 0" },
	{ "prctl", { PR_SET_CHILD_SUBREAPER, 1 }, "PR_SET_CHILD_SUBREAPER, 0x1, 0, 0, 0" },
	{ "prctl", { PR_SET_PDEATHSIG, SIGSTOP }, "PR_SET_PDEATHSIG, SIGSTOP, 0, 0, 0" },
	{ "prctl", { 99999 }, "0x1869f, 0, 0, 0, 0" },
	{ "prctl", { 999 }, "999, 0, 0, 0, 0" },
	{ "arch_prctl", { 0x1012, 0 }, "ARCH_SET_CPUID, 0" },
	{ "socket", { AF_ALG, SOCK_SEQPACKET, 0 }, "AF_ALG, SOCK_SEQPACKET, 0" },
	{ "socket", { AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 132 },
	    "AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, IPPROTO_SCTP" },
	{ "socket", { AF_NETLINK, SOCK_RAW, 9 }, "AF_NETLINK, SOCK_RAW, NETLINK_AUDIT" },
	{ "socket", { 77, 0, 9 }, "77, 0, 9" },
	{ "socketpair", { AF_INET, SOCK_DGRAM, 0, 0x10 }, "AF_INET, SOCK_DGRAM, IPPROTO_IP, 0x10" },
	{ "clone", { CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD },
	    "CLONE_NEWUSER|CLONE_NEWPID|SIGCHLD, 0, 0, 0, 0" },
	{ "clone", { SIGTSTP }, "SIGTSTP, 0, 0, 0, 0" },
	{ "clone", { 0 }, "0, 0, 0, 0, 0" },
	{ "clone", { CLONE_VM | 77 }, "CLONE_VM|77, 0, 0, 0, 0" },
	{ "unshare", { CLONE_NEWNS | 0x80 }, "CLONE_NEWNS|CLONE_NEWTIME" },
	{ "unshare", { CLONE_NEWNS | 1 }, "CLONE_NEWNS|0x1" },
	{ "setns", { 3, 0 }, "3, 0" },
	{ "kill", { 0xfffffffe, SIGTTIN }, "-2, SIGTTIN" },
	{ "tgkill", { 1, 2, SIGTTOU }, "1, 2, SIGTTOU" },
	{ "kill", { 1, 40 }, "1, 40" },
	{ "personality", { 0xffffffff }, "0xffffffff" },
	{ "personality", { 0x0040008 }, "PER_LINUX32|ADDR_NO_RANDOMIZE" },
	{ "ptrace", { 16, 7, 0, 0 }, "PTRACE_ATTACH, 7, 0, 0" },
	{ "mount", { 0x10, 0x20, 0, 4096 | 1 | 32, 0 },
	    "0x10, 0x20, 0, MS_RDONLY|MS_REMOUNT|MS_BIND, 0" },
	{ "umount2", { 0x10, 2 }, "0x10, MNT_DETACH" },
	{ "bpf", { 5, 0x10, 120 }, "BPF_PROG_LOAD, 0x10, 120" },
	{ "keyctl", { 0 }, "KEYCTL_GET_KEYRING_ID, 0, 0, 0, 0" },
	{ "setrlimit", { 13, 0x10 }, "RLIMIT_NICE, 0x10" },
	{ "prlimit64", { 0, 14, 0x10, 0 }, "0, RLIMIT_RTPRIO, 0x10, 0" },
	{ "fcntl", { 3, F_SETLEASE, F_WRLCK }, "3, F_SETLEASE, 0x1" },
	{ "fcntl", { 3, F_SETSIG, SIGSTOP }, "3, F_SETSIG, SIGSTOP" },
	{ "seccomp", { 1, 8, 0x10 }, "SECCOMP_SET_MODE_FILTER, 0x8, 0x10" },
	{ "sched_setscheduler", { 0, 0x40000001, 0x10 },
	    "0, SCHED_FIFO|SCHED_RESET_ON_FORK, 0x10" },
	{ "pipe2", { 0x10, O_CLOEXEC | O_EXCL }, "0x10, O_CLOEXEC|O_NOTIFICATION_PIPE" },
	{ "fchownat", { (uint64_t)AT_FDCWD, 0x10, UINT64_MAX, 5, 0 }, "AT_FDCWD, 0x10, -1, 5, 0" },
	{ "clock_settime", { 0, 0x10 }, "CLOCK_REALTIME, 0x10" },
	{ "vhangup", { 1, 2, 3, 4, 5, 6 }, "" },
	{ "openat2", { 1, 2, 3, 4, 5, 6 }, "0x1, 0x2, 0x3, 0x4" },
	{ "futex", { 1, 2, 3, 4, 5, 0 }, "0x1, 0x2, 0x3, 0x4, 0x5, 0" },
	{ "nosuchcall", { 1, 0, 3, 0, 0, 0 }, "0x1, 0, 0x3" },
	{ NULL, { 0 }, "" },
	{ NULL, { 1, 2, 3, 4, 5, UINT64_MAX }, "0x1, 0x2, 0x3, 0x4, 0x5, 0xffffffffffffffff" },
};

static void
test_rows(void)
{
	struct arena arena = { .blocks = NULL };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EQ_STR(call_arguments(rows[i].call, rows[i].args, &arena), rows[i].want,
		    rows[i].call ? rows[i].call : "no name");
	arena_free(&arena);
}

/* "open" is part of "openat", "mq_open": names are whole words. */
static void
test_arity(void)
{
	size_t unknown = 0;

	for (size_t i = 0; i < profile_calls_count; i++) {
		if (call_arity(profile_calls[i].name) >= 0)
			continue;
		unknown++;
		printf("# %s has no number of arguments\n", profile_calls[i].name);
	}
	EQ_INT(unknown, 0, "of every call of the table it is known how many arguments it has");
	EQ_INT(call_arity("open"), 3, "open");
	EQ_INT(call_arity("mmap"), 6, "mmap");
	EQ_INT(call_arity("getpid"), 0, "getpid");
	EQ_INT(call_arity("pen"), -1, "part of a name is none");
	EQ_INT(call_arity(""), -1, "nor is nothing");
	EQ_INT(call_arity("open close"), -1, "nor two");
}

static void
check_terms(const struct terms *terms, const char *what)
{
	for (size_t i = 0; i < terms->words_count; i++) {
		const struct term *word = &terms->words[i];

		if (terms_find(terms->words, terms->words_count, word->value) == word->name)
			continue;
		printf("# %s\n", word->name);
		OK(0, what);
	}
	for (size_t i = 0; i < terms->flags_count; i++)
		if (terms->flags[i].value & terms->mask && terms != &terms_clone)
			OK(0, what);
}

static void
test_terms(void)
{
	static const struct terms *const all[] = { &terms_arch_prctl, &terms_bpf, &terms_clock,
		&terms_family, &terms_fcntl, &terms_ioctl, &terms_kcmp, &terms_keyctl,
		&terms_netlink, &terms_personality, &terms_prctl, &terms_protocol, &terms_ptrace,
		&terms_resource, &terms_scheduler, &terms_seccomp, &terms_socket_type, &terms_mount,
		&terms_pipe, &terms_umount, &terms_unshare, &terms_clone };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		check_terms(all[i], "each value has one name, and flags are no part of a word");
	OK(1, "terms");
}

static uint64_t
random_value(void)
{
	uint64_t value = ((uint64_t)rand() << 40) ^ ((uint64_t)rand() << 20) ^ (uint64_t)rand();

	return value >> (rand() % 64);
}

static void
test_noise(void)
{
	int bad = 0;

	srand(3);
	for (int round = 0; round < 20000; round++) {
		const char *name = profile_calls[(size_t)rand() % profile_calls_count].name;
		struct arena arena = { .blocks = NULL };
		uint64_t args[CALL_ARGUMENTS];
		const char *text;

		for (int i = 0; i < CALL_ARGUMENTS; i++)
			args[i] = random_value();
		text = call_arguments(round % 9 ? name : NULL, args, &arena);
		bad += !text;
		for (; text && *text; text++)
			bad += *text < ' ' || *text > '~';
		arena_free(&arena);
	}
	EQ_INT(bad, 0, "20000 calls with noise for arguments: all told, all printable");
}

int
main(void)
{
	test_rows();
	test_arity();
	test_terms();
	test_noise();
	DONE();
}
