/* clone3 has no wrapper in libc, and cannot have one in C: the child starts on another stack in the
 * middle of the function. The assembly does the least: the call, and in the child context -> run ->
 * exit. */
#include "base/clone.h"

#include "base/error.h"
#include "base/syscalls.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/wait.h>

#if defined(__x86_64__)

static long
clone3_and_run(struct clone_args *args, unsigned long size, int (*run)(void *), void *context)
{
	register int (*run_in)(void *) __asm__("r12") = run;
	register void *context_in __asm__("r13") = context;
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t" /* the outermost frame, for unwinders */
			 "mov %%r13, %%rdi\n\t"
			 "call *%%r12\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(result)
			 : "0"(SYS_clone3), "D"(args), "S"(size), "r"(run_in),
			 "r"(context_in), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "memory", "cc");
	return result;
}

#elif defined(__aarch64__)

static long
clone3_and_run(struct clone_args *args, unsigned long size, int (*run)(void *), void *context)
{
	register long number __asm__("x8") = SYS_clone3;
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = (long)size;
	register int (*run_in)(void *) __asm__("x19") = run;
	register void *context_in __asm__("x20") = context;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, #0\n\t"
			 "mov x30, #0\n\t"
			 "mov x0, x20\n\t"
			 "blr x19\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc #0\n\t"
			 "brk #1\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(number), "r"(x1), "r"(run_in), "r"(context_in), [exit] "i"(SYS_exit)
			 : "memory", "cc");
	return x0;
}

#else
#error "osless is written for x86_64 and aarch64"
#endif

pid_t
clone_vfork(const struct clone_vfork *child)
{
	struct clone_args args = {
		.flags = child->flags | CLONE_VM | CLONE_VFORK | (child->pidfd ? CLONE_PIDFD : 0),
		.pidfd = (uint64_t)(uintptr_t)child->pidfd,
		.exit_signal = (uint64_t)child->exit_signal,
		.stack = (uint64_t)(uintptr_t)child->stack,
		.stack_size = CLONE_STACK_SIZE,
		.cgroup = (uint64_t)(child->flags & CLONE_INTO_CGROUP ? child->cgroup_fd : 0),
	};
	long result = clone3_and_run(&args, sizeof(args), child->run, child->context);

	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	return (pid_t)result;
}

pid_t
clone_program(const struct clone_vfork *child, const char *what, struct error *err)
{
	pid_t pid;

	err->text[0] = '\0';
	err->errnum = 0;
	pid = clone_vfork(child);
	if (pid < 0)
		return error_sys(err, "clone %s", what);
	if (err->text[0]) {
		(void)waitpid(pid, NULL, 0); /* err tells it */
		return -1;
	}
	return pid;
}
