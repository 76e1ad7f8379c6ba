/* Words to a process; the same checks as a document's, by the option's name. */
#include "container/exec_process.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "container/container.h"
#include "spec/spec.h"
#include "spec/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LISTEN_FDS "LISTEN_FDS="

static int
no_memory(struct error *err)
{
	return error_num(err, ENOMEM, "exec");
}

/* Decimal digits up to end, and nothing else. */
static int
parse_id(const char *text, char end, uint32_t *id)
{
	uint64_t value = 0;
	const char *digit = text;

	for (; *digit >= '0' && *digit <= '9' && value <= UINT32_MAX; digit++)
		value = value * 10 + (uint64_t)(*digit - '0');
	if (digit == text || *digit != end || value >= UINT32_MAX)
		return -1;
	*id = (uint32_t)value;
	return 0;
}

/* UID or UID:GID. A user without a group gets group 0 if it is another than the container's, as
 * from runc. */
static int
take_user(const char *user, struct spec_process *process, struct error *err)
{
	const char *colon;
	uint32_t uid, gid = 0;

	if (!user)
		return 0;
	colon = strchr(user, ':');
	if (parse_id(user, colon ? ':' : '\0', &uid) < 0 ||
	    (colon && parse_id(colon + 1, '\0', &gid) < 0))
		return error_set(err, "--user %s: write UID or UID:GID, in numbers", user);
	if (!colon && uid == process->uid)
		gid = process->gid;
	if (uid != process->uid)
		process->caps.inheritable = process->caps.ambient = 0; /* not given to this user */
	if (uid == 0)
		process->caps.effective = process->caps.permitted = process->caps.bounding;
	process->uid = uid;
	process->gid = gid;
	return 0;
}

static int
take_groups(const struct container_words *words, struct arena *arena, struct spec_process *process,
    struct error *err)
{
	if (words->count == 0)
		return 0;
	process->groups.items = arena_array(arena, words->count, sizeof(*process->groups.items));
	if (!process->groups.items)
		return no_memory(err);
	process->groups.count = words->count;
	for (uint64_t i = 0; i < words->count; i++)
		if (parse_id(words->items[i], '\0', &process->groups.items[i]) < 0)
			return error_set(err,
			    "--additional-gids %s: write a number, and the "
			    "option once for each group",
			    words->items[i]);
	return 0;
}

static int
take_caps(const struct container_words *words, struct spec_process *process, struct error *err)
{
	struct plan_caps *caps = &process->caps;

	for (uint64_t i = 0; i < words->count; i++) {
		int number = words_find_capability(words->items[i]);
		uint64_t bit = number < 0 ? 0 : UINT64_C(1) << number;

		if (number < 0)
			return error_set(err,
			    "--cap %s: not a capability: write one of capabilities(7), as CAP_KILL",
			    words->items[i]);
		caps->bounding |= bit;
		caps->permitted |= bit;
		caps->effective |= bit;
		if (process->uid != 0) {
			caps->inheritable |= bit;
			caps->ambient |= bit;
		}
	}
	return 0;
}

/* Whether a later NAME=value takes the place of this one. */
static int
is_replaced(const char *variable, const struct container_words *words)
{
	size_t length = strcspn(variable, "=");

	for (uint64_t i = 0; i < words->count; i++)
		if (strncmp(words->items[i], variable, length) == 0 &&
		    words->items[i][length] == '=')
			return 1;
	return 0;
}

/* The container's, but what concerns only its first process; then the option's words. */
static int
take_env(const struct plan *container, const struct container_words *words, struct arena *arena,
    struct spec_process *process, struct error *err)
{
	uint64_t own = container->process.env.count, count = 0;
	const char **env = arena_array(arena, own + words->count + 1, sizeof(*env));

	if (!env)
		return no_memory(err);
	for (uint64_t i = 0; i < own; i++) {
		const char *variable = container->process.env.items[i];

		if (!is_replaced(variable, words) &&
		    strncmp(variable, LISTEN_FDS, strlen(LISTEN_FDS)) != 0)
			env[count++] = variable;
	}
	for (uint64_t i = 0; i < words->count; i++) {
		const char *equals = strchr(words->items[i], '=');

		if (!equals || equals == words->items[i])
			return error_set(err, "--env %s: write NAME=value", words->items[i]);
		env[count++] = words->items[i];
	}
	process->env.items = env;
	process->env.count = count;
	return 0;
}

static int
take_args(const struct container_words *words, struct arena *arena, struct spec_process *process,
    struct error *err)
{
	const char **args;

	if (words->count == 0 || !words->items[0][0])
		return error_set(err, "exec needs a program: name it after the ID, or its document "
				      "with --process");
	args = arena_array(arena, words->count + 1, sizeof(*args));
	if (!args)
		return no_memory(err);
	memcpy(args, words->items, words->count * sizeof(*args));
	process->args.items = args;
	process->args.count = words->count;
	return 0;
}

static int
take_cwd(const char *cwd, struct spec_process *process, struct error *err)
{
	if (cwd && cwd[0] != '/')
		return error_set(err, "--cwd %s: not an absolute path", cwd);
	if (cwd)
		process->cwd = cwd;
	return 0;
}

static int
process_of_words(const struct plan *container, const struct container_exec_options *options,
    struct arena *arena, struct spec *spec, struct error *err)
{
	const struct plan_process *own = &container->process;
	struct spec_process *process = &spec->process;

	*process = (struct spec_process) {
		.cwd = own->cwd,
		.uid = own->uid,
		.gid = own->gid,
		.groups = { own->groups.items, own->groups.count },
		.has_caps = 1,
		.caps = own->caps,
		.no_new_privs = options->no_new_privs,
		.apparmor_profile = options->apparmor,
		.selinux_label = options->process_label,
	};
	if (take_args(&options->args, arena, process, err) < 0 ||
	    take_user(options->user, process, err) < 0 ||
	    take_groups(&options->groups, arena, process, err) < 0 ||
	    take_caps(&options->caps, process, err) < 0 ||
	    take_env(container, &options->env, arena, process, err) < 0 ||
	    take_cwd(options->cwd, process, err) < 0)
		return -1;
	return 0;
}

/* The document says it all; runc ignores the rest without a word. */
static void
warn_of_ignored(const struct container_exec_options *options)
{
	const struct {
		int given;
		const char *name;
	} rows[] = {
		{ options->args.count > 0, "the program after the ID" },
		{ options->cwd != NULL, "--cwd" },
		{ options->env.count > 0, "--env" },
		{ options->user != NULL, "--user" },
		{ options->groups.count > 0, "--additional-gids" },
		{ options->caps.count > 0, "--cap" },
		{ options->apparmor != NULL, "--apparmor" },
		{ options->process_label != NULL, "--process-label" },
		{ options->no_new_privs != 0, "--no-new-privs" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].given)
			log_line(LOG_WARNING, "with --process, %s has no effect", rows[i].name);
}

int
exec_process(const struct plan *container, const struct container_exec_options *options,
    struct arena *arena, struct spec *spec, struct error *err)
{
	int result;

	if (options->process) {
		warn_of_ignored(options);
		result = spec_load_process(options->process, arena, spec, err);
		if (result < 0)
			return error_in(err, "--process");
	} else {
		*spec = (struct spec) { 0 };
		result = process_of_words(container, options, arena, spec, err);
	}
	if (options->tty)
		spec->process.terminal = 1;
	return result;
}
