/* The sections that are not mounts and resources: what comes out, and what is noted as not acted
 * on. */
#include "spec/spec.h"

#include "profile/bundle.h"
#include "spec_help.h"
#include "tap.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_process(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const struct spec_process *p = &spec.process;
	const char *config = CONFIG(
	    ",'process':{'terminal':true,'user':{'uid':5,'gid':6,'umask':0,'additionalGids':[7,8]},"
	    "'args':['a','b'],'env':['K=v='],'cwd':'/w','oomScoreAdj':-998,'noNewPrivileges':true,"
	    "'rlimits':[{'type':'RLIMIT_CORE','soft':0,'hard':18446744073709551615}],"
	    "'capabilities':{'bounding':['CAP_CHOWN','CAP_BPF'],'ambient':['CAP_CHECKPOINT_RESTORE'"
	    "]"
	    "}}");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "process");
	EQ_INT(p->terminal, 1, "terminal");
	EQ_INT(p->uid, 5, "uid");
	EQ_INT(p->gid, 6, "gid");
	EQ_INT(p->has_umask, 1, "a umask of 0 is one");
	EQ_INT(p->groups.items[1], 8, "additionalGids");
	EQ_STR(p->args.items[1], "b", "args");
	OK(p->args.items[2] == NULL, "args end with NULL");
	EQ_STR(p->env.items[0], "K=v=", "env");
	EQ_STR(p->cwd, "/w", "cwd");
	EQ_INT(p->oom_score_adj, -998, "oomScoreAdj");
	EQ_INT(p->no_new_privs, 1, "noNewPrivileges");
	EQ_INT(p->rlimits.items[0].resource, RLIMIT_CORE, "rlimits: which");
	EQ_INT(p->rlimits.items[0].hard, RLIM_INFINITY, "rlimits: no limit");
	EQ_INT(p->caps.bounding, UINT64_C(1) << 0 | UINT64_C(1) << 39, "bounding");
	EQ_INT(p->caps.ambient, UINT64_C(1) << 40, "ambient");
	EQ_INT(p->caps.permitted, 0, "permitted");
	EQ_STR(spec_try(&arena, CONFIG(""), &spec), NULL, "no process");
	EQ_INT(spec.has_process, 0, "is none");
	arena_free(&arena);
}

static void
test_linux(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const char *config =
	    CONFIG(",'hostname':'h','domainname':'d','annotations':{'k':'v'},'linux':{"
		   "'namespaces':[{'type':'mount'},{'type':'uts','path':'/u'},{'type':'time'}],"
		   "'timeOffsets':{'monotonic':{'secs':-3,'nanosecs':4}},'cgroupsPath':'/c',"
		   "'devices':[{'path':'/dev/f','type':'c','major':10,'minor':229,'fileMode':8624,"
		   "'uid':1,'gid':2},{'path':'/dev/p','type':'p'}],"
		   "'sysctl':{'net.core.somaxconn':'9'},'rootfsPropagation':'private',"
		   "'personality':{'domain':'LINUX32'}}");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "linux");
	EQ_STR(spec.hostname, "h", "hostname with a joined UTS namespace");
	EQ_STR(spec.annotations.items[0].value, "v", "annotations");
	EQ_STR(spec.time_offsets.items[0].value, "-3 4", "timeOffsets");
	EQ_STR(spec.cgroups_path, "/c", "cgroupsPath");
	EQ_INT(spec.devices.items[0].mode, S_IFCHR | 0660, "a mode with a type in it");
	EQ_INT(spec.devices.items[0].minor, 229, "its number");
	EQ_INT(spec.devices.items[0].gid, 2, "its group");
	EQ_INT(spec.devices.items[1].mode, S_IFIFO | 0666, "a fifo, and the default mode");
	EQ_STR(spec.sysctls.items[0].key, "net.core.somaxconn", "sysctl as written");
	EQ_INT(spec.has_personality, 1, "a personality");
	EQ_INT(spec.personality, PER_LINUX32, "LINUX32");
	EQ_STR(
	    spec_try(&arena, CONFIG(",'hooks':{'poststart':[{'path':'/h','timeout':9}]}"), &spec),
	    NULL, "hooks");
	EQ_STR(spec.hooks_poststart.items[0].args.items[0], "/h", "the path stands in for args");
	EQ_INT(spec.hooks_poststart.items[0].timeout_s, 9, "timeout");
	arena_free(&arena);
}

