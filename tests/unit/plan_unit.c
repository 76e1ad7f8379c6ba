/* Names of units, and where their cgroups are. */
#include "plan/unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "tests/unit/tap.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct row {
	const char *name;
	const char *slice;
	const char *path; /* NULL: refused, */
	const char *why;  /* with these words */
} rows[] = {
	{ "a.scope", "system.slice", "/system.slice/a.scope", NULL },
	{ "a.scope", "-.slice", "/a.scope", NULL },
	{ "a.scope", "a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice/a.scope", NULL },
	{ "cri-x.scope", "kubepods-burstable-pod1_2.slice",
	    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-x.scope",
	    NULL },
	{ "a-b.slice", "not looked at", "/a.slice/a-b.slice", NULL },
	{ "a.scope", "system", NULL, "must end in .slice" },
	{ "a.scope", ".slice", NULL, "must end in .slice" },
	{ "a.scope", "a--b.slice", NULL, "a dash" },
	{ "a.scope", "-a.slice", NULL, "a dash" },
	{ "a.scope", "a-.slice", NULL, "a dash" },
	{ "a.scope", "--.slice", NULL, "a dash" },
	{ "a.scope", "../x.slice", NULL, "letters, digits" },
};

static void
test_paths(struct arena *arena)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { 0 };

		EQ_STR(unit_path(rows[i].name, rows[i].slice, arena, &err), rows[i].path,
		    rows[i].slice);
		if (rows[i].why)
			HAS_STR(err.text, rows[i].why, "why");
	}
}

static void
test_names(void)
{
	char longest[257];
	struct error err;

	memset(longest, 'a', 256);
	longest[256] = '\0';
	EQ_INT(unit_check_name(longest, &err), -1, "256 letters are too many");
	EQ_INT(unit_check_name(longest + 1, &err), 0, "255 are not");
	EQ_INT(unit_check_name("osless-a:b_c.d@1\\x2d.scope", &err), 0, "what systemd takes");
	EQ_INT(unit_check_name("a+b.scope", &err), -1, "plus");
	EQ_INT(unit_check_name("a b.scope", &err), -1, "blank");
	EQ_INT(unit_is_slice("a.slice"), 1, "a slice");
	EQ_INT(unit_is_slice("a.scope"), 0, "a scope");
	EQ_INT(unit_is_slice(".slice"), 0, "nothing but the suffix");
}

static void
test_parents(struct arena *arena)
{
	struct error err;

	EQ_STR(unit_slice_parent("a-b-c.slice", arena, &err), "a-b.slice", "three deep");
	EQ_STR(unit_slice_parent("a.slice", arena, &err), "-.slice", "one deep");
}

int
main(void)
{
	struct arena arena = { 0 };

	test_paths(&arena);
	test_names();
	test_parents(&arena);
	arena_free(&arena);
	DONE();
}
