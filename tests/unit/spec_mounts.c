/* Mount option words, one by one and together, and what becomes of whole mounts. */
#include "spec/mount_options.h"
#include "spec/spec.h"

#include "base/syscalls.h"
#include "spec_help.h"
#include "tap.h"

#define ATIME MOUNT_ATTR__ATIME

/* Words separated by commas, and the attributes that they make. */
static const struct {
	const char *words;
	uint64_t set;
	uint64_t clear;
	uint64_t rec_set;
	uint64_t rec_clear;
} attribute_rows[] = {
	{ "defaults", 0, 0, 0, 0 },
	{ "ro", MOUNT_ATTR_RDONLY, 0, 0, 0 },
	{ "ro,rw", 0, MOUNT_ATTR_RDONLY, 0, 0 },
	{ "rw,ro", MOUNT_ATTR_RDONLY, 0, 0, 0 },
	{ "nosuid,nodev,noexec", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0, 0,
	    0 },
	{ "nosuid,suid", 0, MOUNT_ATTR_NOSUID, 0, 0 },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0, 0, 0 },
	{ "symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW, 0, 0 },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME, 0, 0, 0 },
	{ "noatime", MOUNT_ATTR_NOATIME, ATIME, 0, 0 },
	{ "strictatime", MOUNT_ATTR_STRICTATIME, ATIME, 0, 0 },
	{ "relatime", 0, ATIME, 0, 0 },
	{ "noatime,strictatime", MOUNT_ATTR_STRICTATIME, ATIME, 0, 0 },
	{ "noatime,atime", 0, ATIME, 0, 0 },
	{ "atime", 0, ATIME, 0, 0 },
	{ "strictatime,atime", MOUNT_ATTR_STRICTATIME, ATIME, 0, 0 },
	{ "strictatime,nostrictatime", 0, ATIME, 0, 0 },
	{ "noatime,nostrictatime", MOUNT_ATTR_NOATIME, ATIME, 0, 0 },
	{ "norelatime", 0, 0, 0, 0 },
	{ "rro", 0, 0, MOUNT_ATTR_RDONLY, 0 },
	{ "rro,rw", 0, MOUNT_ATTR_RDONLY, MOUNT_ATTR_RDONLY, 0 },
	{ "rnosuid,rnodev,rnoexec,rexec", 0, 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	    MOUNT_ATTR_NOEXEC },
	{ "rnoatime", 0, 0, MOUNT_ATTR_NOATIME, ATIME },
	{ "rstrictatime,rnoatime,rnodiratime", 0, 0, MOUNT_ATTR_NOATIME | MOUNT_ATTR_NODIRATIME,
	    ATIME },
};

static void
apply_words(const char *words, struct plan_mount *mount)
{
	char copy[128];
	char *rest = copy;
	const char *word;

	(void)snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, ",")))
		(void)mount_option_apply(word, mount);
}

static void
test_attributes(void)
{
	for (size_t i = 0; i < sizeof(attribute_rows) / sizeof(attribute_rows[0]); i++) {
		struct plan_mount mount = { 0 };

		apply_words(attribute_rows[i].words, &mount);
		EQ_INT(mount.attr_set, attribute_rows[i].set, attribute_rows[i].words);
		EQ_INT(mount.attr_clear, attribute_rows[i].clear, "... cleared");
		EQ_INT(mount.rec_attr_set, attribute_rows[i].rec_set, "... below");
		EQ_INT(mount.rec_attr_clear, attribute_rows[i].rec_clear, "... cleared below");
	}
}

static void
test_flags_and_propagation(void)
{
	struct plan_mount mount = { 0 };

	apply_words("rbind,rprivate,slave,shared", &mount);
	EQ_INT(mount.flags, PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC, "rbind");
	EQ_INT(mount.rec_propagation, MS_PRIVATE, "rprivate");
	EQ_INT(mount.propagation, MS_SHARED, "the last of slave and shared");
	mount = (struct plan_mount) { 0 };
	apply_words("ridmap,tmpcopyup,src-nofollow,dest-nofollow", &mount);
	EQ_INT(mount.flags,
	    PLAN_MOUNT_IDMAP | PLAN_MOUNT_IDMAP_REC | PLAN_MOUNT_TMPCOPYUP |
		PLAN_MOUNT_SRC_NOFOLLOW | PLAN_MOUNT_DEST_NOFOLLOW,
	    "words of ours and of other runtimes");
}

static void
test_verdicts(void)
{
	struct plan_mount mount = { 0 };

	EQ_INT(mount_option_apply("ro", &mount), MOUNT_OPTION_APPLIED, "ro is applied");
	EQ_INT(mount_option_apply("silent", &mount), MOUNT_OPTION_APPLIED, "silent is accepted");
	EQ_INT(mount_option_apply("sync", &mount), MOUNT_OPTION_FILE_SYSTEM,
	    "sync is the superblock's");
	EQ_INT(mount_option_apply("size=1m", &mount), MOUNT_OPTION_FILE_SYSTEM,
	    "size is the file system's");
	EQ_INT(mount_option_apply("remount", &mount), MOUNT_OPTION_REFUSED, "remount is refused");
}

