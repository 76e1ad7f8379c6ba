/* linux: namespaces and what needs them, devices, paths, and the rest that is one line each. */
#include "spec/convert.h"

#include "base/arena.h"
#include "base/syscalls.h"

#include <ctype.h>
#include <inttypes.h>
#include <net/if.h>
#include <string.h>
#include <sys/stat.h>

#define MAJOR_MAX 0xfff /* of a dev_t: mknod(2) takes 12 bits and 20 */
#define MINOR_MAX 0xfffff
#define DEVICE_MODE 0666
#define NANOSECONDS UINT32_C(1000000000)

static const uint32_t clone_flags[PLAN_NS_COUNT] = {
	[PLAN_NS_CGROUP] = CLONE_NEWCGROUP,
	[PLAN_NS_IPC] = CLONE_NEWIPC,
	[PLAN_NS_UTS] = CLONE_NEWUTS,
	[PLAN_NS_NET] = CLONE_NEWNET,
	[PLAN_NS_PID] = CLONE_NEWPID,
	[PLAN_NS_TIME] = CLONE_NEWTIME,
	[PLAN_NS_MNT] = CLONE_NEWNS,
	[PLAN_NS_USER] = CLONE_NEWUSER,
};

/* ---- namespaces, id maps, time */

static int
convert_namespace(struct convert *c, size_t index, const struct ocispec_namespace *from)
{
	struct plan_namespace *to;
	uint64_t which;

	if (words_find(&words_namespaces, from->type, &which) < 0)
		return convert_refuse_word(c, convert_path(c, "linux.namespaces[%zu].type", index),
		    "namespace", from->type, &words_namespaces);
	to = &c->spec->namespaces[which];
	if (to->mode != PLAN_NS_HOST)
		return convert_refuse(c,
		    "linux.namespaces[%zu].type: \"%s\" is there twice: remove one", index,
		    from->type);
	to->path = convert_text(from->path);
	to->mode = to->path ? PLAN_NS_JOIN : PLAN_NS_NEW;
	if (to->path && to->path[0] != '/')
		return convert_refuse_relative(
		    c, convert_path(c, "linux.namespaces[%zu].path", index), to->path);
	return 0;
}

static int
convert_namespaces(struct convert *c, const struct ocispec_linux *from)
{
	for (size_t i = 0; i < from->namespaces.count; i++) {
		if (convert_namespace(c, i, &from->namespaces.items[i]) < 0)
			return -1;
	}
	return 0;
}

/* Whether size ids from first on end beyond the last one; the last of 32 bits means "none". */
static int
overflows(uint32_t first, uint32_t size)
{
	return (uint64_t)first + size > UINT32_MAX;
}

