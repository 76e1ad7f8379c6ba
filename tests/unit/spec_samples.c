/* Every config.json that an engine sent is read, and what matters in it comes out. */
#include "spec/spec.h"

#include "base/auto.h"
#include "base/file.h"
#include "profile/bundle.h"
#include "spec_help.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define CAP(number) (UINT64_C(1) << (number))

static int
ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* Reads DIR/NAME into spec, all in arena. */
static int
read_sample(const char *name, struct arena *arena, struct spec *spec)
{
	AUTO_FD int dir = open(spec_samples(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FREE char *text = NULL;
	struct error err;
	size_t length;

	text = file_read(dir, name, 1 << 20, &length, &err);
	if (!text || spec_parse(name, text, length, "/bundle", arena, spec, &err) < 0) {
		printf("# %s\n", err.text);
		return -1;
	}
	return 0;
}

static void
test_all(void)
{
	DIR *dir = opendir(spec_samples());
	const struct dirent *entry;
	int seen = 0;

	while (dir && (entry = readdir(dir))) {
		struct arena arena = { 0 };
		struct spec spec;

		if (!ends_with(entry->d_name, ".config.json"))
			continue;
		seen++;
		OK(read_sample(entry->d_name, &arena, &spec) == 0, entry->d_name);
		EQ_INT(spec.unsupported.count, 0, "everything in it is acted on");
		arena_free(&arena);
	}
	if (dir)
		closedir(dir);
	OK(seen > 20, "there are samples");
}

/* Wherever memory ends, the error says so, and nothing else happens. */
static void
test_memory(void)
{
	int others = 0;

	for (size_t limit = 64;; limit += 512) {
		struct arena arena = { .limit = limit };
		struct error err = { 0 };
		AUTO_FD int dir = open(spec_samples(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		AUTO_FREE char *text = NULL;
		struct spec spec;
		size_t length;
		int done;

		text = file_read(dir, "podman-userns.config.json", 1 << 20, &length, &err);
		if (!text)
			break;
		done = spec_parse("c", text, length, "/b", &arena, &spec, &err) == 0;
		others += !done && !strstr(err.text, "out of memory");
		arena_free(&arena);
		if (done)
			break;
	}
	EQ_INT(others, 0, "an arena of any limit: read, or out of memory");
}

static void
test_docker(void)
{
	struct arena arena = { 0 };
	struct spec spec;
	const struct plan_mount *shm;

	if (read_sample("docker-default.config.json", &arena, &spec) < 0)
		return;
	EQ_STR(spec.oci_version, "1.0.2-dev", "docker: version");
	EQ_STR(spec.hostname, "7c2360d4df45", "host name");
	EQ_INT(spec.rootfs[0], '/', "an absolute root stays");
	EQ_INT(spec.namespaces[PLAN_NS_PID].mode, PLAN_NS_NEW, "a new pid namespace");
	EQ_INT(spec.namespaces[PLAN_NS_USER].mode, PLAN_NS_HOST, "the host's user namespace");
	EQ_INT(
	    spec.namespaces[PLAN_NS_USER].type, CLONE_NEWUSER, "which has its flag all the same");
	EQ_INT(spec.resources.memory_limit, 0, "limits of 0 are unset");
	OK(spec.seccomp != NULL, "seccomp is there");
	EQ_STR(spec.seccomp ? spec.seccomp->default_action : NULL, "SCMP_ACT_ERRNO",
	    "with a default action");
	OK(spec.seccomp && spec.seccomp->rules_count > 5, "and rules");
	EQ_INT(spec.process.has_caps, 1, "capabilities are given");
	OK(spec.process.caps.bounding & CAP(0), "with CAP_CHOWN");
	EQ_INT(spec.process.caps.ambient, 0, "none of them ambient");
	shm = spec.mounts.count > 6 ? &spec.mounts.items[6] : NULL;
	EQ_STR(shm ? shm->dest : NULL, "/dev/shm", "the seventh mount");
	EQ_STR(shm ? shm->options.items[1].value : NULL, "67108864", "and its size");
	arena_free(&arena);
}

static void
test_cri_pod_member(void)
{
	struct arena arena = { 0 };
	struct spec spec;

	if (read_sample("cri-rootfsPropagation.config.json", &arena, &spec) < 0)
		return;
	EQ_STR(spec.rootfs, "/bundle/rootfs", "cri: a relative root is the bundle's");
	EQ_INT(spec.namespaces[PLAN_NS_NET].mode, PLAN_NS_JOIN, "the pod's network is joined");
	EQ_STR(spec.namespaces[PLAN_NS_NET].path, "/proc/23090/ns/net", "by path");
	EQ_INT(spec.rootfs_propagation, MS_SLAVE | MS_REC, "rslave");
	EQ_INT(spec.resources.memory_limit, 134217728, "memory.limit");
	EQ_INT(spec.resources.cpu_shares, 512, "cpu.shares");
	EQ_INT(spec.resources.cpu_quota, 50000, "cpu.quota");
	EQ_INT(spec.resources.devices.count, 1, "one device rule");
	EQ_INT(spec.resources.devices.items[0].type, 'a', "for all devices");
	EQ_INT(spec.resources.devices.items[0].major, -1, "of any number");
	EQ_INT(spec.resources.devices.items[0].access, 7, "rwm");
	arena_free(&arena);
}

static void
test_podman_userns(void)
{
	struct arena arena = { 0 };
	struct spec spec;

	if (read_sample("podman-userns.config.json", &arena, &spec) < 0)
		return;
	EQ_INT(spec.namespaces[PLAN_NS_USER].mode, PLAN_NS_NEW, "podman: a new user namespace");
	EQ_INT(spec.uid_map.count, 1, "one uid map");
	EQ_INT(spec.uid_map.items[0].host_id, 100000, "its host id");
	EQ_INT(spec.uid_map.items[0].size, 5000, "its size");
	EQ_INT(spec.process.has_umask, 1, "a umask is given");
	EQ_INT(spec.process.umask, 022, "022");
	EQ_INT(spec.process.rlimits.count, 2, "two limits");
	EQ_INT(spec.resources.pids_limit, 2048, "pids.limit");
	arena_free(&arena);
}

static void
test_podman_hooks(void)
{
	struct arena arena = { 0 };
	struct spec spec;
	const struct plan_hook *hook;

	if (read_sample("podman-hooks.config.json", &arena, &spec) < 0)
		return;
	EQ_INT(spec.hooks_prestart.count, 1, "podman: one prestart hook");
	hook = spec.hooks_prestart.items;
	EQ_STR(hook->path, "/bin/sh", "its path");
	EQ_INT(hook->args.count, 3, "its arguments");
	OK(hook->args.items[3] == NULL, "which end with NULL");
	EQ_INT(hook->timeout_s, 0, "no timeout");
	arena_free(&arena);
}

static void
test_privileged_devices(void)
{
	struct arena arena = { 0 };
	struct spec spec;

	if (read_sample("podman-privileged.config.json", &arena, &spec) < 0)
		return;
	OK(spec.devices.count > 10, "podman: a privileged container has devices");
	EQ_INT(spec.devices.items[0].mode & S_IFMT & ~(uint32_t)(S_IFCHR | S_IFBLK), 0,
	    "of known types");
	EQ_INT(spec.masked_paths.count, 0, "and no masks");
	arena_free(&arena);
}

int
main(void)
{
	test_all();
	test_memory();
	test_docker();
	test_cri_pod_member();
	test_podman_userns();
	test_podman_hooks();
	test_privileged_devices();
	DONE();
}
