/* Names and paths of cgroups. Pure. */
#include "kernel/cgroup_names.h"

#include "kernel/cgroup_limits.h"

#include <limits.h>
#include <string.h>

int
cgroup_names_line(const char **text, struct cgroup_line *line)
{
	while (**text) {
		const char *start = *text;
		const char *end = start + strcspn(start, "\n");
		const char *controllers = memchr(start, ':', (size_t)(end - start));
		const char *path =
		    controllers ? memchr(controllers + 1, ':', (size_t)(end - controllers - 1))
				: NULL;

		*text = *end ? end + 1 : end;
		if (!path)
			continue;
		*line = (struct cgroup_line) {
			.controllers = controllers + 1,
			.controllers_length = (size_t)(path - controllers - 1),
			.path = path + 1,
			.path_length = (size_t)(end - path - 1),
		};
		return 1;
	}
	return 0;
}

const char *
cgroup_names_mount(const struct cgroup_line *line, struct arena *arena)
{
	static const char named[] = "name=";
	const char *start = line->controllers;
	size_t length = line->controllers_length;

	if (length == 0)
		return "unified";
	if (length > strlen(named) && strncmp(start, named, strlen(named)) == 0) {
		start += strlen(named);
		length -= strlen(named);
	}
	return arena_printf(arena, "%.*s", (int)length, start);
}

uint32_t
cgroup_names_controllers(const char *mount)
{
	uint32_t bits = 0;

	while (*mount) {
		size_t length = strcspn(mount, ",");

		bits |= cgroup_limits_controller(mount, length);
		mount += length;
		mount += *mount == ',';
	}
	return bits;
}

/* -1 for a part that must not be, 0 for one that says nothing, 1 for a name. */
static int
judge_part(const char *part, size_t length)
{
	if (length == 0 || (length == 1 && part[0] == '.'))
		return 0;
	if (length > NAME_MAX || (length == 2 && part[0] == '.' && part[1] == '.'))
		return -1;
	return 1;
}

const char *
cgroup_names_clean(const char *path, struct arena *arena, struct error *err)
{
	char *clean = arena_alloc(arena, strlen(path) + 1);
	char *end = clean;
	size_t length;

	if (!clean)
		return (void)error_set(err, "cgroup path: out of memory"), NULL;
	for (const char *part = path; *part; part += length + (part[length] == '/')) {
		length = strcspn(part, "/");
		switch (judge_part(part, length)) {
		case 0:
			continue;
		case 1:
			break;
		default:
			(void)error_set(err, "cgroup path \"%s\": \"%.*s\" cannot be a part of it",
			    path, (int)length, part);
			return NULL;
		}
		if (end != clean)
			*end++ = '/';
		memcpy(end, part, length);
		end += length;
	}
	*end = '\0';
	return clean;
}

size_t
cgroup_names_parent(const char *path, size_t length)
{
	const char *slash = memrchr(path, '/', length);

	return slash ? (size_t)(slash - path) : 0;
}

int
cgroup_names_has_word(const char *text, const char *word, size_t length)
{
	while (*text) {
		size_t here = strcspn(text, " \n");

		if (here == length && memcmp(text, word, length) == 0)
			return 1;
		text += here;
		text += strspn(text, " \n");
	}
	return 0;
}