int
convert_idmaps(struct convert *c, const char *path, const struct ocispec_id_mapping *from,
    size_t count, plan_idmaps *to)
{
	if (CONVERT_LIST(c, to, count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (from[i].size == 0)
			return convert_refuse(
			    c, "%s[%zu].size: 0 maps nothing: use 1 or more", path, i);
		if (overflows(from[i].container_id, from[i].size) ||
		    overflows(from[i].host_id, from[i].size))
			return convert_refuse(
			    c, "%s[%zu]: reaches beyond the last id: make size smaller", path, i);
		to->items[i] =
		    (struct plan_idmap) { from[i].container_id, from[i].host_id, from[i].size };
	}
	return 0;
}

/* Engines give a joined namespace's maps along with its path; they are then for information. */
static int
convert_user_namespace(struct convert *c, const struct ocispec_linux *from)
{
	uint32_t mode = c->spec->namespaces[PLAN_NS_USER].mode;
	const char *lacking = !from->uid_mappings.count ? "uidMappings" : "gidMappings";
	size_t maps = from->uid_mappings.count + from->gid_mappings.count;

	if (mode == PLAN_NS_HOST && maps)
		return convert_refuse(c,
		    "linux.%s: id maps need a user namespace: add {\"type\": \"user\"} to "
		    "linux.namespaces",
		    from->uid_mappings.count ? "uidMappings" : "gidMappings");
	if (mode == PLAN_NS_NEW && (!from->uid_mappings.count || !from->gid_mappings.count))
		return convert_refuse(
		    c, "linux.%s: missing: a new user namespace needs both id maps", lacking);
	if (convert_idmaps(c, "linux.uidMappings", from->uid_mappings.items,
		from->uid_mappings.count, &c->spec->uid_map) < 0)
		return -1;
	return convert_idmaps(c, "linux.gidMappings", from->gid_mappings.items,
	    from->gid_mappings.count, &c->spec->gid_map);
}

static int
convert_time_offset(struct convert *c, const struct ocispec_time_offset *from, struct plan_pair *to)
{
	uint64_t clock;

	if (words_find(&words_time_clocks, from->key, &clock) < 0)
		return convert_refuse_word(
		    c, "linux.timeOffsets", "clock", from->key, &words_time_clocks);
	if (from->nanosecs >= NANOSECONDS)
		return convert_refuse(c,
		    "linux.timeOffsets[\"%s\"].nanosecs: %" PRIu32
		    " is a second or more: put whole ones into secs",
		    from->key, from->nanosecs);
	to->key = from->key;
	to->value = arena_printf(c->arena, "%" PRId64 " %" PRIu32, from->secs, from->nanosecs);
	return to->value ? 0 : convert_no_memory(c);
}

/* A namespace's offsets can be set only before the first process is in it (time_namespaces(7)). */
static int
convert_time_offsets(struct convert *c, const struct ocispec_linux *from)
{
	__typeof__(c->spec->time_offsets) *to = &c->spec->time_offsets;

	if (from->time_offsets.count && c->spec->namespaces[PLAN_NS_TIME].mode != PLAN_NS_NEW)
		return convert_refuse(c,
		    "linux.timeOffsets: only a new time namespace takes offsets: add "
		    "{\"type\": \"time\"}, without a path, to linux.namespaces");
	if (CONVERT_LIST(c, to, from->time_offsets.count) < 0)
		return -1;
	for (size_t i = 0; i < from->time_offsets.count; i++) {
		if (convert_time_offset(c, &from->time_offsets.items[i], &to->items[i]) < 0)
			return -1;
	}
	return 0;
}

/* ---- devices and paths */

static int
check_device_number(
    struct convert *c, size_t index, const char *which, int given, int64_t number, int64_t max)
{
	if (given && number >= 0 && number <= max)
		return 0;
	if (!given)
		return convert_refuse(c,
		    "linux.devices[%zu].%s: missing: character and block devices need it", index,
		    which);
	return convert_refuse(c,
	    "linux.devices[%zu].%s: %" PRId64 " is no device number: use 0 to %" PRId64, index,
	    which, number, max);
}

static int
convert_device(
    struct convert *c, size_t index, const struct ocispec_device *from, struct plan_device *to)
{
	uint64_t type;

	if (from->path[0] != '/')
		return convert_refuse_relative(
		    c, convert_path(c, "linux.devices[%zu].path", index), from->path);
	if (words_find(&words_device_types, from->type, &type) < 0)
		return convert_refuse_word(c, convert_path(c, "linux.devices[%zu].type", index),
		    "device type", from->type, &words_device_types);
	*to = (struct plan_device) {
		.path = from->path,
		.mode = (uint32_t)type |
			(from->has_file_mode ? from->file_mode & ~(uint32_t)S_IFMT : DEVICE_MODE),
		.uid = from->uid,
		.gid = from->gid,
	};
	if (type == S_IFIFO)
		return 0;
	to->major = (uint32_t)from->major;
	to->minor = (uint32_t)from->minor;
	if (check_device_number(c, index, "major", from->has_major, from->major, MAJOR_MAX) < 0)
		return -1;
	return check_device_number(c, index, "minor", from->has_minor, from->minor, MINOR_MAX);
}

static int
convert_devices(struct convert *c, const struct ocispec_linux *from)
{
	__typeof__(c->spec->devices) *to = &c->spec->devices;

	if (CONVERT_LIST(c, to, from->devices.count) < 0)
		return -1;
	for (size_t i = 0; i < from->devices.count; i++) {
		if (convert_device(c, i, &from->devices.items[i], &to->items[i]) < 0)
			return -1;
	}
	return 0;
}

/* Why the kernel would not take it (dev_valid_name), or NULL. */
static const char *
net_name_fault(const char *name)
{
	if (!*name || strlen(name) >= IFNAMSIZ)
		return "has not 1 to 15 bytes";
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return "is a directory's name";
	for (; *name; name++) {
		if (*name == '/' || *name == ':' || isspace((unsigned char)*name))
			return "has a slash, a colon or white space in it";
	}
	return NULL;
}

/* The kernel takes one "%d" in a new name, and no other "%". */
static const char *
new_name_fault(const char *name)
{
	const char *percent = strchr(name, '%');

	if (percent && (percent[1] != 'd' || strchr(percent + 1, '%')))
		return "has another % than one %d";
	return net_name_fault(name);
}

static int
convert_net_device(
    struct convert *c, const struct ocispec_net_device *from, struct plan_net_device *to)
{
	const char *name = convert_quote(c, from->key);
	const char *fault = net_name_fault(from->key);

	if (fault)
		return convert_refuse(
		    c, "linux.netDevices: %s %s: name a network device of the host", name, fault);
	*to = (struct plan_net_device) { from->key, convert_text(from->name) };
	fault = to->new_name ? new_name_fault(to->new_name) : NULL;
	if (fault)
		return convert_refuse(c,
		    "linux.netDevices[%s].name: %s %s: name the device in another way", name,
		    convert_quote(c, to->new_name), fault);
	return 0;
}

static int
convert_net_devices(struct convert *c, const struct ocispec_linux *from)
{
	__typeof__(c->spec->net_devices) *to = &c->spec->net_devices;

	if (from->net_devices.count && c->spec->namespaces[PLAN_NS_NET].mode == PLAN_NS_HOST)
		return convert_refuse(c,
		    "linux.netDevices: unable to move network devices without a private NET "
		    "namespace: add {\"type\": \"network\"} to linux.namespaces");
	if (CONVERT_LIST(c, to, from->net_devices.count) < 0)
		return -1;
	for (size_t i = 0; i < from->net_devices.count; i++) {
		if (convert_net_device(c, &from->net_devices.items[i], &to->items[i]) < 0)
			return -1;
	}
	return 0;
}

static int
check_absolute_paths(struct convert *c, const char *list, const ocispec_strings *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (paths->items[i][0] != '/')
			return convert_refuse_relative(
			    c, convert_path(c, "linux.%s[%zu]", list, i), paths->items[i]);
	}
	return 0;
}

