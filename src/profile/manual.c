#include "profile/manual.h"

#include <errno.h>

#include "profile/table.h"

#define MINIMAL 1

static const char introduction[] =
    "'\\\" t\n"
    ".\\\" Made by mkprofile --manual from syscalls.def and rules.c: do not edit.\n"
    ".TH OSLESS\\-SYSCALLS 7 \"\" osless \"Miscellaneous\"\n"
    ".SH NAME\n"
    "osless\\-syscalls \\- the system calls of a container\n"
    ".SH DESCRIPTION\n"
    ".BR osless (1)\n"
    "answers the system calls of a container's programs by one table, unless\n"
    ".B modes.syscalls\n"
    "of the policy\n"
    ".RB ( osless\\-policy (5))\n"
    "is\n"
    ".BR off .\n"
    "The table has two tiers:\n"
    ".BR gvisor ,\n"
    "what a gVisor\\-like sandbox supports less terminals, job control, identities\n"
    "and what only root could use; and\n"
    ".BR minimal ,\n"
    "less what no network service needs in the long run.\n"
    "Each call is of one class:\n"
    ".TP\n.B allow\nit executes;\n"
    ".TP\n.B allow\\-if\nit executes if the arguments pass the rule below;\n"
    ".TP\n.B pretend\nit answers 0 and does nothing; it executes where\n.B modes.identity\nis\n"
    ".BR off ,\nor\n.BR audit ,\nand, but for chown, for a user 0 that stays 0, whom the "
    "kernel refuses it;\n"
    ".TP\n.B deny\nit is refused with the errno shown, and the refusal is an event;\n"
    ".TP\n.B quiet\nthe same without an event: programs try it as a matter of course.\n"
    ".PP\n"
    "What a bundle's own profile refuses is refused as well.\n"
    "A call that is not in the table, another architecture's entry point (i386, and\n"
    "x32 numbers, on x86_64), and a call that\n"
    ".B minimal\n"
    "takes away answer ENOSYS, with an event.\n"
    "With\n"
    ".B modes.syscalls\n"
    "at\n"
    ".B audit\n"
    "everything executes, and what would have been refused or pretended is an event.\n"
    ".PP\n"
    ".B \"osless features\"\n"
    "lists the same as annotations.\n";

