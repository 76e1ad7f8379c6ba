/* Reading and writing: every field of every struct, absent and empty values, null, unknown keys,
 * the edges of integers, escapes, and the writer's own errors. */
#include "libocispec_help.h"
#include "libocispec/tables.h"
#include "tap.h"

/* ---- one field of each kind, looked at through the structs */

static const char some_config[] =
    "{\"ociVersion\":\"1.3.0\","
    "\"process\":{\"terminal\":false,\"user\":{\"uid\":4294967295,\"additionalGids\":[5,6]},"
    "\"args\":[\"sh\",\"-c\",\"\\u00e9\\ud83d\\ude00\\n\"],\"cwd\":\"/\",\"oomScoreAdj\":-998,"
    "\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"soft\":1,\"hard\":18446744073709551615}]},"
    "\"mounts\":[{\"destination\":\"/proc\",\"options\":[]}],"
    "\"annotations\":{\"\":\"empty key\",\"x.y\":\"z\"},"
    "\"hooks\":{},"
    "\"windows\":{\"a\":[{\"b\":null},1e400,-0.5,\"\\u0041\"]},"
    "\"linux\":{\"timeOffsets\":{\"boottime\":{\"secs\":-9223372036854775808}},"
    "\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/x\"}],"
    "\"resources\":{\"pids\":{},\"blockIO\":{\"weight\":65535}}}}";

static void
check_process(const struct ocispec_process *process)
{
	OK(process->has_terminal && !process->terminal, "a scalar that is there, and false");
	OK(!process->has_no_new_privileges, "a scalar that is absent");
	EQ_INT(process->user->uid, 4294967295, "the largest uint32");
	OK(!process->user->has_gid && !process->user->has_umask, "absent next to it");
	EQ_INT(process->user->additional_gids.count, 2, "a list of integers");
	EQ_INT(process->user->additional_gids.items[1], 6, "its last");
	EQ_INT(process->args.count, 3, "a list of strings");
	EQ_STR(process->args.items[2], "\xc3\xa9\xf0\x9f\x98\x80\n", "escapes, a surrogate pair");
	EQ_STR(process->cwd, "/", "a string");
	EQ_INT(process->oom_score_adj, -998, "a negative int32");
	OK(process->rlimits.items[0].hard == UINT64_MAX, "the largest uint64");
	OK(!process->env.items && process->env.count == 0, "a list that is absent");
	OK(!process->capabilities && !process->selinux_label, "an object, a string that is absent");
}

static void
check_linux(const struct ocispec_linux *section)
{
	EQ_INT(section->time_offsets.count, 1, "a map to objects");
	EQ_STR(section->time_offsets.items[0].key, "boottime", "its key");
	OK(section->time_offsets.items[0].secs == INT64_MIN, "the smallest int64");
	EQ_INT(section->namespaces.count, 2, "a list of objects");
	EQ_STR(section->namespaces.items[0].path, NULL, "the first one's path");
	EQ_STR(section->namespaces.items[1].path, "/x", "the second one's path");
	OK(section->resources->pids && !section->resources->pids->has_limit, "an empty object");
	EQ_INT(section->resources->block_io->weight, 65535, "the largest uint16");
	OK(!section->seccomp && !section->sysctl.items, "what linux lacks");
}

static void
check_members(void)
{
	struct pile pile = PILE;
	struct ocispec_config config;
	struct ocispec_error err = { .text = "" };

	memset(&config, 0xff, sizeof(config)); /* the reader owes us zeros */
	EQ_INT(read_text(&pile, some_config, OCISPEC_CONFIG, &config, &err), 0, "a config is read");
	EQ_STR(err.text, "", "without complaint");
	EQ_STR(config.oci_version, "1.3.0", "its version");
	EQ_INT(config.mounts.count, 1, "its mounts");
	OK(config.mounts.items[0].options.items && config.mounts.items[0].options.count == 0,
	    "an empty list is not an absent one");
	EQ_INT(config.annotations.count, 2, "a map");
	EQ_STR(config.annotations.items[0].key, "", "an empty key");
	EQ_STR(config.annotations.items[1].value, "z", "a value");
	OK(config.hooks && !config.hooks->prestart.items, "an object that is empty");
	OK(!config.root && !config.hostname, "what is absent");
	check_process(config.process);
	check_linux(config.linux);
	pile_free(&pile);
}

