/* Where the first process' program comes from. */
#include "container/program.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "base/syscalls.h"

#include <stdint.h>
#include <sys/stat.h>

#ifndef OSLESS_INIT_PATH
#define OSLESS_INIT_PATH "/usr/local/libexec/osless-init"
#endif

/* container/program_image.S */
extern const unsigned char program_image[];
extern const uint64_t program_image_size; /* bytes */

static int
open_installed(struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	AUTO_FD int fd =
	    sys_open_tree(AT_FDCWD, OSLESS_INIT_PATH, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0)
		return error_sys(
		    err, "open %s (vm.memfd_noexec forbids the built-in copy)", OSLESS_INIT_PATH);
	if (sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr) < 0)
		return error_sys(err, "make %s read-only", OSLESS_INIT_PATH);
	return take_fd(&fd);
}

int
program_open(enum program_view view, struct error *err)
{
	AUTO_FD int fd =
	    file_sealed_memfd("osless-init", FILE_PROGRAM, program_image, program_image_size, err);

	if (fd < 0 && err->errnum == EACCES)
		fd = open_installed(err);
	if (fd >= 0 && view == PROGRAM_HIDDEN && fchmod(fd, 0111) < 0)
		return error_sys(err, "hide osless-init from the joined user namespace");
	return take_fd(&fd);
}
