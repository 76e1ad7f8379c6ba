/* Makes every system call, and every rule's accepted and refused arguments, under the built-in
 * filter or without it, and holds the answers against the table, which is linked in. Static; runs
 * inside a container.
 *
 *     everycall numbers|rules TIER IDS [only]
 *     everycall entries
 *
 * TIER is gvisor or minimal, IDS pretended or real: what the filter is meant to be. A call that the
 * table refuses must answer the table's errno; a wrong answer is a line on stderr and exit
 * status 1. A call that executes is made in a child of its own, since it may end or stop it, with
 * arguments that nothing can come of, and its outcome is a line on stdout. With `only` refused
 * calls are not made: so the same lines come from a container without the filter, whose answers are
 * the kernel's. The last line counts both. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/profile_judge.h"

#define NUMBERS 601
#define PATIENCE_MS 1000
#define UPROBE 336 /* x86_64: since Linux 6.18 the kernel takes it before any filter sees it */

#define NOWHERE 0x7ffffffeull /* no file descriptor, process, or address */

struct options {
	int minimal;
	enum profile_ids ids;
	int only;
	int executed;
	int refused;
	int wrong;
};

/* What a child has to tell, in memory shared with it. */
static struct report {
	int answered;
	long result;
} * report;

/* No libc, no stack and no thread-local memory between the call and what is made of it: the call
 * may have changed any of them. A child that the call made ends at once. */
#if defined(__x86_64__)
static inline __attribute__((always_inline)) long
raw_call(long number, const uint64_t *args, long forks)
{
	register uint64_t r10 __asm__("r10") = args[3];
	register uint64_t r8 __asm__("r8") = args[4];
	register uint64_t r9 __asm__("r9") = args[5];
	long result = number;

	__asm__ volatile("syscall\n\t"
			 "testq %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "testq %[forks], %[forks]\n\t"
			 "jz 1f\n\t"
			 "xorl %%edi, %%edi\n\t"
			 "movl $60, %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "+a"(result)
			 : "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(r10), "r"(r8),
			 "r"(r9), [forks] "b"(forks)
			 : "rcx", "r11", "memory");
	return result;
}

static int
is_fork(long number)
{
	return number == SYS_fork || number == SYS_vfork || number == SYS_clone;
}
#else
static inline __attribute__((always_inline)) long
raw_call(long number, const uint64_t *args, long forks)
{
	register uint64_t x0 __asm__("x0") = args[0];
	register uint64_t x1 __asm__("x1") = args[1];
	register uint64_t x2 __asm__("x2") = args[2];
	register uint64_t x3 __asm__("x3") = args[3];
	register uint64_t x4 __asm__("x4") = args[4];
	register uint64_t x5 __asm__("x5") = args[5];
	register long x8 __asm__("x8") = number;
	register long x9 __asm__("x9") = forks;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "cbz x9, 1f\n\t"
			 "mov x8, #93\n\t"
			 "svc #0\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x8), "r"(x9)
			 : "memory");
	return (long)x0;
}

static int
is_fork(long number)
{
	return number == SYS_clone;
}
#endif

/* Calls that only make file descriptors need no child: they are many. */
static int
makes_descriptors(long number)
{
	return number == SYS_socket;
}

/* Waits for the child as long as there is hope. */
static void
await_child(pid_t child)
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN };

	if (poll(&end, 1, PATIENCE_MS) == 0)
		(void)kill(child, SIGKILL);
	(void)close(end.fd);
	(void)waitpid(child, NULL, 0);
}

/* A static string: "ok", an errno's name, or "ended" where the call never came back. */
static const char *
outcome_in_child(long number, const uint64_t *args)
{
	static const uint64_t none[6];
	long forks = is_fork(number);
	pid_t child;

	report->answered = 0;
	child = fork();
	if (child == 0) {
		long result = raw_call(number, args, forks);

		report->result = result;
		report->answered = 1;
		(void)raw_call(SYS_exit_group, none, 0);
	}
	await_child(child);
	if (!report->answered)
		return "ended";
	return report->result < 0 && report->result > -4096 ? strerrorname_np((int)-report->result)
							    : "ok";
}

static const char *
outcome_here(long number, const uint64_t *args)
{
	long result = raw_call(number, args, 0);

	if (result < 0)
		return strerrorname_np((int)-result);
	(void)close((int)result);
	return "ok";
}

static void
print_call(FILE *out, const char *name, long number, const uint64_t *args)
{
	fprintf(out, "%s %ld (%#llx, %#llx, %#llx) ", name, number, (unsigned long long)args[0],
	    (unsigned long long)args[1], (unsigned long long)args[2]);
}

static void
check_refusal(
    struct options *options, const char *name, long number, const uint64_t *args, int want)
{
	long got = raw_call(number, args, 0);

