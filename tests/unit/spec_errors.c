/* What a config.json may not say: one row a mistake, its error word for word. */
#include "spec/spec.h"

#include "spec_help.h"
#include "tap.h"

static const struct {
	const char *config;
	const char *wanted; /* after "config.json: "; NULL: none */
} rows[] = {
	/* the document */
	{ CONFIG(""), NULL },
	{ "{'ociVersion':'1.3.0','root':{'path':'/r'}}", NULL },
	{ "{'ociVersion':'1.0.2-dev','root':{'path':'/r'}}", NULL },
	{ "{'ociVersion':'2.0.0','root':{'path':'/r'}}",
	    "ociVersion: \"2.0.0\" is not supported: osless reads 1.x" },
	{ "{'ociVersion':'1.','root':{'path':'/r'}}",
	    "ociVersion: \"1.\" is not supported: osless reads 1.x" },
	{ "{'ociVersion':'1.0.2'}",
	    "root: missing: name the container's root file system in root.path" },
	{ "{'ociVersion':'1.0.2','root':{'path':''}}",
	    "root.path: empty: name a directory, absolute or relative to the bundle" },
	{ CONFIG(",'hostname':'h'"),
	    "hostname: unable to set hostname without a private UTS namespace: add {\"type\": "
	    "\"uts\"} to linux.namespaces" },
	{ CONFIG(",'hostname':''"), NULL },
	{ CONFIG(",'domainname':'d'"),
	    "domainname: unable to set domainname without a private UTS namespace: add {\"type\": "
	    "\"uts\"} to linux.namespaces" },
	{ CONFIG(",'hostname':"
		 "'hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh'"),
	    "hostname: longer than the 64 bytes that Linux takes" },

	/* process */
	{ WITH_PROCESS(""), NULL },
	{ CONFIG(",'process':{'args':['a'],'cwd':'w','user':{'uid':0,'gid':0}}"),
	    "process.cwd: \"w\" is not an absolute path: let it begin with /" },
	{ CONFIG(",'process':{'cwd':'/','user':{'uid':0,'gid':0}}"),
	    "process.args: empty: name a program to run" },
	{ CONFIG(",'process':{'args':[''],'cwd':'/','user':{'uid':0,'gid':0}}"),
	    "process.args[0]: empty: name a program to run" },
	{ WITH_PROCESS(",'env':['A=1','B']"),
	    "process.env[1]: invalid environment variable \"B\": write NAME=value" },
	{ WITH_PROCESS(",'env':['=1']"),
	    "process.env[0]: invalid environment variable \"=1\": write NAME=value" },
	{ CONFIG(",'process':{'args':['a'],'cwd':'/','user':{'uid':0,'gid':0,'umask':512}}"),
	    "process.user.umask: 512 is not a file mode: use 0 to 511 (octal 777)" },
	{ WITH_PROCESS(",'rlimits':[{'type':'RLIMIT_X','soft':1,'hard':1}]"),
	    "process.rlimits[0].type: limit \"RLIMIT_X\" is not known: use RLIMIT_AS, RLIMIT_CORE, "
	    "RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, "
	    "RLIMIT_NICE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_RSS, RLIMIT_RTPRIO, RLIMIT_RTTIME, "
	    "RLIMIT_SIGPENDING or RLIMIT_STACK" },
	{ WITH_PROCESS(",'rlimits':[{'type':'RLIMIT_AS','soft':2,'hard':1}]"),
	    "process.rlimits[0]: the soft limit 2 of RLIMIT_AS is above its hard limit 1: lower "
	    "one "
	    "or raise the other" },
	{ WITH_PROCESS(",'rlimits':[{'type':'RLIMIT_AS','soft':1,'hard':1},{'type':'RLIMIT_AS',"
		       "'soft':1,'hard':1}]"),
	    "process.rlimits[1]: RLIMIT_AS is there twice: remove one" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_EXT'}"),
	    "process.scheduler.policy: scheduling policy \"SCHED_EXT\" is not known: use "
	    "SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE or SCHED_DEADLINE" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_OTHER','nice':-20}"), NULL },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_BATCH','nice':20}"),
	    "process.scheduler.nice: 20 is outside -20 to 19" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_IDLE','nice':1}"),
	    "process.scheduler.nice: only SCHED_OTHER and SCHED_BATCH have it: leave it out with "
	    "SCHED_IDLE" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_BATCH','priority':1}"),
	    "process.scheduler.priority: only SCHED_FIFO and SCHED_RR have it: leave it out with "
	    "SCHED_BATCH" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_FIFO'}"),
	    "process.scheduler.priority: 0 is outside 1 to 99 of SCHED_FIFO" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_RR','priority':100}"),
	    "process.scheduler.priority: 100 is outside 1 to 99 of SCHED_RR" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_RR','priority':1,'runtime':1}"),
	    "process.scheduler: only SCHED_DEADLINE has runtime, deadline and period: leave them "
	    "out with SCHED_RR" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_DEADLINE','runtime':1}"),
	    "process.scheduler.deadline: missing: SCHED_DEADLINE needs runtime and deadline" },
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_OTHER','flags':['SCHED_FLAG_X']}"),
	    "process.scheduler.flags[0]: flag \"SCHED_FLAG_X\" is not known: use "
	    "SCHED_FLAG_RESET_ON_FORK, SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, "
	    "SCHED_FLAG_KEEP_POLICY, SCHED_FLAG_KEEP_PARAMS, SCHED_FLAG_UTIL_CLAMP_MIN or "
	    "SCHED_FLAG_UTIL_CLAMP_MAX" },
	{ WITH_PROCESS(",'ioPriority':{'class':'IOPRIO_CLASS_NONE'}"),
	    "process.ioPriority.class: I/O class \"IOPRIO_CLASS_NONE\" is not known: use "
	    "IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE" },
	{ WITH_PROCESS(",'ioPriority':{'class':'IOPRIO_CLASS_BE','priority':8}"),
	    "process.ioPriority.priority: 8 is outside 0 to 7" },
	{ WITH_PROCESS(",'ioPriority':{'class':'IOPRIO_CLASS_BE','priority':-1}"),
	    "process.ioPriority.priority: -1 is outside 0 to 7" },
	{ WITH_PROCESS(",'execCPUAffinity':{'initial':'','final':''}"), NULL },
	{ WITH_PROCESS(",'execCPUAffinity':{'initial':'0,'}"),
	    "process.execCPUAffinity.initial: \"0,\" is no list of numbers below 8192: write it as "
	    "0-3,7" },
	{ WITH_PROCESS(",'execCPUAffinity':{'initial':'3-2'}"),
	    "process.execCPUAffinity.initial: \"3-2\" is no list of numbers below 8192: write it "
	    "as 0-3,7" },
	{ WITH_PROCESS(",'execCPUAffinity':{'final':'0 1'}"),
	    "process.execCPUAffinity.final: \"0 1\" is no list of numbers below 8192: write it as "
	    "0-3,7" },
	{ WITH_PROCESS(",'execCPUAffinity':{'final':'8192'}"),
	    "process.execCPUAffinity.final: \"8192\" is no list of numbers below 8192: write it as "
	    "0-3,7" },
	{ WITH_PROCESS(",'execCPUAffinity':{'final':'0-99999999999'}"),
	    "process.execCPUAffinity.final: \"0-99999999999\" is no list of numbers below 8192: "
	    "write it as 0-3,7" },
	{ WITH_PROCESS(",'oomScoreAdj':1001"),
	    "process.oomScoreAdj: 1001 is outside -1000 to 1000" },

	/* namespaces, id maps, time */
	{ CONFIG(",'linux':{'namespaces':[{'type':'pids'}]}"),
	    "linux.namespaces[0].type: namespace \"pids\" is not known: use pid, network, mount, "
	    "ipc, uts, user, cgroup or time" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'pid'},{'type':'pid','path':'/p'}]}"),
	    "linux.namespaces[1].type: \"pid\" is there twice: remove one" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'pid','path':'p'}]}"),
	    "linux.namespaces[0].path: \"p\" is not an absolute path: let it begin with /" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'user'}]}"),
	    "linux.uidMappings: missing: a new user namespace needs both id maps" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'user','path':'/p'}]}"), NULL },
	{ WITH_LINUX(",'gidMappings':[{'containerID':0,'hostID':0,'size':1}]"),
	    "linux.gidMappings: id maps need a user namespace: add {\"type\": \"user\"} to "
	    "linux.namespaces" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'user','path':'/p'}],'uidMappings':"
		 "[{'containerID':0,'hostID':4294967295,'size':1}]}"),
	    "linux.uidMappings[0]: reaches beyond the last id: make size smaller" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'user','path':'/p'}],'uidMappings':"
		 "[{'containerID':0,'hostID':0,'size':0}]}"),
	    "linux.uidMappings[0].size: 0 maps nothing: use 1 or more" },
	{ WITH_LINUX(",'netDevices':{'eth0':{}}"),
	    "linux.netDevices: unable to move network devices without a private NET namespace: add "
	    "{\"type\": \"network\"} to linux.namespaces" },
	{ WITH_DEVICES("{'':{}}"),
	    "linux.netDevices: \"\" has not 1 to 15 bytes: name a network device of the host" },
	{ WITH_DEVICES("{'0123456789abcdef':{}}"), "linux.netDevices: \"0123456789abcdef\" has not "
						   "1 to 15 bytes: name a network device of "
						   "the host" },
	{ WITH_DEVICES("{'0123456789abcde':{'name':'eth%d'}}"), NULL },
	{ WITH_DEVICES("{'..':{}}"),
	    "linux.netDevices: \"..\" is a directory's name: name a network device of the host" },
	{ WITH_DEVICES("{'a:1':{}}"),
	    "linux.netDevices: \"a:1\" has a slash, a colon or white space in it: name a network "
	    "device of the host" },
	{ WITH_DEVICES("{'a':{'name':'b/c'}}"),
	    "linux.netDevices[\"a\"].name: \"b/c\" has a slash, a colon or white space in it: name "
	    "the device in another way" },
	{ WITH_DEVICES("{'a':{'name':'b%dc%d'}}"), "linux.netDevices[\"a\"].name: \"b%dc%d\" has "
						   "another % than one %d: name the device in "
						   "another way" },
	{ WITH_DEVICES("{'a':{'name':'b%s'}}"),
	    "linux.netDevices[\"a\"].name: \"b%s\" has another % than one %d: name the device in "
	    "another way" },
	{ WITH_RDT("'closID':'../x'"), "linux.intelRdt.closID: \"../x\" is no name of a directory "
				       "in /sys/fs/resctrl: use one, "
				       "or /" },
	{ WITH_RDT("'closID':'.'"), "linux.intelRdt.closID: \".\" is no name of a directory in "
				    "/sys/fs/resctrl: use one, or "
				    "/" },
	{ WITH_RDT("'memBwSchema':'L3:0=f'"),
	    "linux.intelRdt: memBwSchema does not begin with MB:" },
	{ WITH_RDT("'memBwSchema':'MB:0=1\\nMB:1=1'"),
	    "linux.intelRdt: memBwSchema has more than one line: give it one" },
	{ WITH_RDT("'l3CacheSchema':'ff'"),
	    "linux.intelRdt: l3CacheSchema is no NAME:ID=VALUE;... of schemata" },
	{ WITH_RDT("'schemata':['L3:0=f','L3:1=f\\nMB:0=1']"),
	    "linux.intelRdt.schemata[1]: \"L3:1=f?MB:0=1\" has more than one line: make it "
	    "several "
	    "items" },
	{ WITH_LINUX(",'timeOffsets':{'monotonic':{'secs':1}}"),
	    "linux.timeOffsets: only a new time namespace takes offsets: add {\"type\": \"time\"}, "
	    "without a path, to linux.namespaces" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'time'}],'timeOffsets':{'realtime':{'secs':1}}}"),
	    "linux.timeOffsets: clock \"realtime\" is not known: use monotonic or boottime" },
	{ CONFIG(",'linux':{'namespaces':[{'type':'time'}],'timeOffsets':"
		 "{'boottime':{'nanosecs':1000000000}}}"),
	    "linux.timeOffsets[\"boottime\"].nanosecs: 1000000000 is a second or more: put whole "
	    "ones into secs" },

	/* devices and paths */
	{ WITH_LINUX(",'devices':[{'path':'d','type':'c','major':1,'minor':3}]"),
	    "linux.devices[0].path: \"d\" is not an absolute path: let it begin with /" },
	{ WITH_LINUX(",'devices':[{'path':'/d','type':'x','major':1,'minor':3}]"),
	    "linux.devices[0].type: device type \"x\" is not known: use c, b, u or p" },
	{ WITH_LINUX(",'devices':[{'path':'/d','type':'c','major':1}]"),
	    "linux.devices[0].minor: missing: character and block devices need it" },
	{ WITH_LINUX(",'devices':[{'path':'/d','type':'b','major':4096,'minor':0}]"),
	    "linux.devices[0].major: 4096 is no device number: use 0 to 4095" },
	{ WITH_LINUX(",'devices':[{'path':'/d','type':'p'}]"), NULL },
	{ WITH_LINUX(",'maskedPaths':['/a','b']"),
	    "linux.maskedPaths[1]: \"b\" is not an absolute path: let it begin with /" },
	{ WITH_LINUX(",'readonlyPaths':['b']"),
	    "linux.readonlyPaths[0]: \"b\" is not an absolute path: let it begin with /" },
	{ CONFIG(",'linux':{'maskedPaths':['/a']}"), "linux.maskedPaths: unable to restrict sys "
						     "entries without a private MNT namespace: add "
						     "{\"type\": \"mount\"} to linux.namespaces" },
	{ CONFIG(",'mounts':[{'destination':'/proc','type':'proc'}]"),
	    "mounts: unable to mount without a private MNT namespace: add "
	    "{\"type\": \"mount\"} to linux.namespaces" },
	{ WITH_LINUX(",'rootfsPropagation':'public'"),
	    "linux.rootfsPropagation: propagation \"public\" is not known: use private, rprivate, "
	    "shared, rshared, slave, rslave, unbindable or runbindable" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_X'}"),
	    "linux.memoryPolicy.mode: memory policy \"MPOL_X\" is not known: use MPOL_DEFAULT, "
	    "MPOL_BIND, MPOL_INTERLEAVE, MPOL_WEIGHTED_INTERLEAVE, MPOL_PREFERRED, "
	    "MPOL_PREFERRED_MANY or MPOL_LOCAL" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_BIND'}"),
	    "linux.memoryPolicy.nodes: missing: MPOL_BIND needs some, as 0-3,7" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_LOCAL','nodes':'0'}"),
	    "linux.memoryPolicy.nodes: MPOL_LOCAL takes none: leave them out" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_PREFERRED'}"), NULL },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_BIND','nodes':'x'}"),
	    "linux.memoryPolicy.nodes: \"x\" is no list of numbers below 8192: write it as 0-3,7" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0','flags':["
		     "'MPOL_F_STATIC_NODES','MPOL_F_RELATIVE_NODES']}"),
	    "linux.memoryPolicy.flags: MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each "
	    "other: remove one" },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0','flags':['F']}"),
	    "linux.memoryPolicy.flags[0]: flag \"F\" is not known: use MPOL_F_NUMA_BALANCING, "
	    "MPOL_F_RELATIVE_NODES or MPOL_F_STATIC_NODES" },
	{ WITH_LINUX(",'personality':{'domain':'BSD'}"),
	    "linux.personality.domain: personality \"BSD\" is not known: use LINUX or LINUX32" },

	/* mounts */
	{ WITH_MOUNT("'type':'tmpfs'"), NULL },
	{ WITH_MOUNT("'source':'/s'"),
	    "mounts[0].type: missing: name a file system, or give the option \"bind\"" },
	{ WITH_MOUNT("'type':'bind'"), "mounts[0].source: missing: name what to bind to \"/m\"" },
	{ WITH_MOUNT("'type':'tmpfs','options':['ro','remount']"),
	    "mounts[0].options[1]: \"remount\" is not supported: give the mount all its options at "
	    "once" },
	{ CONFIG(",'mounts':[{'destination':'','type':'tmpfs'}]"),
	    "mounts[0].destination: empty: name a path in the container" },
	{ WITH_MOUNT("'type':'proc','options':['idmap']"),
	    "mounts[0]: the kernel maps no ids of file systems that it makes up: leave out idmap "
	    "and "
	    "mappings of a proc" },
	{ WITH_MOUNT("'type':'tmpfs','options':['idmap']"),
	    "mounts[0].options: idmap without uidMappings and gidMappings needs the maps of a user "
	    "namespace: give the mount its own" },
	{ WITH_MOUNT("'source':'/s','options':['bind','idmap']"),
	    "mounts[0].options: idmap without uidMappings and gidMappings needs the maps of a user "
	    "namespace: give the mount its own" },
	{ WITH_MOUNT("'source':'/s','options':['bind'],'uidMappings':"
		     "[{'containerID':0,'hostID':1,'size':1}]"),
	    "mounts[0]: uidMappings and gidMappings need each other: give both" },

	/* hooks */
	{ CONFIG(",'hooks':{'poststop':[{'path':'h'}]}"),
	    "hooks.poststop[0].path: \"h\" is not an absolute path: let it begin with /" },
	{ CONFIG(",'hooks':{'prestart':[{'path':'/h','timeout':0}]}"),
	    "hooks.prestart[0].timeout: 0 is not a time limit: use 1 or more seconds, or leave it "
	    "out for none" },

	/* from the library: the place in the text comes along */
	{ WITH_LINUX(",'resources':{'pids':{'limit':'many'}}"),
	    "linux.resources.pids.limit: expected an integer, found string \"many\" (line 1, "
	    "column "
	    "133)" },

	/* a newline in a word does not break the error's line */
	{ CONFIG(",'linux':{'namespaces':[{'type':'a\\nb'}]}"),
	    "linux.namespaces[0].type: namespace \"a?b\" is not known: use pid, network, mount, "
	    "ipc, uts, user, cgroup or time" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct spec spec;
		const char *wanted = NULL;

		if (rows[i].wanted)
			wanted = arena_printf(&arena, "config.json: %s", rows[i].wanted);
		EQ_STR(spec_try(&arena, rows[i].config, &spec), wanted, rows[i].config);
		arena_free(&arena);
	}
	DONE();
}
