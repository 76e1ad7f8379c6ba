/* Writes compiled limits into open cgroups. */
#include "kernel/cgroup_apply.h"

#include "kernel/cgroup_device_attach.h"
#include "kernel/cgroup_files.h"
#include "kernel/cgroup_inherit.h"
#include "kernel/cgroup_undo.h"

#include "base/auto.h"
#include "base/log.h"
#include "base/userns.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* More than there are rows with CGROUP_WRITE_RETRY. */
#define RETRIES_MAX 16

/* One file stays open over writes that follow each other: device rules are many. */
struct writer {
	const struct cgroup *cgroup;
	int fd;
	const struct cgroup_write *open;
	const struct cgroup_write *later[RETRIES_MAX];
	size_t later_count;
	struct arena *undo_arena; /* NULL: nothing is to be taken back */
	const struct cgroup_undo *undo;
};

static const struct cgroup_dir *
find_dir(const struct cgroup *cgroup, const struct cgroup_write *item)
{
	for (uint32_t i = 0; i < cgroup->count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];

		if (dir->fd >= 0 && dir->version == item->version &&
		    (item->version == 2 || (dir->v1 & (1u << item->controller))))
			return dir;
	}
	return NULL;
}

static int
is_same_file(const struct cgroup_write *a, const struct cgroup_write *b)
{
	return a && a->version == b->version && strcmp(a->file, b->file) == 0;
}

