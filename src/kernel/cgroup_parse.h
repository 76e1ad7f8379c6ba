/* The texts of cgroup statistics files as numbers. Pure. Lines that make no sense are passed over:
 * kernels add new ones. */
#ifndef OSLESS_KERNEL_CGROUP_PARSE_H
#define OSLESS_KERNEL_CGROUP_PARSE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define CGROUP_NO_LIMIT UINT64_MAX

/* A number alone, or "max" (CGROUP_NO_LIMIT). 0; -1: it is neither. */
int cgroup_parse_number(const char *text, uint64_t *value);

/* The value of "key value" in a text of such lines. 0; -1: there is none. */
int cgroup_parse_find(const char *text, const char *key, uint64_t *value);

struct cgroup_pair {
	const char *key;
	uint64_t value;
};

struct cgroup_pairs {
	struct cgroup_pair *items;
	size_t count;
};

/* All lines "key value", in the arena; none where memory is exhausted. */
struct cgroup_pairs cgroup_parse_pairs(const char *text, struct arena *arena);

struct cgroup_numbers {
	uint64_t *items;
	size_t count;
};

/* Numbers with blanks between. */
struct cgroup_numbers cgroup_parse_numbers(const char *text, struct arena *arena);

/* One column, from 0, of lines of such numbers; lines without it are passed over (headings). */
struct cgroup_numbers cgroup_parse_column(const char *text, unsigned column, struct arena *arena);

/* "0-2,5" as 0 1 2 5, of at most CGROUP_LIST_MAX numbers (Linux' NR_CPUS goes up to 8192). */
#define CGROUP_LIST_MAX 8192u
struct cgroup_numbers cgroup_parse_list(const char *text, struct arena *arena);

/* One line of I/O statistics. */
struct cgroup_io {
	uint64_t major;
	uint64_t minor;
	const char *op; /* "Read", "Write", "Discard", ... */
	uint64_t value;
};

struct cgroup_ios {
	struct cgroup_io *items;
	size_t count;
};

/* v1: "8:0 Read 4096" lines; the last, "Total 4096", is left out. */
struct cgroup_ios cgroup_parse_io_v1(const char *text, struct arena *arena);

enum cgroup_io_what { CGROUP_IO_BYTES, CGROUP_IO_COUNT };

/* v2's io.stat: "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0". */
struct cgroup_ios
cgroup_parse_io_v2(const char *text, enum cgroup_io_what what, struct arena *arena);

/* Pressure stall information (Documentation/accounting/psi.rst). */
struct cgroup_pressure {
	int has;      /* 1: the line is there */
	double avg10; /* percent of the last 10 s */
	double avg60;
	double avg300;
	uint64_t total_us;
};

enum cgroup_pressure_kind { CGROUP_PRESSURE_SOME, CGROUP_PRESSURE_FULL, CGROUP_PRESSURE_KINDS };

void cgroup_parse_pressure(const char *text, struct cgroup_pressure lines[CGROUP_PRESSURE_KINDS]);

#endif
