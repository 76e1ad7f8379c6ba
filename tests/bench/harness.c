/* Times commands against each other: every round runs each once, so that whatever else the machine
 * does hits all alike, and in an order of its own, so that none always runs in the wake of the
 * slowest (network namespaces are torn down after their command has ended). Prints one Markdown row
 * a command: median, 10th and 90th percentile of wall time (CLOCK_MONOTONIC from before the spawn
 * to after the reaping), ratios of medians, median peak RSS.
 *
 *     harness [-n ROUNDS] [-w WARMUPS] [-r NAME]... NAME=COMMAND...
 *
 * -r adds a column with each median divided by NAME's. A COMMAND is split at blanks (no shell); a
 * word `;` ends one program and begins the next; the program `@wait` reaps everything that the ones
 * before it left (the harness is a child subreaper, as engines' shims are). A program that fails
 * ends the run: failing fast must not count as fast.
 *
 * Link it statically: a spawned child's peak RSS starts from that of this program. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define WORDS_MAX 128

struct command {
	char *name;
	char *words[WORDS_MAX]; /* programs, each ended by NULL */
	size_t word_count;
	double *wall_ms; /* one a round */
	double *rss_kib;
};

struct bench {
	struct command commands[COMMANDS_MAX];
	size_t command_count;
	const char *ratios[COMMANDS_MAX];
	size_t ratio_count;
	long rounds, warmups;
};

static void
die(const char *act, const char *object)
{
	(void)fprintf(
	    stderr, "harness: %s %s: %s\n", act, object, errno ? strerror(errno) : "failed");
	exit(1);
}

static double
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* stdin and stdout are /dev/null, stderr is kept: errors must be seen. Returns peak RSS in KiB. */
static long
run_program(char **argv, const char *name)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int status;
	pid_t pid;

	(void)posix_spawn_file_actions_init(&actions); /* without memory the next calls fail */
	(void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	if (errno)
		die("start", argv[0]);
	(void)posix_spawn_file_actions_destroy(&actions); /* always 0 */
	if (wait4(pid, &status, 0, &usage) < 0)
		die("wait for", argv[0]);
	if (status != 0)
		die("run", name);
	return usage.ru_maxrss;
}

static void
reap_rest(void)
{
	while (wait(NULL) > 0 || errno == EINTR)
		;
	errno = 0;
}

/* Runs the command's programs one after another. Returns the greatest peak RSS, in KiB. */
static long
run_command(struct command *command)
{
	long peak = 0;

	for (size_t i = 0; i < command->word_count; i++) {
		char **argv = command->words + i;
		long rss = 0;

		if (strcmp(argv[0], "@wait") == 0)
			reap_rest();
		else
			rss = run_program(argv, command->name);
		peak = rss > peak ? rss : peak;
		while (command->words[i])
			i++;
	}
	return peak;
}

/* Adds a word, or with NULL ends the program that the words before make. */
static void
command_add(struct command *command, char *word)
{
	size_t count = command->word_count;

	errno = EINVAL;
	if (!word && (count == 0 || !command->words[count - 1]))
		die("find a program to run in", command->name);
	if (count + 2 > WORDS_MAX)
		die("hold so many words for", command->name);
	command->words[command->word_count++] = word;
	errno = 0;
}

