/* linux.seccomp: the same words in the profile compiler's struct, which judges them. */
#include "spec/convert.h"

#include "profile/bundle.h"

static int
convert_seccomp_args(struct convert *c, const struct ocispec_syscall *from, struct bundle_rule *to)
{
	struct bundle_arg *args = convert_array(c, from->args.count, sizeof(*args));

	if (from->args.count && !args)
		return -1;
	for (size_t i = 0; i < from->args.count; i++) {
		const struct ocispec_seccomp_arg *arg = &from->args.items[i];

		args[i] = (struct bundle_arg) {
			.index = arg->index,
			.value = arg->value,
			.value_two = arg->value_two,
			.op = arg->op,
		};
	}
	to->args = args;
	to->args_count = from->args.count;
	return 0;
}

static int
convert_seccomp_rules(
    struct convert *c, const struct ocispec_seccomp *from, struct bundle_seccomp *to)
{
	struct bundle_rule *rules = convert_array(c, from->syscalls.count, sizeof(*rules));

	if (from->syscalls.count && !rules)
		return -1;
	for (size_t i = 0; i < from->syscalls.count; i++) {
		const struct ocispec_syscall *rule = &from->syscalls.items[i];

		rules[i] = (struct bundle_rule) {
			.names = rule->names.items,
			.names_count = rule->names.count,
			.action = rule->action,
			.has_errno = rule->has_errno_ret,
			.errnum = rule->errno_ret,
		};
		if (convert_seccomp_args(c, rule, &rules[i]) < 0)
			return -1;
	}
	to->rules = rules;
	to->rules_count = from->syscalls.count;
	return 0;
}

int
convert_seccomp(struct convert *c, const struct ocispec_seccomp *from)
{
	struct bundle_seccomp *to = convert_array(c, 1, sizeof(*to));

	if (!to)
		return -1;
	*to = (struct bundle_seccomp) {
		.default_action = from->default_action,
		.has_default_errno = from->has_default_errno_ret,
		.default_errno = from->default_errno_ret,
		.flags = from->flags.items,
		.flags_count = from->flags.count,
		.architectures = from->architectures.items,
		.architectures_count = from->architectures.count,
		.listener_path = convert_text(from->listener_path),
		.listener_metadata = convert_text(from->listener_metadata),
	};
	if (convert_seccomp_rules(c, from, to) < 0)
		return -1;
	c->spec->seccomp = to;
	return 0;
}