static void
test_scheduling(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const struct spec_process *p = &spec.process;
	const char *config = CONFIG(
	    ",'process':{'args':['sh'],'cwd':'/','user':{},'scheduler':{'policy':"
	    "'SCHED_DEADLINE','runtime':1,'deadline':2,'period':3,'flags':["
	    "'SCHED_FLAG_RESET_ON_FORK','SCHED_FLAG_DL_OVERRUN']},'ioPriority':{'class':"
	    "'IOPRIO_CLASS_RT','priority':7},'execCPUAffinity':{'initial':'8191,0-2','final':"
	    "'63-64'}},'linux':{'memoryPolicy':{'mode':'MPOL_WEIGHTED_INTERLEAVE','nodes':"
	    "'1','flags':['MPOL_F_STATIC_NODES']}}");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "scheduling");
	EQ_INT(p->scheduler.has_policy, 1, "a policy");
	EQ_INT(p->scheduler.policy, 6, "SCHED_DEADLINE");
	EQ_INT(p->scheduler.runtime_ns, 1, "runtime");
	EQ_INT(p->scheduler.deadline_ns, 2, "deadline");
	EQ_INT(p->scheduler.period_ns, 3, "period");
	EQ_INT(p->scheduler.flags, 5, "flags");
	EQ_INT(p->io_class, 1, "IOPRIO_CLASS_RT");
	EQ_INT(p->io_level, 7, "its level");
	EQ_INT(p->exec_cpus_initial.count, 128, "the highest CPU");
	EQ_INT(p->exec_cpus_initial.items[0], 7, "the lowest ones");
	OK(p->exec_cpus_initial.items[127] == UINT64_C(1) << 63, "its bit");
	EQ_INT(p->exec_cpus_final.count, 2, "over the end of a word");
	OK(p->exec_cpus_final.items[0] == UINT64_C(1) << 63, "the word's last bit");
	EQ_INT(p->exec_cpus_final.items[1], 1, "the next one's first");
	EQ_INT(spec.memory_policy.has_mode, 1, "a memory policy");
	EQ_INT(spec.memory_policy.mode, 6, "MPOL_WEIGHTED_INTERLEAVE");
	EQ_INT(spec.memory_policy.flags, 1 << 15, "MPOL_F_STATIC_NODES");
	EQ_INT(spec.memory_policy.nodes.items[0], 2, "nodes");
	arena_free(&arena);
}

static void
test_seccomp(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	const struct bundle_seccomp *s;
	const char *config = WITH_LINUX(
	    ",'seccomp':{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':38,'architectures':"
	    "['SCMP_ARCH_X86_64'],'flags':['SECCOMP_FILTER_FLAG_LOG'],'syscalls':[{'names':['a',"
	    "'b'],'action':'SCMP_ACT_ALLOW','args':[{'index':1,'value':2,'valueTwo':3,'op':"
	    "'SCMP_CMP_MASKED_EQ'}]},{'names':['c'],'action':'SCMP_ACT_ERRNO','errnoRet':1}]}");

	EQ_STR(spec_try(&arena, config, &spec), NULL, "seccomp");
	s = spec.seccomp;
	EQ_STR(s->default_action, "SCMP_ACT_ERRNO", "defaultAction");
	EQ_INT(s->default_errno, 38, "defaultErrnoRet");
	EQ_STR(s->architectures[0], "SCMP_ARCH_X86_64", "architectures");
	EQ_INT(s->flags_count, 1, "flags");
	EQ_INT(s->rules_count, 2, "two rules");
	EQ_STR(s->rules[0].names[1], "b", "names");
	EQ_INT(s->rules[0].args[0].value_two, 3, "valueTwo");
	EQ_INT(s->rules[0].has_errno, 0, "no errno");
	EQ_INT(s->rules[1].has_errno, 1, "an errno");
	EQ_STR(s->listener_path, NULL, "no listener");
	arena_free(&arena);
}

static const struct {
	const char *config;
	const char *path;
} unsupported_rows[] = {
	{ WITH_PROCESS(",'scheduler':{'policy':'SCHED_OTHER'}"), NULL },
	{ WITH_PROCESS(",'ioPriority':{'class':'IOPRIO_CLASS_BE'}"), NULL },
	{ WITH_PROCESS(",'execCPUAffinity':{'initial':'0'}"), NULL },
	{ WITH_PROCESS(",'apparmorProfile':'p'"), NULL },
	{ WITH_PROCESS(",'apparmorProfile':''"), NULL },
	{ WITH_PROCESS(",'selinuxLabel':'l'"), NULL },
	{ WITH_PROCESS(",'consoleSize':{'height':1,'width':1}"), NULL },
	{ WITH_PROCESS(",'capabilities':{'bounding':['CAP_CHOWN','cap_kill']}"),
	    "process.capabilities.bounding[1] \"cap_kill\"" },
	{ WITH_LINUX(",'intelRdt':{'closID':'c'}"), NULL },
	{ WITH_MOUNT("'source':'/s','options':['bind','tmpcopyup']"),
	    "mounts[0].options \"tmpcopyup\"" },
	{ WITH_DEVICES("{'eth0':{'name':''}}"), NULL },
	{ WITH_LINUX(",'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0'}"), NULL },
	{ WITH_LINUX(",'mountLabel':'l'"), NULL },
	{ WITH_LINUX(",'personality':{'domain':'LINUX','flags':['X']}"),
	    "linux.personality.flags" },
	{ WITH_LINUX(",'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','listenerPath':'/l'}"), NULL },
	{ WITH_RESOURCES("'memory':{'useHierarchy':false}"),
	    "linux.resources.memory.useHierarchy" },
};

