#include "profile/bundle.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "profile/bundle_newer.h"
#include "profile/bundle_words.h"

#define ERRNO_MAX 4095u /* MAX_ERRNO: the kernel cuts anything beyond */
#define ARGS_MAX 6      /* a system call's arguments */
#define ARCHES_MAX 32
#define FILTER_MAX 4096 /* BPF_MAXINSNS */

#if SCMP_VER_MAJOR > 2 || (SCMP_VER_MAJOR == 2 && SCMP_VER_MINOR >= 5)
#define BINARY_TREE 2 /* load and lookup in O(log n) */
static void
optimize(scmp_filter_ctx context)
{
	/* the filter is right without it, only slower */
	(void)seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
}
#else
static void
optimize(scmp_filter_ctx context)
{
	(void)context; /* libseccomp before 2.5 knows lists only */
}
#endif

/* One compilation. */
struct job {
	const struct bundle_seccomp *input;
	scmp_filter_ctx context;
	uint32_t default_action;
	uint32_t arches[ARCHES_MAX]; /* libseccomp's tokens; this machine's first */
	size_t arches_count;
	struct newest_call newest[ARCHES_MAX]; /* in step with arches; number 0 = none named */
	struct bundle_filter *out;
};

static void
release(scmp_filter_ctx *context)
{
	if (*context)
		seccomp_release(*context);
}

/* The action's number with its errno; only ERRNO and TRACE carry one. */
static int
action_value(const char *word, int has_errno, uint32_t errnum, uint32_t *action, struct error *err)
{
	if (bundle_word(BUNDLE_ACTIONS, word, action, err) < 0)
		return -1;
	if (*action != SCMP_ACT_ERRNO(0) && *action != SCMP_ACT_TRACE(0))
		return 0;
	if (!has_errno)
		errnum = EPERM;
	if (errnum > ERRNO_MAX)
		return error_set(err, "errno %u is beyond %u, the highest there is",
		    (unsigned)errnum, ERRNO_MAX);
	*action |= errnum;
	return 0;
}

static int
set_flags(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->input->flags_count; i++) {
		uint32_t bit;

		if (bundle_word(BUNDLE_FLAGS, job->input->flags[i], &bit, err) < 0)
			return error_in(err, "flags[%zu]", i);
		job->out->flags |= bit;
	}
	return 0;
}

static int
remember_arch(struct job *job, uint32_t token, struct error *err)
{
	for (size_t i = 0; i < job->arches_count; i++)
		if (job->arches[i] == token)
			return 0;
	if (job->arches_count == ARCHES_MAX)
		return error_set(err, "more than %d architectures", ARCHES_MAX);
	job->newest[job->arches_count].audit_arch = token;
	job->arches[job->arches_count++] = token;
	return 0;
}

/* A listed foreign architecture that is left to the built-in filter: this one must not kill before
 * that can answer. */
static int
leave_foreign(struct job *job, struct error *err)
{
	int result = seccomp_attr_set(job->context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);

	return result < 0 ? error_num(err, -result, "libseccomp: leave out an architecture") : 0;
}

static int
add_architecture(struct job *job, const char *word, struct error *err)
{
	uint32_t token;
	int result;

	if (bundle_word(BUNDLE_ARCHITECTURES, word, &token, err) < 0)
		return -1;
	if (job->input->foreign == BUNDLE_FOREIGN_REFUSED && token != job->arches[0])
		return leave_foreign(job, err);
	result = seccomp_arch_add(job->context, token);
	if (result < 0 && result != -EEXIST)
		return error_num(
		    err, -result, "%s cannot be filtered on this machine: leave it out", word);
	return remember_arch(job, token, err);
}

/* This machine's architecture is always in: libseccomp starts with it. */
static int
add_architectures(struct job *job, struct error *err)
{
	if (remember_arch(job, seccomp_arch_native(), err) < 0)
		return -1;
	for (size_t i = 0; i < job->input->architectures_count; i++)
		if (add_architecture(job, job->input->architectures[i], err) < 0)
			return error_in(err, "architectures[%zu]", i);
	return 0;
}

static int
read_args(const struct bundle_rule *rule, struct scmp_arg_cmp *args, struct error *err)
{
	for (size_t i = 0; i < rule->args_count; i++) {
		const struct bundle_arg *arg = &rule->args[i];
		uint32_t op;

		if (arg->index >= ARGS_MAX)
			return error_set(err, "args[%zu]: index %u is beyond 5, the last argument",
			    i, (unsigned)arg->index);
		if (bundle_word(BUNDLE_OPERATORS, arg->op, &op, err) < 0)
			return error_in(err, "args[%zu]", i);
		args[i] = (struct scmp_arg_cmp) {
			.arg = arg->index,
			.op = (enum scmp_compare)op,
			.datum_a = arg->value,
			.datum_b = arg->value_two,
		};
	}
	return 0;
}

