/* The payload of tests/bench/syscalls, and its outside: one word an act.
 *
 *   in each place that is compared
 *     worker IN OUT   waits for orders, answers each with what so many calls took
 *     filtered IN OUT
 *                     the same, under a filter that allows everything: what the kernel asks for any
 *   outside
 *     compare ROUNDS EACH KIND=DIR...
 *                     has the workers behind DIR/in and DIR/out make every call of the table below,
 *                     EACH a batch, a batch each by turns, so that all meet the same machine; adds
 *                     a line (ns a call in thousandths, errno) a batch to KIND.NUMBER here
 *     table CLASS COLUMN...
 *                     prints what is in those files as Markdown; a COLUMN is a KIND or, for a ratio
 *                     of medians, KIND/KIND
 *
 * A call that answers other than expected ends the run: failing fast must not count as fast.
 * Static, so that it runs in any rootfs. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "bench.h"

#define WORKERS_MAX 8
#define WARM_UP 3 /* batches */
#define NUMBERS_MAX (1 << 16)

enum class {
	HOT, /* allowed whatever the arguments: served by the kernel's cache of constant answers */
	ARGUMENT, /* allowed, after a look at an argument */
	REFUSED,  /* outside made in a way that changes nothing */
};

struct call {
	const char *name;
	enum class class;
	int errnum; /* what osless answers; allowed calls succeed everywhere */
	int share;  /* a batch has so many times fewer */
	long (*act)(void);
};

struct order {
	uint32_t call; /* index in calls[] */
	uint32_t count;
};

struct answer {
	int64_t took_ns;
	int32_t errnum; /* of the last call */
	int32_t unused;
};

/* ------------------------------------------------------------------------------------- the calls
 */

static int zero, null, epoll, ends[2];
static int futex_word;
static char byte;

static void
prepare(void)
{
	zero = (int)must(open("/dev/zero", O_RDONLY | O_CLOEXEC), "/dev/zero");
	null = (int)must(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null");
	epoll = (int)must(epoll_create1(EPOLL_CLOEXEC), "epoll");
	must(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), "socketpair");
}

static long
do_getppid(void)
{
	return syscall(SYS_getppid);
}

static long
do_read(void)
{
	return syscall(SYS_read, zero, &byte, 1);
}

static long
do_write(void)
{
	return syscall(SYS_write, null, &byte, 1);
}

