/* What the payload's environment has besides what config.json says. Pure. LISTEN_PID is not here:
 * only the payload's own process knows its pid (init/launch.c). */
#include "policy/pass.h"

#include "base/arena.h"

#include <inttypes.h>
#include <string.h>

#define HOME "HOME="
#define LISTEN_FDS "LISTEN_FDS="
#define ADDED_MAX 3 /* HOME, LISTEN_FDS and the closing NULL */

static int
has_variable(const struct plan_process *process, const char *prefix)
{
	for (uint64_t i = 0; i < process->env.count; i++)
		if (strncmp(process->env.items[i], prefix, strlen(prefix)) == 0)
			return 1;
	return 0;
}

/* HOME, where absent, is that of the user that config named. A look into the rootfs' passwd file
 * would be I/O on hostile content, for a value that engines set anyway: root's is known, others get
 * the root directory, as from runc where passwd lacks them. */
static void
add_home(const struct compile *c, struct plan_process *to)
{
	if (!has_variable(to, HOME))
		to->env.items[to->env.count++] =
		    c->spec->process.uid == 0 ? HOME "/root" : HOME "/";
}

/* Socket activation (sd_listen_fds(3)): what the caller passes on counts, not what config.json
 * says. */
static int
add_listen_fds(const struct compile *c, struct plan_process *to, struct error *err)
{
	char *variable;

	if (c->facts->listen_fds == 0)
		return 0;
	variable = arena_printf(c->arena, LISTEN_FDS "%" PRIu32, c->facts->listen_fds);
	if (!variable)
		return pass_no_memory(err);
	to->env.items[to->env.count++] = variable;
	return 0;
}

int
pass_environment(struct compile *c, struct error *err)
{
	const struct spec_process *from = &c->spec->process;
	struct plan_process *to = &c->plan->process;

	if (PASS_COPY(c, &to->env, &from->env, ADDED_MAX, err) < 0)
		return -1;
	add_home(c, to);
	return add_listen_fds(c, to, err);
}

/* Whether both are variables of one name. */
static int
same_variable(const char *a, const char *b)
{
	size_t length = strcspn(a, "=") + 1;

	return strncmp(a, b, length) == 0;
}

static int
is_among(const char *variable, const char *const *items, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		if (same_variable(items[i], variable))
			return 1;
	}
	return 0;
}

int
pass_worker_environment(
    struct compile *c, const struct plan_child *own, struct plan_child *to, struct error *err)
{
	const struct plan_process *process = &c->plan->process;
	__typeof__(to->env) merged = { 0 };

	merged.items =
	    arena_array(c->arena, process->env.count + own->env.count + 1, sizeof(*merged.items));
	if (!merged.items)
		return pass_no_memory(err);
	for (uint64_t i = 0; i < process->env.count; i++) {
		if (!is_among(process->env.items[i], own->env.items, own->env.count))
			merged.items[merged.count++] = process->env.items[i];
	}
	for (uint64_t i = 0; i < own->env.count; i++) {
		if (!is_among(own->env.items[i], own->env.items + i + 1, own->env.count - i - 1))
			merged.items[merged.count++] = own->env.items[i];
	}
	to->env = merged;
	return 0;
}
