/* What the measuring programs of tests/bench share. Every failure ends the process with a line that
 * names the act: a benchmark that has lost a trial has nothing to say. */
#ifndef OSLESS_BENCH_BENCH_H
#define OSLESS_BENCH_BENCH_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline _Noreturn void
die(const char *what)
{
	(void)fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline long
must(long result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static inline int64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline long
number_of(const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	if (end == word || *end || number < 0 || number > 1000000) {
		errno = EINVAL;
		die(word);
	}
	return number;
}

static inline void *
must_have(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		die("memory");
	return memory;
}

static inline void
read_all(int fd, void *to, size_t size)
{
	for (size_t got = 0; got < size;) {
		ssize_t more = must(read(fd, (char *)to + got, size - got), "read");

		if (more == 0) {
			errno = EPIPE;
			die("read");
		}
		got += (size_t)more;
	}
}

static inline void
write_all(int fd, const void *from, size_t size)
{
	for (size_t put = 0; put < size;)
		put += (size_t)must(write(fd, (const char *)from + put, size - put), "write");
}

static inline int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Of count > 0 numbers, which it sorts. */
static inline int64_t
median_of(int64_t *numbers, size_t count)
{
	qsort(numbers, count, sizeof(*numbers), compare_numbers);
	return numbers[count / 2];
}

#endif
