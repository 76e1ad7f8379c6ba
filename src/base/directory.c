/* getdents64(2), a buffer at a time; and directories for the caller alone. */
#include "base/directory.h"

#include "base/auto.h"
#include "base/file.h"
#include "base/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES 1024 /* a name has at most 255: always room for three */

/* The kernel's linux_dirent64. */
struct entry {
	uint64_t inode;
	int64_t next;
	unsigned short length;
	unsigned char type;
	char name[];
};

static int
each_in(
    const char *buffer, size_t length, int (*each)(const char *name, void *context), void *context)
{
	int result = 0;

	for (size_t at = 0; at < length && result == 0;) {
		const struct entry *entry = (const struct entry *)(const void *)(buffer + at);

		if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0)
			result = each(entry->name, context);
		at += entry->length;
	}
	return result;
}

int
directory_each(int fd, int (*each)(const char *name, void *context), void *context)
{
	_Alignas(struct entry) char buffer[BUFFER_BYTES];
	int result = 0;
	long length;

	while (result == 0 && (length = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) != 0)
		result = length < 0 ? -1 : each_in(buffer, (size_t)length, each, context);
	return result;
}

int
directory_open_own(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	AUTO_FD int fd = openat(parent, name, flags);
	struct stat info;

	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
			return -1;
		fd = openat(parent, name, flags);
	}
	if (fd < 0 || fstat(fd, &info) < 0)
		return -1;
	if (!file_is_private(&info)) {
		errno = EPERM;
		return -1;
	}
	return take_fd(&fd);
}
