/* resctrl on a made-up tree of plain files: few machines have it. What the kernel puts into a new
 * directory is put there by hand, between making and filling. */
#include "kernel/resctrl.h"

#include "base/error.h"
#include "kernel/resctrl_schemata.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static char base[] = "/tmp/osless-resctrl-XXXXXX";

static const char *const directories[] = { "info", "mon_groups", "gold", "gold/mon_groups", "c1",
	"c1/mon_groups", "gold/mon_groups/c1", "c1/mon_groups/c1", "new" };
static const char *const files[] = { "schemata", "tasks", "info/last_cmd_status", "gold/schemata",
	"gold/tasks", "gold/mon_groups/c1/tasks", "c1/schemata", "c1/tasks",
	"c1/mon_groups/c1/tasks", "new/schemata", "new/tasks" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *
path_of(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", base, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		exit(99);
}

static const char *
got(const char *name)
{
	static char text[256];
	FILE *file = fopen(path_of(name), "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		(void)fclose(file);
	text[length] = '\0';
	return text;
}

static int
is_there(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

/* The root with one class, gold, as the kernel writes its file. */
static void
make_tree(void)
{
	for (size_t i = 0; i < 4; i++)
		if (mkdir(path_of(directories[i]), 0700) < 0)
			exit(99);
	put("schemata", "    L3:0=fff;1=fff\n    MB:0=100;1=100\n");
	put("tasks", "");
	put("info/last_cmd_status", "ok\n");
	put("gold/schemata", "    L3:0=00f;1=0f0\n    MB:0= 20;1=100\n");
	put("gold/tasks", "");
}

static void
remove_files(void)
{
	for (size_t i = 0; i < COUNT(files); i++)
		(void)unlink(path_of(files[i]));
}

static void
remove_tree(void)
{
	remove_files();
	for (size_t i = COUNT(directories); i-- > 0;)
		(void)rmdir(path_of(directories[i]));
}

#define PLAN(...) \
	{ \
		.id = "c1", .rdt = {.given = 1, __VA_ARGS__ } \
	}

/* A class of the container's own: made, filled, entered, removed. */
static void
test_own(void)
{
	const struct plan plan =
	    PLAN(.own = 1, .group = "c1", .schemata = "L3:0=f\n", .monitoring = 1);
	struct resctrl resctrl;
	struct error err = { 0 };

	make_tree();
	EQ_INT(resctrl_make(base, &plan, &resctrl, &err), -1, "no mon_groups in a plain directory");
	OK(!is_there("c1"), "nothing is left");

	EQ_INT(mkdir(path_of("c1"), 0700), 0, "one is there");
	EQ_INT(resctrl_make(base, &plan, &resctrl, &err), -1, "a group of that name");
	HAS_STR(err.text, "there is a group c1 already", "why");
	OK(is_there("c1"), "it stays");
	remove_tree();
}

static void
test_filled(void)
{
	const struct plan plan = PLAN(.own = 1, .group = "c1", .schemata = "L3:0=f\n");
	const struct plan counted =
	    PLAN(.own = 1, .group = "c1", .schemata = "L3:0=f\n", .monitoring = 1);
	struct resctrl resctrl;
	struct error err = { 0 };

	make_tree();
	EQ_INT(resctrl_make(base, &plan, &resctrl, &err), 0, "make");
	EQ_INT(resctrl_fill(base, &plan, &resctrl, &err), -1, "a directory without files");
	put("c1/schemata", "");
	put("c1/tasks", "");
	EQ_INT(resctrl_fill(base, &plan, &resctrl, &err), 0, err.text);
	EQ_STR(got("c1/schemata"), "L3:0=f\n", "schemata");
	EQ_INT(resctrl_enter(&resctrl), 0, "enter");
	EQ_STR(got("c1/tasks"), "0", "whoever writes goes in");
	EQ_INT(resctrl_change(base, &plan, "MB:0=10\n", &err), 0, "update");
	EQ_STR(got("c1/schemata"), "MB:0=10\n", "has written");
	resctrl_close(&resctrl);

	(void)mkdir(path_of("c1/mon_groups"), 0700);
	(void)mkdir(path_of("c1/mon_groups/c1"), 0700);
	put("c1/tasks", "");
	put("c1/mon_groups/c1/tasks", "");
	EQ_INT(resctrl_open(base, &counted, &resctrl, &err), 0, "exec");
	EQ_INT(resctrl_enter(&resctrl), 0, "enter");
	EQ_STR(got("c1/tasks"), "0", "the class");
	EQ_STR(got("c1/mon_groups/c1/tasks"), "0", "and what counts");
	resctrl_close(&resctrl);

	remove_files();
	put("schemata", "");
	EQ_INT(
	    resctrl_remove(base, &counted, &resctrl, &err), -1, "a plain mon_groups is in the way");
	OK(!is_there("c1/mon_groups/c1"), "what counts is gone");
	(void)rmdir(path_of("c1/mon_groups"));
	EQ_INT(resctrl_remove(base, &counted, &resctrl, &err), 0, "remove");
	OK(!is_there("c1"), "the class is gone");
	EQ_INT(resctrl_remove(base, &counted, &resctrl, &err), 0, "once more");
	remove_tree();
}

/* One with a name: joined where it is there and is as asked, made where schemata say how. */
static void
test_named(void)
{
	static const struct {
		const char *group, *schemata, *want;
	} rows[] = {
		{ "gold", NULL, NULL },
		{ "gold", "L3:0=f;1=f0\nMB:0=20\n", NULL },
		{ "gold", "L3:0=F;1=F0;\n", NULL },
		{ "gold", "L3:0=ff\n", "L3:0=ff is asked for, and the group has 00f" },
		{ "gold", "MB:0=20;1=10\n", "MB:1=10 is asked for, and the group has 100" },
		{ "gold", "L2:0=f\n", "L2:0=f is asked for, and the group has none" },
		{ "gold", "L3:2=f\n", "L3:2=f is asked for, and the group has none" },
		{ "", "L3:0=fff\n", NULL },
		{ "silver", NULL, "closID silver" },
	};

	make_tree();
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct plan plan = PLAN(.group = rows[i].group, .schemata = rows[i].schemata);
		struct resctrl resctrl;
		struct error err = { 0 };
		int result = resctrl_make(base, &plan, &resctrl, &err);

		if (result == 0)
			result = resctrl_fill(base, &plan, &resctrl, &err);
		EQ_INT(result, rows[i].want ? -1 : 0, rows[i].group);
		if (rows[i].want)
			HAS_STR(err.text, rows[i].want, "why");
		resctrl_close(&resctrl);
		EQ_INT(resctrl_remove(base, &plan, &resctrl, &err), 0, "remove");
		OK(is_there("gold/tasks"), "what others have made stays");
	}
	remove_tree();
}

static void
test_made(void)
{
	const struct plan plan = PLAN(.group = "new", .schemata = "L3:0=f\n");
	struct resctrl resctrl, later = RESCTRL_NONE;
	struct error err = { 0 };

	make_tree();
	EQ_INT(resctrl_make(base, &plan, &resctrl, &err), 0, "make");
	put("new/schemata", "");
	put("new/tasks", "");
	EQ_INT(resctrl_fill(base, &plan, &resctrl, &err), 0, "fill");
	EQ_STR(got("new/schemata"), "L3:0=f\n", "schemata");
	(void)unlink(path_of("new/schemata"));
	(void)unlink(path_of("new/tasks"));
	EQ_INT(resctrl_remove(base, &plan, &later, &err), 0, "delete");
	OK(is_there("new"), "leaves it to others that are in it");
	EQ_INT(resctrl_remove(base, &plan, &resctrl, &err), 0, "undo");
	OK(!is_there("new"), "takes it back");
	resctrl_close(&resctrl);
	remove_tree();
}

static void
test_refused(void)
{
	const struct plan plan = PLAN(.own = 1, .group = "c1", .schemata = "L3:0=f\n");
	struct resctrl resctrl;
	struct error err = { 0 };

	EQ_INT(resctrl_make(base, &plan, &resctrl, &err), -1, "an empty directory");
	HAS_STR(err.text, "resctrl is not mounted at /tmp/osless-resctrl-", "where");
	HAS_STR(err.text, "leave linux.intelRdt out", "cure");
	EQ_INT(resctrl_remove(base, &plan, &resctrl, &err), 0, "nothing to remove");

	make_tree();
	put("info/last_cmd_status", "mask f0f has non-consecutive 1-bits\n");
	EQ_INT(mkdir(path_of("c1"), 0700), 0, "c1");
	EQ_INT(symlink("/dev/full", path_of("c1/schemata")), 0, "a link");
	EQ_INT(resctrl_change(base, &plan, "L3:0=f0f\n", &err), -1, "which is not followed");
	(void)unlink(path_of("c1/schemata"));
	if (mknod(path_of("c1/schemata"), S_IFCHR | 0600, makedev(1, 7)) == 0) {
		EQ_INT(resctrl_change(base, &plan, "L3:0=f0f\n", &err), -1, "a write that fails");
		HAS_STR(err.text, "(mask f0f has non-consecutive 1-bits)", "the kernel's words");
	}
	remove_tree();
}

int
main(void)
{
	if (!mkdtemp(base))
		return 99;
	test_own();
	test_filled();
	test_named();
	test_made();
	test_refused();
	(void)rmdir(base);
	DONE();
}
