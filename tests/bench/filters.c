/* The tool of tests/bench/filters.
 *
 *     filters dump PID DIR   the filters that a process runs under, as DIR/0 (loaded last), DIR/1,
 * ... filters time ROUNDS RULES NAME=DIR... prints as Markdown, medians: what a process pays that
 * loads the filters of each DIR, and one that has libseccomp build what RULES says and load it; by
 * turns, each time in a child of its own
 *
 * RULES has a line a rule: NAME ERRNO [INDEX OPERATOR VALUE VALUE]..., where ERRNO 0 is to allow;
 * before them a line `default ERRNO`, and a line for each architecture, `arch WORD`.
 * tests/bench/filters makes it of a bundle's config.json. */
#include <fcntl.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/seccomp.h>

#include "bench.h"

#define INSTRUCTIONS_MAX 4096 /* BPF_MAXINSNS */
#define FILTERS_MAX 4
#define ROWS_MAX 16
#define RULES_MAX 2048
#define ARGS_MAX 6
#define ARCHES_MAX 8

/* ----------------------------------------------------------------------------------------- dump */

static void
write_filter(const char *dir, unsigned number, const struct sock_filter *code, size_t length)
{
	char path[4096];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%u", dir, number);
	fd = (int)must(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), path);
	write_all(fd, code, length * sizeof(*code));
	must(close(fd), path);
}

/* ptrace(2), PTRACE_SECCOMP_GET_FILTER: needs CONFIG_CHECKPOINT_RESTORE. */
static int
dump(char **words)
{
	static struct sock_filter code[INSTRUCTIONS_MAX];
	pid_t pid = (pid_t)number_of(words[0]);
	unsigned number = 0;
	long length;

	must(ptrace(PTRACE_SEIZE, pid, NULL, NULL), "ptrace");
	must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), "interrupt");
	must(waitpid(pid, NULL, __WALL), "wait for the stop");
	while ((length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, number, code)) > 0)
		write_filter(words[1], number++, code, (size_t)length);
	if (errno != ENOENT)
		die("read a filter");
	must(ptrace(PTRACE_DETACH, pid, NULL, NULL), "detach");
	return number > 0 ? 0 : 1;
}

/* ----------------------------------------------------------------------------------------- time */

struct rule {
	char name[64];
	uint32_t action;
	struct scmp_arg_cmp args[ARGS_MAX];
	unsigned args_count;
};

struct rules {
	uint32_t default_action;
	uint32_t arches[ARCHES_MAX];
	size_t arches_count;
	struct rule rules[RULES_MAX];
	size_t count;
};

struct row {
	const char *name;
	struct sock_fprog filters[FILTERS_MAX]; /* the last is loaded first */
	size_t filters_count;
	const struct rules *rules; /* instead of filters */
	int64_t *took_ns;          /* one a round */
};

static int64_t
load_filters(const struct row *row)
{
	int64_t start = now_ns();

	for (size_t i = row->filters_count; i > 0; i--)
		must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &row->filters[i - 1]),
		    row->name);
	return now_ns() - start;
}

/* What fails is passed over, as runtimes do: names that this libseccomp does not know, rules that
 * only repeat the default (EACCES), the machine's own architecture (EEXIST). */
static void
add_rules(scmp_filter_ctx context, const struct rules *rules)
{
	for (size_t i = 0; i < rules->arches_count; i++)
		(void)seccomp_arch_add(context, rules->arches[i]);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rules[i];
		int call = seccomp_syscall_resolve_name(rule->name);

		if (call != __NR_SCMP_ERROR)
			(void)seccomp_rule_add_array(
			    context, rule->action, call, rule->args_count, rule->args);
	}
}

static int64_t
build_and_load(const struct rules *rules)
{
	int64_t start = now_ns();
	scmp_filter_ctx context = seccomp_init(rules->default_action);

	errno = ENOMEM;
	if (!context)
		die("seccomp_init");
	add_rules(context, rules);
	errno = -seccomp_load(context);
	if (errno)
		die("seccomp_load");
	seccomp_release(context);
	return now_ns() - start;
}

static int64_t
time_once(const struct row *row)
{
	int64_t took_ns;
	int ends[2], status;
	pid_t pid;

	must(pipe(ends), "pipe");
	pid = (pid_t)must(fork(), "fork");
	if (pid == 0) {
		must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
		took_ns = row->rules ? build_and_load(row->rules) : load_filters(row);
		write_all(ends[1], &took_ns, sizeof(took_ns));
		_exit(0);
	}
	(void)close(ends[1]);
	read_all(ends[0], &took_ns, sizeof(took_ns));
	(void)close(ends[0]);
	must(waitpid(pid, &status, 0), "wait");
	return took_ns;
}

static void
read_filters(struct row *row, const char *dir)
{
	size_t size = INSTRUCTIONS_MAX * sizeof(struct sock_filter);
	char path[4096];
	int fd;

	for (;;) {
		struct sock_fprog *filter = &row->filters[row->filters_count];

		(void)snprintf(path, sizeof(path), "%s/%zu", dir, row->filters_count);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || row->filters_count == FILTERS_MAX)
			break;
		filter->filter = must_have(1, size);
		filter->len = (unsigned short)((size_t)must(read(fd, filter->filter, size), path) /
					       sizeof(struct sock_filter));
		(void)close(fd);
		row->filters_count++;
	}
	if (errno != ENOENT || row->filters_count == 0)
		die(path);
}

