/* linux.resources: units, zeros, ranges, and names that must not lead out of a cgroup. */
#include "spec/spec.h"

#include "spec_help.h"
#include "tap.h"

static const struct {
	const char *config;
	const char *wanted; /* after "config.json: linux.resources."; NULL: none */
} rows[] = {
	{ WITH_RESOURCES("'memory':{'limit':-1,'swap':-1},'cpu':{'quota':-1},'pids':{'limit':-1}"),
	    NULL },
	{ WITH_RESOURCES("'memory':{'limit':-2}"),
	    "memory.limit: -2 is no limit: use -1 for none, 0 for unset, or the amount" },
	{ WITH_RESOURCES("'pids':{'limit':-5}"),
	    "pids.limit: -5 is no limit: use -1 for none, 0 for unset, or the amount" },
	{ WITH_RESOURCES("'memory':{'swappiness':101}"),
	    "memory.swappiness: 101 is not a percentage: use 0 to 100" },
	{ WITH_RESOURCES("'memory':{'swappiness':18446744073709551615}"), NULL },
	{ WITH_RESOURCES("'cpu':{'idle':2}"), "cpu.idle: 2 is neither 0 nor 1" },
	{ WITH_RESOURCES("'devices':[{'allow':true}]"),
	    "devices[0].access: empty: use some of r, w and m" },
	{ WITH_RESOURCES("'devices':[{'allow':true,'access':'rx'}]"),
	    "devices[0].access: \"rx\" is not known: use some of r, w and m" },
	{ WITH_RESOURCES("'devices':[{'allow':true,'access':'r','type':'p'}]"),
	    "devices[0].type: device type \"p\" is not known: use a, b or c" },
	{ WITH_RESOURCES("'devices':[{'allow':true,'access':'r','major':-2}]"),
	    "devices[0].major: -2 is no device number: use -1 for all, or 0 and more" },
	{ WITH_RESOURCES("'blockIO':{'weightDevice':[{'major':-1,'minor':0}]}"),
	    "blockIO.weightDevice[0]: -1:0 is no device number: use 0 and more" },
	{ WITH_RESOURCES("'hugepageLimits':[{'pageSize':'2MB','limit':1},"
			 "{'pageSize':'64KB','limit':1},{'pageSize':'1GB','limit':1}]"),
	    NULL },
	{ WITH_RESOURCES("'hugepageLimits':[{'pageSize':'../2MB','limit':1}]"),
	    "hugepageLimits[0].pageSize: \"../2MB\" is no page size: write a number and KB, MB or "
	    "GB" },
	{ WITH_RESOURCES("'rdma':{'mlx 1':{'hcaHandles':1}}"),
	    "rdma: \"mlx 1\" is no device's name" },
	{ WITH_RESOURCES("'network':{'priorities':[{'name':'','priority':1}]}"),
	    "network.priorities[0].name: \"\" is no interface's name" },
	{ WITH_RESOURCES("'unified':{'../memory.max':'1'}"),
	    "unified: \"../memory.max\" must be a file name (no slashes)" },
	{ WITH_RESOURCES("'unified':{'memory':'1'}"),
	    "unified: \"memory\" must be in the form CONTROLLER.PARAMETER" },
	{ WITH_RESOURCES("'unified':{'..':'1'}"),
	    "unified: \"..\" must be in the form CONTROLLER.PARAMETER" },
};

static void
test_checks(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct spec spec;
		const char *wanted = NULL;

		if (rows[i].wanted)
			wanted =
			    arena_printf(&arena, "config.json: linux.resources.%s", rows[i].wanted);
		EQ_STR(spec_try(&arena, rows[i].config, &spec), wanted, rows[i].config);
		arena_free(&arena);
	}
}

