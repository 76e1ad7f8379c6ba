/* Answering refused calls: a child whose filter asks, this process as its supervisor. */
#include "supervise/denials.h"

#include "base/error.h"
#include "base/wire.h"
#include "plan/answer.h"
#include "supervise/clock.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls that do no harm, and what the filter answers to them. */
#define REFUSED SYS_sethostname
#define REFUSED_BY_BUNDLE SYS_setdomainname
#define WOULD SYS_getpriority
#define PRETENDED SYS_epoll_create1

#define IF_CALL(number, answer) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, (answer))

static struct sock_filter code[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	IF_CALL(REFUSED, ANSWER_ASK | EPERM),
	IF_CALL(REFUSED_BY_BUNDLE, ANSWER_ASK | ANSWER_BUNDLE | EACCES),
	IF_CALL(WOULD, ANSWER_ASK | ANSWER_WOULD | ENOSYS),
	IF_CALL(PRETENDED, ANSWER_ASK | ANSWER_WOULD),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

#define LENGTH (sizeof(code) / sizeof(code[0]))

static struct plan_child root[] = { { .id = "root" } };
static const struct plan_tree tree = { .children = { root, 1 } };
static uint64_t words[LENGTH];
static const struct plan_filter filter = { .code = { words, LENGTH } };

/* ------------------------------------------------------------------------------ the child */

/* Results of calls, for the parent to see; the child ends when all are made. */
struct results {
	long values[8];
	int64_t took_us;
	int stage;
};

static long
call(long number)
{
	long result = syscall(number, NULL, 0);

	return result < 0 ? -errno : result;
}

typedef void child_main(struct results *results);

static void
load_and_tell(int sock)
{
	struct sock_fprog program = { .len = LENGTH, .filter = code };
	struct wire_message message = WIRE_MESSAGE(1);
	struct error err;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(1);
	message.fd = (int)syscall(
	    SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (message.fd < 0 || wire_send(sock, &message, &err) < 0)
		_exit(1);
	(void)close(message.fd);
}

struct bench {
	struct denials denials;
	struct journal journal;
	struct results *results;
	int proc, file;
	pid_t child;
};

static void
start(struct bench *b, child_main *run)
{
	struct wire_message message;
	struct error err;
	int ends[2];

	*b = (struct bench) { .denials.events = -1 };
	b->results = mmap(
	    NULL, sizeof(*b->results), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	b->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	b->file = memfd_create("journal", MFD_CLOEXEC);
	if (b->file < 0 || ftruncate(b->file, (off_t)journal_size(&tree)) < 0 ||
	    journal_open(&b->journal, b->file, &tree, &err) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
		abort();
	b->child = fork();
	if (b->child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* else it would wait for ever */
		load_and_tell(ends[1]);
		run(b->results);
		_exit(0);
	}
	if (wire_receive(ends[0], &message, 10000, &err) <= 0 ||
	    denials_watch(&b->denials, message.fd, &err) < 0)
		abort();
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* As the loop does, until the child has ended. */
static void
tend(struct bench *b)
{
	int64_t due_us = INT64_MAX, end_us = now_us() + 20000000;

	while (waitpid(b->child, NULL, WNOHANG) == 0 && now_us() < end_us) {
		struct pollfd wake = { .fd = b->denials.events, .events = POLLIN };

		(void)poll(&wake, 1, due_us == INT64_MAX ? 10 : 1);
		if (denials_wait(&b->denials))
			denials_serve(&b->denials, &filter, b->proc, &b->journal);
		due_us = denials_release(&b->denials);
	}
	OK(now_us() < end_us, "the child ends");
	OK(!denials_wait(&b->denials), "nothing is left to answer");
}

static const struct journal_denial *
entry(const struct bench *b, size_t index)
{
	size_t size = journal_size(&tree);
	const struct journal_denial *entries =
	    (const void *)((const char *)b->journal.head + size - JOURNAL_DENIALS * 256ul);

	return &entries[index];
}

static uint64_t
counted(const struct bench *b, enum journal_counter which)
{
	return b->journal.head->counters[which];
}

static void
end(struct bench *b)
{
	(void)munmap(b->journal.head, journal_size(&tree));
	(void)munmap(b->results, sizeof(*b->results));
	(void)close(b->file);
	(void)close(b->proc);
	(void)close(b->denials.events);
}

/* ------------------------------------------------------------------------------ the tests */

static void
call_each(struct results *results)
{
	results->values[0] = call(REFUSED);
	results->values[1] = call(REFUSED_BY_BUNDLE);
	results->values[2] = call(WOULD);
	results->values[3] = call(PRETENDED);
	results->values[4] = call(REFUSED);
}

static void
test_answers(void)
{
	struct bench b;
	char self[64], exe[JOURNAL_EXE_MAX] = "";

	start(&b, call_each);
	(void)snprintf(self, sizeof(self), "/proc/%d/exe", (int)getpid());
	(void)!readlink(self, exe, sizeof(exe) - 1);
	tend(&b);
	EQ_INT(b.results->values[0], -EPERM, "refused");
	EQ_INT(b.results->values[1], -EACCES, "refused for the bundle");
	OK(b.results->values[2] >= 0, "executed, where it would be refused");
	OK(b.results->values[3] > 0, "executed, where it would be pretended");
	EQ_INT(b.results->values[4], -EPERM, "refused again");
	EQ_INT(b.journal.head->denials_used, 4, "four kinds");
	EQ_INT(entry(&b, 0)->count, 2, "of which the first twice");
	EQ_INT(entry(&b, 0)->number, REFUSED, "number");
	EQ_INT(entry(&b, 0)->errnum, EPERM, "errno");
	EQ_INT(entry(&b, 0)->pid, b.child, "pid");
	EQ_INT(entry(&b, 0)->flags, 0, "flags");
	EQ_INT(entry(&b, 1)->flags, JOURNAL_DENIAL_BUNDLE, "of the bundle");
	EQ_INT(entry(&b, 2)->flags, JOURNAL_DENIAL_WOULD, "would");
	EQ_INT(entry(&b, 3)->errnum, 0, "a pretence");
	EQ_STR(entry(&b, 0)->exe, exe, "exe");
	OK(strncmp(entry(&b, 0)->comm, "supervise_denia", 15) == 0 ||
		strncmp(entry(&b, 0)->comm, "lt-supervise", 12) == 0,
	    "comm");
	EQ_INT(counted(&b, JOURNAL_COUNT_DENIED), 3, "counted");
	EQ_INT(counted(&b, JOURNAL_COUNT_WOULD_DENY), 2, "apart");
	end(&b);
}

static void *
call_in_thread(void *results)
{
	(void)prctl(PR_SET_NAME, "a thread", 0, 0, 0);
	((struct results *)results)->values[0] = call(REFUSED);
	return NULL;
}

static void
start_thread(struct results *results)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, call_in_thread, results) == 0)
		(void)pthread_join(thread, NULL);
}

static void
test_thread(void)
{
	struct bench b;

	start(&b, start_thread);
	tend(&b);
	EQ_INT(b.results->values[0], -EPERM, "a thread is refused");
	EQ_INT(entry(&b, 0)->pid, b.child, "the process is named");
	EQ_STR(entry(&b, 0)->comm, "a thread", "and the thread's name");
	end(&b);
}

static void
flood(struct results *results)
{
	int64_t begun = now_us();

	for (int i = 0; i < 2 * DENIALS_PER_WINDOW + 10; i++)
		results->values[0] += call(REFUSED) == -EPERM;
	results->took_us = now_us() - begun;
}

/* Two windows are full, and two calls at least have waited for their ends. */
static void
test_flood(void)
{
	struct bench b;

	start(&b, flood);
	tend(&b);
	EQ_INT(b.results->values[0], 2 * DENIALS_PER_WINDOW + 10, "all are answered");
	OK(b.results->took_us > DENIALS_WINDOW_MS * 1000, "but not at once");
	printf("# %d calls took %lld ms\n", 2 * DENIALS_PER_WINDOW + 10,
	    (long long)b.results->took_us / 1000);
	EQ_INT(entry(&b, 0)->count, 2 * DENIALS_PER_WINDOW + 10, "and counted");
	EQ_INT(b.journal.head->denials_used, 1, "as one kind");
	end(&b);
}

static void
call_and_wait(struct results *results)
{
	(void)results;
	(void)call(REFUSED);
}

/* One that is killed while it waits for its answer needs none. */
static void
test_killed(void)
{
	struct bench b;
	struct pollfd wake;

	start(&b, call_and_wait);
	wake = (struct pollfd) { .fd = b.denials.events, .events = POLLIN };
	OK(poll(&wake, 1, 10000) == 1, "it asks");
	(void)kill(b.child, SIGKILL);
	OK(waitpid(b.child, NULL, 0) == b.child, "and is killed");
	OK(!denials_wait(&b.denials), "nobody waits");
	denials_serve(&b.denials, &filter, b.proc, &b.journal);
	EQ_INT(b.journal.head->denials_used, 0, "nothing is told of it");
	end(&b);
}

int
main(void)
{
	memcpy(words, code, sizeof(code));
	test_answers();
	test_thread();
	test_flood();
	test_killed();
	DONE();
}