static long
do_futex(void)
{
	return syscall(SYS_futex, &futex_word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static long
do_clock_gettime(void)
{
	struct timespec now;

	return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}

static long
do_epoll(void)
{
	struct epoll_event event;

	return syscall(SYS_epoll_pwait, epoll, &event, 1, 0, NULL, 8);
}

static long
do_send(void)
{
	if (syscall(SYS_sendto, ends[0], &byte, 1, 0, NULL, 0) < 0)
		return -1;
	return syscall(SYS_recvfrom, ends[1], &byte, 1, 0, NULL, NULL);
}

static long
do_openat(void)
{
	long fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fd : syscall(SYS_close, fd);
}

static long
do_newfstatat(void)
{
	struct stat st;

	return syscall(SYS_newfstatat, AT_FDCWD, "/dev/null", &st, 0);
}

static long
do_mmap(void)
{
	long page = syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);

	return page == -1 ? page : syscall(SYS_munmap, page, 4096);
}

static long
do_ioctl(void)
{
	int waiting;

	return syscall(SYS_ioctl, ends[1], FIONREAD, &waiting);
}

static long
do_fcntl(void)
{
	return syscall(SYS_fcntl, null, F_GETFL, 0);
}

static long
do_prctl(void)
{
	return syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static long
do_socket(void)
{
	long fd = syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd < 0 ? fd : syscall(SYS_close, fd);
}

/* No structure: EINVAL where the kernel is asked. */
static long
do_clone3(void)
{
	return syscall(SYS_clone3, NULL, 0);
}

static long
do_setuid(void)
{
	return syscall(SYS_setuid, 0);
}

/* Of no keyring. */
static long
do_keyctl(void)
{
	return syscall(SYS_keyctl, KEYCTL_DESCRIBE, 0, NULL, 0, 0);
}

static const struct call calls[] = {
	{ "getppid", HOT, 0, 1, do_getppid },
	{ "read, 1 byte of /dev/zero", HOT, 0, 1, do_read },
	{ "write, 1 byte to /dev/null", HOT, 0, 1, do_write },
	{ "futex, wake where none waits", HOT, 0, 1, do_futex },
	{ "clock_gettime, as a call", HOT, 0, 1, do_clock_gettime },
	{ "epoll_pwait, nothing ready", HOT, 0, 1, do_epoll },
	{ "sendto + recvfrom, 1 byte", HOT, 0, 1, do_send },
	{ "openat + close, /dev/null", HOT, 0, 1, do_openat },
	{ "newfstatat, /dev/null", HOT, 0, 1, do_newfstatat },
	{ "mmap + munmap, a page", HOT, 0, 1, do_mmap },
	{ "ioctl FIONREAD", ARGUMENT, 0, 1, do_ioctl },
	{ "fcntl F_GETFL", ARGUMENT, 0, 1, do_fcntl },
	{ "prctl PR_GET_DUMPABLE", ARGUMENT, 0, 1, do_prctl },
	{ "socket + close", ARGUMENT, 0, 1, do_socket },
	{ "setuid, pretended", REFUSED, 0, 1, do_setuid },
	{ "clone3, refused without event", REFUSED, ENOSYS, 1, do_clone3 },
	{ "keyctl, refused with event", REFUSED, EPERM, 20, do_keyctl },
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* -------------------------------------------------------------------------------------- workers */

static struct answer
do_batch(const struct order *order)
{
	long (*act)(void) = calls[order->call].act;
	struct answer answer = { 0, 0, 0 };
	int64_t start = now_ns();
	long result = 0;

	for (uint32_t i = 0; i < order->count; i++)
		result = act();
	answer.took_ns = now_ns() - start;
	answer.errnum = result < 0 ? errno : 0;
	return answer;
}

static int
worker(char **words)
{
	int in = (int)must(open(words[0], O_RDONLY | O_CLOEXEC), words[0]);
	int out = (int)must(open(words[1], O_WRONLY | O_CLOEXEC), words[1]);
	struct order order;

	prepare();
	while (must(read(in, &order, sizeof(order)), "read") == sizeof(order)) {
		struct answer answer;

		if (order.call >= CALLS || order.count == 0)
			return 1;
		answer = do_batch(&order);
		write_all(out, &answer, sizeof(answer));
	}
	return 0;
}

static int
filtered(char **words)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	const struct sock_fprog filter = { 1, &allow };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter), "seccomp");
	return worker(words);
}

/* -------------------------------------------------------------------------------------- compare */

struct peer {
	const char *kind;
	int in, out;
	FILE *file; /* of the present call */
};

/* Opened in the order in which the worker opens them. */
static void
meet(struct peer *peer, char *word)
{
	char *dir = strchr(word, '='), path[4096];

	errno = EINVAL;
	if (!dir)
		die(word);
	*dir++ = '\0';
	peer->kind = word;
	(void)snprintf(path, sizeof(path), "%s/in", dir);
	peer->in = (int)must(open(path, O_WRONLY | O_CLOEXEC), path);
	(void)snprintf(path, sizeof(path), "%s/out", dir);
	peer->out = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
}

static void
open_file(struct peer *peer, size_t call)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s.%zu", peer->kind, call);
	peer->file = fopen(path, "ae");
	if (!peer->file)
		die(path);
}

static void
close_file(struct peer *peer)
{
	if (fclose(peer->file) != 0)
		die(peer->kind);
}

static void
expect(const struct peer *peer, const struct call *call, int errnum)
{
	int is_osless = strncmp(peer->kind, "osless", 6) == 0;

	if (call->class == REFUSED && !is_osless)
		return;
	if (errnum == call->errnum)
		return;
	(void)fprintf(stderr, "bench: %s: %s answers %s, not %s\n", peer->kind, call->name,
	    strerror(errnum), strerror(call->errnum));
	exit(1);
}

