/* linux.cgroupsPath and annotations to a unit. */
#include "policy/unit.h"

#include "plan/unit.h"
#include "policy/unit_value.h"

#include "tests/unit/policy_help.h"
#include "tests/unit/tap.h"

static const struct path_row {
	const char *path;
	uint32_t is_user;
	const char *name; /* or part of the error, where slice is NULL */
	const char *slice;
} path_rows[] = {
	{ NULL, 0, "osless-web.scope", "system.slice" },
	{ "", 1, "osless-web.scope", "user.slice" },
	{ "machine.slice:libpod:abc", 0, "libpod-abc.scope", "machine.slice" },
	{ ":cri:abc", 0, "cri-abc.scope", "system.slice" },
	{ ":cri:abc", 1, "cri-abc.scope", "user.slice" },
	{ "a.slice::abc", 0, "-abc.scope", "a.slice" },
	{ "x.slice:y:a-b.slice", 0, "a-b.slice", "a.slice" },
	{ "::a.slice", 0, "a.slice", "-.slice" },
	{ "/docker/abc", 0, "slice:prefix:name", NULL },
	{ "a.slice:b", 0, "slice:prefix:name", NULL },
	{ "a.slice:b:c:d", 0, "slice:prefix:name", NULL },
	{ "a.slice:b:", 0, "no name", NULL },
	{ "a:b:c", 0, "must end in .slice", NULL },
	{ "a.slice:b:c d", 0, "letters, digits", NULL },
};

static void
test_paths(void)
{
	for (size_t i = 0; i < COUNT(path_rows); i++) {
		const struct path_row *row = &path_rows[i];
		struct bench b;

		bench_start(&b);
		b.spec.cgroups_path = row->path;
		b.facts.cgroup_manager = PLAN_CGROUP_SYSTEMD;
		b.facts.has_systemd = 1;
		b.facts.user_units = row->is_user;
		EQ_INT(bench_compile(&b), row->slice ? 0 : -1, row->path ? row->path : "no path");
		if (row->slice) {
			EQ_STR(b.plan.cgroup.unit.name, row->name, "unit");
			EQ_STR(b.plan.cgroup.unit.slice, row->slice, "slice");
			EQ_INT(b.plan.cgroup.unit.is_user, row->is_user, "whose manager");
		} else {
			HAS_STR(b.err.text, row->name, "why");
		}
		bench_end(&b);
	}
}

static const struct value_row {
	const char *text;
	const char *want; /* "TYPE WORD...", or part of why not */
} value_rows[] = {
	{ "true", "b true" },
	{ " false ", "b false" },
	{ "123", "i 123" },
	{ "-123", "i -123" },
	{ "0x10", "i 16" },
	{ "uint64 18446744073709551615", "t 18446744073709551615" },
	{ "@t 5", "t 5" },
	{ "int64 -9223372036854775808", "x -9223372036854775808" },
	{ "byte 255", "y 255" },
	{ "int16 -5", "n -5" },
	{ "@u 7", "u 7" },
	{ "2.5", "d 2.5" },
	{ "double 1", "d 1" },
	{ "'inactive-or-failed'", "s inactive-or-failed" },
	{ "\"it's\"", "s it's" },
	{ "'a\\'b\\\\c'", "s a'b\\c" },
	{ "string ''", "s " },
	{ "['a', \"b\"]", "as 2 a b" },
	{ "@as []", "as 0" },
	{ "[ 'a' , ]", "as 1 a" },
	{ "2147483648", "does not fit type i" },
	{ "uint64 -1", "does not fit type t" },
	{ "byte 256", "does not fit type y" },
	{ "uint64", "is not a number of type t" },
	{ "", "is not a number" },
	{ "-", "is not a number" },
	{ "uint64 +5", "is not a number" },
	{ "uint64 - 5", "is not a number" },
	{ "5 6", "goes on after its end" },
	{ "@a{sv} {}", "type that is not known" },
	{ "'a", "no closing quote" },
	{ "'a\\", "no closing quote" },
	{ "['a'", "no closing bracket" },
	{ "['a' 'b']", "no closing bracket" },
	{ "[1]", "is not a quoted text" },
	{ "boolean 1", "neither true nor false" },
	{ "inactive", "is not a number" },
	{ "double nan", "is not a number" },
};

