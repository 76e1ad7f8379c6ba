/* The argument rules against gVisor's (tests/data/arg-rules.tsv), value by value: every one of its
 * rules is expressed, or the row says that all arguments go to the kernel; every departure, be it
 * in what executes or in the errno, mentions gVisor. And what is refused without an event. */
#include "profile/table.h"

#include <errno.h>

#include "tests/unit/profile_facts.h"
#include "tests/unit/profile_judge.h"

#define ROWS_MAX 128
#define VALUES_MAX 64

/* One line of the file: what gVisor takes in one argument of one call. */
struct rule {
	char name[32];
	unsigned arg;
	char op[24];
	uint32_t values[VALUES_MAX];
	size_t count;
	char otherwise[64];
};

static struct rule rules[ROWS_MAX];
static size_t rules_count;

static void
add_row(char *const *column)
{
	struct rule *rule = &rules[rules_count];

	if (column[1][0] == '-' || rules_count == ROWS_MAX)
		return; /* never executed: profile_table.c compares the errno */
	snprintf(rule->name, sizeof(rule->name), "%s", column[0]);
	rule->arg = (unsigned)atoi(column[1]);
	snprintf(rule->op, sizeof(rule->op), "%s", column[2]);
	snprintf(rule->otherwise, sizeof(rule->otherwise), "%s", column[4]);
	for (char *at = column[3]; *at && rule->count < VALUES_MAX;) {
		char *end;
		unsigned long value = strtoul(at, &end, 0);

		if (end != at)
			rule->values[rule->count++] = (uint32_t)value;
		at = end != at ? end : at + 1; /* "|" between two, ".." of a range */
	}
	rules_count++;
}

/* Whether gVisor takes the value by this line. */
static int
takes(const struct rule *rule, uint32_t value)
{
	if (strcmp(rule->op, "subset") == 0)
		return (value & ~rule->values[0]) == 0;
	if (strcmp(rule->op, "in_or_subset") == 0)
		return value == rule->values[0] || (value & ~rule->values[1]) == 0;
	for (size_t i = 0; i < rule->count; i++)
		if (rule->values[i] == value)
			return 1;
	return 0;
}

/* By any of the call's lines for the argument: they are alternatives. */
static int
gvisor_takes(const struct rule *wanted, uint32_t value)
{
	for (size_t i = 0; i < rules_count; i++)
		if (strcmp(rules[i].name, wanted->name) == 0 && rules[i].arg == wanted->arg &&
		    takes(&rules[i], value))
			return 1;
	return 0;
}

/* The rule's first look at an argument, however deep. */
static const struct profile_look *
find_look(const struct profile_look *look, unsigned arg)
{
	const struct profile_look *found = NULL;

	if (look->arg == arg)
		return look;
	for (size_t i = 0; i < look->count && !found; i++)
		if (look->cases[i].outcome.verdict == PROFILE_LOOK)
			found = find_look(look->cases[i].outcome.next, arg);
	if (!found && look->otherwise.verdict == PROFILE_LOOK)
		found = find_look(look->otherwise.next, arg);
	return found;
}

/* What looks at this one argument make of a value: the outcome, and the case if one names it. */
static struct profile_outcome
outcome_of(const struct profile_look *look, uint32_t value, const struct profile_case **row)
{
	struct profile_outcome outcome = look->otherwise;

	*row = NULL;
	for (size_t i = 0; i < look->count; i++)
		if ((value & look->mask) >= look->cases[i].low &&
		    (value & look->mask) <= look->cases[i].high) {
			*row = &look->cases[i];
			outcome = (*row)->outcome;
		}
	if (outcome.verdict == PROFILE_LOOK && outcome.next->arg == look->arg)
		return outcome_of(outcome.next, value, row);
	return outcome;
}

static int
is_refused(struct profile_outcome outcome)
{
	return outcome.verdict == PROFILE_REFUSE || outcome.verdict == PROFILE_REFUSE_QUIET;
}

/* One value: where we and gVisor differ, the case that names it mentions gVisor; the call's row
 * does where none names it, or where bits are looked at rather than values. */
