/* hooks: programs of the host that run at six points of a container's life. */
#include "spec/convert.h"

#include <inttypes.h>

static int
convert_hook(struct convert *c, const char *when, size_t index, const struct ocispec_hook *from,
    struct plan_hook *to)
{
	ocispec_strings args = from->args;

	if (from->path[0] != '/')
		return convert_refuse_relative(
		    c, convert_path(c, "hooks.%s[%zu].path", when, index), from->path);
	if (from->has_timeout && (from->timeout <= 0 || from->timeout > INT32_MAX))
		return convert_refuse(c,
		    "hooks.%s[%zu].timeout: %" PRId64 " is not a time limit: use 1 or more "
		    "seconds, or leave it out for none",
		    when, index, from->timeout);
	if (args.count == 0) /* execve(2) wants the program's name at least */
		args = (ocispec_strings) { &from->path, 1 };
	to->path = from->path;
	to->timeout_s = (uint32_t)from->timeout;
	if (CONVERT_STRINGS(c, &args, &to->args) < 0)
		return -1;
	return CONVERT_STRINGS(c, &from->env, &to->env);
}

static int
convert_hook_list(
    struct convert *c, const char *when, const ocispec_hook_list *from, plan_hooks *to)
{
	if (CONVERT_LIST(c, to, from->count) < 0)
		return -1;
	for (size_t i = 0; i < from->count; i++) {
		if (convert_hook(c, when, i, &from->items[i], &to->items[i]) < 0)
			return -1;
	}
	return 0;
}

int
convert_hooks(struct convert *c, const struct ocispec_hooks *from)
{
	struct spec *spec = c->spec;
	const struct {
		const char *when;
		const ocispec_hook_list *from;
		plan_hooks *to;
	} rows[] = {
		{ "prestart", &from->prestart, &spec->hooks_prestart },
		{ "createRuntime", &from->create_runtime, &spec->hooks_create_runtime },
		{ "createContainer", &from->create_container, &spec->hooks_create_container },
		{ "startContainer", &from->start_container, &spec->hooks_start_container },
		{ "poststart", &from->poststart, &spec->hooks_poststart },
		{ "poststop", &from->poststop, &spec->hooks_poststop },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (convert_hook_list(c, rows[i].when, rows[i].from, rows[i].to) < 0)
			return -1;
	}
	return 0;
}
