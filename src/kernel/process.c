/* The smaller parts of a process' set-up, and the one execve of payloads and startContainer hooks.
 */
#include "kernel/process.h"

#include "base/error.h"
#include "base/syscalls.h"
#include "kernel/procfs.h"
#include "plan/answer.h"

#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define LISTENER_FLAGS \
	((uint32_t)(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))

#define LAST_SIGNAL 64 /* _NSIG; libc hides its own real-time signals */

void
process_default_signals(void)
{
	/* the kernel's own struct sigaction: libc refuses its two or three internal signals */
	static const struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} fallback = { .handler = SIG_DFL };

	for (int number = 1; number <= LAST_SIGNAL; number++)
		(void)syscall(SYS_rt_sigaction, number, &fallback, NULL,
		    sizeof(uint64_t)); /* KILL, STOP refuse */
}

void
process_unblock_signals(void)
{
	uint64_t none = 0;

	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none)); /* cannot fail */
}

int
process_limits(const struct plan_process *process, struct error *err)
{
	for (uint64_t i = 0; i < process->rlimits.count; i++) {
		const struct plan_rlimit *limit = &process->rlimits.items[i];
		uint64_t values[2] = { limit->soft, limit->hard };

		if (syscall(SYS_prlimit64, 0, limit->resource, values, NULL) < 0)
			return error_sys(err, "set rlimit %u to %llu:%llu%s", limit->resource,
			    (unsigned long long)limit->soft, (unsigned long long)limit->hard,
			    errno == EPERM ? " (raising a hard limit takes CAP_SYS_RESOURCE)" : "");
	}
	return 0;
}

int
process_oom_score(int proc, int32_t score, struct error *err)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", score); /* fits */
	if (procfs_write(proc, "self/oom_score_adj", text, err) < 0)
		return error_in(err, "oomScoreAdj%s",
		    err->errnum == EACCES ? " (lowering it takes CAP_SYS_RESOURCE)" : "");
	return 0;
}

int
process_new_keyring(const char *id, struct error *err)
{
	char name[1040];

	(void)snprintf(name, sizeof(name), "_ses.%s", id); /* IDs are shorter */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name) < 0 && errno != ENOSYS)
		return error_sys(err, "join a new session keyring (--no-new-keyring does without)");
	return 0;
}

int
process_personality(uint32_t domain, struct error *err)
{
	if (personality(domain) < 0)
		return error_sys(err, "set personality 0x%x", domain);
	return 0;
}

