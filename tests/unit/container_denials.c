/* Refused system calls: words, JSON, the line of `events`, samples of `metrics`. */
#include "tap.h"

#include "base/arena.h"
#include "container/denial_cures.h"
#include "container/denial_json.h"
#include "container/denial_words.h"
#include "container/events_line.h"
#include "container/metrics_denials.h"
#include "profile/profile.h"

#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <yajl/yajl_parse.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#define NATIVE_WORD "x86_64"
#define FOREIGN AUDIT_ARCH_I386
#define FOREIGN_WORD "i386"
#else
#define NATIVE AUDIT_ARCH_AARCH64
#define NATIVE_WORD "aarch64"
#define FOREIGN AUDIT_ARCH_ARM
#define FOREIGN_WORD "arm"
#endif

#define S INT64_C(1000000000)

static struct plan_child children[] = { { .id = "main", .kind = PLAN_WORKER } };
static struct plan plan = { .tree = { .children = { children, 1 } } };

static struct journal_denial
make(long number, int errnum, uint64_t arg)
{
	return (struct journal_denial) { .sequence = 1,
		.count = 3,
		.first_wall_ns = 1700000000 * S,
		.last_wall_ns = 1700000009 * S,
		.args = { arg },
		.number = (int32_t)number,
		.arch = NATIVE,
		.errnum = errnum,
		.pid = 7,
		.comm = "sh",
		.exe = "/bin/busybox" };
}

/* ---------------------------------------------------------------------------------- words */

static void
test_calls(void)
{
	struct arena arena = { .blocks = NULL };
	struct journal_denial denial = make(SYS_unshare, EPERM, CLONE_NEWUTS);

	EQ_STR(denial_call(&denial, &arena), "unshare", "a call by its name");
	EQ_STR(denial_arguments(&denial, &arena), "CLONE_NEWUTS", "its argument");
	EQ_STR(denial_arch(&denial, &arena), NATIVE_WORD, "this machine");
	denial = make(9999, ENOSYS, 1);
	EQ_STR(denial_call(&denial, &arena), "unknown call 9999", "a number without a name");
	EQ_STR(denial_call_group(&denial, &arena), "unknown call", "its group");
	EQ_STR(denial_arguments(&denial, &arena), "0x1", "up to the last that is not 0");
	denial.number = -1;
	EQ_STR(denial_call(&denial, &arena), "unknown call -1", "no number");
	denial = make(11, ENOSYS, 1);
	denial.arch = FOREIGN;
	EQ_STR(denial_call(&denial, &arena), FOREIGN_WORD " call 11", "a foreign entry point");
	EQ_STR(denial_call_group(&denial, &arena), FOREIGN_WORD " call", "its group");
	denial.arch = 0x1234;
	EQ_STR(denial_call(&denial, &arena), "0x1234 call 11", "one that nobody knows");
	denial = make(0x40000000 + 59, ENOSYS, 1);
	denial.arch = AUDIT_ARCH_X86_64;
	EQ_STR(denial_call(&denial, &arena), "x32 call 59", "x32");
	EQ_STR(denial_arch(&denial, &arena), "x32", "which is told from x86_64");
	arena_free(&arena);
}

static void
test_answers(void)
{
	struct arena arena = { .blocks = NULL };
	struct journal_denial denial = make(SYS_unshare, ENOTTY, 0);

	EQ_STR(denial_errno(&denial, &arena), "ENOTTY", "an errno by its name");
	denial.errnum = 4095;
	EQ_STR(denial_errno(&denial, &arena), "errno 4095", "one without");
	denial.errnum = 0;
	EQ_STR(denial_errno(&denial, &arena), "0", "a pretence");
	EQ_STR(denial_program(&denial, &arena), "/bin/busybox", "a program");
	strcpy(denial.exe, "n/redis\n\033[1m");
	EQ_STR(denial_program(&denial, &arena), "...n/redis??[1m", "the end of a longer path");
	denial.exe[0] = '\0';
	EQ_STR(denial_program(&denial, &arena), "a process", "none");
	arena_free(&arena);
}