/* 0, or -1 with errno. */
static int
open_file(struct writer *writer, const struct cgroup_write *item)
{
	const struct cgroup_dir *dir = find_dir(writer->cgroup, item);

	if (is_same_file(writer->open, item))
		return 0;
	auto_close(&writer->fd);
	writer->open = NULL;
	writer->fd = dir ? openat(dir->fd, item->file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (!dir)
		errno = ENOENT;
	if (writer->fd < 0)
		return -1;
	writer->open = item;
	return 0;
}

static int
fail_write(const struct cgroup_write *item, struct error *err)
{
	const char *hint = cgroup_limits_hint(item, errno);

	return error_sys(err, "set %s: write \"%s\" to %s%s%s%s", item->key, item->text, item->file,
	    hint ? " (" : "", hint ? hint : "", hint ? ")" : "");
}

/* Writes to the open file. What it said before is noted first. 0, or -1 with errno. */
static int
put(struct writer *writer, const struct cgroup_write *item)
{
	struct cgroup_undo *undo = NULL;

	if (writer->undo_arena)
		undo = arena_alloc(writer->undo_arena, sizeof(*undo));
	if (writer->undo_arena && !undo)
		return errno = ENOMEM, -1;
	if (undo) {
		int dir = find_dir(writer->cgroup, item)->fd;

		*undo = (struct cgroup_undo) { writer->undo, item, dir,
			cgroup_undo_read(dir, item, writer->undo_arena) };
	}
	if (write(writer->fd, item->text, strlen(item->text)) < 0)
		return -1;
	log_line(LOG_DEBUG, "cgroup: %s: %s", item->file, item->text);
	if (undo)
		writer->undo = undo;
	return 0;
}

/* 0, or -1 with errno; *item becomes the alternative that was tried last. */
static int
write_one(struct writer *writer, const struct cgroup_write **item)
{
	while (open_file(writer, *item) < 0) {
		if (errno != ENOENT)
			return -1;
		if (!(*item)->instead && !((*item)->flags & CGROUP_WRITE_OPTIONAL))
			return -1;
		if (!(*item)->instead)
			return log_line(LOG_DEBUG, "cgroup: there is no %s", (*item)->file), 0;
		*item = (*item)->instead;
	}
	return put(writer, *item);
}

static int
may_retry(const struct writer *writer, const struct cgroup_write *item)
{
	return (item->flags & CGROUP_WRITE_RETRY) && (errno == EINVAL || errno == EBUSY) &&
	       writer->later_count < RETRIES_MAX;
}

/* Goes over what was refused until all is written, or nothing moves any more. */
static int
write_later(struct writer *writer, struct error *err)
{
	size_t before = 0;

	while (writer->later_count && writer->later_count != before) {
		before = writer->later_count;
		writer->later_count = 0;
		for (size_t i = 0; i < before; i++) {
			const struct cgroup_write *item = writer->later[i];

			if (write_one(writer, &item) == 0)
				continue;
			writer->later[writer->later_count++] = item;
			(void)fail_write(item, err); /* stands, if nothing moves any more */
		}
	}
	return writer->later_count ? -1 : 0;
}

static int
write_list(struct writer *writer, const struct cgroup_write *writes, struct error *err)
{
	for (; writes; writes = writes->next) {
		const struct cgroup_write *item = writes;

		if (write_one(writer, &item) == 0)
			continue;
		if (!may_retry(writer, item))
			return fail_write(item, err);
		writer->later[writer->later_count++] = item;
	}
	return write_later(writer, err);
}

/* *fd gets the program, or -1: there is none, or the caller has no right to load one, and so none
 * to make a device either. */
static int
load_devices(const struct cgroup_limits *limits, int *fd, struct error *err)
{
	*fd = limits->devices ? cgroup_device_load(limits->devices, err) : -1;
	if (*fd >= 0 || !limits->devices)
		return 0;
	return err->errnum == EPERM && (geteuid() != 0 || !userns_is_host()) ? 0 : -1;
}

static int
attach_devices(const struct cgroup *cgroup, int program, struct error *err)
{
	log_line(LOG_DEBUG, "cgroup: device rules: a BPF program");
	if (cgroup_device_attach(cgroup->into, program, err) < 0)
		return error_in(err, "linux.resources.devices");
	return 0;
}

/* undo_arena: NULL where nothing is to be taken back on failure: what the caller made goes then.
 * The program is loaded first, and attached last: between the two it can hardly fail. */
static int
write_all(struct cgroup *cgroup, const struct cgroup_limits *limits, struct arena *undo_arena,
    struct error *err)
{
	struct writer writer = { .cgroup = cgroup, .fd = -1, .undo_arena = undo_arena };
	AUTO_FD int program = -1;
	int result;

	if (load_devices(limits, &program, err) < 0)
		return error_in(err, "linux.resources.devices");
	result = write_list(&writer, limits->writes, err);
	if (result == 0 && program >= 0)
		result = attach_devices(cgroup, program, err);
	if (result < 0 && undo_arena)
		cgroup_undo_all(writer.undo, err);
	cgroup->undo = writer.undo;
	auto_close(&writer.fd);
	return result;
}

/* Which controllers are where, after those that are needed are handed down. */
static int
read_layout(const struct cgroup *cgroup, const struct plan_resources *resources,
    struct cgroup_layout *layout, struct arena *arena, struct error *err)
{
	const struct cgroup_dir *v2 = NULL;
	struct cgroup_inherited inherited;
	uint32_t wanted;

	*layout = (struct cgroup_layout) { 0 };
	for (uint32_t i = 0; i < cgroup->count; i++) {
		layout->v1 |= cgroup->dirs[i].v1;
		if (cgroup->dirs[i].fd >= 0 && cgroup->dirs[i].version == 2)
			v2 = &cgroup->dirs[i];
	}
	layout->has_v2 = v2 != NULL;
	layout->rights_lacking = cgroup->rights_lacking;
	wanted = cgroup->count > 1 ? cgroup_limits_needs(resources) & ~layout->v1 : UINT32_MAX;
	if (!v2 || !wanted)
		return 0;
	if (cgroup_inherit_controllers(cgroup->root, v2->path, v2->mount, wanted, &inherited, err) <
	    0)
		return -1;
	layout->v2 = inherited.have;
	if (inherited.blocked)
		layout->blocked = arena_printf(arena, "%.*s", (int)inherited.blocked, v2->path);
	return 0;
}

/* check_before_update: v1 refuses by itself where it cannot reclaim enough, v2 would kill. */
static int
check_memory(const struct cgroup *cgroup, const struct plan_resources *resources, struct error *err)
{
	static const struct cgroup_write memory[2] = {
		{ .controller = CGROUP_MEMORY, .version = 1, .file = "memory.usage_in_bytes" },
		{ .controller = CGROUP_MEMORY, .version = 2, .file = "memory.current" },
	};

	if (!resources->check_before_update || resources->memory_limit <= 0)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct cgroup_dir *dir = find_dir(cgroup, &memory[i]);
		uint64_t usage;

		if (!dir || cgroup_files_read_number(dir->fd, memory[i].file, &usage) < 0)
			continue; /* the limit's own write says what is missing */
		if (usage > (uint64_t)resources->memory_limit)
			return error_set(err, "rejecting memory limit %lld: %llu bytes are in use",
			    (long long)resources->memory_limit, (unsigned long long)usage);
		return 0;
	}
	return 0;
}

int
cgroup_apply_limits(struct cgroup *cgroup, const struct plan_resources *resources,
    enum cgroup_limits_when when, struct arena *arena, struct error *err)
{
	struct cgroup_layout layout;
	struct cgroup_limits limits;

	if (read_layout(cgroup, resources, &layout, arena, err) < 0 ||
	    cgroup_limits_compile(resources, &layout, when, arena, &limits, err) < 0)
		return -1;
	cgroup->not_applied = limits.not_applied;
	if (when == CGROUP_LIMITS_UPDATE && check_memory(cgroup, resources, err) < 0)
		return -1;
	return write_all(cgroup, &limits, when == CGROUP_LIMITS_UPDATE ? arena : NULL, err);
}

int
cgroup_update(struct cgroup *cgroup, const struct plan_resources *resources, struct arena *arena,
    struct error *err)
{
	return cgroup_apply_limits(cgroup, resources, CGROUP_LIMITS_UPDATE, arena, err);
}

void
cgroup_take_back(const struct cgroup *cgroup, struct error *err)
{
	cgroup_undo_all(cgroup->undo, err);
}
