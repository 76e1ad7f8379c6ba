/* What is in /dev, and which devices may be opened: config.json's, and what every container has,
 * as runc merges them. Terminals are taken out later (terminal.c). Pure. */
#include "policy/pass.h"

#include "base/error.h"

#include <string.h>
#include <sys/stat.h>

#define EVERYTHING (PLAN_DEVICE_READ | PLAN_DEVICE_WRITE | PLAN_DEVICE_MKNOD)
#define ANY (-1)
#define DEVICE_MODE (S_IFCHR | 0666)

/* runc has /dev/tty as well. */
static const struct plan_device defaults[] = {
	{ .path = "/dev/null", .mode = DEVICE_MODE, .major = 1, .minor = 3 },
	{ .path = "/dev/random", .mode = DEVICE_MODE, .major = 1, .minor = 8 },
	{ .path = "/dev/full", .mode = DEVICE_MODE, .major = 1, .minor = 7 },
	{ .path = "/dev/zero", .mode = DEVICE_MODE, .major = 1, .minor = 5 },
	{ .path = "/dev/urandom", .mode = DEVICE_MODE, .major = 1, .minor = 9 },
};

/* Any node may be made: without a rule to open it, it is of no use. */
static const struct plan_device_rule mknod_rules[] = {
	{ 1, 'c', ANY, ANY, PLAN_DEVICE_MKNOD },
	{ 1, 'b', ANY, ANY, PLAN_DEVICE_MKNOD },
};

static const struct plan_pair links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A default gives way to config.json's own device of that path. */
static int
is_replaced(const struct spec *spec, const struct plan_device *device)
{
	for (uint64_t i = 0; i < spec->devices.count; i++) {
		if (strcmp(spec->devices.items[i].path, device->path) == 0)
			return 1;
	}
	return 0;
}

enum dev_content { DEV_OURS, DEV_FOREIGN, DEV_UNKNOWN };

/* A /dev that is bound from elsewhere has its content already, and it is not ours to change. */
static enum dev_content
dev_content(struct compile *c, struct error *err)
{
	enum dev_content content = DEV_OURS;

	for (uint64_t i = 0; i < c->plan->mounts.count; i++) {
		const struct plan_mount *mount = &c->plan->mounts.items[i];
		const char *dest;

		if (!(mount->flags & PLAN_MOUNT_BIND))
			continue;
		dest = pass_clean_path(c, mount->dest, err);
		if (!dest)
			return DEV_UNKNOWN;
		if (strcmp(dest, "/dev") == 0)
			content = DEV_FOREIGN;
	}
	return content;
}

static int
add_devices(struct compile *c, struct error *err)
{
	const struct spec *spec = c->spec;
	struct plan *plan = c->plan;

	if (PASS_COPY(c, &plan->devices, &spec->devices, LENGTH(defaults), err) < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(defaults); i++) {
		if (!is_replaced(spec, &defaults[i]))
			plan->devices.items[plan->devices.count++] = defaults[i];
	}
	return 0;
}

int
pass_devices(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;

	switch (dev_content(c, err)) {
	case DEV_FOREIGN:
		return 0;
	case DEV_UNKNOWN:
		return -1;
	case DEV_OURS:
		break;
	}
	if (add_devices(c, err) < 0)
		return -1;
	plan->symlinks.items = pass_copy(c, links, LENGTH(links), 0, sizeof(links[0]), err);
	if (!plan->symlinks.items)
		return -1;
	plan->symlinks.count = LENGTH(links);
	return 0;
}

/* Config's rules, then the defaults': later rules win, so a container can always use the devices
 * that it always has. */
int
pass_device_rules(struct compile *c, struct error *err)
{
	struct plan_resources *to = &c->plan->cgroup.resources;
	const struct plan_resources *from = &c->spec->resources;

	*to = *from;
	if (PASS_COPY(
		c, &to->devices, &from->devices, LENGTH(mknod_rules) + LENGTH(defaults), err) < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(mknod_rules); i++)
		to->devices.items[to->devices.count++] = mknod_rules[i];
	for (size_t i = 0; i < LENGTH(defaults); i++) {
		const struct plan_device *device = &defaults[i];

		if (!is_replaced(c->spec, device))
			to->devices.items[to->devices.count++] = (struct plan_device_rule) { 1, 'c',
				device->major, device->minor, EVERYTHING };
	}
	return 0;
}