static void
parse_args(struct rule *rule, char *words)
{
	static const struct {
		const char *word;
		enum scmp_compare compare;
	} operators[] = {
		{ "SCMP_CMP_NE", SCMP_CMP_NE },
		{ "SCMP_CMP_LT", SCMP_CMP_LT },
		{ "SCMP_CMP_LE", SCMP_CMP_LE },
		{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
		{ "SCMP_CMP_GE", SCMP_CMP_GE },
		{ "SCMP_CMP_GT", SCMP_CMP_GT },
		{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	};
	unsigned long long a, b;
	unsigned index;
	char word[32];
	int used;

	while (rule->args_count < ARGS_MAX &&
	       sscanf(words, "%u %31s %llu %llu%n", &index, word, &a, &b, &used) == 4) {
		struct scmp_arg_cmp *arg = &rule->args[rule->args_count++];

		*arg = (struct scmp_arg_cmp) { .arg = index, .datum_a = a, .datum_b = b };
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
			if (strcmp(operators[i].word, word) == 0)
				arg->op = operators[i].compare;
		errno = EINVAL;
		if (arg->op == 0)
			die(word);
		words += used;
	}
}

static void
add_arch(struct rules *rules, const char *words)
{
	static const struct {
		const char *word;
		uint32_t arch;
	} arches[] = {
		{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64 },
		{ "SCMP_ARCH_X86", SCMP_ARCH_X86 },
		{ "SCMP_ARCH_X32", SCMP_ARCH_X32 },
		{ "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64 },
		{ "SCMP_ARCH_ARM", SCMP_ARCH_ARM },
	};
	char word[64] = "";

	(void)sscanf(words, "%63s", word); /* without a word none is found below */
	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (strcmp(arches[i].word, word) == 0 && rules->arches_count < ARCHES_MAX) {
			rules->arches[rules->arches_count++] = arches[i].arch;
			return;
		}
	die(word);
}

static void
parse_line(struct rules *rules, char *line)
{
	struct rule *rule = &rules->rules[rules->count];
	unsigned errnum;
	int used = 0;

	errno = EINVAL;
	if (sscanf(line, "%63s%n", rule->name, &used) != 1)
		die("a line without a word");
	if (strcmp(rule->name, "arch") == 0) {
		add_arch(rules, line + used);
		return;
	}
	line += used;
	if (sscanf(line, "%u%n", &errnum, &used) != 1)
		die(rule->name);
	rule->action = errnum ? SCMP_ACT_ERRNO(errnum) : SCMP_ACT_ALLOW;
	if (strcmp(rule->name, "default") == 0) {
		rules->default_action = rule->action;
		return;
	}
	parse_args(rule, line + used);
	rules->count++;
}

static struct rules *
read_rules(const char *path)
{
	struct rules *rules = must_have(1, sizeof(*rules));
	FILE *file = fopen(path, "re");
	char line[1024];

	if (!file)
		die(path);
	while (fgets(line, sizeof(line), file) && rules->count < RULES_MAX)
		parse_line(rules, line);
	(void)fclose(file); /* only read */
	return rules;
}

static void
print_row(struct row *row, size_t rounds)
{
	int64_t median = median_of(row->took_ns, rounds);

	(void)printf("| %s | ", row->name);
	for (size_t i = 0; i < row->filters_count; i++)
		(void)printf("%s%u", i ? " + " : "", row->filters[i].len);
	(void)printf(" | %.1f | %.1f |\n", (double)median / 1e3,
	    (double)row->took_ns[rounds * 9 / 10] / 1e3);
}

static void
add_row(struct row *row, char *word, size_t rounds)
{
	char *dir = strchr(word, '=');

	errno = EINVAL;
	if (!dir)
		die(word);
	*dir++ = '\0';
	row->name = word;
	row->took_ns = must_have(rounds, sizeof(*row->took_ns));
	read_filters(row, dir);
}

static int
time_all(char **words)
{
	size_t rounds = (size_t)number_of(words[0]), count = 1;
	struct row rows[ROWS_MAX] = { { .name = "libseccomp builds and loads Docker's profile" } };

	rows[0].rules = read_rules(words[1]);
	rows[0].took_ns = must_have(rounds, sizeof(*rows[0].took_ns));
	for (char **word = words + 2; *word && count < ROWS_MAX; word++)
		add_row(&rows[count++], *word, rounds);
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			struct row *row = &rows[(round + i) % count];

			row->took_ns[round] = time_once(row);
		}
	(void)printf("| what is loaded | instructions | median us | 90th percentile |\n");
	(void)printf("|---|---:|---:|---:|\n");
	for (size_t i = 0; i < count; i++)
		print_row(&rows[i], rounds);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "dump") == 0)
		return dump(argv + 2);
	if (argc > 4 && strcmp(argv[1], "time") == 0 && number_of(argv[2]) > 0)
		return time_all(argv + 2);
	(void)fprintf(stderr, "bench: what? (see the top of filters.c)\n");
	return 2;
}
