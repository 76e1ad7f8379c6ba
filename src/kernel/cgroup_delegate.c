/* chown(2) of a cgroup directory and of the files that let their owner divide it. */
#include "kernel/cgroup_delegate.h"

#include "kernel/cgroup_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Of kernels that do not say (before 4.15), as the OCI text has them. */
static const char few[] = "cgroup.procs\ncgroup.subtree_control\ncgroup.threads";

static int
give(int dir, const char *file, uid_t user, struct error *err)
{
	if (fchownat(dir, file, user, (gid_t)-1, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno == ENOENT || errno == EPERM)
		return 0;
	return error_sys(err, "give %s to user %u", *file ? file : "the cgroup", user);
}

int
cgroup_delegate(int dir, uid_t user, struct error *err)
{
	char list[4096];
	char *state = NULL;

	if (cgroup_files_read(AT_FDCWD, "/sys/kernel/cgroup/delegate", list, sizeof(list)) < 0)
		memcpy(list, few, sizeof(few));
	if (give(dir, "", user, err) < 0)
		return -1;
	for (char *file = strtok_r(list, "\n", &state); file; file = strtok_r(NULL, "\n", &state))
		if (give(dir, file, user, err) < 0)
			return -1;
	return 0;
}
