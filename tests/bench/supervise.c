/* The payload of tests/bench/supervise, and its outside: one word a measurement.
 *
 *   inside a container
 *     orphans TRIALS SETTLE_MS   from a parent's death to its child's, ns a trial
 *     worker IN OUT              waits for orders (see compare)
 *     restarted TRIALS           dies, is restarted, ... and ends well after so many
 *     sleepers COUNT             so many children, which sleep
 *   outside
 *     worker IN OUT              as above
 *     compare WHAT ROUNDS EACH DIR...
 *                                has the workers behind DIR/in and DIR/out do WHAT (letters: f is
 *                                fork+exit+wait, t pthread_create+join), EACH a batch, a batch each
 *                                by turns, so that all meet the same machine; writes a number (ns)
 *                                a trial to DIR/f and DIR/t
 *     gaps FILE                  from a death to the next start: what `restarted` has written
 *     stats                      numbers on stdin; prints "count median p99"
 *
 * Static, so that it runs in any rootfs. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "bench.h"

#define WORKERS_MAX 8
#define BATCH_MAX 1000
#define WARM_UP 5    /* batches */
#define JITTER_MS 31 /* trials must not fall in step with init's beat */
#define RESTART_MS 1 /* how long a worker lives */

struct order {
	uint32_t what; /* a letter */
	uint32_t count;
};

/* What `restarted` leaves of each life. */
struct life {
	int64_t begun_ns;
	int64_t ended_ns;
};

static void
sleep_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* ------------------------------------------------------------------------------------- numbers */

static void
print_stats(int64_t *numbers, size_t count)
{
	if (count == 0) {
		errno = ENODATA;
		die("numbers");
	}
	qsort(numbers, count, sizeof(*numbers), compare_numbers);
	(void)printf("%zu %lld %lld\n", count, (long long)numbers[count / 2],
	    (long long)numbers[(count * 99 + 99) / 100 - 1]);
}

static int
stats(char **words)
{
	size_t count = 0, room = 1 << 16;
	int64_t *numbers = must_have(room, sizeof(*numbers));
	long long number;

	(void)words;
	while (count < room && scanf("%lld", &number) == 1)
		numbers[count++] = number;
	print_stats(numbers, count);
	free(numbers);
	return 0;
}

/* ------------------------------------------------------------------------------------- orphans */

static _Noreturn void
linger(void)
{
	for (;;)
		pause();
}

/* The child's death is the end of a pipe, of which it has the last writing end. A fresh parent
 * dies as soon as it has a child, a known one settle_ms later. */
static int64_t
orphan_ns(long settle_ms)
{
	int life[2];
	int64_t start;
	pid_t parent;
	char byte;

	must(pipe(life), "pipe");
	parent = (pid_t)must(fork(), "fork");
	if (parent == 0) {
		if (must(fork(), "fork") == 0) {
			write_all(life[1], "", 1);
			linger();
		}
		linger();
	}
	(void)close(life[1]);
	read_all(life[0], &byte, 1);
	sleep_ms(settle_ms);
	start = now_ns();
	must(kill(parent, SIGKILL), "kill");
	while (read(life[0], &byte, 1) < 0)
		;
	start = now_ns() - start;
	(void)close(life[0]);
	must(waitpid(parent, NULL, 0), "wait");
	return start;
}

static int
orphans(char **words)
{
	long trials = number_of(words[0]), settle_ms = number_of(words[1]);

	for (long i = 0; i < trials; i++) {
		sleep_ms(random() % JITTER_MS);
		(void)printf("%lld\n", (long long)orphan_ns(settle_ms));
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

/* ------------------------------------------------------------------------------------- workers */

static void
fork_once(void)
{
	pid_t pid = (pid_t)must(fork(), "fork");

	if (pid == 0)
		_exit(0);
	must(waitpid(pid, NULL, 0), "wait");
}

static void *
thread_body(void *nothing)
{
	return nothing;
}

static void
thread_once(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, thread_body, NULL);
	if (errno == 0)
		errno = pthread_join(thread, NULL);
	if (errno != 0)
		die("thread");
}

static void
do_batch(const struct order *order, int out)
{
	static int64_t took_ns[BATCH_MAX];

	for (uint32_t i = 0; i < order->count; i++) {
		int64_t start = now_ns();

		if (order->what == 'f')
			fork_once();
		else
			thread_once();
		took_ns[i] = now_ns() - start;
	}
	write_all(out, took_ns, order->count * sizeof(*took_ns));
}

static int
worker(char **words)
{
	int in = (int)must(open(words[0], O_RDONLY | O_CLOEXEC), words[0]);
	int out = (int)must(open(words[1], O_WRONLY | O_CLOEXEC), words[1]);
	struct order order;

	while (must(read(in, &order, sizeof(order)), "read") == sizeof(order)) {
		if (order.count > BATCH_MAX)
			return 1;
		do_batch(&order, out);
	}
	return 0;
}

struct peer {
	const char *dir;
	int in, out;
	size_t count;
	int64_t *numbers;
};

/* Opened in the order in which the worker opens them. */
static void
meet(struct peer *peer, const char *dir, size_t room)
{
	char path[4096];

	peer->dir = dir;
	(void)snprintf(path, sizeof(path), "%s/in", dir);
	peer->in = (int)must(open(path, O_WRONLY | O_CLOEXEC), path);
	(void)snprintf(path, sizeof(path), "%s/out", dir);
	peer->out = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
	peer->numbers = must_have(room, sizeof(*peer->numbers));
}

static void
time_batch(struct peer *peer, const struct order *order)
{
	write_all(peer->in, order, sizeof(*order));
	read_all(peer->out, peer->numbers + peer->count, order->count * sizeof(*peer->numbers));
	peer->count += order->count;
}

/* Each round begins with another one. The first WARM_UP are not counted. */
static void
time_rounds(struct peer *peers, size_t count, const struct order *order, size_t rounds)
{
	for (size_t round = 0; round < WARM_UP + rounds; round++) {
		for (size_t i = 0; round <= WARM_UP && i < count; i++)
			peers[i].count = 0;
		for (size_t i = 0; i < count; i++)
			time_batch(&peers[(round + i) % count], order);
	}
}

static void
write_numbers(const struct peer *peer, char what)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%c", peer->dir, what);
	file = fopen(path, "w");
	if (!file)
		die(path);
	for (size_t i = 0; i < peer->count; i++)
		(void)fprintf(file, "%lld\n", (long long)peer->numbers[i]);
	if (fclose(file) != 0)
		die(path);
}

