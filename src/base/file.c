/* Whole files: bounded reads, writes that are all or nothing. */
#include "base/file.h"

#include "base/auto.h"
#include "base/error.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#define MFD_EXEC 0x0010U
#endif

#define FIRST_READ 16384u

/* Makes room for at least one more byte and the closing NUL. */
static int
grow(char **data, size_t *capacity, size_t used, size_t max)
{
	size_t wanted = *capacity ? *capacity * 2 : FIRST_READ;
	char *larger;

	if (*capacity - used > 1)
		return 0;
	if (wanted > max + 2)
		wanted = max + 2; /* one byte more than allowed, to see that it is too long */
	larger = realloc(*data, wanted);
	if (!larger)
		return -1;
	*data = larger;
	*capacity = wanted;
	return 0;
}

int
file_is_private(const struct stat *info)
{
	return info->st_uid == geteuid() && (info->st_mode & 0077) == 0;
}

char *
file_read_fd(int fd, const char *what, size_t max, size_t *length, struct error *err)
{
	AUTO_FREE char *data = NULL;
	size_t capacity = 0, used = 0;
	ssize_t got;

	do {
		if (grow(&data, &capacity, used, max) < 0) {
			(void)error_sys(err, "read %s", what);
			return NULL;
		}
		got = read(fd, data + used, capacity - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			(void)error_sys(err, "read %s", what);
			return NULL;
		}
		used += (size_t)got;
		if (used > max) {
			(void)error_set(err, "read %s: it has more than %zu bytes", what, max);
			return NULL;
		}
	} while (got != 0);
	data[used] = '\0';
	*length = used;
	return take_ptr(&data);
}

char *
file_read(int dir, const char *name, size_t max, size_t *length, struct error *err)
{
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		(void)error_sys(err, "open %s", name);
		return NULL;
	}
	return file_read_fd(fd, name, max, length, err);
}

int
file_write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length > 0) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return -1;
		at += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

int
file_put(int dir, const char *name, const char *text, struct error *err)
{
	AUTO_FD int fd = openat(dir, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t length = strlen(text);
	ssize_t wrote;

	if (fd < 0)
		return error_sys(err, "open %s", name);
	wrote = write(fd, text, length);
	if (wrote < 0)
		return error_sys(err, "write \"%.64s\" to %s", text, name);
	if ((size_t)wrote != length)
		return error_set(
		    err, "write \"%s\" to %s: only %zd bytes taken", text, name, wrote);
	return 0;
}

int
file_create(
    int dir, const char *name, const void *data, size_t length, mode_t mode, struct error *err)
{
	AUTO_FD int fd =
	    openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	if (fd < 0)
		return error_sys(err, "create %s", name);
	if (file_write_all(fd, data, length) < 0) {
		(void)error_sys(err, "write %s", name);
		(void)unlinkat(dir, name, 0); /* the write's error is the one to tell */
		return -1;
	}
	return 0;
}

int
file_replace(
    int dir, const char *name, const void *data, size_t length, mode_t mode, struct error *err)
{
	char temporary[4096];

	if (snprintf(temporary, sizeof(temporary), "%s.%d.tmp", name, (int)getpid()) >=
	    (int)sizeof(temporary))
		return error_set(err, "write %s: the name is too long", name);
	if (file_create(dir, temporary, data, length, mode, err) < 0)
		return -1;
	if (renameat(dir, temporary, dir, name) < 0) {
		(void)error_sys(err, "rename %s to %s", temporary, name);
		(void)unlinkat(dir, temporary, 0); /* as above */
		return -1;
	}
	return 0;
}

/* Kernels before 6.3 refuse the exec flags: they are then not needed either. */
static int
open_memfd(const char *name, enum file_memfd kind)
{
	unsigned want = kind == FILE_PROGRAM ? MFD_EXEC : MFD_NOEXEC_SEAL;
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | want);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd;
}

int
file_sealed_memfd(
    const char *name, enum file_memfd kind, const void *data, size_t length, struct error *err)
{
	AUTO_FD int fd = open_memfd(name, kind);

	if (fd < 0)
		return error_sys(err, "memfd_create %s", name);
	if (file_write_all(fd, data, length) < 0)
		return error_sys(err, "write memfd %s", name);
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return error_sys(err, "seal memfd %s", name);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return error_sys(err, "rewind memfd %s", name);
	return take_fd(&fd);
}

int
file_sealed_program(int fd, const char *name, size_t max, struct error *err)
{
	size_t length = 0;
	AUTO_FREE char *program = file_read_fd(fd, name, max, &length, err);

	return program ? file_sealed_memfd(name, FILE_PROGRAM, program, length, err) : -1;
}