/* The words that the table gives are the table's; here only where they come from. */
static void
test_reasons(void)
{
	struct arena arena = { .blocks = NULL };
	struct journal_denial denial = make(SYS_unshare, EPERM, CLONE_NEWUTS);

	EQ_STR(denial_reason(&denial, &plan, &arena), profile_call_of(SYS_unshare)->reason,
	    "the table's reason");
	denial.flags = JOURNAL_DENIAL_BUNDLE;
	HAS_STR(denial_reason(&denial, &plan, &arena), "the bundle's own", "the bundle's");
	OK(denial_cure(&denial, &plan) == cure_bundle, "and its cure");
	denial = make(SYS_kill, EPERM, 1);
	denial.args[1] = SIGSTOP;
	HAS_STR(denial_reason(&denial, &plan, &arena),
	    "not with these arguments in tier gvisor: no stop signal", "a rule's");
	denial = make(SYS_personality, EINVAL, 8);
	EQ_STR(denial_reason(&denial, &plan, &arena), "not with these arguments in tier gvisor",
	    "less what is about the other tier");
	denial = make(SYS_shmget, ENOSYS, 0);
	plan.tier = PROFILE_MINIMAL;
	HAS_STR(denial_reason(&denial, &plan, &arena), "minimal: no System V IPC", "minimal's");
	OK(denial_cure(&denial, &plan) == cure_minimal, "and its cure");
	plan.tier = PROFILE_GVISOR;
	denial = make(SYS_fchown, 0, 1);
	denial.flags = JOURNAL_DENIAL_WOULD;
	HAS_STR(denial_reason(&denial, &plan, &arena), "nothing done", "a pretence's");
	OK(denial_cure(&denial, &plan) == cure_pretended, "and its cure");
	denial = make(9999, ENOSYS, 0);
	HAS_STR(denial_reason(&denial, &plan, &arena), "an older kernel", "an unknown number's");
	OK(denial_cure(&denial, &plan) == NULL, "which has no cure");
	denial.arch = FOREIGN;
	HAS_STR(denial_reason(&denial, &plan, &arena), "entry point", "a foreign one's");
	OK(denial_cure(&denial, &plan) == cure_foreign, "and its cure");
	arena_free(&arena);
}

static void
test_cures(void)
{
	static const struct {
		const char *call;
		uint64_t args[6];
		const char *want; /* NULL: none */
	} rows[] = {
		{ "ptrace", { 0 }, "from the host" },
		{ "mount", { 0 }, "mounts of config.json" },
		{ "clone", { CLONE_NEWUSER }, "linux.namespaces" },
		{ "tgkill", { 1, 1, SIGSTOP }, "freeze" },
		{ "prctl", { PR_SET_CHILD_SUBREAPER }, "dev.osless.tree" },
		{ "prctl", { PR_SET_PDEATHSIG, SIGSTOP }, "freeze" },
		{ "prctl", { PR_SET_MM }, NULL },
		{ "ioctl", { 0, 0x5412 }, "there are no terminals" },
		{ "ioctl", { 0, 0x40086602 }, NULL },
		{ "fcntl", { 0, 10 /* F_SETSIG */, SIGSTOP }, "freeze" },
		{ "fcntl", { 0, 1024 }, NULL },
		{ "uselib", { 0 }, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].want)
			HAS_STR(cure_call(rows[i].call, rows[i].args), rows[i].want, rows[i].call);
		else
			EQ_STR(cure_call(rows[i].call, rows[i].args), NULL, rows[i].call);
}

/* ----------------------------------------------------------------------------------- JSON */

static char *
write_event(const struct journal_event *event, const struct journal_denial *denial)
{
	char *text = NULL;
	size_t size = 0;
	struct events_line line = { open_memstream(&text, &size), "c1", &plan };

	events_line_event(&line, event, denial);
	(void)fclose(line.out);
	return text;
}

static void
test_event(void)
{
	struct journal_event event = { .sequence = 5,
		.kind = JOURNAL_DENIED,
		.child = JOURNAL_NO_CHILD,
		.pid = 7,
		.comm = "sh" };
	struct journal_denial denial = make(SYS_unshare, EPERM, CLONE_NEWUTS);
	char *text = write_event(&event, &denial);

	HAS_STR(text, "\"event\":\"denied\",\"action\":\"none\",\"pid\":7,\"comm\":\"sh\"", "kind");
	HAS_STR(text, "\"denial\":{\"call\":\"unshare\",\"number\":", "its call");
	HAS_STR(text,
	    "\"args\":[\"0x4000000\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",\"0x0\"],"
	    "\"decoded\":\"CLONE_NEWUTS\",\"errno\":\"EPERM\",\"would\":false,\"by\":\"tier\","
	    "\"exe\":\"/bin/busybox\",\"comm\":\"sh\",\"pid\":7,\"count\":3,"
	    "\"first\":\"2023-11-14T22:13:20.000000000Z\","
	    "\"last\":\"2023-11-14T22:13:29.000000000Z\",\"reason\":\"",
	    "and all that is known of it");
	free(text);
	denial.flags = JOURNAL_DENIAL_WOULD | JOURNAL_DENIAL_BUNDLE;
	text = write_event(&event, &denial);
	HAS_STR(text, "\"would\":true,\"by\":\"bundle\"", "audit, by the bundle's profile");
	free(text);
	text = write_event(&event, NULL);
	OK(!strstr(text, "\"denial\""), "one that cannot be read is left out");
	free(text);
}

