/* A detached procfs and writes through it. */
#include "kernel/procfs.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/path.h"
#include "base/syscalls.h"

#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

static int
check_magic(int proc, struct error *err)
{
	struct statfs kind;

	if (fstatfs(proc, &kind) < 0)
		return error_sys(err, "statfs of the private procfs");
	if (kind.f_type != PROC_SUPER_MAGIC)
		return error_set(err, "the private procfs is not a procfs");
	return 0;
}

static int
mount_procfs(struct error *err)
{
	AUTO_FD int fs = sys_fsopen("proc", FSOPEN_CLOEXEC);
	int proc;

	if (fs < 0)
		return error_sys(err, "fsopen proc");
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return error_sys(err, "create a private procfs");
	proc = sys_fsmount(
	    fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	return proc < 0 ? error_sys(err, "mount a private procfs") : proc;
}

int
procfs_open(struct error *err)
{
	AUTO_FD int proc = mount_procfs(err);

	if (proc < 0 && err->errnum == EPERM)
		proc = open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (proc < 0 || check_magic(proc, err) < 0)
		return -1;
	return take_fd(&proc);
}

/* "self/x" becomes "PID/x", PID as proc itself shows it: so no symlink need be followed at all. */
static int
open_file(int proc, const char *path, uint64_t flags)
{
	char self[32], plain[256];
	ssize_t length;

	if (strncmp(path, "self/", 5) != 0)
		return path_open_plain(proc, path, flags);
	length = readlinkat(proc, "self", self, sizeof(self) - 1);
	if (length < 0)
		return -1;
	self[length] = '\0';
	if (snprintf(plain, sizeof(plain), "%s/%s", self, path + 5) >= (int)sizeof(plain)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return path_open_plain(proc, plain, flags);
}

int
procfs_write(int proc, const char *path, const char *text, struct error *err)
{
	AUTO_FD int fd = open_file(proc, path, O_WRONLY);

	if (fd < 0)
		return error_sys(err, "open /proc/%s", path);
	if (write(fd, text, strlen(text)) < 0)
		return error_sys(err, "write \"%s\" to /proc/%s", text, path);
	return 0;
}

ssize_t
procfs_read(int proc, const char *path, char *text, size_t size)
{
	AUTO_FD int fd = open_file(proc, path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

	if (length >= 0)
		text[length] = '\0';
	return length;
}

long
procfs_number(const char *text, const char *label)
{
	size_t length = strlen(label);
	long number = 0;

	for (text = strchr(text, '\n'); text && strncmp(text + 1, label, length) != 0;)
		text = strchr(text + 1, '\n');
	if (!text)
		return 0;
	for (text += 1 + length; *text == ' ' || *text == '\t'; text++)
		;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (*text - '0');
	return number;
}