/* libseccomp takes one condition an argument. */
static int
repeats_argument(const struct bundle_rule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->args_count; i++) {
		if (seen & (1u << rule->args[i].index))
			return 1;
		seen |= 1u << rule->args[i].index;
	}
	return 0;
}

static int
add_rule(struct job *job, uint32_t action, int number, const struct scmp_arg_cmp *args,
    size_t count, struct error *err)
{
	int result = seccomp_rule_add_array(job->context, action, number, (unsigned)count, args);

	if (result == -EEXIST)
		return error_set(err, "another rule gives the same arguments another action");
	if (result < 0)
		return error_num(err, -result, "libseccomp refuses the rule");
	return 0;
}

static int
add_conditions(struct job *job, uint32_t action, int number, const struct bundle_rule *rule,
    const struct scmp_arg_cmp *args, struct error *err)
{
	if (!repeats_argument(rule))
		return add_rule(job, action, number, args, rule->args_count, err);
	for (size_t i = 0; i < rule->args_count; i++)
		if (add_rule(job, action, number, &args[i], 1, err) < 0)
			return -1;
	return 0;
}

static int
skip_unknown(struct job *job, const char *name, struct error *err)
{
	struct bundle_filter *out = job->out;
	const char **grown =
	    reallocarray(out->unknown, out->unknown_count + 1, sizeof(*out->unknown));

	if (!grown)
		return error_sys(err, "note that %s is unknown", name);
	out->unknown = grown;
	out->unknown[out->unknown_count++] = name;
	return 0;
}

/* From this number on, calls have one number on all architectures (Linux 5.1). */
#define COMMON_NUMBERS 424

static void
note_newest(struct newest_call *newest, int number)
{
	if (number >= 0 && (uint32_t)number > newest->number)
		newest->number = (uint32_t)number;
}

static void
note_all_names(struct job *job, size_t arch)
{
	for (size_t i = 0; i < job->input->rules_count; i++)
		for (size_t n = 0; n < job->input->rules[i].names_count; n++)
			note_newest(
			    &job->newest[arch], seccomp_syscall_resolve_name_arch(job->arches[arch],
						    job->input->rules[i].names[n]));
}

/* What the other architectures' newest are, given this machine's. To ask libseccomp for each name
 * costs milliseconds, so it is asked only about profiles that name no recent call. */
static void
spread_newest(struct job *job)
{
	for (size_t i = 1; i < job->arches_count; i++)
		if (job->newest[0].number >= COMMON_NUMBERS)
			job->newest[i].number = job->newest[0].number;
		else
			note_all_names(job, i);
}

/* The agent cannot be sent the listener by a process whose every sendmsg waits for that agent; with
 * write other runtimes have the same difficulty. */
static int
check_notify(struct job *job, const char *name, struct error *err)
{
	if (strcmp(name, "write") == 0 || strcmp(name, "sendmsg") == 0)
		return error_set(err, "SCMP_ACT_NOTIFY cannot be used for the %s syscall", name);
	if (!job->input->listener_path)
		return error_set(err,
		    "SCMP_ACT_NOTIFY for %s has nobody to ask: give linux.seccomp.listenerPath",
		    name);
	job->out->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return 0;
}

static int
add_name(struct job *job, uint32_t action, const struct bundle_rule *rule, const char *name,
    const struct scmp_arg_cmp *args, struct error *err)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		return skip_unknown(job, name, err);
	if (action == SCMP_ACT_NOTIFY && check_notify(job, name, err) < 0)
		return -1;
	note_newest(&job->newest[0], number);
	if (action == job->default_action) /* libseccomp refuses to repeat it */
		return 0;
	if (add_conditions(job, action, number, rule, args, err) < 0)
		return error_in(err, "%s", name);
	return 0;
}

static int
add_rules_of(struct job *job, const struct bundle_rule *rule, struct error *err)
{
	struct scmp_arg_cmp args[ARGS_MAX * 4];
	uint32_t action;

	if (action_value(rule->action, rule->has_errno, rule->errnum, &action, err) < 0)
		return -1;
	if (rule->args_count > sizeof(args) / sizeof(args[0]))
		return error_set(err, "args: more than %zu conditions: split the rule",
		    sizeof(args) / sizeof(args[0]));
	if (read_args(rule, args, err) < 0)
		return -1;
	for (size_t i = 0; i < rule->names_count; i++)
		if (add_name(job, action, rule, rule->names[i], args, err) < 0)
			return -1;
	return 0;
}