static int
convert_paths(struct convert *c, const struct ocispec_linux *from)
{
	if (check_absolute_paths(c, "maskedPaths", &from->masked_paths) < 0 ||
	    check_absolute_paths(c, "readonlyPaths", &from->readonly_paths) < 0)
		return -1;
	if (CONVERT_STRINGS(c, &from->masked_paths, &c->spec->masked_paths) < 0)
		return -1;
	return CONVERT_STRINGS(c, &from->readonly_paths, &c->spec->readonly_paths);
}

/* ---- the rest */

static int
convert_propagation(struct convert *c, const char *word)
{
	if (!word)
		return 0;
	if (words_find(&words_propagations, word, &c->spec->rootfs_propagation) < 0)
		return convert_refuse_word(
		    c, "linux.rootfsPropagation", "propagation", word, &words_propagations);
	return 0;
}

static int
convert_personality(struct convert *c, const struct ocispec_personality *from)
{
	uint64_t domain;

	if (!from)
		return 0;
	if (words_find(&words_personalities, from->domain, &domain) < 0)
		return convert_refuse_word(c, "linux.personality.domain", "personality",
		    from->domain, &words_personalities);
	c->spec->has_personality = 1;
	c->spec->personality = (uint32_t)domain;
	if (!from->flags.count)
		return 0;
	return convert_unsupported(
	    c, "linux.personality.flags", "the OCI text defines no personality flags");
}

static int
convert_sections(struct convert *c, const struct ocispec_linux *from)
{
	if (convert_namespaces(c, from) < 0)
		return -1;
	if (convert_user_namespace(c, from) < 0 || convert_time_offsets(c, from) < 0)
		return -1;
	if (convert_devices(c, from) < 0 || convert_net_devices(c, from) < 0 ||
	    convert_paths(c, from) < 0)
		return -1;
	if (CONVERT_PAIRS(c, &from->sysctl, &c->spec->sysctls) < 0)
		return -1;
	if (convert_propagation(c, convert_text(from->rootfs_propagation)) < 0)
		return -1;
	if (from->resources && convert_resources(c, from->resources) < 0)
		return -1;
	if (convert_personality(c, from->personality) < 0)
		return -1;
	if (from->memory_policy && convert_memory_policy(c, from->memory_policy) < 0)
		return -1;
	if (from->intel_rdt && convert_intel_rdt(c, from->intel_rdt) < 0)
		return -1;
	return from->seccomp ? convert_seccomp(c, from->seccomp) : 0;
}

int
convert_linux(struct convert *c, const struct ocispec_linux *from)
{
	for (int which = 0; which < PLAN_NS_COUNT; which++)
		c->spec->namespaces[which].type = clone_flags[which];
	if (!from)
		return 0;
	c->spec->cgroups_path = convert_text(from->cgroups_path);
	c->spec->mount_label = convert_text(from->mount_label);
	return convert_sections(c, from);
}
