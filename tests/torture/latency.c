/* How long an orphan outlives its parent. */
#include "torture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Microseconds from a parent's death to its child's, where both have been there for gap_ms. The
 * child's death is the end of a pipe, of which it has the last writing end. */
static long
orphan_death_us(long gap_ms)
{
	int life[2];
	long start;
	pid_t parent;

	if (pipe(life) < 0)
		give_up("pipe");
	parent = must_fork();
	if (parent == 0) {
		fork_lingerer();
		tell();
		linger();
	}
	close(life[1]);
	await(1);
	sleep_ms(gap_ms);
	start = now_us();
	kill(parent, SIGKILL);
	await_end(life[0]);
	start = now_us() - start;
	close(life[0]);
	await_death(parent);
	return start;
}

static int
compare_longs(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return x < y ? -1 : x > y;
}

/* TRIALS GAP_MS BUDGET_MS: prints "trials median p99 max", times in microseconds. Gaps are GAP_MS
 * and up to 30 more, lest they fall in step with a tick. Over the budget, fewer trials are made. */
int
latency(char **words)
{
	long trials = strtol(words[0], NULL, 10), gap_ms = strtol(words[1], NULL, 10), made = 0;
	long until_us = now_us() + strtol(words[2], NULL, 10) * 1000;
	long *took_us = calloc((size_t)trials, sizeof(*took_us));

	if (!took_us || trials < 1)
		give_up("latency");
	while (made < trials && (made == 0 || now_us() < until_us))
		took_us[made++] = orphan_death_us(gap_ms + random() % 31);
	qsort(took_us, (size_t)made, sizeof(*took_us), compare_longs);
	printf("%ld %ld %ld %ld\n", made, took_us[made / 2], took_us[(made * 99 + 99) / 100 - 1],
	    took_us[made - 1]);
	return fflush(stdout) == 0 ? 0 : 1;
}