/* seccomp(2)'s result. */
static int
load(const struct sock_filter *code, uint64_t length, uint32_t flags)
{
	struct sock_fprog program = {
		.len = (unsigned short)length,
		.filter = (struct sock_filter *)(uintptr_t)code, /* the kernel only reads it */
	};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static int
load_failed(const struct plan_filter *filter, struct error *err)
{
	return error_sys(err, "load a seccomp filter of %llu instructions",
	    (unsigned long long)filter->code.count);
}

/* Its instructions with plain answers only, in a mapping that the caller unmaps. NULL: err. */
static struct sock_filter *
plain_copy(const struct plan_filter *filter, size_t size, struct error *err)
{
	struct sock_filter *code =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (code == MAP_FAILED) {
		(void)error_sys(err, "copy a seccomp filter");
		return NULL;
	}
	memcpy(code, filter->code.items, size);
	answer_make_plain(code, filter->code.count);
	return code;
}

static int
load_plainly(const struct plan_filter *filter, struct error *err)
{
	uint32_t flags = filter->flags & ~LISTENER_FLAGS;
	size_t size = filter->code.count * sizeof(struct sock_filter);
	struct sock_filter *code = plain_copy(filter, size, err);
	int result;

	if (!code)
		return -1;
	result = load(code, filter->code.count, flags);
	if (result < 0)
		result = load_failed(filter, err);
	(void)munmap(code, size); /* just mapped */
	return result;
}

static int
check_length(const struct plan_filter *filter, struct error *err)
{
	if (filter->code.count <= BPF_MAXINSNS)
		return 0;
	return error_set(err, "the seccomp filter has more than %d instructions", BPF_MAXINSNS);
}

int
process_load_filter(const struct plan_filter *filter, struct error *err)
{
	if (filter->code.count == 0)
		return 0;
	if (check_length(filter, err) < 0)
		return -1;
	if (filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return load_plainly(filter, err);
	if (load((const void *)filter->code.items, filter->code.count, filter->flags) < 0)
		return load_failed(filter, err);
	return 0;
}

int
process_load_listening(const struct plan_filter *filter, struct error *err)
{
	const struct sock_filter *code = (const void *)filter->code.items;
	uint32_t killable = filter->flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	int listener;

	if (check_length(filter, err) < 0)
		return -1;
	listener = load(code, filter->code.count, filter->flags);
	if (listener < 0 && errno == EINVAL && killable)
		listener = load(code, filter->code.count, filter->flags & ~killable);
	return listener < 0 ? load_failed(filter, err) : listener;
}

int
process_own_stdio(uint32_t uid, uint32_t gid, struct error *err)
{
	for (int fd = 0; fd <= 2; fd++) {
		struct stat info;

		if (fstat(fd, &info) < 0 || !S_ISFIFO(info.st_mode) || info.st_uid == uid)
			continue;
		/* a pipe of another user namespace cannot be given away: it is then not reopened
		 * either */
		if (fchown(fd, uid, gid) < 0 && errno != EPERM && errno != EINVAL)
			return error_sys(err, "give fd %d to uid %u", fd, uid);
	}
	return 0;
}

int
process_enter_cwd(const char *cwd, struct error *err)
{
	char seen[PATH_MAX];

	if (chdir(cwd) < 0)
		return error_sys(err, "enter cwd %s", cwd);
	/* the raw call: libc hides a cwd outside the root */
	if (syscall(SYS_getcwd, seen, sizeof(seen)) < 0)
		return error_sys(err, "read cwd %s back", cwd);
	if (seen[0] != '/')
		return error_set(err, "cwd %s is outside the container's root", cwd);
	return 0;
}

const char *
process_env(const char *const *env, const char *name)
{
	size_t length = strlen(name);

	for (; env && *env; env++)
		if (strncmp(*env, name, length) == 0 && (*env)[length] == '=')
			return *env + length + 1;
	return NULL;
}

/* Calls try with each candidate for name until it returns 0; else the errno that tells most: EACCES
 * before ENOENT. */
static int
each_candidate(const char *name, const char *const *env, int (*try)(const char *, const void *),
    const void *context)
{
	const char *path = process_env(env, "PATH");
	int seen = ENOENT;

	if (strchr(name, '/'))
		return try(name, context);
	while (path && *path) {
		char candidate[PATH_MAX];
		size_t length = strcspn(path, ":");
		int result;

		if (snprintf(candidate, sizeof(candidate), "%.*s%s%s", (int)length, path,
			length ? "/" : "", name) < (int)sizeof(candidate)) {
			result = try(candidate, context);
			if (result != ENOENT && result != ENOTDIR && result != EACCES)
				return result;
			if (result == EACCES)
				seen = EACCES;
		}
		path += length + (path[length] == ':');
	}
	return seen;
}

static int
find_error(int errnum, const char *name, struct error *err)
{
	if (errnum == ENOENT && !strchr(name, '/'))
		return error_set(err, "exec: \"%s\": executable file not found in $PATH", name);
	return error_num(err, errnum, "exec: \"%s\"", name);
}

static int
try_find(const char *path, const void *context)
{
	struct stat info;

	(void)context;
	if (stat(path, &info) < 0)
		return errno;
	return S_ISREG(info.st_mode) && (info.st_mode & 0111) ? 0 : EACCES;
}

int
process_find_program(const char *name, const char *const *env, struct error *err)
{
	int errnum = each_candidate(name, env, try_find, NULL);

	return errnum ? find_error(errnum, name, err) : 0;
}

struct exec_words {
	const char *const *args;
	const char *const *env;
};

static int
try_exec(const char *path, const void *context)
{
	const struct exec_words *words = context;

	(void)execve(path, (char *const *)(uintptr_t)words->args,
	    (char *const *)(uintptr_t)words->env); /* execve does not write to them */
	return errno;
}

/* ENOENT of a file that is there: what its #! line or ELF header names is missing. */
static int
exec_error(int errnum, const char *name, const char *const *env, struct error *err)
{
	if (errnum == ENOENT && each_candidate(name, env, try_find, NULL) == 0)
		return error_num(err, ENOENT, "exec: \"%s\": its interpreter", name);
	return find_error(errnum, name, err);
}

int
process_exec_file(
    const char *path, const char *const *args, const char *const *env, struct error *err)
{
	struct exec_words words = { .args = args, .env = env };

	return exec_error(try_exec(path, &words), path, env, err);
}

int
process_exec(const char *const *args, const char *const *env, struct error *err)
{
	struct exec_words words = { .args = args, .env = env };

	return exec_error(each_candidate(args[0], env, try_exec, &words), args[0], env, err);
}

/* A page is left, for the call itself. What lies in the range is the stack or nothing: the kernel
 * keeps a gap below it that is larger. */
void
process_give_back_stack(void)
{
	uintptr_t page = 4096, here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t end = (here - page) & ~(page - 1);

	(void)madvise((void *)(end - PROCESS_STACK_MAX), PROCESS_STACK_MAX,
	    MADV_DONTNEED); /* ENOMEM: part of the range is not mapped; the rest is done */
}
