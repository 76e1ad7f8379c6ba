/* Fuzzing the way from config.json to the plan's image: whatever the text, it is refused with a
 * reason or compiles; what compiles encodes, decodes, and never holds what enforcement forbids. No
 * filter is compiled: that is libseccomp's time. */
#include "standalone.h"

#include "base/arena.h"
#include "base/error.h"
#include "plan/image.h"
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
check_plan(const struct plan *plan)
{
	struct error err = { 0 };
	size_t size = 0;
	void *image = plan_encode(plan, &size, &err);

	check(plan->process.no_new_privs == 1);
	check(plan->process.args.count > 0);
	for (uint64_t i = 0; i < plan->mounts.count; i++)
		check(!plan->mounts.items[i].type ||
		      strcmp(plan->mounts.items[i].type, "devpts") != 0);
	check(image ? plan_decode(image, size, &err) != NULL : err.text[0] != '\0');
	free(image);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .limit = 64u << 20 };
	struct report report = { .arena = &arena };
	struct policy_facts facts = { 0 };
	struct host_policy policy;
	struct error err = { 0 };
	struct plan plan = { 0 };
	struct spec spec;

	host_policy_default(&policy);
	if (spec_parse("config.json", (const char *)data, size, "/bundle", &arena, &spec, &err) ==
		0 &&
	    policy_compile(&spec, &policy, &facts, "fuzz", &arena, &plan, &report, &err) == 0)
		check_plan(&plan);
	else
		check(err.text[0] != '\0');
	arena_free(&arena);
	return 0;
}
