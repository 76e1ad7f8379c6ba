/* Sysctls that belong to a namespace of the container's own, as paths below /proc/sys. Everything
 * else is the host's, and refused by name. Pure; who writes them does so through a private procfs.
 */
#include "policy/pass.h"

#include "base/arena.h"
#include "base/error.h"
#include "spec/words.h"

#include <string.h>

/* A name that ends in a slash stands for all below it. */
static const struct {
	const char *name;
	enum plan_ns ns;
	const char *word; /* of linux.namespaces */
} namespaced[] = {
	{ "net/", PLAN_NS_NET, "network" },
	{ "fs/mqueue/", PLAN_NS_IPC, "ipc" },
	{ "kernel/msgmax", PLAN_NS_IPC, "ipc" },
	{ "kernel/msgmnb", PLAN_NS_IPC, "ipc" },
	{ "kernel/msgmni", PLAN_NS_IPC, "ipc" },
	{ "kernel/sem", PLAN_NS_IPC, "ipc" },
	{ "kernel/shmall", PLAN_NS_IPC, "ipc" },
	{ "kernel/shmmax", PLAN_NS_IPC, "ipc" },
	{ "kernel/shmmni", PLAN_NS_IPC, "ipc" },
	{ "kernel/shm_rmid_forced", PLAN_NS_IPC, "ipc" },
	{ "kernel/domainname", PLAN_NS_UTS, "uts" },
};

/* "net.core.somaxconn" and "net/core/somaxconn" are the same. The separator is what comes first;
 * the other character then stands for itself, swapped: "net.ipv4.conf.eth0/1.forwarding" is the
 * interface eth0.1 (sysctl(8)). NULL when memory is exhausted. */
static char *
to_path(struct compile *c, const char *key)
{
	char *path = arena_strdup(c->arena, key);

	if (!path || key[strcspn(key, "./")] != '.')
		return path;
	for (char *at = path; *at; at++) {
		if (*at == '.')
			*at = '/';
		else if (*at == '/')
			*at = '.';
	}
	return path;
}

/* Components that are names: not empty, not "." or "..", and without the characters that a settings
 * file could read as more than a name (CVE-2022-0811). */
static int
is_plain(const char *path)
{
	if (strpbrk(path, "+="))
		return 0;
	for (;;) {
		size_t length = strcspn(path, "/");

		if (length == 0 || strncmp(path, "..", length) == 0)
			return 0;
		if (!path[length])
			return 1;
		path += length + 1;
	}
}

static int
matches(const char *name, const char *path)
{
	size_t length = strlen(name);

	if (name[length - 1] == '/')
		return strncmp(path, name, length) == 0;
	return strcmp(path, name) == 0;
}

static int
check_namespace(struct compile *c, const char *key, const char *path, struct error *err)
{
	for (size_t i = 0; i < sizeof(namespaced) / sizeof(namespaced[0]); i++) {
		if (!matches(namespaced[i].name, path))
			continue;
		if (c->plan->namespaces[namespaced[i].ns].mode != PLAN_NS_HOST)
			return 0;
		return error_set(err,
		    "linux.sysctl: %s is not allowed in the host's %s namespace: add {\"type\": "
		    "\"%s\"} to linux.namespaces",
		    words_quote(key, c->arena), namespaced[i].word, namespaced[i].word);
	}
	return error_set(err,
	    "linux.sysctl: %s is not in a separate kernel namespace: set it on the host, or leave "
	    "it out",
	    words_quote(key, c->arena));
}

static int
check_sysctl(struct compile *c, const char *key, const char *path, struct error *err)
{
	if (!is_plain(path))
		return error_set(err,
		    "linux.sysctl: %s is not a plain name: write it as \"net.core.somaxconn\", "
		    "without \"+\", \"=\", \"..\" and empty parts",
		    words_quote(key, c->arena));
	if (strcmp(path, "kernel/hostname") == 0)
		return error_set(err,
		    "linux.sysctl: \"kernel.hostname\" is not allowed as it conflicts with the OCI "
		    "\"hostname\" field: use that");
	return check_namespace(c, key, path, err);
}

int
pass_sysctls(struct compile *c, struct error *err)
{
	struct plan *plan = c->plan;

	if (PASS_COPY(c, &plan->sysctls, &c->spec->sysctls, 0, err) < 0)
		return -1;
	for (uint64_t i = 0; i < plan->sysctls.count; i++) {
		struct plan_pair *sysctl = &plan->sysctls.items[i];
		const char *path = to_path(c, sysctl->key);

		if (!path)
			return pass_no_memory(err);
		if (check_sysctl(c, sysctl->key, path, err) < 0)
			return -1;
		sysctl->key = path;
	}
	return 0;
}