static void
test_limits(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const struct plan_resources *r = &spec.resources;
	const char *config = WITH_RESOURCES(
	    "'memory':{'limit':1,'reservation':2,'swap':3,'kernel':4,'kernelTCP':5,"
	    "'swappiness':0,'disableOOMKiller':true,'checkBeforeUpdate':true},"
	    "'cpu':{'shares':6,'quota':7,'burst':8,'period':9,'realtimeRuntime':10,"
	    "'realtimePeriod':11,'cpus':'0-1','mems':'','idle':1},'pids':{'limit':12}");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "limits");
	EQ_INT(r->memory_limit, 1, "memory.limit");
	EQ_INT(r->memory_reservation, 2, "memory.reservation");
	EQ_INT(r->memory_swap, 3, "memory.swap");
	EQ_INT(r->kernel_memory, 4, "memory.kernel");
	EQ_INT(r->kernel_memory_tcp, 5, "memory.kernelTCP");
	EQ_INT(r->has_swappiness, 1, "a swappiness of 0 is one");
	EQ_INT(r->disable_oom_killer, 1, "memory.disableOOMKiller");
	EQ_INT(r->check_before_update, 1, "memory.checkBeforeUpdate");
	EQ_INT(r->cpu_shares, 6, "cpu.shares");
	EQ_INT(r->cpu_quota, 7, "cpu.quota");
	EQ_INT(r->cpu_burst, 8, "cpu.burst");
	EQ_INT(r->cpu_period, 9, "cpu.period");
	EQ_INT(r->cpu_realtime_runtime, 10, "cpu.realtimeRuntime");
	EQ_INT(r->cpu_realtime_period, 11, "cpu.realtimePeriod");
	EQ_STR(r->cpuset_cpus, "0-1", "cpu.cpus");
	EQ_STR(r->cpuset_mems, NULL, "an empty list is unset");
	EQ_INT(r->has_cpu_idle, 1, "cpu.idle");
	EQ_INT(r->pids_limit, 12, "pids.limit");
	arena_free(&arena);
}

static void
test_lists(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const struct plan_resources *r = &spec.resources;
	const char *config = WITH_RESOURCES(
	    "'blockIO':{'weight':10,'leafWeight':11,'weightDevice':[{'major':8,'minor':1,'weight':"
	    "12}],'throttleReadBpsDevice':[{'major':8,'minor':2,'rate':13}],"
	    "'throttleWriteIOPSDevice':[{'major':8,'minor':3,'rate':14}]},"
	    "'hugepageLimits':[{'pageSize':'2MB','limit':15}],"
	    "'network':{'classID':16,'priorities':[{'name':'eth0','priority':17}]},"
	    "'rdma':{'mlx':{'hcaObjects':18}},'unified':{'memory.high':'19'},"
	    "'devices':[{'allow':true,'type':'b','major':8,'access':'mr'}]");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "lists");
	EQ_INT(r->blkio_weight, 10, "blockIO.weight");
	EQ_INT(r->blkio_leaf_weight, 11, "blockIO.leafWeight");
	EQ_INT(r->blkio_weight_devices.items[0].weight, 12, "blockIO.weightDevice");
	EQ_INT(r->blkio_read_bps.items[0].rate, 13, "blockIO.throttleReadBpsDevice");
	EQ_INT(r->blkio_write_bps.count, 0, "no throttleWriteBpsDevice");
	EQ_INT(r->blkio_write_iops.items[0].rate, 14, "blockIO.throttleWriteIOPSDevice");
	EQ_INT(r->hugepage_limits.items[0].limit, 15, "hugepageLimits");
	EQ_INT(r->net_class_id, 16, "network.classID");
	EQ_INT(r->net_priorities.items[0].priority, 17, "network.priorities");
	EQ_INT(r->rdma.items[0].objects, 18, "rdma");
	EQ_INT(r->rdma.items[0].has_handles, 0, "without handles");
	EQ_STR(r->unified.items[0].value, "19", "unified");
	EQ_INT(r->devices.items[0].type, 'b', "devices: type");
	EQ_INT(r->devices.items[0].minor, -1, "an absent number is all");
	EQ_INT(r->devices.items[0].access, PLAN_DEVICE_READ | PLAN_DEVICE_MKNOD, "access");
	arena_free(&arena);
}

int
main(void)
{
	test_checks();
	test_limits();
	test_lists();
	DONE();
}