	options->refused++;
	if (got == -want)
		return;
	options->wrong++;
	print_call(stderr, name, number, args);
	fprintf(stderr, "answers %ld, the table says %d\n", got, -want);
}

static void
make_call(
    struct options *options, const struct profile_call *call, long number, const uint64_t *args)
{
	struct profile_outcome want = judge_call(call, options->minimal, options->ids, args);
	const char *name = call ? call->name : "unknown";

	if (want.verdict == PROFILE_ACCEPT) {
		const char *got = makes_descriptors(number) ? outcome_here(number, args)
							    : outcome_in_child(number, args);

		options->executed++;
		print_call(stdout, name, number, args);
		printf("%s\n", got);
	} else if (!options->only) {
		check_refusal(options, name, number, args, want.errnum);
	}
}

static void
make_numbers(struct options *options)
{
	static const uint64_t none[6] = { -1ul, -1ul, -1ul, -1ul, -1ul, -1ul };

	for (unsigned number = 0; number < NUMBERS; number++)
		if (JUDGE_NATIVE != PROFILE_X86_64 || number != UPROBE)
			make_call(options, judge_call_of(JUDGE_NATIVE, number), (long)number, none);
}

/* A call with a rule. */
struct ruled {
	struct options *options;
	const struct profile_call *call;
};

/* Garbage above one argument will do: above several it would be the same again, many times. */
static void
make_ruled(void *context, const uint64_t *args)
{
	const struct ruled *ruled = context;
	int garbage = 0;

	for (unsigned i = 0; i < JUDGE_ARGS; i++)
		garbage += args[i] >> 32 != 0;
	if (garbage <= 1)
		make_call(ruled->options, ruled->call, ruled->call->number[JUDGE_NATIVE], args);
}

static void
make_rules(struct options *options)
{
	for (size_t i = 0; i < profile_calls_count; i++) {
		struct ruled ruled = { options, &profile_calls[i] };
		struct judge_values values = { 0 };
		uint64_t args[6] = { NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE };

		if (!ruled.call->rule || ruled.call->number[JUDGE_NATIVE] == PROFILE_NO_NUMBER)
			continue;
		judge_collect(&values, ruled.call->rule);
		if (values.overflow)
			options->wrong++;
		judge_each(&values, args, 0, make_ruled, &ruled);
	}
}

/* Numbers beyond all tables, and x32's, which are the native ones with bit 30. */
static int
make_odd_numbers(void)
{
	static const long odd[] = { 1000, 9999, 0x7fffffff, 0x40000000 + 9999 };
	static const uint64_t none[6] = { -1ul, -1ul, -1ul, -1ul, -1ul, -1ul };
	struct options options = { 0 };

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		check_refusal(&options, "odd", odd[i], none, ENOSYS);
	for (long number = 0; number < NUMBERS; number++)
		check_refusal(&options, "x32", 0x40000000 | number, none, ENOSYS);
	printf("odd numbers: %d refused\n", options.refused);
	return options.wrong;
}

/* The entry point of 32-bit programs, in one child, which tells how many it has refused: without
 * CONFIG_IA32_EMULATION the first ends it. */
static int
make_i386_calls(void)
{
	pid_t child;

	report->result = 0;
	report->answered = 0;
	child = fork();
	if (child == 0) {
		for (long number = 0; number < NUMBERS; number++) {
			long result = number;
#if defined(__x86_64__)
			__asm__ volatile("int $0x80"
					 : "+a"(result)
					 : "b"(-1l), "c"(-1l), "d"(-1l), "S"(-1l), "D"(-1l)
					 : "r8", "r9", "r10", "r11", "memory");
#else
			result = -ENOSYS;
#endif
			report->result += result == -ENOSYS;
			report->answered++;
		}
		_exit(0);
	}
	await_child(child);
	if (report->answered == 0)
		printf("i386: there is no such entry\n");
	else
		printf("i386: %ld of %d refused\n", report->result, NUMBERS);
	return report->answered != 0 && report->result != NUMBERS;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct options options = { 0 };

	report =
	    mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return 2;
	if (strcmp(what, "entries") == 0)
		return make_odd_numbers() + make_i386_calls() != 0;
	if (argc < 4)
		return 2;
	options.minimal = strcmp(argv[2], "minimal") == 0;
	options.ids = strcmp(argv[3], "real") == 0 ? PROFILE_REAL_IDS : PROFILE_ONE_ID;
	options.only = argc > 4;
	if (strcmp(what, "numbers") == 0)
		make_numbers(&options);
	else
		make_rules(&options);
	fprintf(stderr, "%d executed, %d refused, %d wrong\n", options.executed, options.refused,
	    options.wrong);
	return options.wrong != 0;
}
