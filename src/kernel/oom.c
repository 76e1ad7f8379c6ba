/* Read by init, which outlives its processes and their cgroup: systemd removes that with the last
 * of them. */
#include "kernel/oom.h"

#include "base/auto.h"
#include "base/path.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 512

static const char *
file_of(const struct plan_cgroup_dir *dir)
{
	if (strcmp(dir->name, "memory") == 0)
		return "memory.oom_control";
	return *dir->name ? NULL : "memory.events";
}

int
oom_open(const struct plan_cgroup *cgroup)
{
	for (uint64_t i = 0; i < cgroup->dirs.count; i++) {
		const struct plan_cgroup_dir *dir = &cgroup->dirs.items[i];
		const char *file = file_of(dir);
		AUTO_FD int at = -1;

		if (!file)
			continue;
		at = open(dir->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		return at < 0 ? -1 : openat(at, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	return -1;
}

uint64_t
oom_kills(int fd)
{
	static const char key[] = "oom_kill ";
	char text[TEXT_MAX];
	ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	const char *line = text;

	if (length <= 0)
		return 0;
	text[length] = '\0';
	while (line && strncmp(line, key, strlen(key)) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return line ? strtoull(line + strlen(key), NULL, 10) : 0;
}
