/* user_namespaces(7): a line a range, "FIRST-INSIDE FIRST-OUTSIDE LENGTH". */
#include "kernel/idmap_own.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define MAP_MAX 65536u /* 340 lines of at most 33 bytes, and room */

static uint64_t
count_lines(const char *text)
{
	uint64_t count = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		count++;
	}
	return count;
}

static int
read_map(const char *path, plan_idmaps *maps, struct arena *arena, struct error *err)
{
	size_t length = 0;
	AUTO_FREE char *text = file_read(AT_FDCWD, path, MAP_MAX, &length, err);
	const char *line = text;

	if (!text)
		return -1;
	maps->items = arena_array(arena, count_lines(text), sizeof(*maps->items));
	maps->count = 0;
	if (!maps->items)
		return error_num(err, ENOMEM, "%s", path);
	for (; line && *line; line = strchr(line, '\n'), line += !!line) {
		struct plan_idmap *map = &maps->items[maps->count];

		if (sscanf(line, "%u %u %u", &map->container_id, &map->host_id, &map->size) == 3)
			maps->count++;
	}
	return 0;
}

int
idmap_own(plan_idmaps *uids, plan_idmaps *gids, struct arena *arena, struct error *err)
{
	if (read_map("/proc/self/uid_map", uids, arena, err) < 0)
		return -1;
	return read_map("/proc/self/gid_map", gids, arena, err);
}
