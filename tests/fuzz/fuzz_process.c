/* Fuzzing exec's process document: whatever the text, it is refused with a reason or compiles
 * beside its container, with no more power than that has; what compiles encodes and decodes. Beside
 * a container that enforces all, and beside one that is off with a user namespace. */
#include "standalone.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/image.h"
#include "policy/policy.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#define CAPS "[\"CAP_DAC_OVERRIDE\",\"CAP_KILL\",\"CAP_NET_BIND_SERVICE\"]"

static const char config[] =
    "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"rootfs\"},"
    "\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\",\"user\":{\"uid\":0,\"gid\":0},"
    "\"capabilities\":{\"bounding\":" CAPS ",\"effective\":" CAPS ",\"permitted\":" CAPS "}},"
    "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"},{\"type\":\"user\"}],"
    "\"uidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}],"
    "\"gidMappings\":[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]}}";

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
make_container(enum plan_mode mode, struct arena *arena, struct plan *plan)
{
	struct report report = { .arena = arena };
	struct policy_facts facts = { 0 };
	struct host_policy policy;
	struct error err = { 0 };
	struct spec spec;

	host_policy_default(&policy);
	policy.identity_mode = policy.syscalls_mode = policy.supervision_mode = mode;
	check(
	    spec_parse("config.json", config, strlen(config), "/bundle", arena, &spec, &err) == 0);
	check(policy_compile(&spec, &policy, &facts, "fuzz", arena, plan, &report, &err) == 0);
}

static void
check_plan(const struct plan *plan, const struct plan *container)
{
	const struct plan_caps *caps = &plan->process.caps;
	struct error err = { 0 };
	size_t size = 0;
	void *image = plan_encode(plan, &size, &err);
	uint64_t all =
	    caps->bounding | caps->permitted | caps->effective | caps->inheritable | caps->ambient;

	check((all & ~container->process.caps.bounding) == 0);
	check(plan->process.no_new_privs >= container->process.no_new_privs);
	check(plan->process.args.count > 0 && plan->process.cwd[0] == '/');
	check(container->identity_mode != PLAN_MODE_ENFORCE || plan->process.uid != 0 ||
	      !(all & UINT64_C(1) << CAP_DAC_OVERRIDE)); /* drop: ALL keeps root (DESIGN 4) */
	check(image ? plan_decode(image, size, &err) != NULL : err.text[0] != '\0');
	free(image);
}

static void
compile(const struct spec *spec, enum plan_mode mode, struct arena *arena)
{
	struct report report = { .arena = arena };
	struct policy_facts facts = { 0 };
	struct plan container = { 0 }, plan = { 0 };
	struct error err = { 0 };

	make_container(mode, arena, &container);
	if (policy_compile_exec(spec, &container, &facts, arena, &plan, &report, &err) == 0)
		check_plan(&plan, &container);
	else
		check(err.text[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .limit = 64u << 20 };
	struct error err = { 0 };
	struct spec spec;

	if (spec_parse_process("process", (const char *)data, size, &arena, &spec, &err) == 0) {
		compile(&spec, PLAN_MODE_ENFORCE, &arena);
		compile(&spec, PLAN_MODE_OFF, &arena);
	} else {
		check(err.text[0] != '\0');
	}
	arena_free(&arena);
	return 0;
}