static void
check_value(const struct profile_call *call, const struct profile_look *look,
    const struct rule *rule, uint32_t value)
{
	const struct profile_case *row;
	struct profile_outcome outcome = outcome_of(look, value, &row);
	int ours = !is_refused(outcome), theirs = gvisor_takes(rule, value);
	char text[200];

	if (ours == theirs)
		return;
	snprintf(text, sizeof(text), "%s argument %u %#x: %s gVisor, with a reason", call->name,
	    rule->arg, value, ours ? "beyond" : "less than");
	OK(strstr(row && look->mask == UINT32_MAX ? row->why : call->reason, "gVisor"), text);
	printf("# departs: %s: %s; %s\n", call->name, call->reason, row ? row->why : "");
}

static void
check_values(
    const struct profile_call *call, const struct profile_look *look, const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++)
		check_value(call, look, rule, rule->values[i]);
	for (size_t i = 0; i < look->count; i++)
		for (uint64_t value = look->cases[i].low; value <= look->cases[i].high; value++)
			check_value(call, look, rule, (uint32_t)value);
	if (look->mask != UINT32_MAX)
		for (unsigned bit = 0; bit < 32; bit++)
			check_value(call, look, rule, 1u << bit);
}

static const struct {
	const char *word;
	int value;
} errno_words[] = { { "EAFNOSUPPORT", EAFNOSUPPORT }, { "EINVAL", EINVAL }, { "ENOTTY", ENOTTY },
	{ "EPERM", EPERM } };

/* What is in no list: the errno is gVisor's, or the row says so. */
static void
check_errno(
    const struct profile_call *call, const struct profile_look *look, const struct rule *rule)
{
	struct profile_outcome outcome = look->otherwise;
	int same = 0;
	char text[200];

	if (!is_refused(outcome))
		return;
	for (size_t i = 0; i < sizeof(errno_words) / sizeof(errno_words[0]); i++)
		if (strncmp(rule->otherwise, errno_words[i].word, strlen(errno_words[i].word)) == 0)
			same = outcome.errnum == errno_words[i].value;
	snprintf(text, sizeof(text), "%s argument %u: %s, or a reason", call->name, rule->arg,
	    rule->otherwise);
	OK(same || strstr(call->reason, "gVisor"), text);
}

static void
check_rule(const struct rule *rule)
{
	const struct profile_call *call = facts_call(rule->name);
	const struct profile_look *look;
	char text[200];

	OK(call != NULL, rule->name);
	if (!call || !facts_is_allowed(call))
		return; /* refused altogether: its row says why */
	look = call->rule ? find_look(call->rule, rule->arg) : NULL;
	snprintf(
	    text, sizeof(text), "%s argument %u: a rule, or \"all ...\"", call->name, rule->arg);
	OK(look || strstr(call->reason, "all "), text);
	if (!look)
		return;
	check_values(call, look, rule);
	check_errno(call, look, rule);
}

/* Every case says what it is about; quiet ones who it is that probes. */
static void
check_cases(const char *name, const struct profile_look *look)
{
	char text[200];

	for (size_t i = 0; i < look->count; i++) {
		const struct profile_case *row = &look->cases[i];

		snprintf(text, sizeof(text), "%s %#x: says why", name, row->low);
		OK(row->why && row->why[0] &&
			(row->outcome.verdict != PROFILE_REFUSE_QUIET || strchr(row->why, ':')),
		    text);
		if (row->outcome.verdict == PROFILE_LOOK)
			check_cases(name, row->outcome.next);
	}
	snprintf(text, sizeof(text), "%s: what no case names is no secret", name);
	OK(look->otherwise.verdict != PROFILE_REFUSE_QUIET, text);
	if (look->otherwise.verdict == PROFILE_LOOK)
		check_cases(name, look->otherwise.next);
}