/* ---- every field: a document that has them all comes back as it was */

static const char full_config[] =
    "{\"ociVersion\":\"1\",\"process\":{\"terminal\":true,\"consoleSize\":{\"height\":1,\"width\":"
    "2},"
    "\"user\":{\"uid\":1,\"gid\":2,\"umask\":18,\"additionalGids\":[3]},\"args\":[\"a\"],"
    "\"env\":[\"A=b\"],\"cwd\":\"/\",\"capabilities\":{\"bounding\":[\"b\"],\"effective\":[\"e\"],"
    "\"inheritable\":[\"i\"],\"permitted\":[\"p\"],\"ambient\":[\"a\"]},"
    "\"rlimits\":[{\"type\":\"t\",\"hard\":2,\"soft\":1}],\"noNewPrivileges\":true,"
    "\"apparmorProfile\":\"p\",\"oomScoreAdj\":-1,\"scheduler\":{\"policy\":\"p\",\"nice\":-1,"
    "\"priority\":2,\"flags\":[\"f\"],\"runtime\":3,\"deadline\":4,\"period\":5},"
    "\"selinuxLabel\":\"l\",\"ioPriority\":{\"class\":\"c\",\"priority\":1},"
    "\"execCPUAffinity\":{\"initial\":\"0\",\"final\":\"1\"}},"
    "\"root\":{\"path\":\"r\",\"readonly\":true},\"hostname\":\"h\",\"domainname\":\"d\","
    "\"mounts\":[{\"destination\":\"/d\",\"type\":\"t\",\"source\":\"s\",\"options\":[\"ro\"],"
    "\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],"
    "\"gidMappings\":[{\"containerID\":4,\"hostID\":5,\"size\":6}]}],"
    "\"hooks\":{\"prestart\":[{\"path\":\"1\",\"args\":[\"a\"],\"env\":[\"e\"],\"timeout\":1}],"
    "\"createRuntime\":[{\"path\":\"2\"}],\"createContainer\":[{\"path\":\"3\"}],"
    "\"startContainer\":[{\"path\":\"4\"}],\"poststart\":[{\"path\":\"5\"}],"
    "\"poststop\":[{\"path\":\"6\"}]},\"annotations\":{\"a\":\"b\"},"
    "\"linux\":{\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],"
    "\"gidMappings\":[{\"containerID\":4,\"hostID\":5,\"size\":6}],\"sysctl\":{\"k\":\"v\"},"
    "\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":-1,\"minor\":2,"
    "\"access\":\"rwm\"}],\"memory\":{\"limit\":1,\"reservation\":2,\"swap\":-1,\"kernel\":4,"
    "\"kernelTCP\":5,\"swappiness\":6,\"disableOOMKiller\":true,\"useHierarchy\":true,"
    "\"checkBeforeUpdate\":true},\"cpu\":{\"shares\":1,\"quota\":-1,\"burst\":2,\"period\":3,"
    "\"realtimeRuntime\":4,\"realtimePeriod\":5,\"cpus\":\"0\",\"mems\":\"0\",\"idle\":1},"
    "\"pids\":{\"limit\":-1},\"blockIO\":{\"weight\":1,\"leafWeight\":2,"
    "\"weightDevice\":[{\"major\":1,\"minor\":2,\"weight\":3,\"leafWeight\":4}],"
    "\"throttleReadBpsDevice\":[{\"major\":1,\"minor\":2,\"rate\":3}],"
    "\"throttleWriteBpsDevice\":[{\"major\":1,\"minor\":2,\"rate\":4}],"
    "\"throttleReadIOPSDevice\":[{\"major\":1,\"minor\":2,\"rate\":5}],"
    "\"throttleWriteIOPSDevice\":[{\"major\":1,\"minor\":2,\"rate\":6}]},"
    "\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":1}],\"network\":{\"classID\":1,"
    "\"priorities\":[{\"name\":\"eth0\",\"priority\":1}]},"
    "\"rdma\":{\"mlx\":{\"hcaHandles\":1,\"hcaObjects\":2}},\"unified\":{\"memory.high\":\"1\"}},"
    "\"cgroupsPath\":\"/c\",\"namespaces\":[{\"type\":\"pid\",\"path\":\"/p\"}],"
    "\"devices\":[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":1,\"minor\":2,\"fileMode\":438,"
    "\"uid\":3,\"gid\":4}],\"netDevices\":{\"eth0\":{\"name\":\"c\"}},"
    "\"seccomp\":{\"defaultAction\":\"a\",\"defaultErrnoRet\":1,\"architectures\":[\"x\"],"
    "\"flags\":[\"f\"],\"listenerPath\":\"/l\",\"listenerMetadata\":\"m\","
    "\"syscalls\":[{\"names\":[\"n\"],\"action\":\"a\",\"errnoRet\":2,"
    "\"args\":[{\"index\":1,\"value\":2,\"valueTwo\":3,\"op\":\"o\"}]}]},"
    "\"rootfsPropagation\":\"p\",\"maskedPaths\":[\"m\"],\"readonlyPaths\":[\"r\"],"
    "\"mountLabel\":\"l\",\"intelRdt\":{\"closID\":\"c\",\"schemata\":[\"s\"],"
    "\"l3CacheSchema\":\"3\",\"memBwSchema\":\"m\",\"enableMonitoring\":true,\"enableCMT\":true,"
    "\"enableMBM\":true},\"memoryPolicy\":{\"mode\":\"m\",\"nodes\":\"0\",\"flags\":[\"f\"]},"
    "\"personality\":{\"domain\":\"LINUX\",\"flags\":[\"f\"]},"
    "\"timeOffsets\":{\"monotonic\":{\"secs\":-1,\"nanosecs\":2}}}}";

