/* Two looks, by directory fds only. */
#include "check/owners.h"

#include "base/auto.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/path.h"
#include "check/programs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FILES_MAX 200000
#define DEPTH_MAX 32
#define DATA_DEPTH_MAX 4
#define DIRECTORIES_MAX 20000
#define SHOWN_MAX 5
#define NOT_MAPPED 65534u

/* ---- set-id files */

struct look {
	dev_t device;
	unsigned files;
	unsigned found;
	char shown[1024]; /* the first of them */
	size_t shown_used;
};

struct level {
	struct look *look;
	int directory;
	unsigned depth;
	const char *path; /* of the directory, "" at the top */
};

static void
show(struct look *look, const char *directory, const char *name)
{
	size_t left = sizeof(look->shown) - look->shown_used;
	int printed;

	if (look->found++ >= SHOWN_MAX)
		return;
	printed = snprintf(look->shown + look->shown_used, left, "%s%s/%s",
	    look->shown_used ? ", " : "", directory, name);
	if (printed < (int)left)
		look->shown_used += (size_t)printed;
	else
		look->shown[look->shown_used] = '\0'; /* too long to show; it counts */
}

static int look_at(const char *name, void *context);

/* Into a directory below, unless something is mounted there. */
static int
look_below(const struct level *level, const char *name)
{
	char path[PATH_MAX];
	struct level below = { .look = level->look, .depth = level->depth + 1, .path = path };
	AUTO_FD int fd = openat(
	    level->directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || level->depth == DEPTH_MAX ||
	    snprintf(path, sizeof(path), "%s/%s", level->path, name) >= (int)sizeof(path))
		return 0; /* another user's, or deeper than anybody needs: it stays unseen */
	below.directory = fd;
	return directory_each(fd, look_at, &below) > 0; /* a directory that cannot be read ends */
}

