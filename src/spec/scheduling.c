/* Where and how soon things run: process.scheduler, process.ioPriority, process.execCPUAffinity and
 * linux.memoryPolicy. What the kernel would answer with a bare EINVAL is told here. */
#include "spec/convert.h"

#include <inttypes.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <string.h>

#define BITS_MAX 8192u /* CPUs of the largest kernels; memory nodes are fewer */
#define WORD_BITS 64u
#define NICE_MIN (-20)
#define NICE_MAX 19
#define PRIORITY_MIN 1 /* of SCHED_FIFO and SCHED_RR: sched(7) */
#define PRIORITY_MAX 99
#define IO_LEVELS 8

/* ---------------------------------------------------------------------------- flags */

static int
convert_flags(struct convert *c, const char *path, const ocispec_strings *from,
    const struct words *known, uint64_t *flags)
{
	for (size_t i = 0; i < from->count; i++) {
		uint64_t flag;

		if (words_find(known, from->items[i], &flag) < 0)
			return convert_refuse_word(
			    c, convert_path(c, "%s[%zu]", path, i), "flag", from->items[i], known);
		*flags |= flag;
	}
	return 0;
}

/* ------------------------------------------------------------------------ lists of bits */

/* Decimal digits at *at, which goes behind them. -1: none, or BITS_MAX and more. */
static int
read_bit(const char **at, uint32_t *bit)
{
	const char *start = *at;

	*bit = 0;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		*bit = *bit * 10 + (uint32_t)(**at - '0');
		if (*bit >= BITS_MAX)
			return -1;
	}
	return *at == start ? -1 : 0;
}

/* "3" or "0-3". */
static int
read_range(const char **at, uint32_t *first, uint32_t *last)
{
	if (read_bit(at, first) < 0)
		return -1;
	*last = *first;
	if (**at != '-')
		return 0;
	(*at)++;
	return read_bit(at, last) < 0 || *last < *first ? -1 : 0;
}