static void
command_parse(struct command *command, char *text, long rounds)
{
	char *equals = strchr(text, '=');

	errno = EINVAL;
	if (!equals)
		die("read command, want NAME=COMMAND, got", text);
	*equals = '\0';
	command->name = text;
	for (char *word = strtok(equals + 1, " "); word; word = strtok(NULL, " "))
		command_add(command, strcmp(word, ";") == 0 ? NULL : word);
	command_add(command, NULL);
	command->wall_ms = calloc((size_t)rounds, sizeof(double));
	command->rss_kib = calloc((size_t)rounds, sizeof(double));
	if (!command->wall_ms || !command->rss_kib)
		die("allocate for", command->name);
	errno = 0;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* sorted has count > 0 values; part is 0..1. */
static double
quantile(const double *sorted, long count, double part)
{
	double at = part * (double)(count - 1);
	long below = (long)at;
	long above = below + 1 < count ? below + 1 : below;

	return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

static const struct command *
command_find(const struct bench *bench, const char *name)
{
	for (size_t i = 0; i < bench->command_count; i++)
		if (strcmp(bench->commands[i].name, name) == 0)
			return &bench->commands[i];
	errno = ENOENT;
	die("find the command of -r", name);
	return NULL;
}

/* The same orders in every run: the seed is fixed. */
static void
shuffle(size_t *order, size_t count)
{
	static unsigned int seed = 1;

	for (size_t i = count - 1; i > 0; i--) {
		size_t other = (size_t)rand_r(&seed) % (i + 1);
		size_t moved = order[i];

		order[i] = order[other];
		order[other] = moved;
	}
}

static void
measure(struct bench *bench)
{
	size_t order[COMMANDS_MAX];

	for (size_t i = 0; i < bench->command_count; i++)
		order[i] = i;
	for (long round = -bench->warmups; round < bench->rounds; round++) {
		shuffle(order, bench->command_count);
		for (size_t i = 0; i < bench->command_count; i++) {
			struct command *command = &bench->commands[order[i]];
			double start = now_ms();
			long rss = run_command(command);

			if (round < 0)
				continue;
			command->wall_ms[round] = now_ms() - start;
			command->rss_kib[round] = (double)rss;
		}
	}
}

static void
print_head(const struct bench *bench)
{
	(void)printf("| command | median ms | p10 | p90 |");
	for (size_t i = 0; i < bench->ratio_count; i++)
		(void)printf(" × %s |", bench->ratios[i]);
	(void)printf(" peak RSS KiB |\n|---|---:|---:|---:|");
	for (size_t i = 0; i < bench->ratio_count; i++)
		(void)printf("---:|");
	(void)printf("---:|\n");
}

static void
print_row(const struct bench *bench, const struct command *command)
{
	double median = quantile(command->wall_ms, bench->rounds, 0.5);

	(void)printf("| %s | %.2f | %.2f | %.2f |", command->name, median,
	    quantile(command->wall_ms, bench->rounds, 0.1),
	    quantile(command->wall_ms, bench->rounds, 0.9));
	for (size_t i = 0; i < bench->ratio_count; i++) {
		const struct command *base = command_find(bench, bench->ratios[i]);

		(void)printf(" %.2f |", median / quantile(base->wall_ms, bench->rounds, 0.5));
	}
	(void)printf(" %.0f |\n", quantile(command->rss_kib, bench->rounds, 0.5));
}

static void
print_table(struct bench *bench)
{
	for (size_t i = 0; i < bench->command_count; i++) {
		struct command *command = &bench->commands[i];

		qsort(command->wall_ms, (size_t)bench->rounds, sizeof(double), compare);
		qsort(command->rss_kib, (size_t)bench->rounds, sizeof(double), compare);
	}
	print_head(bench);
	for (size_t i = 0; i < bench->command_count; i++)
		print_row(bench, &bench->commands[i]);
}

static long
number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	errno = EINVAL;
	if (end == text || *end || value < 0 || value > 1000000)
		die("read number", text);
	errno = 0;
	return value;
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .rounds = 50, .warmups = 3 };
	int option;

	while ((option = getopt(argc, argv, "n:w:r:")) != -1) {
		if (option == 'n')
			bench.rounds = number(optarg);
		else if (option == 'w')
			bench.warmups = number(optarg);
		else if (option == 'r' && bench.ratio_count < COMMANDS_MAX)
			bench.ratios[bench.ratio_count++] = optarg;
		else
			return 2;
	}
	if (bench.rounds < 1 || argc == optind || argc - optind > COMMANDS_MAX)
		return 2;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		die("become", "subreaper");
	for (int i = optind; i < argc; i++)
		command_parse(&bench.commands[bench.command_count++], argv[i], bench.rounds);
	for (size_t i = 0; i < bench.ratio_count; i++)
		(void)command_find(&bench, bench.ratios[i]); /* before the work, not after */
	measure(&bench);
	print_table(&bench);
	return 0;
}
