/* Which of the container's cgroups the caller may make: an ordinary user, or root of a user
 * namespace, owns those that were given to him (cgroups(7), delegation), if any. */
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Whether the nearest directory above path that is there may be written to. What cannot be told
 * apart from a right that lacks is left to cgroup_make to complain of. */
static int
may_make(const char *path)
{
	char above[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(above))
		return 1;
	memcpy(above, path, length + 1);
	for (char *slash; (slash = strrchr(above, '/')) && slash != above;) {
		*slash = '\0';
		if (faccessat(AT_FDCWD, above, W_OK | X_OK, AT_EACCESS) == 0)
			return 1;
		if (errno != ENOENT)
			return errno != EACCES && errno != EPERM && errno != EROFS;
	}
	return 1;
}

void
cgroup_keep_permitted(struct plan_cgroup *cgroup)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < cgroup->dirs.count; i++)
		if (may_make(cgroup->dirs.items[i].path))
			cgroup->dirs.items[kept++] = cgroup->dirs.items[i];
	cgroup->rights_lacking = kept < cgroup->dirs.count;
	cgroup->dirs.count = kept;
}