static const char full_state[] =
    "{\"ociVersion\":\"1\",\"id\":\"i\",\"pid\":7,\"status\":\"running\",\"bundle\":\"/b\","
    "\"rootfs\":\"/r\",\"created\":\"now\",\"owner\":\"root\",\"annotations\":{\"a\":\"b\"}}";

static const char full_features[] =
    "{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":\"1.3.0\",\"hooks\":[\"prestart\"],"
    "\"mountOptions\":[\"ro\"],\"linux\":{\"namespaces\":[\"pid\"],\"capabilities\":[\"c\"],"
    "\"cgroup\":{\"v1\":true,\"v2\":false,\"systemd\":true,\"systemdUser\":false,\"rdma\":true},"
    "\"seccomp\":{\"enabled\":true,\"actions\":[\"a\"],\"operators\":[\"o\"],\"archs\":[\"x\"],"
    "\"knownFlags\":[\"k\"],\"supportedFlags\":[\"s\"]},\"apparmor\":{\"enabled\":true},"
    "\"selinux\":{\"enabled\":false},\"memoryPolicy\":{\"modes\":[\"m\"],\"flags\":[\"f\"]},"
    "\"intelRdt\":{\"enabled\":true,\"schemata\":true,\"monitoring\":true},"
    "\"mountExtensions\":{\"idmap\":{\"enabled\":true}},\"netDevices\":{\"enabled\":true}},"
    "\"annotations\":{\"a\":\"b\"},\"potentiallyUnsafeConfigAnnotations\":[\"p\"]}";

static const char full_process[] = "{\"terminal\":true,\"cwd\":\"/\"}";
static const char full_resources[] = "{\"cpu\":{\"shares\":0},\"unified\":{}}";

static const struct {
	enum ocispec_type type;
	const char *name;
	const char *text;
} full[] = {
	{ OCISPEC_CONFIG, "config", full_config },
	{ OCISPEC_PROCESS, "process", full_process },
	{ OCISPEC_RESOURCES, "resources", full_resources },
	{ OCISPEC_STATE, "state", full_state },
	{ OCISPEC_FEATURES, "features", full_features },
};

