/* /proc/PID/stat (proc(5)), as far as anybody here asks. Pure. */
#ifndef OSLESS_BASE_PROCESS_STAT_H
#define OSLESS_BASE_PROCESS_STAT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_COMM_MAX 64 /* of kernel threads; others' have 15 characters */

struct process_stat {
	pid_t pid;
	pid_t parent;
	uint32_t threads;
	int32_t status;   /* wait status of a zombie; 0 where the kernel does not tell (the last
			   * field, for   those who may not trace the process) */
	uint64_t started; /* ticks since boot: with pid it names a process for good */
	char state;       /* R S D T t Z I X ... */
	char comm[PROCESS_COMM_MAX]; /* the process chooses it: may hold any byte but NUL */
};

/* From the file's text, which need not be terminated. Returns 0, or -1: that is no such text. */
int process_stat_parse(const char *text, size_t length, struct process_stat *stat);

#endif
