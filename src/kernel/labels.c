/* Reads and writes of /proc/self/attr. */
#include "kernel/labels.h"

#include "base/error.h"
#include "kernel/procfs.h"

#include <stdio.h>
#include <string.h>

#define LABEL_MAX 4096 /* proc_pid_attr_write takes a page */
#define FILESYSTEMS_MAX 4096

int
labels_given(const struct plan *plan)
{
	return plan->process.apparmor_profile || plan->process.selinux_label || plan->mount_label;
}

/* The file is there with the module compiled in, and can be read when it is at work. */
static int
has_apparmor(int proc)
{
	char label[LABEL_MAX];

	return procfs_read(proc, "self/attr/apparmor/current", label, sizeof(label)) >= 0;
}

/* attr/current is any module's; the file system is registered when SELinux is at work. */
static int
has_selinux(int proc)
{
	char list[FILESYSTEMS_MAX];

	return procfs_read(proc, "filesystems", list, sizeof(list)) >= 0 &&
	       strstr(list, "\tselinuxfs\n");
}

int
labels_check(int proc, const struct plan *plan, struct error *err)
{
	const struct plan_process *process = &plan->process;

	if (process->apparmor_profile && !has_apparmor(proc))
		return error_set(err,
		    "process.apparmorProfile: %s: the kernel has no AppArmor at work: leave it out",
		    process->apparmor_profile);
	if ((process->selinux_label || plan->mount_label) && !has_selinux(proc))
		return error_set(err, "%s: %s: SELinux is disabled or not supported: leave it out",
		    process->selinux_label ? "process.selinuxLabel" : "linux.mountLabel",
		    process->selinux_label ? process->selinux_label : plan->mount_label);
	return 0;
}

int
labels_set_key(int proc, const struct plan_process *process, struct error *err)
{
	if (!process->selinux_label ||
	    procfs_write(proc, "self/attr/keycreate", process->selinux_label, err) == 0)
		return 0;
	return error_in(err, "process.selinuxLabel");
}

static int
set_profile(int proc, const char *profile, struct error *err)
{
	char text[LABEL_MAX];

	if (snprintf(text, sizeof(text), "exec %s", profile) >= (int)sizeof(text))
		return error_set(err, "longer than a page");
	if (procfs_write(proc, "self/attr/apparmor/exec", text, err) < 0)
		return error_in(err, "unable to apply apparmor profile (is it loaded?)");
	return 0;
}

int
labels_set_exec(int proc, const struct plan_process *process, struct error *err)
{
	if (process->apparmor_profile && set_profile(proc, process->apparmor_profile, err) < 0)
		return error_in(err, "process.apparmorProfile");
	if (process->selinux_label &&
	    procfs_write(proc, "self/attr/exec", process->selinux_label, err) < 0)
		return error_in(err, "process.selinuxLabel");
	return 0;
}
