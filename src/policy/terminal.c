/* Payloads have no terminals (DESIGN 1): none is made, none can be opened, and there is no switch.
 * Takes everything that is one out of what the other passes have put into the plan, so that no pass
 * can put one back. Pure.
 *
 * Not seen from here: a path that leads to a terminal through a symlink, and nodes inside a mounted
 * directory. They can be opened and are of no use: the system-call table answers ENOTTY to all
 * their ioctls. */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"

#include <string.h>
#include <sys/stat.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define NAMED_MAX 4u /* devices that the report names; it counts the rest */

/* Character devices (Linux Documentation/admin-guide/devices.txt). */
static const struct {
	uint32_t first;
	uint32_t last;
} terminal_majors[] = {
	{ 2, 5 },     /* BSD ptys, consoles and ttyS, then tty, console, ptmx */
	{ 7, 7 },     /* vcs: what stands on a console */
	{ 128, 143 }, /* Unix98 ptys */
	{ 166, 166 }, /* ttyACM */
	{ 188, 188 }, /* ttyUSB */
	{ 204, 204 }, /* ttyAMA and others */
	{ 229, 229 }, /* hvc */
};

/* Where binds of terminals come from and go to; a star stands for the rest of a name. */
static const char *const terminal_paths[] = {
	"/dev/console",
	"/dev/ptmx",
	"/dev/pts",
	"/dev/pts/*",
	"/dev/tty*",
	"/dev/hvc*",
	"/dev/vcs*",
};

static const char no_terminals[] = "payloads have no terminals";

static int
is_terminal_major(int64_t major)
{
	for (size_t i = 0; i < LENGTH(terminal_majors); i++) {
		if (major >= terminal_majors[i].first && major <= terminal_majors[i].last)
			return 1;
	}
	return 0;
}

static int
is_terminal_path(const char *path)
{
	for (size_t i = 0; i < LENGTH(terminal_paths); i++) {
		const char *known = terminal_paths[i];
		size_t length = strcspn(known, "*");

		if (strncmp(path, known, length) != 0)
			continue;
		if (known[length] == '*' ? !strchr(path + length, '/') : path[length] == '\0')
			return 1;
	}
	return 0;
}

/* 1, 0, or -1 with err. */
static int
is_terminal_mount(struct compile *c, const struct plan_mount *mount, struct error *err)
{
	const char *dest;
	const char *source;

	if (mount->type && strcmp(mount->type, "devpts") == 0)
		return 1;
	if (!(mount->flags & PLAN_MOUNT_BIND))
		return 0;
	dest = pass_clean_path(c, mount->dest, err);
	source = pass_clean_path(c, mount->source, err);
	if (!dest || !source)
		return -1;
	return is_terminal_path(dest) || is_terminal_path(source);
}

static int
note_mount(struct compile *c, const struct plan_mount *mount, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = arena_printf(c->arena, "mounts[%s]", mount->dest),
		.from = mount->type ? mount->type : mount->source,
		.why = no_terminals,
	};

	return entry.what ? pass_note(c, &entry, err) : pass_no_memory(err);
}

static int
strip_mounts(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;
	uint64_t kept = 0;

	for (uint64_t i = 0; i < plan->mounts.count; i++) {
		const struct plan_mount *mount = &plan->mounts.items[i];
		int strip = is_terminal_mount(c, mount, err);

		if (strip < 0 || (strip && note_mount(c, mount, err) < 0))
			return -1;
		if (!strip)
			plan->mounts.items[kept++] = *mount;
	}
	plan->mounts.count = kept;
	return 0;
}

/* A list of names for one entry of the report: the first few, then how many in all. */
struct names {
	const char *text;
	uint64_t count;
};

static int
add_name(struct compile *c, struct names *names, const char *name, struct error *err)
{
	names->count++;
	if (names->count > NAMED_MAX)
		return 0;
	names->text = arena_printf(c->arena, "%s%s%s", names->text ? names->text : "",
	    names->text ? " " : "", name ? name : "");
	return name && names->text ? 0 : pass_no_memory(err);
}

static int
note_names(struct compile *c, const char *what, const struct names *names, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_STRIPPED, .what = what, .from = names->text, .why = no_terminals
	};

	if (names->count == 0)
		return 0;
	if (names->count > NAMED_MAX)
		entry.from = arena_printf(c->arena, "%s ... (%llu in all)", names->text,
		    (unsigned long long)names->count);
	return entry.from ? pass_note(c, &entry, err) : pass_no_memory(err);
}

