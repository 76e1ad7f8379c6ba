/* What an update makes of the limits that a container has. */
#include "tap.h"

#include "container/update_limits.h"

static struct arena arena;
static struct error err;

static void
test_single_values(void)
{
	struct plan_resources to = { .memory_limit = 64,
		.cpu_shares = 512,
		.has_swappiness = 1,
		.swappiness = 10,
		.cpuset_cpus = "0" };
	struct plan_resources from = { .memory_limit = -1,
		.pids_limit = 7,
		.has_cpu_idle = 1,
		.cpuset_mems = "1",
		.blkio_weight = 100 };

	OK(update_is_empty(&(struct plan_resources) { 0 }), "zeros are nothing");
	OK(!update_is_empty(&from), "and this is something");
	EQ_INT(update_merge(&to, &from, &arena, &err), 0, "merge");
	EQ_INT(to.memory_limit, -1, "what is given replaces");
	EQ_INT(to.pids_limit, 7, "or is new");
	EQ_INT((long long)to.cpu_shares, 512, "what is not given stays");
	EQ_INT(to.swappiness, 10, "with its flag");
	EQ_INT(to.has_cpu_idle, 1, "a zero with a flag is given");
	EQ_STR(to.cpuset_cpus, "0", "a word stays");
	EQ_STR(to.cpuset_mems, "1", "another is new");
	EQ_INT(to.blkio_weight, 100, "32 bits");
}

static void
test_lists(void)
{
	struct plan_throttle_device had[] = { { 8, 0, 100 }, { 8, 16, 200 } };
	struct plan_throttle_device asked[] = { { 8, 16, 5 }, { 8, 32, 6 } };
	struct plan_pair files[] = { { "memory.high", "1" }, { "pids.max", "2" } };
	struct plan_pair other[] = { { "pids.max", "3" } };
	struct plan_device_rule rule = { .allow = 1 };
	struct plan_resources to = { .blkio_read_bps = { had, 2 }, .unified = { files, 2 } };
	struct plan_resources from = {
		.blkio_read_bps = { asked, 2 }, .unified = { other, 1 }, .devices = { &rule, 1 }
	};

	EQ_INT(update_merge(&to, &from, &arena, &err), 0, "merge");
	EQ_INT((long long)to.blkio_read_bps.count, 3, "two devices and one more");
	EQ_INT((long long)to.blkio_read_bps.items[0].rate, 100, "the first as it was");
	EQ_INT((long long)to.blkio_read_bps.items[1].rate, 5, "the second is changed");
	EQ_INT((long long)to.blkio_read_bps.items[2].rate, 6, "the third is new");
	EQ_INT((long long)had[1].rate, 200, "and the old list is untouched");
	EQ_INT((long long)to.unified.count, 2, "no file twice");
	EQ_STR(to.unified.items[1].value, "3", "but with its new text");
	EQ_INT((long long)to.devices.count, 0, "device rules are left out");
	from = (struct plan_resources) { .devices = { &rule, 1 } };
	OK(update_is_empty(&from), "and count for nothing");
}

static void
test_completion(void)
{
	const struct plan_resources has = { .memory_limit = 64,
		.memory_swap = 128,
		.cpu_quota = 5000,
		.cpu_shares = 512,
		.check_before_update = 1 };
	struct plan_resources given = { .memory_limit = 32 };

	update_complete(&given, &has);
	EQ_INT(given.memory_swap, 128, "memory brings the limit of both");
	EQ_INT(given.check_before_update, 1, "what the config wanted checked is checked");
	given = (struct plan_resources) { .memory_swap = 256 };
	update_complete(&given, &has);
	EQ_INT(given.memory_limit, 64, "and the other way round");
	given = (struct plan_resources) { .memory_limit = -1 };
	update_complete(&given, &has);
	EQ_INT(given.memory_swap, -1, "no limit of memory means none of both");
	given = (struct plan_resources) { .cpu_period = 10000 };
	update_complete(&given, &has);
	EQ_INT(given.cpu_quota, 5000, "a period brings the quota");
	given = (struct plan_resources) { .has_cpu_idle = 1 };
	update_complete(&given, &has);
	EQ_INT((long long)given.cpu_shares, 512, "no longer idle: the shares come back");
	given = (struct plan_resources) { .pids_limit = 5 };
	update_complete(&given, &has);
	EQ_INT(given.memory_limit, 0, "else nothing is added");
}

static void
test_refusals(void)
{
	struct plan_resources whole = { .memory_limit = 64, .memory_swap = 64 };

	EQ_INT(update_check(&whole, &err), 0, "no swap at all");
	whole.memory_limit = 65;
	EQ_INT(update_check(&whole, &err), -1, "more memory than memory and swap");
	HAS_STR(err.text, "memory.limit 65 would be above memory.swap 64", "says so");
	whole = (struct plan_resources) { .cpu_quota = 1000, .cpu_burst = 1000 };
	EQ_INT(update_check(&whole, &err), 0, "burst as much as the quota");
	whole.cpu_burst = 1001;
	EQ_INT(update_check(&whole, &err), -1, "burst above the quota");
	HAS_STR(err.text, "cpu.burst 1001 would be above cpu.quota 1000", "says so");
	whole.cpu_quota = -1;
	EQ_INT(update_check(&whole, &err), 0, "without a quota any burst will do");
}

int
main(void)
{
	test_single_values();
	test_lists();
	test_completion();
	test_refusals();
	arena_free(&arena);
	DONE();
}
