/* The pure part of create and exec, with the little reading that it needs around it. */
#include "container/compile.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/userns.h"
#include "base/version.h"
#include "container/exec_process.h"
#include "container/state.h"
#include "kernel/cgroup.h"
#include "kernel/idmap_own.h"
#include "spec/template.h"
#include "profile/cache.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ARENA_MAX \
	(256u << 20) /* a config.json is bounded; this bounds what it can make of itself */
#define PRESERVE_MAX 1024u

/* Only where LISTEN_PID names this process (sd_listen_fds(3)): the variables are inherited by whom
 * they do not concern. */
static uint32_t
listen_fds(void)
{
	const char *count = getenv("LISTEN_FDS");
	const char *pid = getenv("LISTEN_PID");
	char *end = NULL;
	long number;

	if (!count || !pid || strtol(pid, NULL, 10) != getpid())
		return 0;
	number = strtol(count, &end, 10);
	return *count && !*end && number > 0 && number <= (long)PRESERVE_MAX ? (uint32_t)number : 0;
}

/* Ours are all close-on-exec, inherited ones cannot be: a log file of ours is not the caller's to
 * pass on. */
static int
check_preserved(uint32_t count, struct error *err)
{
	if (count > PRESERVE_MAX)
		return error_set(err, "--preserve-fds %u: at most %u", count, PRESERVE_MAX);
	for (uint32_t i = 0; i < count; i++) {
		int flags = fcntl(3 + (int)i, F_GETFD);

		if (flags < 0 || (flags & FD_CLOEXEC))
			return error_set(err, "--preserve-fds %u: fd %u is not open", count, 3 + i);
	}
	return 0;
}

static int
learn_userns(struct policy_facts *facts, struct arena *arena, struct error *err)
{
	facts->euid = geteuid();
	facts->in_userns = !userns_is_host();
	return facts->in_userns ? idmap_own(&facts->own_uids, &facts->own_gids, arena, err) : 0;
}

static int
is_rootless(const struct container_host *host)
{
	if (host->rootless == CONTAINER_ROOTLESS_AUTO)
		return geteuid() != 0 || !userns_is_host();
	return host->rootless == CONTAINER_ROOTLESS_YES;
}

static void
learn_manager(const struct container_host *host, struct policy_facts *facts)
{
	facts->cgroup_manager = host->cgroup_manager;
	facts->has_systemd = OSLESS_HAS_SYSTEMD;
	facts->user_units = (uint32_t)is_rootless(host);
}

/* What --no-pivot and the like make of the caller, and LISTEN_FDS of its environment. */
static int
make_facts(const struct container_host *host, const struct container_options *options,
    struct policy_facts *facts, struct arena *arena, struct error *err)
{
	*facts = (struct policy_facts) {
		.no_pivot = options->no_pivot,
		.no_new_keyring = options->no_new_keyring,
		.listen_fds = listen_fds(),
		.console_socket = options->console_socket != NULL,
	};
	learn_manager(host, facts);
	facts->preserve_fds = facts->listen_fds + options->preserve_fds;
	if (learn_userns(facts, arena, err) < 0)
		return -1;
	return check_preserved(facts->preserve_fds, err);
}

static int
load_spec(const char *bundle_option, struct compiled *compiled, struct error *err)
{
	const char *given = bundle_option ? bundle_option : ".";
	AUTO_FREE char *bundle = realpath(given, NULL);
	const char *kept;
	AUTO_FD int fd = -1;

	if (!bundle)
		return error_sys(err, "bundle %s", given);
	kept = arena_strdup(&compiled->arena, bundle);
	if (!kept)
		return error_num(err, ENOMEM, "bundle %s", bundle);
	fd = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_sys(err, "bundle %s", bundle);
	return spec_load(fd, kept, &compiled->arena, &compiled->spec, err);
}

static int
find_cgroups(
    const struct container_host *host, const char *id, struct compiled *compiled, struct error *err)
{
	struct plan_cgroup *cgroup = &compiled->plan.cgroup;

	if (host->cgroup_manager != PLAN_CGROUP_CGROUPFS)
		return 0; /* systemd's: create asks (container/unit.c) */
	if (cgroup_locate(NULL, cgroup->path, id, &compiled->arena, cgroup, err) < 0)
		return -1;
	if (is_rootless(host))
		cgroup_keep_permitted(cgroup);
	return 0;
}

/* context: the struct container_host. */
static int
compile_cached(const void *context, const struct bundle_seccomp *seccomp, struct bundle_filter *out,
    struct error *err)
{
	struct error later; /* create will need the root itself, and tell */
	AUTO_FD int root = state_open_root(context, &later);

	return cache_compile(root, seccomp, out, err);
}

static int
make_filters(const struct container_host *host, enum compile_profile profile,
    struct compiled *compiled, struct error *err)
{
	const struct policy_compiler cached = { compile_cached, host };

	return policy_filters(&compiled->spec, profile == COMPILE_CACHED ? &cached : NULL,
	    &compiled->arena, &compiled->plan, &compiled->report, err);
}

static int
load_policy(const struct container_host *host, struct compiled *compiled, struct error *err)
{
	enum policy_need need = host->policy_given ? POLICY_REQUIRED : POLICY_OPTIONAL;

	compiled->arena.limit = ARENA_MAX;
	compiled->report.arena = &compiled->arena;
	return host_policy_load(host->policy_path, need, &compiled->arena, &compiled->policy, err);
}

int
compile_bundle(const struct container_host *host, const char *id,
    const struct container_options *options, enum compile_profile profile,
    struct compiled *compiled, struct error *err)
{
	struct policy_facts facts;