static int
strip_devices(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;
	struct names names = { 0 };
	uint64_t kept = 0;

	for (uint64_t i = 0; i < plan->devices.count; i++) {
		const struct plan_device *device = &plan->devices.items[i];
		const char *path = pass_clean_path(c, device->path, err);

		if (!path)
			return -1;
		if ((S_ISCHR(device->mode) && is_terminal_major(device->major)) ||
		    is_terminal_path(path)) {
			if (add_name(c, &names, device->path, err) < 0)
				return -1;
			continue;
		}
		plan->devices.items[kept++] = *device;
	}
	plan->devices.count = kept;
	return note_names(c, "linux.devices", &names, err);
}

static const char *
rule_text(struct compile *c, const struct plan_device_rule *rule)
{
	if (rule->minor < 0)
		return arena_printf(c->arena, "%lld:*", (long long)rule->major);
	return arena_printf(c->arena, "%lld:%lld", (long long)rule->major, (long long)rule->minor);
}

static int
strip_rules(struct compile *c, struct error *err)
{
	struct plan_resources *resources = &c->plan->cgroup.resources;
	struct names names = { 0 };
	uint64_t kept = 0;

	for (uint64_t i = 0; i < resources->devices.count; i++) {
		const struct plan_device_rule *rule = &resources->devices.items[i];

		if (rule->allow && rule->type != 'b' && is_terminal_major(rule->major)) {
			if (add_name(c, &names, rule_text(c, rule), err) < 0)
				return -1;
			continue;
		}
		resources->devices.items[kept++] = *rule;
	}
	resources->devices.count = kept;
	return note_names(c, "linux.resources.devices", &names, err);
}

/* Whether all devices are allowed but those named: config.json of a privileged container. */
static int
allows_by_default(const struct plan_resources *resources)
{
	int allows = 0;

	for (uint64_t i = 0; i < resources->devices.count; i++) {
		const struct plan_device_rule *rule = &resources->devices.items[i];

		if (rule->type == 'a' && rule->major < 0 && rule->minor < 0)
			allows = rule->allow != 0;
	}
	return allows;
}

static uint64_t
count_majors(void)
{
	uint64_t count = 0;

	for (size_t i = 0; i < LENGTH(terminal_majors); i++)
		count += terminal_majors[i].last - terminal_majors[i].first + 1;
	return count;
}

/* Where all devices are allowed, terminals become the exception; last, since later rules win. */
static int
deny_terminals(struct compile *c, struct error *err)
{
	struct plan_resources *resources = &c->plan->cgroup.resources;
	__typeof__(resources->devices) before = resources->devices;

	if (!allows_by_default(resources))
		return 0;
	if (PASS_COPY(c, &resources->devices, &before, count_majors(), err) < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(terminal_majors); i++) {
		for (uint32_t major = terminal_majors[i].first; major <= terminal_majors[i].last;
		     major++)
			resources->devices.items[resources->devices.count++] =
			    (struct plan_device_rule) {
				    .type = 'c',
				    .major = major,
				    .minor = -1,
				    .access =
					PLAN_DEVICE_READ | PLAN_DEVICE_WRITE | PLAN_DEVICE_MKNOD,
			    };
	}
	return 0;
}

int
pass_terminal_request(struct compile *c, struct error *err)
{
	struct report_entry entry = {
		.kind = REPORT_STRIPPED,
		.what = "process.terminal",
		.from = "true",
		.why = "payloads have no terminals; standard streams are what the caller gives",
		.warn = 1, /* who asked for one waits for a prompt */
	};

	if (c->facts->console_socket)
		return error_set(err,
		    "terminals are not supported: run without -t (--tty, process.terminal), and "
		    "without --console-socket");
	return c->spec->process.terminal ? pass_note(c, &entry, err) : 0;
}

int
pass_terminal(struct compile *c, struct error *err)
{
	if (pass_terminal_request(c, err) < 0 || strip_mounts(c, err) < 0 ||
	    strip_devices(c, err) < 0)
		return -1;
	if (strip_rules(c, err) < 0)
		return -1;
	return deny_terminals(c, err);
}