/* By hand: with or without an event. */
static const struct {
	const char *name;
	uint64_t args[6];
	enum profile_verdict want;
} noise[] = {
	{ "ioctl", { 1, 0x5401 }, PROFILE_REFUSE_QUIET },     /* TCGETS */
	{ "ioctl", { 1, 0x802c542a }, PROFILE_REFUSE_QUIET }, /* TCGETS2 */
	{ "ioctl", { 1, 0x5413 }, PROFILE_REFUSE_QUIET },     /* TIOCGWINSZ */
	{ "ioctl", { 1, 0x40049409 }, PROFILE_REFUSE_QUIET }, /* FICLONE */
	{ "ioctl", { 1, 0x80086601 }, PROFILE_REFUSE_QUIET }, /* FS_IOC_GETFLAGS */
	{ "ioctl", { 1, 0xc020660b }, PROFILE_REFUSE_QUIET }, /* FS_IOC_FIEMAP */
	{ "ioctl", { 1, 0x5402 }, PROFILE_REFUSE },           /* TCSETS */
	{ "ioctl", { 1, 0x5412 }, PROFILE_REFUSE },           /* TIOCSTI */
	{ "ioctl", { 1, 0x541c }, PROFILE_REFUSE },           /* TIOCLINUX */
	{ "ioctl", { 1, 0x540e }, PROFILE_REFUSE },           /* TIOCSCTTY */
	{ "ioctl", { 1, 0x40086602 }, PROFILE_REFUSE },       /* FS_IOC_SETFLAGS */
	{ "ioctl", { 1, 0xb701 }, PROFILE_REFUSE },           /* NS_GET_USERNS */
	{ "arch_prctl", { 0x3001 }, PROFILE_REFUSE_QUIET },   /* ARCH_CET_STATUS */
	{ "arch_prctl", { 0x5005 }, PROFILE_REFUSE_QUIET },   /* ARCH_SHSTK_STATUS */
	{ "arch_prctl", { 0x1001 }, PROFILE_REFUSE },         /* ARCH_SET_GS */
	{ "prctl", { 0x53564d41 }, PROFILE_ACCEPT },       /* PR_SET_VMA: what php-fpm asks for */
	{ "prctl", { 36 }, PROFILE_REFUSE },               /* PR_SET_CHILD_SUBREAPER */
	{ "prctl", { 35 }, PROFILE_REFUSE },               /* PR_SET_MM */
	{ "prctl", { 62 }, PROFILE_REFUSE },               /* PR_SCHED_CORE */
	{ "socket", { 16, 3, 9 }, PROFILE_REFUSE_QUIET },  /* NETLINK_AUDIT: PAM */
	{ "socket", { 2, 1, 262 }, PROFILE_REFUSE_QUIET }, /* MPTCP: Go */
	{ "socket", { 16, 3, 12 }, PROFILE_REFUSE },       /* NETLINK_NETFILTER */
	{ "socket", { 38, 5, 0 }, PROFILE_REFUSE },        /* AF_ALG */
	{ "fcntl", { 0, 1027 }, PROFILE_REFUSE_QUIET },    /* F_DUPFD_QUERY */
	{ "fcntl", { 0, 1024 }, PROFILE_REFUSE },          /* F_SETLEASE */
	{ "setrlimit", { 13 }, PROFILE_REFUSE },           /* RLIMIT_NICE */
	{ "kill", { 1, 19 }, PROFILE_REFUSE },             /* SIGSTOP */
};

static void
check_noise(void)
{
	char text[200];

	for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++) {
		const struct profile_call *call = facts_call(noise[i].name);

		snprintf(text, sizeof(text), "%s(%#llx, %#llx, %#llx): an event or none",
		    noise[i].name, (unsigned long long)noise[i].args[0],
		    (unsigned long long)noise[i].args[1], (unsigned long long)noise[i].args[2]);
		EQ_INT(judge_call(call, 0, PROFILE_ONE_ID, noise[i].args).verdict, noise[i].want,
		    text);
	}
}

int
main(void)
{
	facts_read("arg-rules.tsv", 5, 80, add_row);
	for (size_t i = 0; i < rules_count; i++)
		check_rule(&rules[i]);
	for (size_t i = 0; i < profile_calls_count; i++)
		if (profile_calls[i].rule)
			check_cases(profile_calls[i].name, profile_calls[i].rule);
	check_noise();
	DONE();
}
