/* process: what runs, as whom, within which limits; in config.json, or as a document of its own
 * (exec). */
#include "spec/convert.h"

#include "base/auto.h"
#include "base/file.h"
#include "spec/document.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

static int
convert_user(struct convert *c, const struct ocispec_user *from)
{
	struct spec_process *to = &c->spec->process;

	if (from->has_umask && from->umask > 0777)
		return convert_refuse(c,
		    "process.user.umask: %" PRIu32 " is not a file mode: use 0 to 511 (octal 777)",
		    from->umask);
	to->uid = from->uid;
	to->gid = from->gid;
	to->has_umask = from->has_umask;
	to->umask = from->umask;
	if (CONVERT_LIST(c, &to->groups, from->additional_gids.count) < 0)
		return -1;
	for (size_t i = 0; i < from->additional_gids.count; i++)
		to->groups.items[i] = from->additional_gids.items[i];
	return 0;
}

static int
convert_args(struct convert *c, const ocispec_strings *from)
{
	if (from->count == 0)
		return convert_refuse(c, "process.args: empty: name a program to run");
	if (from->items[0][0] == '\0')
		return convert_refuse(c, "process.args[0]: empty: name a program to run");
	return CONVERT_STRINGS(c, from, &c->spec->process.args);
}

/* An entry that is no assignment is refused, as by runc: programs disagree on what it means. */
static int
convert_env(struct convert *c, const ocispec_strings *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const char *equals = strchr(from->items[i], '=');

		if (!equals || equals == from->items[i])
			return convert_refuse(c,
			    "process.env[%zu]: invalid environment variable %s: write NAME=value",
			    i, convert_quote(c, from->items[i]));
	}
	return CONVERT_STRINGS(c, from, &c->spec->process.env);
}

/* Names that nobody knows are ignored, as by runc, so that a config for a newer kernel runs. */
static int
convert_capability_set(
    struct convert *c, const char *set, const ocispec_strings *from, uint64_t *bits)
{
	for (size_t i = 0; i < from->count; i++) {
		int number = words_find_capability(from->items[i]);
		const char *path;

		if (number >= 0) {
			*bits |= UINT64_C(1) << number;
			continue;
		}
		path = convert_path(
		    c, "process.capabilities.%s[%zu] %s", set, i, convert_quote(c, from->items[i]));
		if (convert_unsupported(c, path, "this capability is not known here") < 0)
			return -1;
	}
	return 0;
}

static int
convert_capabilities(struct convert *c, const struct ocispec_capabilities *from)
{
	struct plan_caps *caps = &c->spec->process.caps;

	if (!from)
		return 0;
	c->spec->process.has_caps = 1;
	if (convert_capability_set(c, "bounding", &from->bounding, &caps->bounding) < 0 ||
	    convert_capability_set(c, "effective", &from->effective, &caps->effective) < 0 ||
	    convert_capability_set(c, "permitted", &from->permitted, &caps->permitted) < 0 ||
	    convert_capability_set(c, "inheritable", &from->inheritable, &caps->inheritable) < 0)
		return -1;
	return convert_capability_set(c, "ambient", &from->ambient, &caps->ambient);
}

static int
convert_rlimit(
    struct convert *c, size_t index, const struct ocispec_rlimit *from, struct plan_rlimit *to)
{
	uint64_t resource;

	if (words_find(&words_rlimits, from->type, &resource) < 0)
		return convert_refuse_word(c, convert_path(c, "process.rlimits[%zu].type", index),
		    "limit", from->type, &words_rlimits);
	if (from->soft > from->hard)
		return convert_refuse(c,
		    "process.rlimits[%zu]: the soft limit %" PRIu64
		    " of %s is above its hard limit %" PRIu64 ": lower one or raise the other",
		    index, from->soft, from->type, from->hard);
	*to = (struct plan_rlimit) { (uint32_t)resource, from->soft, from->hard };
	return 0;
}

static int
convert_rlimits(struct convert *c, const struct ocispec_process *from)
{
	__typeof__(c->spec->process.rlimits) *to = &c->spec->process.rlimits;

	if (CONVERT_LIST(c, to, from->rlimits.count) < 0)
		return -1;
	for (size_t i = 0; i < to->count; i++) {
		if (convert_rlimit(c, i, &from->rlimits.items[i], &to->items[i]) < 0)
			return -1;
		for (size_t j = 0; j < i; j++) {
			if (to->items[j].resource == to->items[i].resource)
				return convert_refuse(c,
				    "process.rlimits[%zu]: %s is there twice: remove one", i,
				    from->rlimits.items[i].type);
		}
	}
	return 0;
}

static int
convert_oom_score(struct convert *c, const struct ocispec_process *from)
{
	if (from->has_oom_score_adj && (from->oom_score_adj < -1000 || from->oom_score_adj > 1000))
		return convert_refuse(c,
		    "process.oomScoreAdj: %" PRId32 " is outside -1000 to 1000",
		    from->oom_score_adj);
	c->spec->process.has_oom_score_adj = from->has_oom_score_adj;
	c->spec->process.oom_score_adj = from->oom_score_adj;
	return 0;
}

int
convert_process(struct convert *c, const struct ocispec_process *from)
{
	struct spec_process *to = &c->spec->process;

	c->spec->has_process = 1;
	to->terminal = from->terminal;
	to->no_new_privs = from->no_new_privileges;
	to->apparmor_profile = convert_text(from->apparmor_profile);
	to->selinux_label = convert_text(from->selinux_label);
	to->cwd = from->cwd;
	if (from->cwd[0] != '/')
		return convert_refuse_relative(c, "process.cwd", from->cwd);
	if (from->user && convert_user(c, from->user) < 0)
		return -1;
	if (convert_args(c, &from->args) < 0 || convert_env(c, &from->env) < 0)
		return -1;
	if (convert_capabilities(c, from->capabilities) < 0)
		return -1;
	if (convert_rlimits(c, from) < 0 || convert_oom_score(c, from) < 0)
		return -1;
	return convert_scheduling(c, from);
}

int
spec_parse_process(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec *spec, struct error *err)
{
	struct convert c = { .name = name, .arena = arena, .spec = spec, .err = err };
	struct ocispec_process process;

	*spec = (struct spec) { 0 };
	if (document_read(name, text, length, OCISPEC_PROCESS, arena, &process, err) < 0)
		return -1;
	return convert_process(&c, &process);
}

int
spec_load_process(const char *path, struct arena *arena, struct spec *spec, struct error *err)
{
	AUTO_FREE char *text = NULL;
	struct stat status;
	size_t length;
	AUTO_FD int fd = document_open(AT_FDCWD, path, path, &status, err);

	if (fd < 0)
		return -1;
	text = file_read_fd(fd, path, DOCUMENT_MAX, &length, err);
	return text ? spec_parse_process(path, text, length, arena, spec, err) : -1;
}