	if (load_policy(host, compiled, err) < 0)
		return -1;
	if (make_facts(host, options, &facts, &compiled->arena, err) < 0)
		return -1;
	if (load_spec(options->bundle, compiled, err) < 0)
		return -1;
	if (policy_compile(&compiled->spec, &compiled->policy, &facts, id, &compiled->arena,
		&compiled->plan, &compiled->report, err) < 0)
		return -1;
	if (make_filters(host, profile, compiled, err) < 0)
		return -1;
	compiled->plan.fail_step = fault_wanted();
	return find_cgroups(host, id, compiled, err);
}

/* The config.json that `spec` writes, around a root file system. */
static int
make_spec(const char *rootfs, struct compiled *compiled, struct error *err)
{
	AUTO_FREE char *text = template_write(TEMPLATE_ROOT, 0, 0, err);
	AUTO_FREE char *path = realpath(rootfs, NULL);
	const char *kept;

	if (!text)
		return -1;
	if (!path)
		return error_sys(err, "root file system %s", rootfs);
	kept = arena_strdup(&compiled->arena, path);
	if (!kept)
		return error_num(err, ENOMEM, "root file system %s", path);
	if (spec_parse("the default config.json", text, strlen(text), kept, &compiled->arena,
		&compiled->spec, err) < 0)
		return -1;
	compiled->spec.rootfs = kept;
	return 0;
}

int
compile_rootfs(const struct container_host *host, const char *id, const char *rootfs,
    struct compiled *compiled, struct error *err)
{
	const struct policy_facts facts = { .euid = geteuid() };

	if (load_policy(host, compiled, err) < 0 || make_spec(rootfs, compiled, err) < 0)
		return -1;
	return policy_compile(&compiled->spec, &compiled->policy, &facts, id, &compiled->arena,
	    &compiled->plan, &compiled->report, err);
}

int
compile_is_bundle(const char *path)
{
	AUTO_FD int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	return fd < 0 || fstatat(fd, "config.json", &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
audit(uint32_t *mode)
{
	if (*mode == PLAN_MODE_ENFORCE)
		*mode = PLAN_MODE_AUDIT;
}

/* Most are about the tree, which another program has no place in; the rest only tighten what is in
 * audit anyway. */
static void
drop_own_annotations(struct spec *spec)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < spec->annotations.count; i++)
		if (strncmp(spec->annotations.items[i].key, "dev.osless.", 11) != 0)
			spec->annotations.items[kept++] = spec->annotations.items[i];
	spec->annotations.count = kept;
}

/* What is asked for instead of what the bundle has. A device that is moved to a container ends with
 * it, or comes back changed: none is risked for a trial. */
static void
set_trial(struct compiled *compiled, const struct container_words *args, uint32_t tier)
{
	audit(&compiled->policy.identity_mode);
	audit(&compiled->policy.syscalls_mode);
	audit(&compiled->policy.supervision_mode);
	compiled->policy.tier = tier;
	compiled->spec.net_devices.count = 0;
	if (args->count == 0)
		return;
	compiled->spec.process.args.items = (const char **)(uintptr_t)args->items; /* only read */
	compiled->spec.process.args.count = args->count;
	compiled->spec.tree = NULL;
	drop_own_annotations(&compiled->spec);
}

int
compile_trial(const struct container_host *host, const char *id,
    const struct container_check_options *options, uint32_t tier, struct compiled *compiled,
    struct error *err)
{
	struct policy_facts facts = { 0 };
	const char *path = options->bundle ? options->bundle : ".";
	int loaded;

	learn_manager(host, &facts);
	if (load_policy(host, compiled, err) < 0 || learn_userns(&facts, &compiled->arena, err) < 0)
		return -1;
	loaded = compile_is_bundle(path) ? load_spec(path, compiled, err)
					 : make_spec(path, compiled, err);
	if (loaded < 0)
		return -1;
	set_trial(compiled, &options->args, tier);
	if (policy_compile(&compiled->spec, &compiled->policy, &facts, id, &compiled->arena,
		&compiled->plan, &compiled->report, err) < 0 ||
	    make_filters(host, COMPILE_UNCACHED, compiled, err) < 0)
		return -1;
	compiled->plan.fail_step = fault_wanted();
	return find_cgroups(host, id, compiled, err);
}

int
compile_exec(const struct plan *container, const struct container_exec_options *options,
    struct compiled *compiled, struct error *err)
{
	struct policy_facts facts = {
		.listen_fds = listen_fds(),
		.console_socket = options->console_socket != NULL,
	};

	compiled->arena.limit = ARENA_MAX;
	compiled->report.arena = &compiled->arena;
	facts.preserve_fds = facts.listen_fds + options->preserve_fds;
	if (check_preserved(facts.preserve_fds, err) < 0 ||
	    learn_userns(&facts, &compiled->arena, err) < 0)
		return -1;
	if (exec_process(container, options, &compiled->arena, &compiled->spec, err) < 0)
		return -1;
	if (policy_compile_exec(&compiled->spec, container, &facts, &compiled->arena,
		&compiled->plan, &compiled->report, err) < 0)
		return -1;
	compiled->plan.fail_step = fault_wanted();
	return 0;
}

void
compiled_tell(const struct compiled *compiled, const char *id)
{
	for (uint64_t i = 0; i < compiled->report.entries.count; i++) {
		const struct report_entry *entry = &compiled->report.entries.items[i];

		log_line(entry->warn || entry->kind == REPORT_UNSUPPORTED ? LOG_WARNING : LOG_DEBUG,
		    "%s: %s %s: %s", id, report_kind_word((enum report_kind)entry->kind),
		    entry->what, entry->why);
	}
}

void
compiled_free(struct compiled *compiled)
{
	arena_free(&compiled->arena);
}
