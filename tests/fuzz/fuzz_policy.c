/* Fuzzing the host's policy file: it is refused with a reason, or its modes are known ones. */
#include "standalone.h"

#include "base/arena.h"
#include "base/error.h"
#include "spec/policy_file.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .limit = 16u << 20 };
	struct host_policy policy;
	struct error err = { 0 };
	int read;

	host_policy_default(&policy);
	read = host_policy_parse("policy.json", (const char *)data, size, &arena, &policy, &err);
	if (read < 0
		? err.text[0] == '\0'
		: policy.identity_mode > PLAN_MODE_OFF || policy.syscalls_mode > PLAN_MODE_OFF ||
		      policy.supervision_mode > PLAN_MODE_OFF)
		abort();
	arena_free(&arena);
	return 0;
}
