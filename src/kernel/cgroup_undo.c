/* Taking back changed limits. */
#include "kernel/cgroup_undo.h"

#include "kernel/cgroup_files.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096

/* Of two that bound each other the first can be restored after the second only. */
#define ROUNDS 2

/* One value on one line can be written back. A list says more than one write takes, and an empty
 * one says nothing; save an empty cpuset, which a newline makes (the parent's). */
const char *
cgroup_undo_read(int dir, const struct cgroup_write *write, struct arena *arena)
{
	char text[TEXT_MAX];
	ssize_t length = cgroup_files_read(dir, write->file, text, sizeof(text));

	if (length < 0 || length >= TEXT_MAX - 1 || strchr(text, '\n'))
		return NULL;
	if (length == 0)
		return write->controller == CGROUP_CPUSET ? "\n" : NULL;
	return arena_strdup(arena, text);
}

static int
restore(const struct cgroup_undo *change)
{
	return change->old &&
	       cgroup_files_write(change->dir, change->write->file, change->old) == 0;
}

void
cgroup_undo_all(const struct cgroup_undo *last, struct error *err)
{
	char changed[256] = "";
	size_t used = 0;

	for (int round = 1; round <= ROUNDS; round++)
		for (const struct cgroup_undo *at = last; at; at = at->next)
			if (!restore(at) && round == ROUNDS && used < sizeof(changed))
				used += (size_t)snprintf(changed + used, sizeof(changed) - used,
				    "%s%s", used ? ", " : "", at->write->key);
	if (used)
		(void)error_in(err, "changed all the same: %s; the rest is as it was", changed);
	else
		(void)error_in(err, "nothing is changed");
}
