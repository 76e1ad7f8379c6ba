/* update: other limits for a container. Options are runc's, one for each limit. */
#include "cli/verbs.h"

#include "base/error.h"
#include "cli/amount.h"
#include "plan/resources.h"

#include <string.h>

const struct option_row update_options[] = {
	COMMAND_TEXT("resources", "r", update.resources, "FILE",
	    "change what this document (JSON) says; -: of standard input"),
	COMMAND_TEXT("memory", NULL, update.memory, "BYTES", "memory; -1: as much as there is"),
	COMMAND_TEXT("memory-reservation", NULL, update.memory_reservation, "BYTES",
	    "memory that the kernel tries to leave it"),
	COMMAND_TEXT("memory-swap", NULL, update.memory_swap, "BYTES",
	    "memory and swap together; -1: as much as there is"),
	COMMAND_TEXT("kernel-memory", NULL, update.kernel_memory, "BYTES",
	    "not applied: the kernel counts it in memory"),
	COMMAND_TEXT("kernel-memory-tcp", NULL, update.kernel_memory_tcp, "BYTES",
	    "buffers of TCP; cgroup v1 only"),
	COMMAND_TEXT("pids-limit", NULL, update.pids_limit, "N", "processes and threads"),
	COMMAND_TEXT("cpu-share", NULL, update.cpu_share, "N", "weight among others, 2 to 262144"),
	COMMAND_TEXT("cpu-quota", NULL, update.cpu_quota, "US", "CPU time in each period"),
	COMMAND_TEXT("cpu-period", NULL, update.cpu_period, "US", "the period of the quota"),
	COMMAND_TEXT("cpu-burst", NULL, update.cpu_burst, "US", "quota that can be saved up"),
	COMMAND_TEXT("cpu-rt-runtime", NULL, update.cpu_rt_runtime, "US",
	    "realtime in each realtime period; cgroup v1 only"),
	COMMAND_TEXT("cpu-rt-period", NULL, update.cpu_rt_period, "US", "the realtime period"),
	COMMAND_TEXT("cpu-idle", NULL, update.cpu_idle, "0|1", "1: runs when no other wants to"),
	COMMAND_TEXT("cpuset-cpus", NULL, update.cpuset_cpus, "LIST", "CPUs to run on: 0-3,5"),
	COMMAND_TEXT("cpuset-mems", NULL, update.cpuset_mems, "LIST", "memory nodes to use"),
	COMMAND_TEXT("blkio-weight", NULL, update.blkio_weight, "N",
	    "weight of its disk access, 10 to 1000"),
	COMMAND_TEXT("l3-cache-schema", NULL, update.l3_cache_schema, "SCHEMA",
	    "share of caches: L3:0=ff;1=f0 (linux.intelRdt)"),
	COMMAND_TEXT("mem-bw-schema", NULL, update.mem_bw_schema, "SCHEMA",
	    "share of memory bandwidth: MB:0=20;1=70"),
	{ .name = NULL },
};

/* A limit of one option. size and offset are of its field in struct plan_resources. */
struct amount_row {
	const char *option;
	size_t word; /* in struct command_update */
	enum amount_kind kind;
	size_t offset;
	size_t size;
};

#define ROW(option, word, kind, field) \
	{ \
		option, offsetof(struct command_update, word), kind, \
		    offsetof(struct plan_resources, field), \
		    sizeof(((struct plan_resources *)NULL)->field) \
	}

static const struct amount_row amounts[] = {
	ROW("memory", memory, AMOUNT_BYTES, memory_limit),
	ROW("memory-reservation", memory_reservation, AMOUNT_BYTES, memory_reservation),
	ROW("memory-swap", memory_swap, AMOUNT_BYTES, memory_swap),
	ROW("kernel-memory", kernel_memory, AMOUNT_BYTES, kernel_memory),
	ROW("kernel-memory-tcp", kernel_memory_tcp, AMOUNT_BYTES, kernel_memory_tcp),
	ROW("pids-limit", pids_limit, AMOUNT_LIMIT, pids_limit),
	ROW("cpu-share", cpu_share, AMOUNT_NUMBER, cpu_shares),
	ROW("cpu-quota", cpu_quota, AMOUNT_LIMIT, cpu_quota),
	ROW("cpu-period", cpu_period, AMOUNT_NUMBER, cpu_period),
	ROW("cpu-burst", cpu_burst, AMOUNT_NUMBER, cpu_burst),
	ROW("cpu-rt-runtime", cpu_rt_runtime, AMOUNT_LIMIT, cpu_realtime_runtime),
	ROW("cpu-rt-period", cpu_rt_period, AMOUNT_NUMBER, cpu_realtime_period),
	ROW("cpu-idle", cpu_idle, AMOUNT_SWITCH, cpu_idle),
	ROW("blkio-weight", blkio_weight, AMOUNT_TO_32, blkio_weight),
};

static int
take_amount(const struct amount_row *row, const struct command_update *given,
    struct plan_resources *limits, struct error *err)
{
	const char *word;
	int64_t amount;
	uint32_t small;

	memcpy(&word, (const char *)given + row->word, sizeof(word));
	if (!word)
		return 0;
	if (amount_parse(word, row->kind, &amount, err) < 0)
		return error_in(err, "option --%s", row->option);
	small = (uint32_t)amount;
	memcpy((char *)limits + row->offset,
	    row->size == sizeof(small) ? (const void *)&small : (const void *)&amount, row->size);
	return 0;
}

static int
take_amounts(const struct command_update *given, struct plan_resources *limits, struct error *err)
{
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		if (take_amount(&amounts[i], given, limits, err) < 0)
			return -1;
	limits->has_cpu_idle = given->cpu_idle != NULL;
	limits->cpuset_cpus = given->cpuset_cpus;
	limits->cpuset_mems = given->cpuset_mems;
	return 0;
}

static int
is_given(const struct command_update *given)
{
	static const struct command_update nothing;

	return memcmp(given, &nothing, sizeof(nothing)) != 0;
}

int
cmd_update(const struct command *command, struct error *err)
{
	const struct command_update *given = &command->options.update;
	struct plan_resources limits = { 0 };
	const struct container_update_options options = {
		.resources = given->resources,
		.limits = &limits,
		.l3_cache_schema = given->l3_cache_schema,
		.mem_bw_schema = given->mem_bw_schema,
	};

	if (!is_given(given))
		return error_set(err,
		    "nothing to change: give --resources or a limit: see osless update --help");
	if (take_amounts(given, &limits, err) < 0)
		return -1;
	return container_update(&command->host, command->id, &options, err);
}
