/* Small helpers of all passes. */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>

int
pass_no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "policy");
}

const char *
pass_policy_name(const struct compile *c)
{
	return c->policy.path ? c->policy.path : "the host's policy file";
}

int
pass_note(struct compile *c, const struct report_entry *entry, struct error *err)
{
	return report_add_entry(c->report, entry) < 0 ? pass_no_memory(err) : 0;
}

void *
pass_copy(struct compile *c, const void *items, uint64_t count, uint64_t extra, size_t size,
    struct error *err)
{
	void *copy = arena_array(c->arena, count + extra, size);

	if (!copy) {
		(void)pass_no_memory(err);
		return NULL;
	}
	return count ? memcpy(copy, items, count * size) : copy;
}

/* Takes the last component off. */
static size_t
parent_length(const char *path, size_t length)
{
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length > 0 ? length - 1 : 0;
}

const char *
pass_clean_path(struct compile *c, const char *path, struct error *err)
{
	char *clean = arena_alloc(c->arena, strlen(path) + 2);
	size_t length = 0;

	if (!clean) {
		(void)pass_no_memory(err);
		return NULL;
	}
	while (*path) {
		size_t part = strcspn(path, "/");

		if (part == 2 && strncmp(path, "..", 2) == 0) {
			length = parent_length(clean, length);
		} else if (part > 0 && !(part == 1 && *path == '.')) {
			clean[length++] = '/';
			memcpy(clean + length, path, part);
			length += part;
		}
		path += part + (path[part] == '/');
	}
	if (length == 0)
		clean[length++] = '/';
	clean[length] = '\0';
	return clean;
}