/* "0-3,7", as cpuset(7) writes lists, without blanks. */
static int
read_bits(const char *text, uint64_t *words, size_t *count)
{
	uint32_t first, last;

	for (;; text++) {
		if (read_range(&text, &first, &last) < 0)
			return -1;
		for (uint32_t bit = first; bit <= last; bit++)
			words[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
		if (last / WORD_BITS + 1 > *count)
			*count = last / WORD_BITS + 1;
		if (*text != ',')
			return *text ? -1 : 0;
	}
}

static int
convert_bits(struct convert *c, const char *path, const char *text, plan_bits *to)
{
	uint64_t words[BITS_MAX / WORD_BITS] = { 0 };
	size_t count = 0;

	if (!text)
		return 0;
	if (read_bits(text, words, &count) < 0)
		return convert_refuse(c, "%s: %s is no list of numbers below %u: write it as 0-3,7",
		    path, convert_quote(c, text), BITS_MAX);
	if (CONVERT_LIST(c, to, count) < 0)
		return -1;
	memcpy(to->items, words, count * sizeof(*words));
	return 0;
}

/* ------------------------------------------------------------------------- scheduler */

static int
check_nice(struct convert *c, const struct ocispec_scheduler *from, uint64_t policy)
{
	if (policy != SCHED_NORMAL && policy != SCHED_BATCH && from->nice)
		return convert_refuse(c,
		    "process.scheduler.nice: only SCHED_OTHER and SCHED_BATCH have it: leave it "
		    "out with %s",
		    from->policy);
	if (from->nice < NICE_MIN || from->nice > NICE_MAX)
		return convert_refuse(c, "process.scheduler.nice: %" PRId32 " is outside %d to %d",
		    from->nice, NICE_MIN, NICE_MAX);
	return 0;
}

static int
check_priority(struct convert *c, const struct ocispec_scheduler *from, uint64_t policy)
{
	int realtime = policy == SCHED_FIFO || policy == SCHED_RR;

	if (!realtime && from->priority)
		return convert_refuse(c,
		    "process.scheduler.priority: only SCHED_FIFO and SCHED_RR have it: leave it "
		    "out with %s",
		    from->policy);
	if (realtime && (from->priority < PRIORITY_MIN || from->priority > PRIORITY_MAX))
		return convert_refuse(c,
		    "process.scheduler.priority: %" PRId32 " is outside %d to %d of %s",
		    from->priority, PRIORITY_MIN, PRIORITY_MAX, from->policy);
	return 0;
}

static int
check_deadline(struct convert *c, const struct ocispec_scheduler *from, uint64_t policy)
{
	if (policy != SCHED_DEADLINE && (from->runtime || from->deadline || from->period))
		return convert_refuse(c,
		    "process.scheduler: only SCHED_DEADLINE has runtime, deadline and period: "
		    "leave them out with %s",
		    from->policy);
	if (policy == SCHED_DEADLINE && (!from->runtime || !from->deadline))
		return convert_refuse(c,
		    "process.scheduler.%s: missing: SCHED_DEADLINE needs runtime and deadline",
		    from->runtime ? "deadline" : "runtime");
	return 0;
}

static int
convert_scheduler(struct convert *c, const struct ocispec_scheduler *from)
{
	struct plan_scheduler *to = &c->spec->process.scheduler;
	uint64_t policy;

	if (!from)
		return 0;
	if (words_find(&words_sched_policies, from->policy, &policy) < 0)
		return convert_refuse_word(c, "process.scheduler.policy", "scheduling policy",
		    from->policy, &words_sched_policies);
	if (check_nice(c, from, policy) < 0 || check_priority(c, from, policy) < 0 ||
	    check_deadline(c, from, policy) < 0)
		return -1;
	*to = (struct plan_scheduler) {
		.has_policy = 1,
		.policy = (uint32_t)policy,
		.nice = from->nice,
		.priority = (uint32_t)from->priority,
		.runtime_ns = from->runtime,
		.deadline_ns = from->deadline,
		.period_ns = from->period,
	};
	return convert_flags(
	    c, "process.scheduler.flags", &from->flags, &words_sched_flags, &to->flags);
}

/* ------------------------------------------------------------------ I/O priority, CPUs */

static int
convert_io_priority(struct convert *c, const struct ocispec_io_priority *from)
{
	uint64_t class;

	if (!from)
		return 0;
	if (words_find(&words_io_classes, from->class, &class) < 0)
		return convert_refuse_word(
		    c, "process.ioPriority.class", "I/O class", from->class, &words_io_classes);
	if (from->priority < 0 || from->priority >= IO_LEVELS)
		return convert_refuse(c,
		    "process.ioPriority.priority: %" PRId32 " is outside 0 to %d", from->priority,
		    IO_LEVELS - 1);
	c->spec->process.io_class = (uint32_t) class;
	c->spec->process.io_level = (uint32_t)from->priority;
	return 0;
}

static int
convert_affinity(struct convert *c, const struct ocispec_cpu_affinity *from)
{
	if (!from)
		return 0;
	if (convert_bits(c, "process.execCPUAffinity.initial", convert_text(from->initial),
		&c->spec->process.exec_cpus_initial) < 0)
		return -1;
	return convert_bits(c, "process.execCPUAffinity.final", convert_text(from->final),
	    &c->spec->process.exec_cpus_final);
}

int
convert_scheduling(struct convert *c, const struct ocispec_process *from)
{
	if (convert_scheduler(c, from->scheduler) < 0)
		return -1;
	if (convert_io_priority(c, from->io_priority) < 0)
		return -1;
	return convert_affinity(c, from->exec_cpu_affinity);
}

/* --------------------------------------------------------------------- memory policy */

static int
check_nodes(struct convert *c, const struct ocispec_memory_policy *from, uint64_t mode)
{
	int given = convert_text(from->nodes) != NULL;

	if (given && (mode == MPOL_DEFAULT || mode == MPOL_LOCAL))
		return convert_refuse(
		    c, "linux.memoryPolicy.nodes: %s takes none: leave them out", from->mode);
	if (!given && mode != MPOL_DEFAULT && mode != MPOL_LOCAL && mode != MPOL_PREFERRED)
		return convert_refuse(
		    c, "linux.memoryPolicy.nodes: missing: %s needs some, as 0-3,7", from->mode);
	return 0;
}

static int
check_memory_flags(struct convert *c, uint64_t flags)
{
	const uint64_t both = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES;

	if ((flags & both) == both)
		return convert_refuse(c,
		    "linux.memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES "
		    "exclude each other: remove one");
	return 0;
}

int
convert_memory_policy(struct convert *c, const struct ocispec_memory_policy *from)
{
	struct plan_memory_policy *to = &c->spec->memory_policy;
	uint64_t mode, flags = 0;

	if (words_find(&words_memory_modes, from->mode, &mode) < 0)
		return convert_refuse_word(
		    c, "linux.memoryPolicy.mode", "memory policy", from->mode, &words_memory_modes);
	if (check_nodes(c, from, mode) < 0 ||
	    convert_flags(
		c, "linux.memoryPolicy.flags", &from->flags, &words_memory_flags, &flags) < 0 ||
	    check_memory_flags(c, flags) < 0)
		return -1;
	to->has_mode = 1;
	to->mode = (uint32_t)mode;
	to->flags = (uint32_t)flags;
	return convert_bits(c, "linux.memoryPolicy.nodes", convert_text(from->nodes), &to->nodes);
}
