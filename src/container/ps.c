/* ps: the processes of a container's cgroups and of those below, with the pids of the host. The
 * table is the host's own ps(1), whose lines for other processes are left out: it knows all the
 * columns that callers ask for. */
#include "container/container.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/syscalls.h"
#include "container/look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct pids {
	pid_t *items; /* ascending */
	size_t count;
};

static int
compare_pids(const void *a, const void *b)
{
	pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

	return (left > right) - (left < right);
}

static int
read_pids(const struct look *look, struct pids *pids, struct error *err)
{
	if (look->plan->cgroup.dirs.count == 0)
		return error_set(err,
		    "the container has no cgroups, which would tell its processes: try "
		    "osless tree %s",
		    look->id);
	if (cgroup_pids(&look->cgroup, &pids->items, &pids->count, err) < 0)
		return -1;
	if (pids->count)
		qsort(pids->items, pids->count, sizeof(*pids->items), compare_pids);
	return 0;
}

static void
print_json(const struct pids *pids, FILE *out)
{
	(void)fputc('[', out); /* cli.c checks the stream */
	for (size_t i = 0; i < pids->count; i++)
		(void)fprintf(out, "%s%d", i ? "," : "", (int)pids->items[i]);
	(void)fputs("]\n", out);
}

/* ------------------------------------------------------------------------------ the table */

/* Moves *at to the next word of a line and returns its length; 0 at the end. */
static size_t
next_word(const char **at)
{
	*at += strspn(*at, " \t\n");
	return strcspn(*at, " \t\n");
}

/* Which word of ps' heading is PID; -1: none. */
static int
find_column(const char *heading)
{
	size_t length;

	for (int column = 0; (length = next_word(&heading)); column++) {
		if (length == 3 && strncmp(heading, "PID", 3) == 0)
			return column;
		heading += length;
	}
	return -1;
}

static int
is_ours(const char *line, int column, const struct pids *pids)
{
	size_t length = next_word(&line);
	pid_t pid;

	for (; column > 0 && length; column--) {
		line += length;
		length = next_word(&line);
	}
	pid = (pid_t)strtol(line, NULL, 10); /* 0 where it is no number: nobody's */
	return length && pids->count &&
	       bsearch(&pid, pids->items, pids->count, sizeof(pid), compare_pids);
}

/* All that ps writes is read, or it would wait for us. */
static int
print_lines(FILE *from, const struct pids *pids, FILE *out, struct error *err)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	int column = -1;

	if (getline(&line, &size, from) > 0)
		column = find_column(line);
	if (column >= 0)
		(void)fputs(line, out); /* cli.c checks the stream, as below */
	while (getline(&line, &size, from) > 0)
		if (column >= 0 && is_ours(line, column, pids))
			(void)fputs(line, out);
	if (column < 0)
		return error_set(err,
		    "what ps writes has no column PID: leave its heading, or use --format json");
	return 0;
}

/* ps with default signals and the pipe as its stdout. *child gets its pid. -1: err. */
static int
spawn_ps(char *const *words, int output, pid_t *child, struct error *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int failed;

	(void)sigfillset(&all);   /* these and what follows fail for want of memory at most: */
	(void)sigemptyset(&none); /* then posix_spawnp does, too */
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	(void)sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); /* a caller's stray ones */
	failed = posix_spawnp(child, "ps", &actions, &attributes, words, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (failed == ENOENT)
		return error_set(
		    err, "this host has no ps program: install procps, or use --format json");
	return failed ? error_num(err, failed, "run ps") : 0;
}

static int
wait_ps(pid_t child, struct error *err)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_sys(err, "wait for ps");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(err, "ps failed: %s %d", WIFEXITED(status) ? "exit status" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

/* ps' own failure is told before what it may have done to its output. */
static int
run_ps(char *const *words, const struct pids *pids, FILE *out, struct error *err)
{
	AUTO_FD int output = -1;
	struct error output_err;
	int ends[2], printed, waited;
	pid_t child;
	FILE *from;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_sys(err, "make a pipe");
	output = ends[1];
	from = fdopen(ends[0], "r");
	if (!from) {
		(void)close(ends[0]); /* a pipe's end */
		return error_sys(err, "read from ps");
	}
	if (spawn_ps(words, output, &child, err) < 0)
		return fclose(from), -1;
	auto_close(&output); /* or its end would never come */
	printed = print_lines(from, pids, out, &output_err);
	(void)fclose(from); /* read only */
	waited = wait_ps(child, err);
	if (waited == 0 && printed < 0)
		*err = output_err;
	return waited < 0 ? -1 : printed;
}

/* "ps -ef", or ps with the caller's options. */
static int
print_table(
    const struct container_words *given, const struct pids *pids, FILE *out, struct error *err)
{
	static const char *const usual[] = { "-ef" };
	struct container_words options =
	    given->count ? *given : (struct container_words) { usual, 1 };
	struct arena arena = { .blocks = NULL };
	char **words = arena_array(&arena, options.count + 2, sizeof(*words));
	int result = -1;

	if (words)
		words[0] = arena_strdup(&arena, "ps");
	for (uint64_t i = 0; words && i < options.count; i++)
		words[i + 1] = arena_strdup(&arena, options.items[i]);
	if (!words || !words[options.count])
		(void)error_num(err, ENOMEM, "ps");
	else
		result = run_ps(words, pids, out, err);
	arena_free(&arena);
	return result;
}

int
container_ps(const struct container_host *host, const char *id, enum container_ps_format format,
    const struct container_words *options, FILE *out, struct error *err)
{
	struct look look = LOOK_NONE;
	struct pids pids = { .count = 0 };
	int result = look_open(host, id, &look, err);

	if (result == 0)
		result = read_pids(&look, &pids, err);
	if (result == 0 && format == PS_JSON)
		print_json(&pids, out);
	else if (result == 0)
		result = print_table(options, &pids, out, err);
	free(pids.items);
	look_close(&look);
	return result;
}
