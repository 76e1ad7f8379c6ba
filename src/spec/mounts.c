/* mounts: what is mounted where, in the document's order. Nothing is resolved here: destinations
 * mean something only inside the root file system, at the time of mounting. */
#include "spec/convert.h"
#include "spec/mount_options.h"

#include "base/arena.h"

#include <string.h>

/* Types that are more than a file system's name. */
static const struct {
	const char *type;
	uint32_t flag; /* enum plan_mount_flag */
} special_types[] = {
	{ "bind", PLAN_MOUNT_BIND },
	{ "none", PLAN_MOUNT_BIND },
	{ "cgroup", PLAN_MOUNT_CGROUP },
	{ "cgroup2", PLAN_MOUNT_CGROUP },
	{ "proc", PLAN_MOUNT_PROC },
	{ "sysfs", PLAN_MOUNT_SYSFS },
};

/* One mount on its way. */
struct mount_job {
	struct convert *c;
	size_t index; /* in mounts */
	const struct ocispec_mount *from;
	struct plan_mount *to;
};

static int
convert_destination(const struct mount_job *job)
{
	const char *destination = job->from->destination;

	if (destination[0] == '\0')
		return convert_refuse(job->c,
		    "mounts[%zu].destination: empty: name a path in the container", job->index);
	job->to->dest = destination;
	if (destination[0] != '/') /* deprecated, and still taken as runc takes it */
		job->to->dest = arena_printf(job->c->arena, "/%s", destination);
	return job->to->dest ? 0 : convert_no_memory(job->c);
}

static int
convert_options(const struct mount_job *job)
{
	const ocispec_strings *from = &job->from->options;
	struct plan_mount *to = job->to;

	if (CONVERT_LIST(job->c, &to->options, from->count) < 0)
		return -1;
	to->options.count = 0; /* those of them that are the file system's */
	for (size_t i = 0; i < from->count; i++) {
		const char *word = from->items[i];
		enum mount_option_verdict verdict = mount_option_apply(word, to);

		if (verdict == MOUNT_OPTION_REFUSED)
			return convert_refuse(job->c,
			    "mounts[%zu].options[%zu]: \"%s\" is not supported: give the mount "
			    "all its options at once",
			    job->index, i, word);
		if (verdict == MOUNT_OPTION_FILE_SYSTEM && *word)
			to->options.items[to->options.count++].key = word;
	}
	return 0;
}

/* The flag of a type; an option may have said bind already, and then the type means nothing. */
static void
apply_type(const struct mount_job *job)
{
	const char *type = convert_text(job->from->type);

	for (size_t i = 0; type && i < sizeof(special_types) / sizeof(special_types[0]); i++) {
		if (!(job->to->flags & PLAN_MOUNT_BIND) && strcmp(special_types[i].type, type) == 0)
			job->to->flags |= special_types[i].flag;
	}
	job->to->type = job->to->flags & PLAN_MOUNT_BIND ? NULL : type;
}

/* A bind mount shows a file system that is mounted already: options for one come too late. */
static int
drop_options(const struct mount_job *job)
{
	for (uint64_t i = 0; i < job->to->options.count; i++) {
		const char *path = convert_path(job->c, "mounts[%zu].options %s", job->index,
		    convert_quote(job->c, job->to->options.items[i].key));

		if (convert_unsupported(job->c, path, "a bind mount takes no file system options") <
		    0)
			return -1;
	}
	job->to->options.count = 0;
	return 0;
}

static int
finish_bind(const struct mount_job *job)
{
	const char *source = convert_text(job->from->source);

	if (!source)
		return convert_refuse(job->c,
		    "mounts[%zu].source: missing: name what to bind to %s", job->index,
		    convert_quote(job->c, job->to->dest));
	job->to->source = source;
	if (source[0] != '/')
		job->to->source =
		    arena_printf(job->c->arena, "%s/%s", job->c->spec->bundle, source);
	if (!job->to->source)
		return convert_no_memory(job->c);
	return drop_options(job);
}

/* "size=65536k" is a key with a value; "newinstance" is one without. */
static int
split_options(const struct mount_job *job)
{
	for (uint64_t i = 0; i < job->to->options.count; i++) {
		struct plan_pair *option = &job->to->options.items[i];
		const char *equals = strchr(option->key, '=');

		if (!equals)
			continue;
		option->value = equals + 1;
		option->key =
		    arena_printf(job->c->arena, "%.*s", (int)(equals - option->key), option->key);
		if (!option->key)
			return convert_no_memory(job->c);
	}
	return 0;
}

static int
finish_file_system(const struct mount_job *job)
{
	const char *source = convert_text(job->from->source);

	if (!job->to->type)
		return convert_refuse(job->c,
		    "mounts[%zu].type: missing: name a file system, or give the option \"bind\"",
		    job->index);
	job->to->source = source ? source : job->to->type;
	return split_options(job);
}

/* Into anything else it would write. */
static int
check_copyup(const struct mount_job *job)
{
	const char *path;

	if (!(job->to->flags & PLAN_MOUNT_TMPCOPYUP) ||
	    (job->to->type && strcmp(job->to->type, "tmpfs") == 0))
		return 0;
	job->to->flags &= ~(uint32_t)PLAN_MOUNT_TMPCOPYUP;
	path = convert_path(job->c, "mounts[%zu].options \"tmpcopyup\"", job->index);
	return convert_unsupported(job->c, path, "only a tmpfs can start as a copy");
}

static int
convert_mount_idmaps(const struct mount_job *job)
{
	const struct ocispec_mount *from = job->from;
	struct plan_mount *to = job->to;

	if (from->uid_mappings.count || from->gid_mappings.count)
		to->flags |= PLAN_MOUNT_IDMAP;
	if (!(to->flags & PLAN_MOUNT_IDMAP))
		return 0;
	if (to->flags & (PLAN_MOUNT_PROC | PLAN_MOUNT_SYSFS | PLAN_MOUNT_CGROUP))
		return convert_refuse(job->c,
		    "mounts[%zu]: the kernel maps no ids of file systems that it makes up: leave "
		    "out idmap and mappings of a %s",
		    job->index, to->type);
	if (!from->uid_mappings.count != !from->gid_mappings.count)
		return convert_refuse(job->c,
		    "mounts[%zu]: uidMappings and gidMappings need each other: give both",
		    job->index);
	if (convert_idmaps(job->c, convert_path(job->c, "mounts[%zu].uidMappings", job->index),
		from->uid_mappings.items, from->uid_mappings.count, &to->uid_map) < 0)
		return -1;
	return convert_idmaps(job->c, convert_path(job->c, "mounts[%zu].gidMappings", job->index),
	    from->gid_mappings.items, from->gid_mappings.count, &to->gid_map);
}

static int
convert_mount(const struct mount_job *job)
{
	if (convert_destination(job) < 0 || convert_options(job) < 0)
		return -1;
	apply_type(job);
	if (job->to->flags & PLAN_MOUNT_BIND ? finish_bind(job) < 0 : finish_file_system(job) < 0)
		return -1;
	return check_copyup(job) < 0 ? -1 : convert_mount_idmaps(job);
}

int
convert_mounts(struct convert *c, const struct ocispec_config *from)
{
	__typeof__(c->spec->mounts) *to = &c->spec->mounts;

	if (CONVERT_LIST(c, to, from->mounts.count) < 0)
		return -1;
	for (size_t i = 0; i < from->mounts.count; i++) {
		struct mount_job job = { c, i, &from->mounts.items[i], &to->items[i] };

		if (convert_mount(&job) < 0)
			return -1;
	}
	return 0;
}