static void
compare_one(struct peer *peers, size_t count, const struct order *order, size_t rounds)
{
	time_rounds(peers, count, order, rounds);
	for (size_t i = 0; i < count; i++)
		write_numbers(&peers[i], (char)order->what);
}

static int
compare(char **words)
{
	struct order order = { .count = (uint32_t)number_of(words[2]) };
	size_t rounds = (size_t)number_of(words[1]), count = 0;
	struct peer peers[WORKERS_MAX] = { { NULL, 0, 0, 0, NULL } };

	if (order.count > BATCH_MAX)
		return 2;
	for (char **dir = words + 3; *dir && count < WORKERS_MAX; dir++)
		meet(&peers[count++], *dir, (rounds + 1) * order.count);
	for (const char *what = words[0]; *what; what++) {
		order.what = (unsigned char)*what;
		compare_one(peers, count, &order, rounds);
	}
	while (count-- > 0) {
		free(peers[count].numbers);
		(void)close(peers[count].in); /* the worker ends by that */
		(void)close(peers[count].out);
	}
	return 0;
}

/* ------------------------------------------------------------------------------------ restarts */

/* stdout is a file; its length tells how many have lived before. */
static int
restarted(char **words)
{
	struct life life = { .begun_ns = now_ns() };
	long before = must(lseek(STDOUT_FILENO, 0, SEEK_END), "stdout") / (long)sizeof(life);

	sleep_ms(RESTART_MS);
	life.ended_ns = now_ns();
	write_all(STDOUT_FILENO, &life, sizeof(life));
	return before < number_of(words[0]) ? 1 : 0;
}

static int
gaps(char **words)
{
	int fd = (int)must(open(words[0], O_RDONLY | O_CLOEXEC), words[0]);
	size_t count = (size_t)must(lseek(fd, 0, SEEK_END), words[0]) / sizeof(struct life);
	struct life *lives = must_have(count, sizeof(*lives));
	int64_t *numbers = must_have(count, sizeof(*numbers));

	must(lseek(fd, 0, SEEK_SET), words[0]);
	read_all(fd, lives, count * sizeof(*lives));
	for (size_t i = 1; i < count; i++)
		numbers[i - 1] = lives[i].begun_ns - lives[i - 1].ended_ns;
	print_stats(numbers, count ? count - 1 : 0);
	free(lives);
	free(numbers);
	(void)close(fd);
	return 0;
}

/* ------------------------------------------------------------------------------------ sleepers */

static int
sleepers(char **words)
{
	for (long i = number_of(words[0]); i > 0; i--)
		if (must(fork(), "fork") == 0)
			linger();
	(void)printf("ready\n");
	(void)fflush(stdout);
	linger();
}

static const struct {
	const char *word;
	int (*act)(char **words);
	int least; /* words that it needs */
} acts[] = {
	{ "compare", compare, 4 },
	{ "gaps", gaps, 1 },
	{ "orphans", orphans, 2 },
	{ "restarted", restarted, 1 },
	{ "sleepers", sleepers, 1 },
	{ "stats", stats, 0 },
	{ "worker", worker, 2 },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].word, argv[1]) == 0 && argc - 2 >= acts[i].least)
			return acts[i].act(argv + 2);
	(void)fprintf(stderr, "bench: what? (see the top of supervise.c)\n");
	return 2;
}
