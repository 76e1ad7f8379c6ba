/* Unit names by their letters. */
#include "plan/unit.h"

#include "base/arena.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>

#define NAME_BYTES_MAX 255 /* of systemd */
#define NAME_LETTERS \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	":-_.\\@"

static const char suffix[] = ".slice";

int
unit_is_slice(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

int
unit_check_name(const char *name, struct error *err)
{
	size_t good = strspn(name, NAME_LETTERS);

	if (strlen(name) > NAME_BYTES_MAX)
		return error_set(err, "unit name %.32s... is longer than %d", name, NAME_BYTES_MAX);
	if (name[good])
		return error_set(
		    err, "unit name %s: systemd takes letters, digits and : - _ . @ alone", name);
	return 0;
}

/* The name without its suffix; its length. -1: err. */
static int
base_length(const char *slice, struct error *err)
{
	int length = (int)strlen(slice) - (int)strlen(suffix);

	if (!unit_is_slice(slice))
		return error_set(err, "slice %s: its name must end in %s", slice, suffix);
	if (unit_check_name(slice, err) < 0)
		return -1;
	if (length == 1 && *slice == '-')
		return 0;
	if (*slice == '-' || slice[length - 1] == '-' || strstr(slice, "--"))
		return error_set(err,
		    "slice %s: a dash in its name stands between the names of two slices", slice);
	return length;
}

static const char *
no_memory(struct error *err)
{
	(void)error_num(err, ENOMEM, "unit"); /* always -1 */
	return NULL;
}

const char *
unit_slice_path(const char *slice, struct arena *arena, struct error *err)
{
	int length = base_length(slice, err);
	const char *path = "";

	if (length < 0)
		return NULL;
	for (int i = 1; i <= length && path; i++)
		if (i == length || slice[i] == '-')
			path = arena_printf(arena, "%s/%.*s%s", path, i, slice, suffix);
	return path ? path : no_memory(err);
}

const char *
unit_path(const char *name, const char *slice, struct arena *arena, struct error *err)
{
	const char *above, *path;

	if (unit_is_slice(name))
		return unit_slice_path(name, arena, err);
	above = unit_slice_path(slice, arena, err);
	if (!above)
		return NULL;
	path = arena_printf(arena, "%s/%s", above, name);
	return path ? path : no_memory(err);
}

const char *
unit_slice_parent(const char *slice, struct arena *arena, struct error *err)
{
	int length = base_length(slice, err);
	const char *dash = length < 0 ? NULL : memrchr(slice, '-', (size_t)length);
	const char *parent;

	if (length < 0)
		return NULL;
	parent = dash ? arena_printf(arena, "%.*s%s", (int)(dash - slice), slice, suffix)
		      : arena_strdup(arena, "-.slice");
	return parent ? parent : no_memory(err);
}