static void
check_full_documents(void)
{
	for (size_t i = 0; i < sizeof(full) / sizeof(full[0]); i++) {
		struct pile pile = PILE;
		struct ocispec_error err = { .text = "" };
		struct buffer written = { NULL, 0 };
		void *document = pile_alloc(&pile, ocispec_size(full[i].type));

		EQ_INT(
		    read_text(&pile, full[i].text, full[i].type, document, &err), 0, full[i].name);
		EQ_STR(err.text, "", "  is read without complaint");
		EQ_INT(write_buffer(&written, document, full[i].type, OCISPEC_COMPACT, &err), 0,
		    "  is written");
		EQ_STR(written.text, full[i].text, "  byte for byte, in the tables' order");
		free(written.text);
		pile_free(&pile);
	}
}

/* ---- comparison */

static const struct {
	const char *a, *b;
	int equal;
} pairs[] = {
	{ "{\"cwd\":\"/\"}", " { \"cwd\" : \"\\/\" , \"x\" : 1 } ", 1 },
	{ "{\"cwd\":\"/\"}", "{\"cwd\":\"/a\"}", 0 },
	{ "{\"cwd\":\"/\"}", "{\"cwd\":\"/\",\"terminal\":false}", 0 },
	{ "{\"cwd\":\"/\",\"terminal\":true}", "{\"cwd\":\"/\",\"terminal\":false}", 0 },
	{ "{\"cwd\":\"/\"}", "{\"cwd\":\"/\",\"env\":[]}", 0 },
	{ "{\"cwd\":\"/\"}", "{\"cwd\":\"/\",\"env\":null,\"user\":null,\"terminal\":null}", 1 },
	{ "{\"cwd\":\"/\",\"env\":[\"a\"]}", "{\"cwd\":\"/\",\"env\":[\"b\"]}", 0 },
	{ "{\"cwd\":\"/\",\"env\":[\"a\"]}", "{\"cwd\":\"/\",\"env\":[\"a\",\"a\"]}", 0 },
	{ "{\"cwd\":\"/\",\"user\":{}}", "{\"cwd\":\"/\"}", 0 },
	{ "{\"cwd\":\"/\",\"user\":{\"uid\":0}}", "{\"cwd\":\"/\",\"user\":{\"uid\":1}}", 0 },
	{ "{\"cwd\":\"/\",\"user\":{\"uid\":0}}", "{\"cwd\":\"/\",\"user\":{}}", 0 },
};

static void
check_equal(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct pile pile = PILE;
		struct ocispec_process a, b;
		struct ocispec_error err;

		EQ_INT(read_text(&pile, pairs[i].a, OCISPEC_PROCESS, &a, &err), 0, pairs[i].a);
		EQ_INT(read_text(&pile, pairs[i].b, OCISPEC_PROCESS, &b, &err), 0, pairs[i].b);
		EQ_INT(ocispec_equal(&a, &b, OCISPEC_PROCESS), pairs[i].equal, "  equal?");
		EQ_INT(
		    ocispec_equal(&b, &a, OCISPEC_PROCESS), pairs[i].equal, "  and the other way?");
		pile_free(&pile);
	}
}

/* ---- the writer */

static void
check_pretty(void)
{
	struct ocispec_process process = { .cwd = "/\x01\"\\", .has_terminal = true };
	struct ocispec_error err;
	struct buffer written = { NULL, 0 };

	EQ_INT(
	    write_buffer(&written, &process, OCISPEC_PROCESS, OCISPEC_PRETTY, &err), 0, "pretty");
	EQ_STR(written.text, "{\n    \"terminal\": false,\n    \"cwd\": \"/\\u0001\\\"\\\\\"\n}\n",
	    "indented, escaped, ends in a newline");
	free(written.text);
}

static void
check_refusal(const void *document, enum ocispec_type type, const char *complaint)
{
	struct ocispec_error err = { .text = "" };
	struct buffer written = { NULL, 0 };

	EQ_INT(write_buffer(&written, document, type, OCISPEC_COMPACT, &err), -1, complaint);
	EQ_STR(err.text, complaint, "  and says so");
	free(written.text);
}

