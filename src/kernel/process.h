/* What else a process gets before exec: signals, limits, oom score, keyring, personality, filters;
 * and finding a program. */
#ifndef OSLESS_KERNEL_PROCESS_H
#define OSLESS_KERNEL_PROCESS_H

#include "plan/plan.h"

#include <stddef.h>

struct error;

/* Every signal's disposition back to the default (conmon passes SIGPIPE ignored). */
void process_default_signals(void);

/* The empty signal mask (conmon passes SIGUSR1 blocked). */
void process_unblock_signals(void);

int process_limits(const struct plan_process *process, struct error *err);
int process_oom_score(int proc, int32_t score, struct error *err);
int process_new_keyring(
    const char *id, struct error *err); /* keyctl(2); a kernel without keys is no error */
int process_personality(uint32_t personality, struct error *err);

/* Loads a ready filter by one seccomp(2), without a listener: what osless would be asked is
 * answered plainly (plan/answer.h). Needs no_new_privs or CAP_SYS_ADMIN. */
int process_load_filter(const struct plan_filter *filter, struct error *err);

/* The same of a filter that wants a listener. Returns the listener, close-on-exec, or -1 with err:
 * EBUSY where whoever started osless has one already (a process can have one only), and the filter
 * is then not loaded. SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, without which signals interrupt a
 * call that is being answered, is left out where the kernel lacks it (before Linux 5.19). */
int process_load_listening(const struct plan_filter *filter, struct error *err);

/* fchown of fds 0..2 where they are pipes, so that /dev/stdout can be opened again by uid. */
int process_own_stdio(uint32_t uid, uint32_t gid, struct error *err);

/* Enters cwd, which must be inside the container's root (CVE-2024-21626: getcwd(2) then starts with
 * '/'). */
int process_enter_cwd(const char *cwd, struct error *err);

/* The value of NAME in a list of NAME=value, or NULL. */
const char *process_env(const char *const *env, const char *name);

/* Looks args[0] up as execvp(3) would, in env's PATH, and checks that a file that could be executed
 * is there. The errors have the words that engines match ("executable file not found in $PATH"). */
int process_find_program(const char *name, const char *const *env, struct error *err);

/* execve(2) of path itself. Returns only on failure, with err as above. */
int process_exec_file(
    const char *path, const char *const *args, const char *const *env, struct error *err);

/* execve(2), by PATH where the name has no slash. Returns only on failure, with err as above. */
int process_exec(const char *const *args, const char *const *env, struct error *err);

/* Gives back what the stack needed once: the memory below the caller's frame (madvise(2),
 * MADV_DONTNEED), as far as PROCESS_STACK_MAX. */
#define PROCESS_STACK_MAX 262144u
void process_give_back_stack(void);

#endif
