/* Two programs of Debian's package uidmap, found in $PATH, run as hooks are. */
#include "kernel/idmap_helper.h"

#include "base/auto.h"
#include "base/error.h"
#include "kernel/hook.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINES_MAX 340 /* of the kernel */
#define NUMBER_MAX 11
#define HELPER_TIMEOUT_S 10u

static const char *
search_path(void)
{
	const char *path = getenv("PATH");

	return path && *path ? path : "/usr/bin:/bin";
}

static int
find_program(const char *name, char path[PATH_MAX], struct error *err)
{
	for (const char *dir = search_path(); dir; dir = strchr(dir, ':')) {
		int length;

		dir += *dir == ':';
		length = snprintf(path, PATH_MAX, "%.*s/%s", (int)strcspn(dir, ":"), dir, name);
		if (length > 0 && length < PATH_MAX && *path == '/' && access(path, X_OK) == 0)
			return 0;
	}
	return error_set(err,
	    "%s is not in $PATH, and only it may map more than the own id: install it (Debian's "
	    "package uidmap), or map one id",
	    name);
}

struct numbers {
	char text[1 + 3 * LINES_MAX][NUMBER_MAX];
	size_t count;
};

static void
add_number(struct numbers *numbers, uint32_t number)
{
	(void)snprintf(numbers->text[numbers->count++], NUMBER_MAX, "%u", number); /* fits */
}

/* PID, then CONTAINER-ID HOST-ID SIZE of each. */
static void
list_numbers(pid_t pid, const plan_idmaps *maps, struct numbers *numbers)
{
	add_number(numbers, (uint32_t)pid);
	for (uint64_t i = 0; i < maps->count; i++) {
		add_number(numbers, maps->items[i].container_id);
		add_number(numbers, maps->items[i].host_id);
		add_number(numbers, maps->items[i].size);
	}
}

static int
run_helper(
    const char *name, const char *ranges, pid_t pid, const plan_idmaps *maps, struct error *err)
{
	AUTO_FD int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const char *args[2 + 3 * LINES_MAX] = { name };
	struct numbers numbers = { .count = 0 };
	char path[PATH_MAX];
	struct plan_hook program = { .path = path, .timeout_s = HELPER_TIMEOUT_S };

	if (nothing < 0)
		return error_sys(err, "open /dev/null");
	if (maps->count > LINES_MAX)
		return error_set(err, "the kernel takes %d ranges of ids", LINES_MAX);
	if (find_program(name, path, err) < 0)
		return -1;
	list_numbers(pid, maps, &numbers);
	for (size_t i = 0; i < numbers.count; i++)
		args[1 + i] = numbers.text[i];
	program.args.items = args;
	program.args.count = 1 + numbers.count;
	if (hook_run_program(&program, nothing, NULL, err) < 0)
		return error_in(err, "%s (are the ranges in %s?)", path, ranges);
	return 0;
}

static int
is_own(const plan_idmaps *maps, uint32_t id)
{
	return maps->count == 1 && maps->items[0].size == 1 && maps->items[0].host_id == id;
}

int
idmap_helper_needed(const struct plan *plan)
{
	return geteuid() != 0 &&
	       !(is_own(&plan->uid_map, geteuid()) && is_own(&plan->gid_map, getegid()));
}

int
idmap_helper_write(pid_t pid, const struct plan *plan, struct error *err)
{
	if (run_helper("newuidmap", "/etc/subuid", pid, &plan->uid_map, err) < 0)
		return -1;
	return run_helper("newgidmap", "/etc/subgid", pid, &plan->gid_map, err);
}
