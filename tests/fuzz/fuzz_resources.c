/* Fuzzing the document of update: whatever the text, it is refused with a reason or becomes limits;
 * those merge with others, and compile to writes whose files lead nowhere else, or are refused with
 * a reason. */
#include "standalone.h"

#include "base/arena.h"
#include "base/error.h"
#include "container/update_limits.h"
#include "kernel/cgroup_limits.h"
#include "spec/spec.h"

#include <stdlib.h>
#include <string.h>

static void
check(int holds)
{
	if (!holds)
		abort();
}

static void
compile(
    const struct plan_resources *resources, const struct cgroup_layout *layout, struct arena *arena)
{
	struct error err = { 0 };
	struct cgroup_limits limits;

	if (cgroup_limits_compile(resources, layout, CGROUP_LIMITS_UPDATE, arena, &limits, &err) <
	    0) {
		check(err.text[0] != '\0');
		return;
	}
	for (const struct cgroup_write *at = limits.writes; at; at = at->next) {
		check(at->controller != CGROUP_DEVICES);
		check(!strchr(at->file, '/') && at->file[0] != '.');
		check(!strchr(at->text, '\n') || at->controller == CGROUP_UNIFIED);
	}
}

static void
update(const struct plan_resources *given, struct arena *arena)
{
	static const struct cgroup_layout v1 = { .v1 = UINT32_MAX }, v2 = { 0, UINT32_MAX, 1 };
	struct plan_resources whole = { .memory_limit = 1 << 20, .memory_swap = 1 << 21 };
	struct plan_resources asked = *given;
	struct error err = { 0 };

	update_complete(&asked, &whole);
	if (update_merge(&whole, &asked, arena, &err) < 0 || update_check(&whole, &err) < 0) {
		check(err.text[0] != '\0');
		return;
	}
	compile(&asked, &v1, arena);
	compile(&asked, &v2, arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { .limit = 64u << 20 };
	struct error err = { 0 };
	struct spec spec;

	if (spec_parse_resources("resources", (const char *)data, size, &arena, &spec, &err) == 0)
		update(&spec.resources, &arena);
	else
		check(err.text[0] != '\0');
	arena_free(&arena);
	return 0;
}