static const struct {
	int errnum;
	const char *word;
} errno_words[] = {
	{ EACCES, "EACCES" },
	{ EAFNOSUPPORT, "EAFNOSUPPORT" },
	{ EINVAL, "EINVAL" },
	{ ENODEV, "ENODEV" },
	{ ENOSYS, "ENOSYS" },
	{ ENOTTY, "ENOTTY" },
	{ EOPNOTSUPP, "EOPNOTSUPP" },
	{ EPERM, "EPERM" },
	{ EPROTONOSUPPORT, "EPROTONOSUPPORT" },
	{ ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT" },
};

static const char *
errno_word(int errnum)
{
	for (size_t i = 0; i < sizeof(errno_words) / sizeof(errno_words[0]); i++)
		if (errno_words[i].errnum == errnum)
			return errno_words[i].word;
	return "an errno";
}

static enum profile_class
class_in(const struct profile_call *call, int tier)
{
	return tier == MINIMAL && call->minimal == PROFILE_TAKE ? PROFILE_DENY : call->class;
}

static unsigned
count(enum profile_arch arch, int tier, enum profile_class class)
{
	unsigned result = 0;

	for (size_t i = 0; i < profile_calls_count; i++)
		if (profile_calls[i].number[arch] != PROFILE_NO_NUMBER)
			result += class_in(&profile_calls[i], tier) == class;
	return result;
}

static void
write_counts(FILE *out)
{
	fputs(".SH COUNTS\n.TS\nl r r r r.\n"
	      "\tx86_64\t\taarch64\t\n\tgvisor\tminimal\tgvisor\tminimal\n_\n",
	    out);
	for (int row = 0; row < PROFILE_CLASSES; row++) {
		enum profile_class which = (enum profile_class)row;

		fputs(profile_class_word(which), out);
		for (int arch = 0; arch < PROFILE_ARCHES; arch++)
			fprintf(out, "\t%u\t%u", count((enum profile_arch)arch, 0, which),
			    count((enum profile_arch)arch, MINIMAL, which));
		fputs("\n", out);
	}
	fputs(".TE\n", out);
}

/* With the errno of a refusal. */
static void
write_class(FILE *out, const struct profile_call *call, int tier)
{
	enum profile_class class = class_in(call, tier);

	fputs(profile_class_word(class), out);
	if (class != call->class)
		fputs(" ENOSYS", out);
	else if (class == PROFILE_DENY || class == PROFILE_DENY_QUIET)
		fprintf(out, " %s", errno_word(call->errnum));
}

static void
write_number(FILE *out, int number)
{
	if (number == PROFILE_NO_NUMBER)
		fputs("-", out);
	else
		fprintf(out, "%d", number);
}

static void
write_call(FILE *out, const struct profile_call *call)
{
	fprintf(out, ".TP\n.BR %s \" (", call->name);
	write_number(out, call->number[PROFILE_X86_64]);
	fputs(", ", out);
	write_number(out, call->number[PROFILE_AARCH64]);
	fputs(")\"\n", out);
	write_class(out, call, 0);
	if (class_in(call, MINIMAL) != call->class) {
		fputs(", in minimal ", out);
		write_class(out, call, MINIMAL);
	}
	fprintf(out, "%s%s\n", call->reason[0] ? ": " : "", call->reason);
}

static void
write_calls(FILE *out)
{
	fputs(
	    ".SH \"SYSTEM CALLS\"\n"
	    "With their numbers on x86_64 and aarch64; by class in the tier gvisor, and in minimal "
	    "where that differs.\n.PD 0\n",
	    out);
	for (size_t i = 0; i < profile_calls_count; i++)
		write_call(out, &profile_calls[i]);
	fputs(".PD\n", out);
}

static void write_look(FILE *out, const struct profile_look *look);

static void
write_outcome(FILE *out, struct profile_outcome outcome, const char *why)
{
	const char *point = why ? ": " : "";

	if (!why)
		why = "";
	if (outcome.verdict == PROFILE_ACCEPT)
		fprintf(out, "executes%s%s\n", point, why);
	else if (outcome.verdict == PROFILE_REFUSE)
		fprintf(out, "%s%s%s\n", errno_word(outcome.errnum), point, why);
	else if (outcome.verdict == PROFILE_REFUSE_QUIET)
		fprintf(out, "%s, quietly%s%s\n", errno_word(outcome.errnum), point, why);
	else {
		fprintf(out, "depends%s%s\n.RS\n", point, why);
		write_look(out, outcome.next);
		fputs(".RE\n", out);
	}
}

static void
write_look(FILE *out, const struct profile_look *look)
{
	fprintf(out, ".PP\nArgument %u", look->arg + 1);
	if (look->word == PROFILE_HIGH_WORD)
		fputs(", high half", out);
	if (look->mask != UINT32_MAX)
		fprintf(out, ", bits %#x", (unsigned)look->mask);
	fputs(":\n", out);
	for (size_t i = 0; i < look->count; i++) {
		const struct profile_case *row = &look->cases[i];

		fprintf(out, ".TP\n.B %#x", (unsigned)row->low);
		if (row->high != row->low)
			fprintf(out, " \\- %#x", (unsigned)row->high);
		fputs("\n", out);
		write_outcome(out, row->outcome, row->why);
	}
	fputs(".TP\nelse\n", out);
	write_outcome(out, look->otherwise, NULL);
}

/* Calls that share a rule share the entry, which the first of them heads. */
static int
is_first(size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (profile_calls[i].rule == profile_calls[index].rule)
			return 0;
	return 1;
}

static void
write_rules(FILE *out)
{
	fputs(".SH \"ARGUMENT RULES\"\n"
	      "Arguments count from 1.\nThe kernel takes those below as 32\\-bit numbers, so only "
	      "their low half is looked at unless it says otherwise.\n",
	    out);
	for (size_t i = 0; i < profile_calls_count; i++) {
		if (!profile_calls[i].rule || !is_first(i))
			continue;
		fprintf(out, ".SS \"%s", profile_calls[i].name);
		for (size_t j = i + 1; j < profile_calls_count; j++)
			if (profile_calls[j].rule == profile_calls[i].rule)
				fprintf(out, ", %s", profile_calls[j].name);
		fputs("\"\n", out);
		write_look(out, profile_calls[i].rule);
	}
}

void
manual_write(FILE *out)
{
	fputs(introduction, out);
	write_counts(out);
	write_calls(out);
	write_rules(out);
	fputs(".SH \"SEE ALSO\"\n.BR osless (1),\n.BR osless\\-policy (5),\n.BR seccomp (2),\n"
	      ".BR syscalls (2)\n",
	    out);
}
