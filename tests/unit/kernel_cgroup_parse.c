/* Texts of cgroup statistics files. */
#include "tap.h"

#include "kernel/cgroup_parse.h"

static void
test_numbers(void)
{
	static const struct {
		const char *text;
		int result;
		uint64_t value;
	} rows[] = {
		{ "0", 0, 0 },
		{ "123\n", 0, 123 },
		{ "max", 0, CGROUP_NO_LIMIT },
		{ "max\n", 0, CGROUP_NO_LIMIT },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -1, 0 },
		{ "", -1, 0 },
		{ "-1", -1, 0 },
		{ "12x", -1, 0 },
		{ "maximum", -1, 0 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t value = 0;
		int result = cgroup_parse_number(rows[i].text, &value);

		EQ_INT(result, rows[i].result, rows[i].text);
		if (result == 0)
			OK(value == rows[i].value, rows[i].text);
	}
}

static void
test_pairs(struct arena *arena)
{
	static const char text[] = "low 0\noom 2\noom_kill 5\nbad\nworse x\n 7\n";
	struct cgroup_pairs pairs = cgroup_parse_pairs(text, arena);
	uint64_t value = 0;

	EQ_INT(cgroup_parse_find(text, "oom_kill", &value), 0, "a key is found whole");
	EQ_INT(value, 5, "its value");
	EQ_INT(cgroup_parse_find(text, "oom", &value), 0, "one that begins another");
	EQ_INT(value, 2, "its value");
	EQ_INT(cgroup_parse_find(text, "kill", &value), -1, "a part is none");
	EQ_INT(pairs.count, 3, "lines that make no sense are passed over");
	EQ_STR(pairs.items[2].key, "oom_kill", "the last key");
	EQ_INT(pairs.items[2].value, 5, "the last value");
	EQ_INT(cgroup_parse_pairs("", arena).count, 0, "an empty file");
}

static void
test_numbers_list(struct arena *arena)
{
	struct cgroup_numbers numbers = cgroup_parse_numbers("10 20 30 ", arena);

	EQ_INT(numbers.count, 3, "percpu");
	EQ_INT(numbers.items[2], 30, "the last");
	EQ_INT(cgroup_parse_numbers("", arena).count, 0, "none");
}

static void
test_columns(struct arena *arena)
{
	static const char text[] = "cpu user system\n0 11 12\n1 21 22\n2 31\nx 1 2\n3  4\n4 41 42";
	struct cgroup_numbers numbers = cgroup_parse_column(text, 2, arena);

	EQ_INT(numbers.count, 3, "lines with a third number");
	EQ_INT(numbers.items[1], 22, "the second of them");
	EQ_INT(numbers.items[2], 42, "the last, without a newline");
	numbers = cgroup_parse_column(text, 0, arena);
	EQ_INT(numbers.count, 5, "lines with a first number");
	EQ_INT(numbers.items[4], 4, "the last of them");
	EQ_INT(cgroup_parse_column("", 0, arena).count, 0, "none");
}

static void
test_ranges(struct arena *arena)
{
	struct cgroup_numbers numbers = cgroup_parse_list("0-2,5,7-7", arena);

	EQ_INT(numbers.count, 5, "ranges and numbers");
	EQ_INT(numbers.items[2], 2, "a range's last");
	EQ_INT(numbers.items[4], 7, "a range of one");
	EQ_INT(cgroup_parse_list("", arena).count, 0, "none");
	EQ_INT(cgroup_parse_list("3-1", arena).count, 0, "backwards");
	EQ_INT(cgroup_parse_list("1,x", arena).count, 1, "up to what makes no sense");
	EQ_INT(cgroup_parse_list("0-18446744073709551615", arena).count, CGROUP_LIST_MAX,
	    "never more than there can be");
}

static void
test_io(struct arena *arena)
{
	struct cgroup_ios v1 =
	    cgroup_parse_io_v1("8:0 Read 4096\n8:0 Write 0\n8:16 Total 7\nTotal 4103\n", arena);
	static const char stat[] = "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n"
				   "253:1 rbytes=5 wbytes=6 rios=7 wios=8\n"
				   "nonsense\n";
	struct cgroup_ios bytes = cgroup_parse_io_v2(stat, CGROUP_IO_BYTES, arena);
	struct cgroup_ios count = cgroup_parse_io_v2(stat, CGROUP_IO_COUNT, arena);

	EQ_INT(v1.count, 3, "v1: three lines");
	EQ_INT(v1.items[2].minor, 16, "v1: minor");
	EQ_STR(v1.items[0].op, "Read", "v1: what");
	EQ_INT(v1.items[0].value, 4096, "v1: value");
	EQ_INT(bytes.count, 5, "v2: bytes");
	EQ_INT(bytes.items[1].value, 8192, "v2: written");
	EQ_STR(bytes.items[1].op, "Write", "v2: what");
	EQ_INT(count.items[3].major, 253, "v2: major");
	EQ_INT(count.items[4].value, 8, "v2: write operations");
}

static void
test_pressure(void)
{
	struct cgroup_pressure lines[CGROUP_PRESSURE_KINDS];

	cgroup_parse_pressure("some avg10=12.34 avg60=3.00 avg300=0.25 total=5678\n"
			      "full avg10=0.50 avg60=0.00 avg300=0.00 total=9\n",
	    lines);
	EQ_INT(lines[CGROUP_PRESSURE_SOME].total_us, 5678, "some: total");
	OK(lines[CGROUP_PRESSURE_SOME].avg10 > 12.33 && lines[CGROUP_PRESSURE_SOME].avg10 < 12.35,
	    "some: avg10");
	EQ_INT(lines[CGROUP_PRESSURE_SOME].avg60 * 100, 300, "some: avg60");
	EQ_INT(lines[CGROUP_PRESSURE_SOME].avg300 * 100, 25, "some: avg300");
	EQ_INT(lines[CGROUP_PRESSURE_FULL].total_us, 9, "full: total");
	EQ_INT(lines[CGROUP_PRESSURE_FULL].avg10 * 100, 50, "full: avg10");
	cgroup_parse_pressure("some avg10=1.00 total=1\n", lines);
	EQ_INT(lines[CGROUP_PRESSURE_FULL].has, 0, "a kernel without full");
	EQ_INT(lines[CGROUP_PRESSURE_SOME].has, 1, "still has some");
	cgroup_parse_pressure("", lines);
	EQ_INT(lines[CGROUP_PRESSURE_SOME].has, 0, "no file");
}

int
main(void)
{
	struct arena arena = { .blocks = NULL };

	test_numbers();
	test_pairs(&arena);
	test_numbers_list(&arena);
	test_columns(&arena);
	test_ranges(&arena);
	test_io(&arena);
	test_pressure();
	arena_free(&arena);
	DONE();
}