static int
look_at(const char *name, void *context)
{
	const struct level *level = context;
	struct stat status;

	if (level->look->files++ == FILES_MAX)
		return 1;
	if (fstatat(level->directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    status.st_dev != level->look->device)
		return 0;
	if (S_ISDIR(status.st_mode))
		return look_below(level, name);
	if (S_ISREG(status.st_mode) &&
	    ((status.st_mode & S_ISUID) ||
		(status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)))
		show(level->look, level->path, name);
	return 0;
}

static int
note_set_id(const struct look *look, const struct judge *judge)
{
	char what[64];
	const struct finding found = { .kind = FINDING_SET_ID, .path = look->shown, .what = what };
	const struct finding unseen = {
		.kind = FINDING_UNREAD,
		.path = "/",
		.reason = "it has too many files: not all were looked at for set-id bits",
	};

	(void)snprintf(what, sizeof(what), "%u set-id file%s%s", look->found,
	    look->found == 1 ? "" : "s", look->found > SHOWN_MAX ? ", among others" : "");
	if (look->found > 0 && findings_add(judge->findings, &found) < 0)
		return -1;
	return look->files > FILES_MAX ? findings_add(judge->findings, &unseen) : 0;
}

int
owners_set_id(const struct places *places, const struct judge *judge, struct error *err)
{
	struct look look = { .files = 0 };
	struct level top = { .look = &look, .path = "" };
	AUTO_FD int fd = path_open(places->root, "/", O_RDONLY | O_DIRECTORY);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return 0; /* who may not read it finds nothing in it */
	look.device = status.st_dev;
	top.directory = fd;
	(void)directory_each(fd, look_at, &top); /* what cannot be read is not counted */
	return note_set_id(&look, judge) < 0 ? error_num(err, ENOMEM, "check") : 0;
}

/* ---- data of others */

struct data {
	const struct places *places;
	const struct reach *reach;
	const plan_idmaps *uid_map;
	struct error *err;
	unsigned seen; /* directories */
};

struct data_level {
	struct data *data;
	const char *path;
	const struct program_data *judged; /* NULL: nobody is known to judge its owner */
	int directory;
	unsigned depth;
};

static uint32_t
container_uid(const plan_idmaps *maps, uint32_t uid)
{
	for (uint64_t i = 0; i < maps->count; i++) {
		const struct plan_idmap *map = &maps->items[i];

		if (uid >= map->host_id && uid - map->host_id < map->size)
			return uid - map->host_id + map->container_id;
	}
	return maps->count ? NOT_MAPPED : uid;
}

static int
note_owner(const struct data_level *level, uint32_t uid)
{
	const struct data *data = level->data;
	const struct check_rules *rules = data->reach->judge.rules;
	int reached = level->judged && reach_has(data->reach, level->judged->program);
	char what[32], cure[96];
	const struct finding finding = {
		.kind = FINDING_OWNER,
		.severity = reached ? FINDING_REFUSED : FINDING_NOTE,
		.path = level->path,
		.what = what,
		.reason = reached ? level->judged->reason : NULL,
		.cure = cure,
	};

	(void)snprintf(what, sizeof(what), "uid %" PRIu32, uid); /* fit, both */
	(void)snprintf(cure, sizeof(cure),
	    "set process.user.uid to %" PRIu32 ", who owns it (the payload is %" PRIu32 ")", uid,
	    rules->uid);
	if (findings_add(data->reach->judge.findings, &finding) < 0)
		return error_num(data->err, ENOMEM, "check");
	return 0;
}

static const struct program_data *
judged_data(const char *path)
{
	const struct program_data *row;

	for (size_t i = 0; (row = program_data_row(i)); i++) {
		size_t length = strlen(row->directory);

		if (strncmp(path, row->directory, length) == 0 &&
		    (path[length] == '\0' || path[length] == '/'))
			return row;
	}
	return NULL;
}

static int look_at_data(const char *name, void *context);

/* A directory by its owner; where that is root or the payload, those in it. */
static int
look_at_directory(const struct data_level *level, const struct stat *status)
{
	struct data_level here = *level;
	uint32_t uid = container_uid(level->data->uid_map, status->st_uid);

	if (level->data->seen++ == DIRECTORIES_MAX)
		return 0;
	if (uid != 0 && uid != level->data->reach->judge.rules->uid)
		return note_owner(&here, uid);
	if (level->depth == DATA_DEPTH_MAX || (level->depth > 0 && !level->judged))
		return 0; /* what nobody judges is told by its topmost directory */
	return directory_each(level->directory, look_at_data, &here) < 0 &&
		       level->data->err->errnum == ENOMEM
		   ? -1
		   : 0;
}

static int
look_at_data(const char *name, void *context)
{
	const struct data_level *level = context;
	char path[PATH_MAX];
	struct data_level below = *level;
	struct stat status;
	AUTO_FD int fd = openat(
	    level->directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0 ||
	    snprintf(path, sizeof(path), "%s/%s", level->path, name) >= (int)sizeof(path))
		return 0; /* no directory */
	below.path = path;
	below.directory = fd;
	below.depth = level->depth + 1;
	below.judged = judged_data(path);
	return look_at_directory(&below, &status);
}

static int
look_at_top(struct data *data, const char *path, unsigned depth)
{
	struct place place;
	struct data_level level = {
		.data = data, .path = path, .judged = judged_data(path), .depth = depth
	};
	int result = 0;

	if (place_open(data->places, path, &place) == PLACE_FOUND && place.fd >= 0 &&
	    S_ISDIR(place.status.st_mode)) {
		level.directory = place.fd;
		result = look_at_directory(&level, &place.status);
	}
	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	return result;
}

int
owners_data(const struct places *places, const struct reach *reach, const plan_idmaps *uid_map,
    struct error *err)
{
	static const char *const tops[] = { "/srv", "/data" };
	struct data data = { places, reach, uid_map, err, 0 };

	err->errnum = 0;
	if (!reach->judge.rules->identity_enforced)
		return 0;
	if (look_at_top(&data, "/var/lib", 0) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (look_at_top(&data, tops[i], 0) < 0)
			return -1;
	for (size_t i = 0; i < places->mount_count; i++)
		if ((places->mounts[i].flags & (PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC)) &&
		    look_at_top(&data, places->mounts[i].dest, 1) < 0)
			return -1;
	return 0;
}