static int
add_all_rules(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->input->rules_count; i++)
		if (add_rules_of(job, &job->input->rules[i], err) < 0)
			return error_in(err, "syscalls[%zu]", i);
	spread_newest(job);
	return 0;
}

/* Only where the default refuses, and not by ENOSYS anyway. x32 shares x86_64's mark, its numbers
 * are left alone. */
static size_t
write_preamble(const struct job *job, struct sock_filter *code)
{
	struct newest_call newest[ARCHES_MAX];
	uint32_t action = job->default_action & SECCOMP_RET_ACTION_FULL;
	size_t count = 0;

	if (action != SECCOMP_RET_ERRNO && action != SECCOMP_RET_TRAP &&
	    action != SECCOMP_RET_KILL_THREAD && action != SECCOMP_RET_KILL_PROCESS)
		return 0;
	if (job->default_action == SCMP_ACT_ERRNO(ENOSYS))
		return 0;
	for (size_t i = 0; i < job->arches_count; i++)
		if (job->arches[i] != SCMP_ARCH_X32 && job->newest[i].number)
			newest[count++] = job->newest[i];
	return bundle_newer_write(newest, count, code);
}

/* libseccomp writes filters to files only. */
static int
export_filter(const struct job *job, int fd, size_t *length, struct error *err)
{
	struct stat status;
	int result = seccomp_export_bpf(job->context, fd);

	if (result < 0)
		return error_num(err, -result, "libseccomp: write the filter");
	if (fstat(fd, &status) < 0)
		return error_sys(err, "size of the filter");
	*length = (size_t)status.st_size / sizeof(struct sock_filter);
	return 0;
}

static int
read_back(struct job *job, struct error *err)
{
	AUTO_FD int fd = memfd_create("osless-seccomp", MFD_CLOEXEC);
	struct sock_filter *code;
	size_t preamble, bytes, length = 0;

	if (fd < 0)
		return error_sys(err, "memfd_create for the filter");
	if (export_filter(job, fd, &length, err) < 0)
		return -1;
	code = calloc(1 + NEWER_PER_ARCH * ARCHES_MAX + length, sizeof(*code));
	if (!code)
		return error_sys(err, "read the filter");
	job->out->code = code; /* freed with it on failure */
	preamble = write_preamble(job, code);
	if (preamble + length > FILTER_MAX)
		return error_set(err,
		    "the profile needs %zu instructions, the kernel takes %d: name fewer "
		    "architectures or arguments",
		    preamble + length, FILTER_MAX);
	bytes = length * sizeof(*code);
	if (pread(fd, code + preamble, bytes, 0) != (ssize_t)bytes)
		return error_sys(err, "read the filter");
	job->out->length = (unsigned short)(preamble + length);
	return 0;
}

static int
check_flags(const struct job *job, struct error *err)
{
	uint32_t flags = job->out->flags;

	if (!(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) ||
	    (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return 0;
	return error_set(
	    err, "flags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY");
}

static int
compile(struct job *job, struct error *err)
{
	__attribute__((cleanup(release))) scmp_filter_ctx context = NULL;

	if (action_value(job->input->default_action, job->input->has_default_errno,
		job->input->default_errno, &job->default_action, err) < 0)
		return error_in(err, "defaultAction");
	if (job->default_action == SCMP_ACT_NOTIFY)
		return error_set(err, "SCMP_ACT_NOTIFY cannot be used as defaultAction");
	context = seccomp_init(job->default_action);
	if (!context)
		return error_set(err, "libseccomp: out of memory");
	job->context = context;
	optimize(context);
	if (set_flags(job, err) < 0 || add_architectures(job, err) < 0 ||
	    add_all_rules(job, err) < 0 || check_flags(job, err) < 0)
		return -1;
	return read_back(job, err);
}

int
bundle_seccomp_compile(
    const struct bundle_seccomp *seccomp, struct bundle_filter *out, struct error *err)
{
	struct job job = { .input = seccomp, .out = out };

	*out = (struct bundle_filter) { 0 };
	if (compile(&job, err) < 0) {
		bundle_filter_free(out);
		return error_in(err, "linux.seccomp");
	}
	return 0;
}

void
bundle_filter_free(struct bundle_filter *filter)
{
	free(filter->code);
	free(filter->unknown);
	*filter = (struct bundle_filter) { 0 };
}