static void
test_unsupported(void)
{
	for (size_t i = 0; i < sizeof(unsupported_rows) / sizeof(unsupported_rows[0]); i++) {
		struct arena arena = { 0 };
		struct spec spec = { 0 };

		EQ_STR(spec_try(&arena, unsupported_rows[i].config, &spec), NULL,
		    unsupported_rows[i].config);
		EQ_STR(spec.unsupported.count ? spec.unsupported.items[0].path : NULL,
		    unsupported_rows[i].path, "... is noted");
		arena_free(&arena);
	}
}

static const struct {
	const char *config;
	const char *group;
	const char *schemata;
	uint32_t monitoring;
} rdt_rows[] = {
	{ WITH_RDT(""), NULL, NULL, 0 },
	{ WITH_RDT("'closID':'gold','enableMonitoring':true"), "gold", NULL, 1 },
	{ WITH_RDT("'closID':'/','enableCMT':true"), "", NULL, 1 },
	{ WITH_RDT("'closID':'','enableMBM':true"), NULL, NULL, 1 },
	{ WITH_RDT("'l3CacheSchema':'L3:0=f','enableMBM':false"), NULL, "L3:0=f\n", 0 },
	{ WITH_RDT("'memBwSchema':'MB:0=20'"), NULL, "MB:0=20\n", 0 },
	{ WITH_RDT("'l3CacheSchema':'L3:0=f\\nMB:0=1\\n\\nL2:0=1','memBwSchema':'MB:0=20'"), NULL,
	    "L3:0=f\nL2:0=1\nMB:0=20\n", 0 },
	{ WITH_RDT("'l3CacheSchema':'L3:0=f\\nMB:0=1'"), NULL, "L3:0=f\nMB:0=1\n", 0 },
	{ WITH_RDT("'l3CacheSchema':'L3:0=f','memBwSchema':'MB:0=20',"
		   "'schemata':['L2:0=3','L3:0=1;1=2']"),
	    NULL, "MB:0=20\nL2:0=3\nL3:0=1;1=2\n", 0 },
};

static void
test_intel_rdt(void)
{
	for (size_t i = 0; i < sizeof(rdt_rows) / sizeof(rdt_rows[0]); i++) {
		struct arena arena = { 0 };
		struct spec spec = { 0 };

		EQ_STR(spec_try(&arena, rdt_rows[i].config, &spec), NULL, rdt_rows[i].config);
		EQ_INT(spec.rdt.given, 1, "is given");
		EQ_STR(spec.rdt.group, rdt_rows[i].group, "group");
		EQ_STR(spec.rdt.schemata, rdt_rows[i].schemata, "schemata");
		EQ_INT(spec.rdt.monitoring, rdt_rows[i].monitoring, "monitoring");
		arena_free(&arena);
	}
}

static void
test_load(void)
{
	char bundle[] = "/tmp/osless-spec.XXXXXX";
	struct arena arena = { 0 };
	struct error err;
	struct spec spec;
	char text[128];
	int dir, fd;

	if (!mkdtemp(bundle))
		return;
	dir = open(bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	EQ_INT(spec_load(dir, bundle, &arena, &spec, &err), -1, "an empty bundle");
	(void)snprintf(text, sizeof(text),
	    "not a bundle (osless spec makes its config.json): open %s/config.json", bundle);
	EQ_STR(err.text, text, "is named");
	EQ_INT(mkfifoat(dir, "config.json", 0600), 0, "a fifo");
	EQ_INT(spec_load(dir, bundle, &arena, &spec, &err), -1, "does not block");
	HAS_STR(err.text, "config.json: not a regular file", "and is refused");
	(void)unlinkat(dir, "config.json", 0);
	fd = openat(dir, "config.json", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	EQ_INT(write(fd, "{\"ociVersion\":", 14), 14, "half a document");
	EQ_INT(spec_load(dir, bundle, &arena, &spec, &err), -1, "is refused");
	HAS_STR(err.text, "/config.json: ", "by name");
	EQ_INT(
	    pwrite(fd, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}}", 42, 0), 42, "all");
	EQ_INT(spec_load(dir, bundle, &arena, &spec, &err), 0, "is read");
	EQ_STR(spec.bundle, bundle, "with its bundle");
	(void)close(fd);
	(void)unlinkat(dir, "config.json", 0);
	(void)close(dir);
	(void)rmdir(bundle);
	arena_free(&arena);
}

int
main(void)
{
	test_process();
	test_linux();
	test_scheduling();
	test_seccomp();
	test_unsupported();
	test_intel_rdt();
	test_load();
	DONE();
}
