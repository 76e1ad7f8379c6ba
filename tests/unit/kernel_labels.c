/* What is written where for a label, in a tree of files that stands in for /proc: the kernels that
 * tests run on rarely have both modules. */
#include "kernel/labels.h"

#include "base/auto.h"
#include "base/error.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const directories[] = { "7", "7/attr", "7/attr/apparmor" };
static const char *const files[] = { "7/attr/apparmor/current", "7/attr/apparmor/exec",
	"7/attr/exec", "7/attr/keycreate", "filesystems" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A file is made empty, or with text. */
static void
put(int proc, const char *path, const char *text)
{
	AUTO_FD int fd = openat(proc, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	EQ_INT(write(fd, text, strlen(text)), (long long)strlen(text), path);
}

static const char *
got(int proc, const char *path)
{
	static char text[128];
	AUTO_FD int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

static int
make_proc(char *path)
{
	int proc = mkdtemp(path) ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	OK(proc >= 0, "a directory");
	for (size_t i = 0; i < COUNT(directories); i++)
		EQ_INT(mkdirat(proc, directories[i], 0700), 0, directories[i]);
	EQ_INT(symlinkat("7", proc, "self"), 0, "self");
	for (size_t i = 0; i < COUNT(files); i++)
		put(proc, files[i], "");
	return proc;
}

static void
remove_proc(int proc, const char *path)
{
	for (size_t i = 0; i < COUNT(files); i++)
		(void)unlinkat(proc, files[i], 0); /* one test has removed one */
	(void)unlinkat(proc, "self", 0);
	for (size_t i = COUNT(directories); i-- > 0;)
		(void)unlinkat(proc, directories[i], AT_REMOVEDIR);
	(void)close(proc);
	EQ_INT(rmdir(path), 0, "nothing is left");
}

static void
test_set(int proc)
{
	struct plan_process none = { 0 };
	struct plan_process both = { .apparmor_profile = "p", .selinux_label = "u:r:t:s0" };
	struct error err;

	EQ_INT(labels_set_exec(proc, &none, &err), 0, "no labels");
	EQ_INT(labels_set_key(proc, &none, &err), 0, "none for keys");
	EQ_STR(got(proc, "7/attr/exec"), "", "nothing is written");
	EQ_INT(labels_set_exec(proc, &both, &err), 0, "two");
	EQ_STR(got(proc, "7/attr/apparmor/exec"), "exec p", "AppArmor's");
	EQ_STR(got(proc, "7/attr/exec"), "u:r:t:s0", "SELinux'");
	EQ_INT(labels_set_key(proc, &both, &err), 0, "for keys");
	EQ_STR(got(proc, "7/attr/keycreate"), "u:r:t:s0", "SELinux'");
}

static void
test_check(int proc)
{
	struct plan plan = { 0 };
	struct error err = { 0 };

	EQ_INT(labels_given(&plan), 0, "no labels");
	plan.process.apparmor_profile = "p";
	EQ_INT(labels_given(&plan), 1, "a profile");
	EQ_INT(labels_check(proc, &plan, &err), 0, "AppArmor is there");
	EQ_INT(unlinkat(proc, "7/attr/apparmor/current", 0), 0, "no more");
	EQ_INT(labels_check(proc, &plan, &err), -1, "is missed");
	HAS_STR(err.text, "process.apparmorProfile: p: ", "by its property");
	plan = (struct plan) { .mount_label = "m" };
	EQ_INT(labels_given(&plan), 1, "a mount label");
	put(proc, "filesystems", "nodev\tselinuxfs2\nnodev\tproc\n");
	EQ_INT(labels_check(proc, &plan, &err), -1, "SELinux is missed");
	HAS_STR(err.text, "linux.mountLabel: m: ", "by its property");
	plan.process.selinux_label = "l";
	EQ_INT(labels_check(proc, &plan, &err), -1, "also for the process");
	HAS_STR(err.text, "process.selinuxLabel: l: ", "by its property");
	put(proc, "filesystems", "nodev\tproc\nnodev\tselinuxfs\n");
	EQ_INT(labels_check(proc, &plan, &err), 0, "SELinux is there");
}

int
main(void)
{
	char path[] = "/tmp/osless-labels.XXXXXX";
	int proc = make_proc(path);

	test_set(proc);
	test_check(proc);
	remove_proc(proc, path);
	DONE();
}