static void
check_refusals(void)
{
	static const char *const args[] = { "sh", "\xff" };
	static const struct ocispec_mount mounts[] = { { .destination = "/" }, { .type = "t" } };
	static const struct ocispec_pair pairs_bad[] = { { "k", "v" }, { "x.y", NULL } };
	struct ocispec_process no_cwd = { .has_terminal = true };
	struct ocispec_process bad_args = { .cwd = "/", .args = { args, 2 } };
	struct ocispec_config bad_mount = { .oci_version = "1", .mounts = { mounts, 2 } };
	struct ocispec_config bad_map = { .oci_version = "1", .annotations = { pairs_bad, 2 } };

	check_refusal(&no_cwd, OCISPEC_PROCESS, "cwd: this field is required, and NULL");
	check_refusal(&bad_args, OCISPEC_PROCESS, "args[1]: the string is not valid UTF-8");
	check_refusal(
	    &bad_mount, OCISPEC_CONFIG, "mounts[1].destination: this field is required, and NULL");
	check_refusal(
	    &bad_map, OCISPEC_CONFIG, "annotations[\"x.y\"]: a string that must be there is NULL");
}

static int
refuse_write(void *context, const char *text, size_t length)
{
	(void)context; /* the signature wants them */
	(void)text;
	(void)length;
	return -1;
}

static void
check_sink(void)
{
	struct ocispec_sink sink = { refuse_write, NULL };
	struct ocispec_process process = { .cwd = "/" };
	struct ocispec_error err = { .text = "" };

	EQ_INT(ocispec_write(&process, OCISPEC_PROCESS, OCISPEC_COMPACT, &sink, &err), -1,
	    "a sink that refuses");
	EQ_STR(err.text, "the output cannot be written", "  and says so");
}

/* ---- tables of one's own */

struct twig {
	const char *word;
	const struct twig *inner;
};

static const struct ocispec_table twig_table;
static const struct ocispec_field twig_fields[] = {
	{ .name = "word",
	    .name_length = 4,
	    .kind = KIND_WORD,
	    .offset = offsetof(struct twig, word) },
	{ .name = "inner",
	    .name_length = 5,
	    .kind = KIND_OBJECT,
	    .offset = offsetof(struct twig, inner),
	    .table = &twig_table },
};
static const struct ocispec_table twig_table = {
	.size = sizeof(struct twig), .count = 2, .fields = twig_fields
};

/* The complaint; NULL: it is fine. */
static const char *
read_twig(const char *text, struct pile *pile, struct twig *twig)
{
	static struct ocispec_error err;
	const struct ocispec_memory memory = { pile_alloc, pile };

	if (ocispec_read_table(text, strlen(text), &twig_table, NULL, NULL, &memory, twig, &err) ==
	    0)
		return NULL;
	return err.text;
}

/* Words are strings or numbers, kept as they are written; a table may contain itself. */
static void
check_own_tables(void)
{
	struct pile pile = PILE;
	struct twig twig;

	EQ_STR(
	    read_twig("{\"word\":-0.50e1,\"inner\":{\"word\":\"5s\",\"inner\":{}}}", &pile, &twig),
	    NULL, "words in objects of one table");
	EQ_STR(twig.word, "-0.50e1", "a number, as it is written");
	EQ_STR(twig.inner->word, "5s", "a string");
	OK(twig.inner->inner && !twig.inner->inner->word, "none");
	EQ_STR(read_twig("{\"word\":7}", &pile, &twig), NULL, "the shortest document with a word");
	EQ_STR(twig.word, "7", "a digit");
	EQ_STR(read_twig("{\"word\":null}", &pile, &twig), NULL, "null");
	EQ_STR(twig.word, NULL, "is absent");
	EQ_STR(read_twig("{\"word\":false}", &pile, &twig),
	    "word: expected a string or a number, found false (line 1, column 9)", "no word");
	pile_free(&pile);
}

int
main(void)
{
	check_members();
	check_full_documents();
	check_equal();
	check_pretty();
	check_refusals();
	check_sink();
	check_own_tables();
	DONE();
}