static const char *
render(const struct plan_unit_property *property, struct arena *arena)
{
	const char *text = property->type;

	for (uint64_t i = 0; i < property->words.count; i++)
		text = arena_printf(arena, "%s %s", text, property->words.items[i]);
	return text;
}

static void
test_values(void)
{
	struct arena arena = { 0 };

	for (size_t i = 0; i < COUNT(value_rows); i++) {
		struct plan_unit_property property = { .name = "Name" };
		const char *why = unit_value_parse(value_rows[i].text, &arena, &property);

		HAS_STR(
		    why ? why : render(&property, &arena), value_rows[i].want, value_rows[i].text);
	}
	arena_free(&arena);
}

static const struct annotation_row {
	const char *key; /* after the prefix */
	const char *value;
	const char *want; /* "NAME TYPE WORD...", or part of the error */
	const char *loosening;
} annotation_rows[] = {
	{ "TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec t 123456789", NULL },
	{ "TimeoutStopSec", "7", "TimeoutStopUSec t 7000000", NULL },
	{ "TimeoutStopSec", "0.25", "TimeoutStopUSec t 250000", NULL },
	{ "TimeoutStopSec", "uint64 18446744073709551615", "seconds that can be", NULL },
	{ "TimeoutStopSec", "-1", "seconds that can be", NULL },
	{ "TimeoutStopSec", "'7s'", "not a number of seconds", NULL },
	{ "CollectMode", "'inactive'", "CollectMode s inactive", NULL },
	{ "KillSignal", "int32 15", "KillSignal i 15", NULL },
	{ "Conflicts", "['sshd.service']", "mayLoosen", NULL },
	{ "Conflicts", "['sshd.service']", "Conflicts as 1 sshd.service",
	    UNIT_ANNOTATION "Conflicts" },
	{ "Conflicts", "['sshd.service']", "mayLoosen", UNIT_ANNOTATION "Wants" },
	{ "Slice", "'other.slice'", "mayLoosen", NULL },
	{ "no such", "1", "no property has that name", NULL },
	{ "Ab", "1", "no property has that name", NULL },
	{ "", "1", "no property has that name", NULL },
	{ "TasksMax", "many", "is not a number", NULL },
};

static void
test_annotations(void)
{
	for (size_t i = 0; i < COUNT(annotation_rows); i++) {
		const struct annotation_row *row = &annotation_rows[i];
		const char *loosening[] = { row->loosening };
		struct plan_pair pair = { .value = row->value };
		const struct plan_unit *unit;
		const char *got;
		struct bench b;

		bench_start(&b);
		pair.key = arena_printf(&b.arena, UNIT_ANNOTATION "%s", row->key);
		b.spec.annotations.items = &pair;
		b.spec.annotations.count = 1;
		b.policy.loosening.items = loosening;
		b.policy.loosening.count = row->loosening != NULL;
		b.facts.cgroup_manager = PLAN_CGROUP_SYSTEMD;
		b.facts.has_systemd = 1;
		got = b.err.text;
		unit = &b.plan.cgroup.unit;
		if (bench_compile(&b) == 0)
			got = arena_printf(&b.arena, "%s %s", unit->properties.items[0].name,
			    render(&unit->properties.items[0], &b.arena));
		HAS_STR(got, row->want, row->key);
		bench_end(&b);
	}
}

/* They are systemd's: without it nobody looks at them. */
static void
test_cgroupfs(void)
{
	struct plan_pair pair = { UNIT_ANNOTATION "Conflicts", "nonsense" };
	struct bench b;

	bench_start(&b);
	b.spec.annotations.items = &pair;
	b.spec.annotations.count = 1;
	EQ_INT(bench_compile(&b), 0, "with cgroupfs");
	EQ_STR(b.plan.cgroup.unit.name, NULL, "there is no unit");
	bench_end(&b);
}

int
main(void)
{
	test_paths();
	test_values();
	test_annotations();
	test_cgroupfs();
	DONE();
}