static void
time_batch(struct peer *peer, const struct order *order, long round)
{
	struct answer answer;

	write_all(peer->in, order, sizeof(*order));
	read_all(peer->out, &answer, sizeof(answer));
	expect(peer, &calls[order->call], answer.errnum);
	if (round >= 0)
		(void)fprintf(peer->file, "%lld %d\n",
		    (long long)(answer.took_ns * 1000 / order->count), (int)answer.errnum);
}

/* Each round begins with another worker. The first are not counted. */
static void
time_call(struct peer *peers, size_t count, size_t call, long rounds, long each)
{
	long fewer = each / calls[call].share;
	struct order order = { .call = (uint32_t)call, .count = (uint32_t)(fewer ? fewer : 1) };

	for (size_t i = 0; i < count; i++)
		open_file(&peers[i], call);
	for (long round = -WARM_UP; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			time_batch(&peers[((size_t)(round + WARM_UP) + i) % count], &order, round);
	for (size_t i = 0; i < count; i++)
		close_file(&peers[i]);
}

static int
compare(char **words)
{
	long rounds = number_of(words[0]), each = number_of(words[1]);
	struct peer peers[WORKERS_MAX] = { { NULL, 0, 0, NULL } };
	size_t count = 0;

	for (char **word = words + 2; *word && count < WORKERS_MAX; word++)
		meet(&peers[count++], *word);
	for (size_t call = 0; call < CALLS; call++)
		time_call(peers, count, call, rounds, each);
	while (count-- > 0) {
		(void)close(peers[count].in); /* the worker ends by that */
		(void)close(peers[count].out);
	}
	return 0;
}

/* ---------------------------------------------------------------------------------------- table */

struct result {
	double ns; /* median */
	int errnum;
};

static struct result
read_result(const char *kind, int kind_length, size_t call)
{
	int64_t *numbers = must_have(NUMBERS_MAX, sizeof(*numbers));
	struct result result = { 0, 0 };
	long long number;
	size_t count = 0;
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%.*s.%zu", kind_length, kind, call);
	file = fopen(path, "re");
	if (!file)
		die(path);
	while (count < NUMBERS_MAX && fscanf(file, "%lld %d", &number, &result.errnum) == 2)
		numbers[count++] = number;
	errno = ENODATA;
	if (count == 0)
		die(path);
	result.ns = (double)median_of(numbers, count) / 1e3;
	free(numbers);
	(void)fclose(file); /* only read */
	return result;
}

static void
print_cell(const char *column, size_t call)
{
	const char *slash = strchr(column, '/');
	int length = (int)(slash ? slash - column : (long)strlen(column));
	struct result result = read_result(column, length, call);

	if (slash)
		(void)printf(
		    " %.3f |", result.ns / read_result(slash + 1, (int)strlen(slash + 1), call).ns);
	else if (result.errnum)
		(void)printf(" %.0f %s |", result.ns, strerrorname_np(result.errnum));
	else
		(void)printf(" %.0f |", result.ns);
}

static void
print_head(char **columns)
{
	(void)printf("| ns a call, median |");
	for (char **column = columns; *column; column++)
		(void)printf(" %s |", *column);
	(void)printf("\n|---|");
	for (char **column = columns; *column; column++)
		(void)printf("---:|");
	(void)printf("\n");
}

static int
table(char **words)
{
	static const char *const classes[] = {
		[HOT] = "hot", [ARGUMENT] = "argument", [REFUSED] = "refused"
	};

	print_head(words + 1);
	for (size_t call = 0; call < CALLS; call++) {
		if (strcmp(classes[calls[call].class], words[0]) != 0)
			continue;
		(void)printf("| %s |", calls[call].name);
		for (char **column = words + 1; *column; column++)
			print_cell(*column, call);
		(void)printf("\n");
	}
	return 0;
}

static const struct {
	const char *word;
	int (*act)(char **words);
	int least; /* words that it needs */
} acts[] = {
	{ "compare", compare, 3 },
	{ "filtered", filtered, 2 },
	{ "table", table, 2 },
	{ "worker", worker, 2 },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].word, argv[1]) == 0 && argc - 2 >= acts[i].least)
			return acts[i].act(argv + 2);
	(void)fprintf(stderr, "bench: what? (see the top of syscalls.c)\n");
	return 2;
}
