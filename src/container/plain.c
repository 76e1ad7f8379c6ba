/* Plain names. */
#include "container/plain.h"

#include "base/arena.h"

const char *
plain_name(struct arena *arena, const char *name)
{
	char *copy = arena_strdup(arena, name);

	for (char *at = copy; at && *at; at++)
		if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e)
			*at = '?';
	return copy;
}

const char *
plain_process(struct arena *arena, const char *comm)
{
	const char *name = *comm ? plain_name(arena, comm) : NULL;

	return name ? name : "a process";
}