static int
is_json(const char *text)
{
	yajl_handle reader = yajl_alloc(NULL, NULL, NULL);
	int valid =
	    yajl_parse(reader, (const unsigned char *)text, strlen(text)) == yajl_status_ok &&
	    yajl_complete_parse(reader) == yajl_status_ok;

	yajl_free(reader);
	return valid;
}

/* One line, that a terminal and a JSON parser can take. */
static int
is_tame(const char *text)
{
	for (; *text && *text != '\n'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return 0;
	return strcmp(text, "\n") == 0;
}

/* Terminated, as the journal's reader leaves it; sometimes near to what is known. */
static struct journal_denial
random_denial(void)
{
	struct journal_denial denial;
	unsigned char *noise = (unsigned char *)&denial;

	for (size_t i = 0; i < sizeof(denial); i++)
		noise[i] = (unsigned char)rand();
	denial.comm[sizeof(denial.comm) - 1] = denial.exe[sizeof(denial.exe) - 1] = '\0';
	if (rand() % 2)
		denial.arch = NATIVE;
	if (rand() % 2)
		denial.number = rand() % 480;
	if (rand() % 2)
		denial.errnum = rand() % 140;
	return denial;
}

static int
has_control(const char *text)
{
	for (; text && *text; text++)
		if (*text < ' ' || *text > '~')
			return 1;
	return text == NULL;
}

static void
test_noise(void)
{
	int not_json = 0, not_tame = 0, control = 0;

	srand(4);
	for (int round = 0; round < 5000; round++) {
		struct journal_denial denial = random_denial();
		struct journal_event event = { .kind = JOURNAL_DENIED };
		struct arena arena = { .blocks = NULL };
		char *text;

		memcpy(event.comm, denial.comm, sizeof(event.comm));
		text = write_event(&event, &denial);
		not_json += !is_json(text);
		not_tame += !is_tame(text);
		control += has_control(denial_call(&denial, &arena)) +
			   has_control(denial_arguments(&denial, &arena)) +
			   has_control(denial_errno(&denial, &arena)) +
			   has_control(denial_program(&denial, &arena)) +
			   has_control(denial_reason(&denial, &plan, &arena));
		arena_free(&arena);
		free(text);
	}
	EQ_INT(not_json, 0, "5000 denials of noise: JSON all the same");
	EQ_INT(not_tame, 0, "on one line without a control character");
	EQ_INT(control, 0, "and their words are printable ASCII");
	OK(!is_json("{\"a\":\"\n\"}") && !is_tame("a\033\n"), "the checks can fail");
}

/* --------------------------------------------------------------------------------- metrics */

static void
test_metrics(void)
{
	static const struct openmetrics_family family = { "osless_denied_calls",
		OPENMETRICS_COUNTER, NULL, "Help." };
	struct journal_denial denials[] = {
		make(SYS_unshare, EPERM, 0),
		make(SYS_unshare, EPERM, 0), /* another program's */
		make(SYS_unshare, ENOSYS, 0),
		make(SYS_unshare, EPERM, 0),
		make(9998, ENOSYS, 0),
		make(9999, ENOSYS, 0),
	};
	struct metrics_box box = {
		.id = "c1", .has_journal = 1, .denials = denials, .denial_count = 6
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	denials[3].flags = JOURNAL_DENIAL_WOULD;
	metrics_denied_calls(out, &family, &box);
	(void)fclose(out);
	EQ_STR(text,
	    "osless_denied_calls_total{id=\"c1\",call=\"unshare\",errno=\"EPERM\","
	    "action=\"refused\"} 6\n"
	    "osless_denied_calls_total{id=\"c1\",call=\"unshare\",errno=\"ENOSYS\","
	    "action=\"refused\"} 3\n"
	    "osless_denied_calls_total{id=\"c1\",call=\"unshare\",errno=\"EPERM\","
	    "action=\"would\"} 3\n"
	    "osless_denied_calls_total{id=\"c1\",call=\"unknown call\",errno=\"ENOSYS\","
	    "action=\"refused\"} 6\n",
	    "one sample for each call, errno and action, whoever made it");
	free(text);
}

int
main(void)
{
	test_calls();
	test_answers();
	test_reasons();
	test_cures();
	test_event();
	test_noise();
	test_metrics();
	DONE();
}
