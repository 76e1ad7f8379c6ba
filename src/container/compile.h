/* From a bundle to a plan, with everything that it hangs on. */
#ifndef OSLESS_CONTAINER_COMPILE_H
#define OSLESS_CONTAINER_COMPILE_H

#include "base/arena.h"
#include "container/container.h"
#include "plan/plan.h"
#include "policy/policy.h"

/* Zero-initialised by the caller, who frees it with compiled_free. */
struct compiled {
	struct arena arena; /* owns all below */
	struct spec spec;
	struct host_policy policy;
	struct plan plan; /* complete, cgroup directories included */
	struct report report;
};

/* Whether the bundle's own profile may come from the cache under the state root, and go into it. */
enum compile_profile { COMPILE_CACHED, COMPILE_UNCACHED };

/* Reads config.json of options->bundle and the host's policy, and compiles both. Changes nothing on
 * the machine but the cache. */
int compile_bundle(const struct container_host *host, const char *id,
    const struct container_options *options, enum compile_profile profile,
    struct compiled *compiled, struct error *err);

/* The same for a root file system alone, with the config.json that `spec` writes. */
int compile_rootfs(const struct container_host *host, const char *id, const char *rootfs,
    struct compiled *compiled, struct error *err);

/* For check's trial: the same for what it checks, with its program and this tier, and with every
 * aspect that is enforced in audit. */
int compile_trial(const struct container_host *host, const char *id,
    const struct container_check_options *options, uint32_t tier, struct compiled *compiled,
    struct error *err);

/* Whether the directory is a bundle: it has a config.json. One that cannot be opened is, too: what
 * is wrong with it is then told. */
int compile_is_bundle(const char *path);

/* The same for one more process of the container that has this plan, which must outlive compiled.
 * spec and plan are then the process' (policy_compile_exec). */
int compile_exec(const struct plan *container, const struct container_exec_options *options,
    struct compiled *compiled, struct error *err);

/* Logs what the user should know, and with --debug all that policy changed. */
void compiled_tell(const struct compiled *compiled, const char *id);

void compiled_free(struct compiled *compiled);

#endif