/* What runc 1.2's features list, less remount and acl. */
static const char *const expected_words[] = { "async", "atime", "bind", "defaults", "dev",
	"diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand", "noatime",
	"nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime",
	"nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime",
	"relatime", "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec",
	"rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime",
	"rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable",
	"rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup",
	"unbindable" };

static int
is_listed(const char *word)
{
	const char *listed;

	for (size_t i = 0; (listed = spec_mount_option_word(i)); i++) {
		if (strcmp(listed, word) == 0)
			return 1;
	}
	return 0;
}

static void
test_list(void)
{
	for (size_t i = 0; i < sizeof(expected_words) / sizeof(expected_words[0]); i++)
		OK(is_listed(expected_words[i]), expected_words[i]);
	OK(!is_listed("remount"), "what is refused is not listed");
}

/* The one mount of a config. */
static struct plan_mount
parse_mount(struct arena *arena, const char *config, struct spec *spec)
{
	EQ_STR(spec_try(arena, config, spec), NULL, config);
	return spec->mounts.count ? spec->mounts.items[0] : (struct plan_mount) { 0 };
}

static void
test_file_systems(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	struct plan_mount m = parse_mount(&arena,
	    WITH_MOUNT("'type':'tmpfs','source':'shm',"
		       "'options':['nosuid','mode=1777','','size=64k','noswap','sync']"),
	    &spec);

	EQ_STR(m.type, "tmpfs", "type");
	EQ_STR(m.source, "shm", "source");
	EQ_INT(m.options.count, 4, "four options are the file system's");
	EQ_STR(m.options.items[0].key, "mode", "a key");
	EQ_STR(m.options.items[0].value, "1777", "and its value");
	EQ_STR(m.options.items[2].key, "noswap", "a flag");
	EQ_STR(m.options.items[2].value, NULL, "has none");
	m = parse_mount(&arena, WITH_MOUNT("'type':'proc'"), &spec);
	EQ_INT(m.flags, PLAN_MOUNT_PROC, "proc is special");
	EQ_STR(m.source, "proc", "the type stands in for a source");
	m = parse_mount(&arena, WITH_MOUNT("'type':'sysfs'"), &spec);
	EQ_INT(m.flags, PLAN_MOUNT_SYSFS, "so is sysfs");
	m = parse_mount(&arena, WITH_MOUNT("'type':'cgroup2'"), &spec);
	EQ_INT(m.flags, PLAN_MOUNT_CGROUP, "so is cgroup2");
	m = parse_mount(
	    &arena, WITH_MOUNT("'type':'x','options':['context=\\\"a:b,c\\\"','k=v=w']"), &spec);
	EQ_STR(m.options.items[0].value, "\"a:b,c\"", "a value keeps its quotes");
	EQ_STR(m.options.items[1].value, "v=w", "and all after the first =");
	arena_free(&arena);
}

static void
test_binds(void)
{
	struct arena arena = { 0 };
	struct spec spec = { 0 };
	struct plan_mount m = parse_mount(&arena,
	    WITH_MOUNT("'type':'proc','source':'data','options':['rbind','ro','size=1']"), &spec);

	EQ_INT(m.flags, PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC, "bind wins over any type");
	EQ_STR(m.type, NULL, "which is dropped");
	EQ_STR(m.source, "/b/data", "a relative source is the bundle's");
	EQ_INT(m.options.count, 0, "a bind takes no file system options");
	EQ_INT(spec.unsupported.count, 1, "which is noted");
	EQ_STR(spec.unsupported.items[0].path, "mounts[0].options \"size=1\"", "by name");
	m = parse_mount(&arena, WITH_MOUNT("'type':'none','source':'/s'"), &spec);
	EQ_INT(m.flags, PLAN_MOUNT_BIND, "none is a bind");
	m = parse_mount(&arena,
	    CONFIG(",'linux':{'namespaces':[{'type':'mount'}]},"
		   "'mounts':[{'destination':'m','type':'tmpfs'}]"),
	    &spec);
	EQ_STR(m.dest, "/m", "a relative destination is the root's");
	m = parse_mount(&arena,
	    WITH_MOUNT("'source':'/s','options':['bind'],'uidMappings':"
		       "[{'containerID':0,'hostID':7,'size':2}],'gidMappings':"
		       "[{'containerID':0,'hostID':8,'size':2}]"),
	    &spec);
	EQ_INT(m.flags, PLAN_MOUNT_BIND | PLAN_MOUNT_IDMAP, "maps make it idmapped");
	EQ_INT(m.gid_map.items[0].host_id, 8, "with these maps");
	arena_free(&arena);
}

int
main(void)
{
	test_attributes();
	test_flags_and_propagation();
	test_verdicts();
	test_list();
	test_file_systems();
	test_binds();
	DONE();
}
